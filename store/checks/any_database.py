"""What must hold in every database, whatever keeps it: triggers, transition tables, programs.

Each look runs in a read transaction of its own, through the statements of the store.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.sql.expression import Select

from states.canonical import sha256_hex
from states.table import definition as this_release
from store import tables
from store.checks import policies
from store.checks.check import Check, finding, good, looked, note
from store.checks.clock import clock
from store.checks.log import replayed
from store.checks.roles import roles
from store.checks.sealing import sealing
from store.connection import Connection
from store.database import Database
from store.programs import ProgramFacts, choose, programs
from store.version import missing_triggers

_DEFINITIONS: Select[Any] = select(tables.definition.c.digest, tables.definition.c.body)

Look = Callable[[Connection, ProgramFacts], Iterator[Check]]


def checks(
    database: Database, code: str | None, now: datetime | None, *, deep: bool
) -> Iterator[Check]:
    """Yield what is found of the program of a code, or of every program in the database."""
    yield from looked("append-only", lambda: _triggers(database))
    yield from looked("transition table", lambda: _definitions(database))
    meant: list[ProgramFacts] = []
    yield from looked("program", lambda: _meant(database, code, meant))
    for facts in meant:
        for name, look in _looks(now):
            yield from _looked(database, name, look, facts)
        if deep:
            yield from _replayed(database, facts.code)


def _looks(now: datetime | None) -> Iterator[tuple[str, Look]]:
    """Yield what is looked at in each program; the clock, where it is given."""
    yield "policy", policies.in_force
    yield "policies", policies.adopted
    yield "roles", lambda connection, facts: roles(connection, facts, now)
    yield "time zone", lambda connection, facts: policies.time_zone(connection, facts, now)
    if now is not None:
        yield "clock", lambda connection, facts: clock(connection, facts, now)
        yield "sealing", lambda connection, facts: sealing(connection, facts, now)


def _looked(database: Database, name: str, look: Look, facts: ProgramFacts) -> Iterator[Check]:
    def run() -> Iterator[Check]:
        with database.transaction(write=False) as connection:
            yield from look(connection, facts)

    return looked(name, run)


def _replayed(database: Database, code: str) -> Iterator[Check]:
    return looked("log", lambda: replayed(database, code))


def _meant(database: Database, code: str | None, meant: list[ProgramFacts]) -> Iterator[Check]:
    """Put into `meant` the programs that are looked at."""
    with database.transaction(write=False) as connection:
        meant += [choose(connection, database.where, code)] if code else programs(connection)
    if meant:
        yield good("program", f"it holds {_names(meant)}")
    else:
        message = f"{database.where} has no program"
        yield finding("program", message, "make another database: lifecycle --db PATH init")


def _names(meant: Sequence[ProgramFacts]) -> str:
    return ", ".join(f"{one.code} (a sandbox)" if one.sandbox else one.code for one in meant)


def _triggers(database: Database) -> Iterator[Check]:
    if missing := missing_triggers(database):
        message = f"triggers are missing or altered: {', '.join(missing)}"
        fix = "find out who removed them, then: lifecycle db upgrade"
        yield finding("append-only", message, fix)
    else:
        yield good("append-only", "the log's triggers stand")


def _definitions(database: Database) -> Iterator[Check]:
    name, mine = "transition table", sha256_hex(this_release())
    with database.transaction(write=False) as connection:
        kept = connection.rows(_DEFINITIONS)
    altered = [digest for digest, body in kept if sha256_hex(body.encode()) != digest]
    if altered:
        message = f"transition tables were altered: {', '.join(digest[:12] for digest in altered)}"
        yield finding(name, message, policies.RESTORE)
    if mine not in {digest for digest, _body in kept}:
        message = "the table of this release is not kept, so its lines can't be explained later"
        yield finding(name, message, "lifecycle db upgrade")
    elif len(kept) > 1:
        older = len(kept) - 1
        message = f"this release's table is kept, and {older} under which other lines were written"
        yield note(name, message)
    elif not altered:
        yield good(name, "the table of this release is kept under its digest")
