"""The programs of a database, and which one is meant."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.sql.expression import Select

from lifecycle.errors import StoreError
from store.connection import Connection
from store.tables import program


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """One program as its row has it; `stands_at` is the ISO day that a sandbox stands at."""

    id: int
    code: str
    sandbox: bool
    time_zone: str
    stands_at: str | None


_PROGRAMS: Select[Any] = select(
    program.c.id, program.c.code, program.c.sandbox, program.c.time_zone, program.c.stands_at
).order_by(program.c.id)


def choose(connection: Connection, where: str, code: str | None) -> ProgramFacts:
    """Return the program of this code, or the only one; raises StoreError for anything else."""
    known = programs(connection)
    names = ", ".join(facts.code for facts in known) or "none"
    chosen = [facts for facts in known if code in {None, facts.code}]
    if not chosen:
        message = f"{where} has no program {code}" if code else f"{where} has no program"
        raise StoreError(message, "unknown_program", f"the programs in it: {names}")
    if len(chosen) > 1:
        message = f"{where} holds several programs: {names}"
        raise StoreError(message, "several_programs", "name one with --program CODE")
    return chosen[0]


def programs(connection: Connection) -> list[ProgramFacts]:
    """Return all programs of a database, the first one first."""
    return [
        ProgramFacts(id_, code, bool(sandbox), time_zone, stands_at)
        for id_, code, sandbox, time_zone, stands_at in connection.rows(_PROGRAMS)
    ]
