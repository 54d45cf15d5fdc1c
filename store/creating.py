"""Founds a program, and makes its database where there is none yet: `lifecycle init`.

An SQLite file is made for one program. A PostgreSQL database is there already, empty or with other
programs of ours in it; nothing of it is changed unless the whole program could be founded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from guards.policy import Policy
from lifecycle.adoption import adopt
from lifecycle.appointing import found
from lifecycle.errors import StoreError
from lifecycle.order import Order
from lifecycle.ports import ProgramRow
from states.canonical import sha256_hex
from states.table import definition
from store import statements as sql
from store import writes
from store.connection import Connection
from store.database import Database
from store.files import new_file
from store.migrating import migrated
from store.policies import parse_policy
from store.programs import programs
from store.rows import NOBODY
from store.store import Store
from store.version import check_version


def create_store(
    url: str, order: Order, policy: bytes, *, sandbox: bool, admin: str | None = None
) -> Store:
    """Found the policy's program, put the policy in force and return the open store.

    Its first admin is who gives the order, or `admin`; a sandbox has one only where it is named.

    In a sandbox the policy is in force from year 1. Raises InvalidInputError for the policy and
    StoreError where the program is there already, or can't be made; nothing is left behind then.
    """
    rules = parse_policy(policy)
    database = Database(url, create=True)
    founding = _Founding(order, rules, policy, sandbox, admin)
    try:
        with _new(database) as connection:
            return founding.carried_out(database, connection)
    except BaseException:
        database.close()
        raise


def login_at(url: str) -> str | None:
    """Return who the database says is connected; None for a file, which need not be there yet."""
    database = Database(url)
    try:
        return database.login
    finally:
        database.close()


def refuse_existing(url: str, policy: Policy) -> None:
    """Raise the StoreError that founding a program in a PostgreSQL database would raise."""
    database = Database(url)
    try:
        if _is_ours(database):
            with database.transaction(write=False) as connection:
                _refuse_taken(database, connection, policy.program.code)
    finally:
        database.close()


@contextmanager
def _new(database: Database) -> Iterator[Connection]:
    """Open the transaction in which a program is founded; makes what it needs before."""
    if database.path is not None:
        with new_file(Path(database.path)), database.closed_on_failure():
            with database.told():
                database.stamp()
            with migrated(database) as connection:
                yield connection
    elif _is_ours(database):
        with database.transaction(write=True) as connection:
            yield connection
    else:
        with migrated(database) as connection:
            yield connection


def _is_ours(database: Database) -> bool:
    try:
        check_version(database)
    except StoreError as error:
        if error.code != "empty":
            raise
        return False
    return True


def _refuse_taken(database: Database, connection: Connection, code: str) -> None:
    if code in {facts.code for facts in programs(connection)}:
        message = f"{database.where} has a program {code} already"
        raise StoreError(message, "exists", "use it, or name another database with --db")


@dataclass(frozen=True, slots=True)
class _Founding:
    order: Order
    rules: Policy
    policy: bytes
    sandbox: bool
    admin: str | None

    def carried_out(self, database: Database, connection: Connection) -> Store:
        """Write the program's row, its definition and its first adoption."""
        meaning, code = definition(), self.rules.program.code
        _refuse_taken(database, connection, code)
        known = [facts.id for facts in programs(connection)]
        row = ProgramRow(max(known, default=0) + 1, code, self.sandbox, sha256_hex(meaning))
        store = Store(database, row, None)
        today = self.order.today(self.rules.program.time_zone)
        connection.run(
            writes.INSERT_PROGRAM,
            id=row.id,
            code=row.code,
            sandbox=self.sandbox,
            n=0,
            head=None,
            policy=None,
            time_zone=self.rules.program.time_zone,
            roles=NOBODY,
            stands_at=today.isoformat() if self.sandbox else None,
        )
        if connection.row(sql.DEFINITION, digest=row.definition) is None:
            connection.run(writes.INSERT_DEFINITION, digest=row.definition, body=meaning.decode())
        unit = store.unit_on(connection)
        adopt(unit, self.order, self.policy, self.rules, date.min if self.sandbox else today)
        if self.admin or not self.sandbox:
            found(unit, replace(self.order, key=None), self.admin or self.order.actor.id)
        if self.sandbox:
            store.stands_at = today
        return store
