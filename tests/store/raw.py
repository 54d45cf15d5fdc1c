"""The database as its file has it: read and changed behind the product's back."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from lifecycle.errors import StoreError
from store.tables import metadata
from tests import postgres
from tests.stage import Stage

Row = tuple[Any, ...]


Where = Path | str
"""A file's path, or a database's URL."""


def query(path: Where, statement: str, values: Sequence[object] = ()) -> list[Row]:
    """Return the rows of a statement, or run it for what it does."""
    if is_url(path):
        return postgres.execute(str(path), statement.replace("?", "%s"), values or None)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(statement, values).fetchall()


def everything(path: Where) -> dict[str, list[Row]]:
    """Return every row of every table."""
    wanted = {name: f"SELECT * FROM {name}" for name in metadata.tables}  # noqa: S608
    if is_url(path):
        found = postgres.each(str(path), wanted.values())
    else:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            found = [connection.execute(statement).fetchall() for statement in wanted.values()]
    return {name: sorted(rows, key=repr) for name, rows in zip(wanted, found, strict=True)}


def is_url(path: Where) -> bool:
    """Whether this names a PostgreSQL database."""
    return str(path).startswith("postgresql://")


@contextmanager
def failing(path: Where, verb: str, table: str) -> Iterator[None]:
    """Let a statement on a table fail, as long as the block runs."""
    if is_url(path):
        raising = "BEGIN RAISE EXCEPTION 'stopped by the test'; END"
        function = f"CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS '{raising}'"
        query(path, function.replace("'stopped by the test'", "''stopped by the test''"))
        row = "FOR EACH ROW EXECUTE FUNCTION stop()"
        query(path, f"CREATE TRIGGER stop BEFORE {verb} ON {table} {row}")
    else:
        refuse = "BEGIN SELECT RAISE(ABORT, 'stopped by the test'); END"
        query(path, f"CREATE TRIGGER stop BEFORE {verb} ON {table} {refuse}")
    yield
    query(path, "DROP FUNCTION stop() CASCADE" if is_url(path) else "DROP TRIGGER stop")


def seal_rows(path: Where) -> None:
    """Write rows into the tables of seals, whatever they say."""
    for table, values in (
        ("leaf", "1, 0, 0, 1"),
        ("tile", "1, 0, 0, '00'"),
        ("seal", "1, 1, '', '', '', ''"),
        ("signing_key", "1, 1, ''"),
    ):
        query(path, f"INSERT INTO {table} VALUES ({values})")  # noqa: S608 - named here


def add_program(path: Where, code: str) -> None:
    """Add a program that is like the first one."""
    columns = "sandbox, n, head, policy, time_zone, stands_at"
    statement = f"INSERT INTO program (id, code, {columns}) SELECT 2, ?, {columns} FROM program"  # noqa: S608
    query(path, statement, (code,))


@contextmanager
def unchanged(stage: Stage) -> Iterator[None]:
    """Expect that the block changes no row, and that the log still replays to what is there."""
    before = everything(stage.url)
    yield
    assert everything(stage.url) == before
    assert stage.verify() == []


@contextmanager
def fails(code: str, path: Where) -> Iterator[None]:
    """Expect a StoreError of this code that names the file and says what to do next."""
    with pytest.raises(StoreError) as caught:
        yield
    assert caught.value.code == code, caught.value.message
    assert str(path) in caught.value.message
    assert caught.value.hint
