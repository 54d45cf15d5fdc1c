"""Puts a run together: the open store, who acts, and the instant at which it happens.

The composition root of every command but `list`, which has a path of its own.
"""

import os
import pwd
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec

from cli.clock import Clock, now, utc
from cli.database import Place, place
from cli.settings import Settings, Writing
from lifecycle.entry import Actor
from lifecycle.errors import StoreError
from lifecycle.order import Order
from lifecycle.ports import Ledger, Unit
from states.problem import InvalidInputError, Problem
from store.opening import open_store
from store.store import Store

T = TypeVar("T")


class Session(msgspec.Struct, frozen=True):
    """An open store with everything that orders are made of."""

    settings: Settings
    store: Store
    now: datetime
    time_zone: str

    @property
    def code(self) -> str:
        """The program's code, with which its references begin."""
        return self.store.program.code

    @property
    def today(self) -> date:
        """The day it is in the program."""
        return self.order().today(self.time_zone)

    def order(self, writing: Writing | None = None, **more: Any) -> Order:  # noqa: ANN401
        """Return the order that this run gives."""
        options = writing or Writing()
        return Order(
            actor=actor(self.settings, self.store.login, sandbox=self.store.program.sandbox),
            now=self.now,
            host=os.uname().nodename,
            reason=options.reason,
            expect_version=options.expect_version,
            key=options.key,
            **more,
        )

    def carry_out(self, writing: Writing, use: Callable[[Unit], T]) -> T:
        """Return what `use` makes of one transaction; in a dry run nothing of it is stored."""
        with self.ledger(dry_run=writing.dry_run) as ledger, ledger.unit() as unit:
            return use(unit)

    def ledger(self, *, dry_run: bool) -> AbstractContextManager[Ledger]:
        """Return the ledger to write to; a dry run's is rolled back at the end."""
        return self.store.rehearsal() if dry_run else nullcontext(self.store)


@contextmanager
def opened(settings: Settings, clock: Clock = utc) -> Iterator[Session]:
    """Open the store of this run; raises StoreError, saying where it was looked for."""
    where = place(settings)
    store = _open(where)
    try:
        zone = _time_zone(store)
        sandbox, stands_at = store.program.sandbox, store.stands_at
        moment = now(settings, zone, sandbox=sandbox, stands_at=stands_at, by=clock)
        yield Session(settings, store, moment, zone)
    finally:
        store.close()


def actor(settings: Settings, login: str | None, *, sandbox: bool) -> Actor:
    """Return who acts: the database's login; in a file the operating system's user.

    `--as` asserts another name, in a file and in a sandbox; raises InvalidInputError elsewhere.
    """
    if settings.as_name and login is not None and not sandbox:
        message = f"on PostgreSQL people act under their own logins; this is {login}'s"
        hint = f"leave --as out, or connect with {settings.as_name}'s login (--db, PGUSER)"
        raise InvalidInputError([Problem("as_refused", message, key="--as", hint=hint)])
    if settings.as_name:
        return Actor(settings.as_name, "asserted")
    if login is not None:
        return Actor(login, "database")
    user = os.getuid()
    try:
        return Actor(pwd.getpwuid(user).pw_name, "os")
    except KeyError:
        return Actor(str(user), "os")


def _open(where: Place) -> Store:
    try:
        return open_store(where.url, where.program)
    except StoreError as error:
        raise where.explained(error) from error


def _time_zone(store: Store) -> str:
    with store.reading() as reader:
        return reader.policy(reader.policy_in_force(date.max)).program.time_zone
