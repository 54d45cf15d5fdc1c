"""Whether a program has the people without whom it stands still: by its own record of roles."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.sql.expression import Select

from states.roles import Holdings
from states.vocabulary import Role
from store import tables
from store.checks.check import Check, finding, good, note
from store.connection import Connection
from store.programs import ProgramFacts
from store.rows import holdings_of

NAME = "roles"

_ROLES: Select[Any] = select(tables.program.c.roles).where(
    tables.program.c.id == bindparam("program_id")
)
_WITHOUT: dict[Role, str] = {
    Role.ADMIN: "nobody can grant roles",
    Role.STAFF: "nobody can propose anything",
    Role.DECIDER: "nobody can decide",
    Role.SCHEDULER: "the nightly check is refused",
}
_TWO = 2


def roles(connection: Connection, facts: ProgramFacts, now: datetime | None) -> Iterator[Check]:
    """Yield which roles nobody holds; only their last days are judged by the clock."""
    holdings = holdings_of(connection.row(_ROLES, program_id=facts.id)[0])
    if not holdings and facts.sandbox:
        yield note(NAME, f"{facts.code} is a sandbox in which everybody has every role")
        return
    held = _held(holdings, now)
    missing = [role for role in _WITHOUT if role not in held]
    for role in missing:
        message = f"{facts.code} has no {role}: {_WITHOUT[role]}"
        yield finding(NAME, message, f"an admin: lifecycle role grant NAME {role}")
    if held.get(Role.DECIDER) and len(held[Role.DECIDER]) < _TWO:
        message = f"{facts.code} has one decider: a policy is adopted by two"
        yield note(NAME, message, "an admin: lifecycle role grant NAME decider")
    if not missing:
        yield good(NAME, f"somebody in {facts.code} grants, proposes, decides and runs the night")


def _held(holdings: Holdings, now: datetime | None) -> dict[Role, set[str]]:
    held: dict[Role, set[str]] = {}
    for holding in holdings:
        if holding.until is None or now is None or now.date() <= holding.until:
            held.setdefault(holding.role, set()).add(holding.name)
    return held
