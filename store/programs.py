"""The programs of a database, and which one is meant."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
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
_OF_CODE: Select[Any] = _PROGRAMS.where(program.c.code == bindparam("code_"))
_FIRST: Select[Any] = _PROGRAMS.limit(bindparam("most"))

_NAMED = 20
"""How many programs a message names."""


def choose(connection: Connection, where: str, code: str | None) -> ProgramFacts:
    """Return the program of this code, or the only one; raises StoreError for anything else.

    A database of thousands is not read for the one that is meant.
    """
    if code is not None and (rows := connection.rows(_OF_CODE, code_=code)):
        return _facts(rows[0])
    known = [_facts(row) for row in connection.rows(_FIRST, most=_NAMED + 1)]
    names = ", ".join(facts.code for facts in known[:_NAMED]) or "none"
    names += ", and more" if len(known) > _NAMED else ""
    if code is not None or not known:
        message = f"{where} has no program {code}" if code else f"{where} has no program"
        raise StoreError(message, "unknown_program", f"the programs in it: {names}")
    if len(known) > 1:
        message = f"{where} holds several programs: {names}"
        raise StoreError(message, "several_programs", "name one with --program CODE")
    return known[0]


def programs(connection: Connection) -> list[ProgramFacts]:
    """Return all programs of a database, the first one first."""
    return [_facts(row) for row in connection.rows(_PROGRAMS)]


def _facts(row: Any) -> ProgramFacts:  # noqa: ANN401 - the driver's row
    id_, code, sandbox, time_zone, stands_at = row
    return ProgramFacts(id_, code, bool(sandbox), time_zone, stands_at)
