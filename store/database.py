"""One database: where it is, its pooled connections, and how a transaction begins and ends.

SQLite runs in WAL with synchronous=FULL and foreign keys; writers begin with BEGIN IMMEDIATE, so
that two of them wait for each other instead of failing half-way. A commit that returns is on disk.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.expression import Executable

from lifecycle.errors import StoreError
from store.failures import told
from store.prepared import Statements

BUSY_SECONDS = 30
"""How long a writer waits for another before it gives up."""


class Database:
    """A database and its connections; opens nothing until it is asked for a transaction."""

    def __init__(self, url: str, *, create: bool = False, how: str | None = None) -> None:
        """Take a URL or a path; raises StoreError for a kind that this release does not run on.

        `how` is how SQLite opens its file, for those who only look at it (`store.checks.looking`).
        """
        self.url = _url(url)
        self.where = self.url.database or ""
        self.engine = _engine(self.url, how or ("mode=rwc" if create else "mode=rw"))
        self.statements = Statements(self.engine.dialect)
        # Checked out and at rest: what the next transaction runs on.
        self._idle: list[PoolProxiedConnection] = []

    @property
    def exists(self) -> bool:
        """Whether there is a file at all."""
        return Path(self.where).is_file()

    @contextmanager
    def transaction(self, *, write: bool, keep: bool = True) -> Iterator["Connection"]:
        """Run one transaction: kept if the block ends well, else rolled back."""
        with told(self.where):
            pooled = self._idle.pop() if self._idle else self.engine.raw_connection()
            try:
                connection = Connection(pooled, self.statements)
                connection.command("BEGIN IMMEDIATE" if write else "BEGIN")
                yield connection
                connection.command("COMMIT" if keep else "ROLLBACK")
            except BaseException:
                pooled.rollback()
                pooled.close()
                raise
            self._idle.append(pooled)

    def close(self) -> None:
        """Close every connection."""
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()


class Connection:
    """One transaction's connection: runs prepared statements and returns plain rows."""

    __slots__ = ("_cursor", "_statements")

    def __init__(self, pooled: PoolProxiedConnection, statements: Statements) -> None:
        """Take a connection out of the pool."""
        self._cursor: Any = pooled.cursor()
        self._statements = statements

    def command(self, sql: str) -> Any:  # noqa: ANN401 - the driver's cursor
        """Run a command that takes no parameters."""
        return self._cursor.execute(sql)

    def rows(self, statement: Executable, **values: Any) -> list[Any]:  # noqa: ANN401
        """Return all rows of a statement."""
        return list(self._run(statement, values).fetchall())

    def row(self, statement: Executable, **values: Any) -> Any:  # noqa: ANN401
        """Return the first row of a statement, or None."""
        return self._run(statement, values).fetchone()

    def run(self, statement: Executable, **values: Any) -> int:  # noqa: ANN401
        """Run a statement that writes; returns how many rows it touched."""
        return int(self._run(statement, values).rowcount)

    def run_many(self, statement: Executable, many: list[dict[str, Any]]) -> int:
        """Run a statement once for each set of values; returns how many rows were touched."""
        if len(many) == 1:
            return self.run(statement, **many[0])
        prepared = self._statements[statement]
        self._cursor.executemany(prepared.sql, [prepared.bound(values) for values in many])
        return int(self._cursor.rowcount)

    def _run(self, statement: Executable, values: dict[str, Any]) -> Any:  # noqa: ANN401
        prepared = self._statements[statement]
        return self._cursor.execute(prepared.sql, prepared.bound(values))


def _url(text: str) -> URL:
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser().absolute()))
    try:
        url = make_url(text)
    except ArgumentError as error:
        message = f"{text!r} is not a database URL"
        raise StoreError(message, "bad_url", "give a path, or sqlite:///PATH") from error
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        message = f"{url.render_as_string()} is not a kind of database that this release runs on"
        raise StoreError(message, "bad_url", "give a path, or sqlite:///PATH")
    return url


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _engine(url: URL, how: str) -> Engine:
    location = f"file:{quote(str(Path(url.database or '').absolute()))}?{how}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(location, uri=True, timeout=BUSY_SECONDS, isolation_level=None)

    engine = create_engine(url, creator=connect, pool_reset_on_return=None)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # SQLite's own lower() knows A to Z only; people look for Århus and Łódź.
        connection.create_function("lower", 1, _lower, deterministic=True)

    return engine
