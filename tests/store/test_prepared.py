"""Prepared statements: compiled once, their parameters in the order that the driver wants."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Dialect, bindparam, column, insert, literal, select, table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.expression import Executable

from guards.policy import Limit
from store import listing, naming, programs, reader, statements, streams, version, writes
from store.prepared import Prepared, Statements, statements_of
from store.rows import STANDING, TERM

SQLITE = SQLiteDialect_pysqlite()
POSTGRESQL = PGDialect_psycopg()  # type: ignore[no-untyped-call] # SQLAlchemy's own
T = table("t", column("a"), column("b"), column("c"))
COUNTRIES = ("CN", "JP")
LIMITS = {
    f"limit per {per}": statements.limit(Limit("one", 1, per=per, types=("mou",)), COUNTRIES)
    for per in ("program", "year", "country", "region")
}
MADE = {
    "update_agreement": writes.update_agreement(tuple(c.name for c in STANDING[1:])),
    "update_term": writes.update_term(tuple(c.name for c in TERM[1:])),
    **LIMITS,
}


def every() -> Mapping[str, Executable]:
    """Return every statement of the store by name."""
    modules = (statements, writes, reader, naming, streams, listing, programs, version)
    named = {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Executable)
    }
    return named | MADE


def test_every_statement_is_looked_at() -> None:
    """The collection below is not empty by mistake."""
    assert len(every()) > 40
    assert {"store.statements.LOCK", "store.naming._LIKE", "store.listing._ALL"} <= set(every())


@pytest.mark.parametrize("name", every())
@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_statement_of_the_store_compiles_and_binds(name: str, dialect: Dialect) -> None:
    """For PostgreSQL too, whose driver takes names; nothing is left over or missing."""
    statement = every()[name]
    prepared = Prepared(statement, dialect)
    asked = statement.compile(dialect=dialect).params  # type: ignore[attr-defined] # Core's own
    values = {key: value if value is not None else f"<{key}>" for key, value in asked.items()}
    bound = prepared.bound({key: v for key, v in values.items() if asked[key] is None})
    if dialect is SQLITE:
        assert prepared.sql.count("?") == len(bound)
        assert set(bound) == set(values.values())
    else:
        assert bound == values
        assert prepared.sql % dict.fromkeys(values, "x") == prepared.sql % dict.fromkeys(bound, "x")


def test_named_parameters_become_positions() -> None:
    """In the order of the text, however they are given, and twice where a name stands twice."""
    same: Any = bindparam("x")
    statement = select(T.c.a).where(T.c.b == bindparam("y"), T.c.a == same, T.c.c != same)
    prepared = Prepared(statement, SQLITE)
    assert prepared.bound({"x": 1, "y": 2}) == (2, 1, 1)
    assert Prepared(statement, POSTGRESQL).bound({"x": 1, "y": 2}) == {"x": 1, "y": 2}


def test_literals_are_kept_beside_what_is_given() -> None:
    """Bound once, when the statement is compiled."""
    statement = select(T.c.a).where(T.c.a == "fixed", T.c.b == bindparam("y"))
    assert Prepared(statement, SQLITE).bound({"y": 2}) == ("fixed", 2)
    named = Prepared(statement, POSTGRESQL).bound({"y": 2})
    assert named == {"a_1": "fixed", "y": 2}


def test_null_can_be_given() -> None:
    """None is a value like any other."""
    prepared = Prepared(insert(T).values(a=bindparam("a"), b=literal("fixed")), SQLITE)
    assert prepared.bound({"a": None}) == (None, "fixed")


def test_missing_value_is_an_error_and_not_a_null() -> None:
    """A forgotten name must not write an empty column."""
    prepared = Prepared(insert(T), SQLITE)
    with pytest.raises(KeyError):
        prepared.bound({"a": 1, "b": 2})


def test_statement_is_compiled_once() -> None:
    """The second run takes what the first one made."""
    kept = Statements(SQLITE)
    statement = select(T.c.a)
    assert kept[statement] is kept[statement]
    assert kept[statement] is not kept[select(T.c.b)]
    assert writes.update_agreement(("n",)) is writes.update_agreement(("n",))
    limit = Limit("one", 1)
    assert statements.limit(limit, ()) is statements.limit(Limit("one", 1), ())


def test_databases_of_one_kind_share_their_statements() -> None:
    """A process that opens many compiles each statement once, and none for another kind."""
    assert statements_of(SQLITE) is statements_of(SQLiteDialect_pysqlite())
    assert statements_of(SQLITE) is not statements_of(POSTGRESQL)
