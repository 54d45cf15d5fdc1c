"""The database as its file has it: read and changed behind the product's back."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from lifecycle.errors import StoreError
from store.tables import metadata
from tests.stage import Stage

Row = tuple[Any, ...]


def query(path: Path, statement: str, values: Sequence[object] = ()) -> list[Row]:
    """Return the rows of a statement, or run it for what it does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(statement, values).fetchall()


def everything(path: Path) -> dict[str, list[Row]]:
    """Return every row of every table."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # noqa: S608
            for name in metadata.tables
        }


def add_program(path: Path, code: str) -> None:
    """Add a program that is like the first one."""
    columns = "sandbox, n, head, policy, time_zone, stands_at"
    statement = f"INSERT INTO program (id, code, {columns}) SELECT 2, ?, {columns} FROM program"  # noqa: S608
    query(path, statement, (code,))


@contextmanager
def unchanged(stage: Stage) -> Iterator[None]:
    """Expect that the block changes no row, and that the log still replays to what is there."""
    before = everything(stage.path)
    yield
    assert everything(stage.path) == before
    assert stage.verify() == []


@contextmanager
def fails(code: str, path: Path) -> Iterator[None]:
    """Expect a StoreError of this code that names the file and says what to do next."""
    with pytest.raises(StoreError) as caught:
        yield
    assert caught.value.code == code, caught.value.message
    assert str(path) in caught.value.message
    assert caught.value.hint
