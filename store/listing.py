"""The list of agreements, straight from their rows: the path of `lifecycle list`.

Imports SQLAlchemy and nothing of the rules, so that a list is there as soon as the database
answers. Reads a batch at a time, so that a list of any length takes little memory: in the order of
references through the primary key; in another order, the database sorts all that the filters let
through, and only its keys are held.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, and_, bindparam, exists, func, or_, select
from sqlalchemy.sql.expression import BindParameter, ColumnElement, Select

from states.ref import Ref
from store.connection import Connection
from store.database import Database
from store.programs import ProgramFacts, choose
from store.tables import agreement, watch
from store.version import check_version

COLUMNS = (
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
"""What a row says beside the reference."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to, and its order; what is empty or None takes all.

    `due_by` and `dormant_on` are ISO days: due on that day or before, and watched as dormant since
    that day or before. `sort` names columns, or `ref`, each behind a `-` for the other way round.
    `after` is the key that the page before ended on, in the order of references.
    """

    states: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    owner: str | None = None
    due_by: str | None = None
    dormant_on: str | None = None
    taken_over: bool = False
    sort: tuple[str, ...] = ()
    after: int = -1
    most: int = sys.maxsize


Narrowing = Callable[[ProgramFacts], Filters]
"""What a list is narrowed to, once it is known whose it is, and so what day it is there."""


@contextmanager
def listing(
    url: str, code: str | None = None, narrowed: Narrowing = lambda _facts: Filters()
) -> Iterator[tuple[ProgramFacts, Iterator[dict[str, Any]]]]:
    """Yield the program's facts and its agreements' rows, to be read meanwhile; raises StoreError.

    All that is read is of one moment.
    """
    database = Database(url)
    try:
        check_version(database)
        with database.transaction(write=False) as connection:
            facts = choose(connection, database.where, code)
            yield facts, rows(connection, facts.id, facts.code, narrowed(facts))
    finally:
        database.close()


def rows(
    connection: Connection, program_id: int, code: str, wanted: Filters
) -> Iterator[dict[str, Any]]:
    """Return the rows of a program's agreements that the filters let through, read as they go."""
    statement, values = _narrowed(wanted)
    values["program_id"] = program_id
    read = _in_order if wanted.sort and wanted.most > _BATCH else _by_key
    return (_item(code, row) for row in read(connection, statement, values))


def _by_key(
    connection: Connection, statement: Select[Any], values: dict[str, Any]
) -> Iterator[Any]:
    """Yield rows in the order of references; in another one no more than a batch."""
    left = values["most"]
    while left > 0:
        values["most"] = min(left, _BATCH)
        found = connection.rows(statement, **values)
        yield from found
        if len(found) < values["most"]:
            return
        left -= len(found)
        values["after"] = found[-1][0]


def _in_order(
    connection: Connection, statement: Select[Any], values: dict[str, Any]
) -> Iterator[Any]:
    """Yield rows in the order in which the database sorts their keys."""
    keys = connection.numbers(statement.with_only_columns(agreement.c.key), **values)
    names = [f"key_{index}" for index in range(_BATCH)]
    several = _ROWS.where(agreement.c.key.in_(list(map(bindparam, names))))
    for first in range(0, len(keys), _BATCH):
        some = keys[first : first + _BATCH]
        filled = [*some, *some[:1] * (_BATCH - len(some))]
        asked = dict(zip(names, filled, strict=True))
        found = connection.rows(several, program_id=values["program_id"], **asked)
        by_key = {row[0]: row for row in found}
        yield from (by_key[key] for key in some)


def _narrowed(wanted: Filters) -> tuple[Select[Any], dict[str, Any]]:
    """Return the statement on the agreements that filters let through, and its values."""
    values: dict[str, Any] = {"most": wanted.most, "after": wanted.after}
    conditions: list[ColumnElement[bool]] = []
    for name, words in (
        ("state", wanted.states),
        ("type", wanted.types),
        ("country", wanted.countries),
    ):
        if words:
            conditions.append(_one_of(name, words, values))
    if wanted.owner is not None:
        conditions.append(func.lower(agreement.c.owner) == bindparam("owner_"))
        values["owner_"] = wanted.owner.lower()
    if wanted.due_by is not None:
        conditions += [agreement.c.due <= bindparam("due_by"), agreement.c.voided.is_(None)]
        values["due_by"] = wanted.due_by
    if wanted.dormant_on is not None:
        conditions.append(_DORMANT)
        values["dormant_on"] = wanted.dormant_on
    if wanted.taken_over:
        conditions.append(agreement.c.taken_over)
    return _ALL.where(*conditions).order_by(*_order(wanted.sort)), values


def _one_of(name: str, words: Sequence[str], values: dict[str, Any]) -> ColumnElement[bool]:
    named = {f"{name}_{index}": word for index, word in enumerate(words)}
    values.update(named)
    return or_(*(agreement.c[name] == bindparam(key) for key in named))


def _order(sort: Sequence[str]) -> list[ColumnElement[Any]]:
    """Return by what rows are ordered: as asked, then by reference; what says nothing comes last.

    Text goes by its small letters, as far as the database knows them.
    """
    order: list[ColumnElement[Any]] = []
    for word in sort:
        name = word.removeprefix("-")
        column: Column[Any] = agreement.c.key if name == "ref" else agreement.c[name]
        value = func.lower(column) if name in _TEXTS else column
        order += [column.is_(None), value.desc() if word.startswith("-") else value.asc()]
    return [*order, agreement.c.key]


def _item(code: str, row: Any) -> dict[str, Any]:  # noqa: ANN401 - the driver's row
    key, *values = row
    item = dict(zip(COLUMNS, values, strict=True))
    item["taken_over"] = bool(item["taken_over"])
    return {"ref": str(Ref.of(code, key)), **item}


_BATCH = 1_000
_TEXTS = frozenset({"title", "partner", "owner", "type"})
_PROGRAM: BindParameter[Any] = bindparam("program_id")
_ROWS: Select[Any] = select(agreement.c.key, *(agreement.c[name] for name in COLUMNS)).where(
    agreement.c.program_id == _PROGRAM
)
_ALL = _ROWS.where(agreement.c.key > bindparam("after")).limit(bindparam("most"))
_DORMANT = exists().where(
    and_(
        watch.c.program_id == agreement.c.program_id,
        watch.c.key == agreement.c.key,
        watch.c.rule == "dormant",
        watch.c.due <= bindparam("dormant_on"),
    )
)
