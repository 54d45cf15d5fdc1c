"""The list of agreements, straight from their rows: the path of `lifecycle list`.

Imports SQLAlchemy and nothing of the rules, so that a list is there as soon as the database
answers. Reads through the primary key, in the order of references, a batch at a time, so that a
list of any length takes little memory; in another order, all that the filters let through is
sorted first.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
    most: int = 1_000_000


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
            yield facts, _batched(connection, facts, narrowed(facts))
    finally:
        database.close()


def _batched(
    connection: Connection, facts: ProgramFacts, wanted: Filters
) -> Iterator[dict[str, Any]]:
    if wanted.sort:
        yield from rows(connection, facts.id, facts.code, wanted)
        return
    left, after = wanted.most, wanted.after
    while left > 0:
        some = replace(wanted, after=after, most=min(left, _BATCH))
        found = rows(connection, facts.id, facts.code, some)
        yield from found
        if len(found) < some.most:
            return
        left -= len(found)
        after = Ref.parse(found[-1]["ref"]).key


def rows(
    connection: Connection, program_id: int, code: str, wanted: Filters
) -> list[dict[str, Any]]:
    """Return the rows of a program's agreements that the filters let through."""
    values: dict[str, Any] = {"program_id": program_id, "most": wanted.most, "after": wanted.after}
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
    statement = _ALL.where(*conditions).order_by(*_order(wanted.sort))
    return [_item(code, row) for row in connection.rows(statement, **values)]


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
_ALL: Select[Any] = (
    select(agreement.c.key, *(agreement.c[name] for name in COLUMNS))
    .where(agreement.c.program_id == _PROGRAM, agreement.c.key > bindparam("after"))
    .limit(bindparam("most"))
)
_DORMANT = exists().where(
    and_(
        watch.c.program_id == agreement.c.program_id,
        watch.c.key == agreement.c.key,
        watch.c.rule == "dormant",
        watch.c.due <= bindparam("dormant_on"),
    )
)
