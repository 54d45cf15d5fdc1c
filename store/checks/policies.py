"""Whether a program's policies are there, whole and readable, and its time zone is known."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import bindparam, select
from sqlalchemy.sql.expression import BindParameter, Select

from states.canonical import sha256_hex
from states.problem import InvalidInputError
from store import tables
from store.checks import zones
from store.checks.check import Check, finding, good
from store.connection import Connection
from store.policies import parse_policy
from store.programs import ProgramFacts

RESTORE = "restore the database from a backup; lifecycle db check says what else is wrong"

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_IN_FORCE: Select[Any] = select(tables.program.c.policy).where(tables.program.c.id == _PROGRAM)
_POLICIES: Select[Any] = select(tables.policy.c.digest, tables.policy.c.body).where(
    tables.policy.c.program_id == _PROGRAM
)
_ADOPTED: Select[Any] = select(tables.adoption.c.digest).where(
    tables.adoption.c.program_id == _PROGRAM
)


def in_force(connection: Connection, facts: ProgramFacts) -> Iterator[Check]:
    """Yield whether the policy in force is there, can be read, and is this program's."""
    digest = connection.row(_IN_FORCE, program_id=facts.id)[0]
    if digest is None:
        message = f"{facts.code} has no policy, so nothing can be judged"
        yield finding("policy", message, "lifecycle policy adopt FILE")
        return
    body = _bodies(connection, facts).get(digest)
    if body is None:
        message = f"the policy in force in {facts.code} ({digest[:12]}) is not there"
        yield finding("policy", message, RESTORE)
        return
    rules = parse_policy(body, f"policy {digest[:12]}")
    if rules.program.code != facts.code:
        message = f"the policy in force in {facts.code} is for {rules.program.code}"
        yield finding("policy", message, "lifecycle policy adopt FILE, with this program's code")
    else:
        yield good("policy", f"{facts.code} goes by its policy {digest[:12]}, which can be read")


def adopted(connection: Connection, facts: ProgramFacts) -> Iterator[Check]:
    """Yield whether every policy that was ever adopted is there under its digest."""
    bodies = _bodies(connection, facts)
    named = {row[0] for row in connection.rows(_ADOPTED, program_id=facts.id)}
    wrong = [d for d, body in bodies.items() if sha256_hex(body) != d]
    gone = sorted(named - bodies.keys())
    if wrong:
        message = f"policies of {facts.code} were altered: {', '.join(d[:12] for d in wrong)}"
        yield finding("policies", message, RESTORE)
    if gone:
        message = f"adopted policies of {facts.code} are gone: {', '.join(d[:12] for d in gone)}"
        yield finding("policies", message, RESTORE)
    if not named:
        message = f"{facts.code} has adopted no policy"
        yield finding("policies", message, "lifecycle policy adopt FILE")
    elif not (wrong or gone):
        message = f"all {len(named)} that {facts.code} adopted are whole"
        yield good("policies", message)


def time_zone(connection: Connection, facts: ProgramFacts, now: datetime | None) -> Iterator[Check]:
    """Yield whether this machine knows the zone in which a program counts its days."""
    name, kept = "time zone", facts.time_zone
    try:
        ZoneInfo(kept)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"this machine does not know {kept}, in which {facts.code} counts its days"
        yield finding(name, message, "python -m pip install --upgrade tzdata")
        return
    said = _zone_of_policy(connection, facts)
    if said not in {None, kept}:
        message = f"{facts.code} counts its days in {kept}, and its policy says {said}"
        yield finding(name, message, "lifecycle policy adopt FILE, once more")
    else:
        differing = list(zones.difference(kept, now)) if now else []
        yield from differing or [good(name, f"{facts.code} counts its days in {kept}")]


def _zone_of_policy(connection: Connection, facts: ProgramFacts) -> str | None:
    """Return the zone that the policy in force says; None if it can't be read, told elsewhere."""
    digest = connection.row(_IN_FORCE, program_id=facts.id)[0]
    body = _bodies(connection, facts).get(digest)
    if body is None:
        return None
    try:
        return parse_policy(body).program.time_zone
    except InvalidInputError:
        return None


def _bodies(connection: Connection, facts: ProgramFacts) -> dict[str, bytes]:
    rows = connection.rows(_POLICIES, program_id=facts.id)
    return {digest: body.encode() for digest, body in rows}
