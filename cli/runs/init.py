"""Makes a new database for `lifecycle init`, and tells what to do with it."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

from cli.clock import now
from cli.database import VARIABLE, Place, place
from cli.output.receipts import give
from cli.output.streams import out
from cli.output.text import one_line
from cli.policies import Named, named
from cli.session import actor
from cli.settings import Settings, Writing
from guards.policy import Policy
from lifecycle.entry import digest_of, entry_of
from lifecycle.errors import StoreError
from lifecycle.order import Order, Receipt
from states.vocabulary import Event
from store.creating import create_store, login_at, refuse_existing
from store.store import Store
from store.urls import is_postgresql

_GRANTS = (
    "  lifecycle role grant NAME staff      who drafts, scores, records",
    "  lifecycle role grant NAME decider    who decides; two, to adopt a policy",
    "  lifecycle role grant NAME scheduler  the user that runs lifecycle nightly",
)
"""What an admin does first."""


@dataclass(frozen=True, slots=True)
class Founding:
    """What is to be made, as it was typed: under which policy, with which admin."""

    policy: str | None
    admin: str | None
    sandbox: bool

    def admin_under(self, order: Order) -> str | None:
        """Return who is going to be admin; in a sandbox nobody, where nobody is named."""
        return self.admin or (None if self.sandbox else order.actor.id)


def found(settings: Settings, wanted: Founding, writing: Writing) -> int:
    """Make the database of a new program; returns the exit code."""
    if writing.expect_version is not None:
        message = "a new database has no version to expect."
        raise click.UsageError(message)
    where, rules = place(settings), named(wanted.policy)
    parsed = rules.parsed()
    _as_asked_for(settings, parsed)
    order = _order(settings, writing, where, parsed, sandbox=wanted.sandbox)
    if writing.dry_run:
        receipt = _rehearsed(where, order, rules, wanted)
    else:
        receipt = _made(where.url, order, rules, wanted)
    code = give(
        settings,
        receipt,
        dry_run=writing.dry_run,
        database=where.shown,
        policy=rules.name,
        sandbox=wanted.sandbox,
        admin=wanted.admin_under(order),
    )
    if not settings.json:
        out(_what_next(where, rules, wanted.admin_under(order), sandbox=wanted.sandbox))
    return code


def _as_asked_for(settings: Settings, policy: Policy) -> None:
    if settings.program not in {None, policy.program.code}:
        message = f"the policy is for the program {policy.program.code}, not {settings.program}."
        raise click.UsageError(message)


def _order(
    settings: Settings, writing: Writing, where: Place, policy: Policy, *, sandbox: bool
) -> Order:
    moment = now(settings, policy.program.time_zone, sandbox=sandbox, stands_at=None)
    return Order(
        actor=actor(settings, login_at(where.url), sandbox=sandbox),
        now=moment,
        host=os.uname().nodename,
        reason=writing.reason,
        key=writing.key,
    )


def _made(url: str, order: Order, rules: Named, wanted: Founding) -> Receipt:
    store = create_store(url, order, rules.body, sandbox=wanted.sandbox, admin=wanted.admin)
    try:
        return _first_receipt(store)
    finally:
        store.close()


def _rehearsed(where: Place, order: Order, rules: Named, wanted: Founding) -> Receipt:
    if is_postgresql(where.url):
        refuse_existing(where.url, rules.parsed())
    elif "://" not in where.url and Path(where.url).expanduser().exists():
        message = f"there is something at {where.url} already"
        raise StoreError(message, "exists", "use it, or name another place with --db")
    with tempfile.TemporaryDirectory() as folder:
        return _made(str(Path(folder) / "rehearsal.db"), order, rules, wanted)


def _first_receipt(store: Store) -> Receipt:
    with store.reading() as reader:
        line = next(reader.lines(None))
    entry = entry_of(line)
    return Receipt(
        ref=store.program.code,
        event=Event.POLICY_ADOPTED,
        outcome=entry.outcome,
        version=entry.n,
        n=entry.n,
        effective_on=entry.effective,
        entry=digest_of(line),
    )


def _what_next(where: Place, rules: Named, admin: str | None, *, sandbox: bool) -> str:
    kind = "sandbox database" if sandbox else "database"
    lines = [f"The {kind} is {where.shown}, its policy {rules.name}."]
    if is_postgresql(where.url):
        lines.append("Who may do what in it: lifecycle db grants prints the SQL for its owner.")
    elif not sandbox:
        lines.append("A file proves nothing about who wrote to it: the log says who claimed to.")
    if len(where.looked) == 1:
        named_as = where.shown if "://" in where.url else Path(where.url).absolute()
        lines.append(f"To use it without --db: export {VARIABLE}={named_as}")
    begin = "lifecycle propose --template > agreement.toml"
    if admin is None:
        lines.append(f"Next: {begin}")
    else:
        who = f"{one_line(admin)} is admin: grants roles, and decides nothing."
        lines += [f"{who} Nobody else may write yet. Next:", *_GRANTS, f"Then, by staff: {begin}"]
    return "\n".join(lines) + "\n"
