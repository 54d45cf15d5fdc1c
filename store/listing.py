"""The list of agreements, straight from their rows: the path of `lifecycle list`.

Imports SQLAlchemy and nothing of the rules, so that a list is there as soon as the database
answers. Reads through the primary key, in the order of references, a page at a time.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.sql.expression import BindParameter, Select

from states.ref import Ref
from store.connection import Connection
from store.database import Database
from store.programs import ProgramFacts, choose
from store.tables import agreement
from store.version import check_version

_COLUMNS = (
    "title",
    "type",
    "state",
    "version",
    "partner",
    "country",
    "term",
    "term_start",
    "term_end",
    "review",
    "due",
    "due_rule",
    "owner",
    "taken_over",
    "former_type",
    "deferred",
    "voided",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None takes all. `after` is the key the page before ended on."""

    state: str | None = None
    type: str | None = None
    after: int = -1
    most: int = 1_000_000


def listed(
    url: str, code: str | None = None, filters: Filters | None = None
) -> tuple[ProgramFacts, list[dict[str, Any]]]:
    """Return the program's facts and its agreements' rows; raises StoreError."""
    wanted = filters or Filters()
    database = Database(url)
    try:
        check_version(database)
        with database.transaction(write=False) as connection:
            facts = choose(connection, database.where, code)
            rows = _rows(connection, facts.id, wanted)
    finally:
        database.close()
    return facts, [_item(facts.code, row) for row in rows]


def _rows(connection: Connection, program_id: int, wanted: Filters) -> list[Any]:
    values: dict[str, Any] = {"after": wanted.after, "most": wanted.most}
    statement = _ALL
    if wanted.state is not None:
        statement = statement.where(agreement.c.state == bindparam("state"))
        values["state"] = wanted.state
    if wanted.type is not None:
        statement = statement.where(agreement.c.type == bindparam("type"))
        values["type"] = wanted.type
    return connection.rows(statement, program_id=program_id, **values)


def _item(code: str, row: Any) -> dict[str, Any]:  # noqa: ANN401 - the driver's row
    key, *values = row
    item = dict(zip(_COLUMNS, values, strict=True))
    item["taken_over"] = bool(item["taken_over"])
    return {"ref": str(Ref.of(code, key)), **item}


_PROGRAM: BindParameter[Any] = bindparam("program_id")
_ALL: Select[Any] = (
    select(agreement.c.key, *(agreement.c[name] for name in _COLUMNS))
    .where(agreement.c.program_id == _PROGRAM, agreement.c.key > bindparam("after"))
    .order_by(agreement.c.key)
    .limit(bindparam("most"))
)
