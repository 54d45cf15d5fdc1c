"""SQLite: one file, in WAL with synchronous=FULL and foreign keys.

Writers begin with BEGIN IMMEDIATE, so that two of them wait for each other instead of failing
half-way; each has the whole database to itself. A commit that returns is on disk.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection as Migrating
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import PoolProxiedConnection

from lifecycle.errors import StoreError
from store.appendonly import sqlite_triggers
from store.backend import Backend
from store.connection import Connection
from store.failures import committing
from store.prepared import Statements

APPLICATION_ID = 0x4C434147
"""What SQLite's header carries, so that a database of another program is told apart."""

BUSY_SECONDS = 30
"""How long a writer waits for another before it gives up."""


class SqliteConnection(Connection):
    """A transaction on a pooled connection to the file."""

    __slots__ = ("_pooled", "_where")

    def __init__(self, pooled: PoolProxiedConnection, statements: Statements, where: str) -> None:
        """Take a connection out of the pool."""
        super().__init__(pooled.cursor(), statements)
        self._pooled, self._where = pooled, where

    def begin(self, *, write: bool) -> None:
        """Begin; a writer takes the file's one lock at once."""
        self.command("BEGIN IMMEDIATE" if write else "BEGIN")

    def end(self, *, keep: bool) -> None:
        """Commit, or roll back."""
        with committing(self._where):
            self.command("COMMIT" if keep else "ROLLBACK")

    def abandon(self) -> None:
        """Roll back."""
        self._pooled.rollback()

    def overwrite(self) -> None:
        """Overwrite with zeros, from now on and for this connection."""
        self.command("PRAGMA secure_delete=ON")

    def at_rest(self) -> Any:  # noqa: ANN401 - the pooled connection
        """Return the connection, which can be used again whatever happened on it."""
        return self._pooled


class Sqlite(Backend):
    """One SQLite file."""

    def __init__(self, path: str, how: str) -> None:
        """Take a path, and how it is opened (`mode=rwc` lets the file come into being)."""
        self.where = self.path = path
        location = f"file:{quote(str(Path(path).absolute()))}?{how}"

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(location, uri=True, timeout=BUSY_SECONDS, isolation_level=None)

        url = URL.create("sqlite", database=path)
        self.engine = create_engine(url, creator=connect, pool_reset_on_return=None)
        self.dialect = self.engine.dialect
        event.listen(self.engine, "connect", _prepare)

    def connect(self) -> PoolProxiedConnection:
        """Return a connection of the pool."""
        return self.engine.raw_connection()

    def connection(self, raw: PoolProxiedConnection, statements: Statements) -> Connection:
        """Return a transaction's connection."""
        return SqliteConnection(raw, statements, self.where)

    def release(self, raw: PoolProxiedConnection) -> None:
        """Give a connection back to the pool."""
        raw.close()

    @property
    def exists(self) -> bool:
        """Whether there is a file at all."""
        return Path(self.where).is_file()

    def login(self, raw: PoolProxiedConnection) -> None:
        """Return nobody: a file does not know who opens it."""

    def recognise(self, connection: Connection) -> None:
        """Raise StoreError unless the file carries this program's stamp."""
        if connection.command("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            message = f"{self.where} is not a database of this program"
            raise StoreError(message, "foreign", "name another file with --db")

    def stamp(self) -> None:
        """Make a new file one of this program's, in WAL."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")

    def begin_migration(self, connection: Migrating) -> None:
        """Begin; nobody else writes meanwhile."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def set_triggers(self, run: Callable[[str], object]) -> None:
        """Set the append-only triggers anew."""
        for name, statement in sqlite_triggers():
            run(f"DROP TRIGGER IF EXISTS {name}")
            run(statement)

    def missing_triggers(self, connection: Connection) -> tuple[str, ...]:
        """Return the triggers whose text is not the one that they were made with."""
        rows = connection.command("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        standing = dict(rows.fetchall())
        return tuple(name for name, sql in sqlite_triggers() if standing.get(name) != sql)

    def scrub(self, connection: Connection) -> bool:
        """Write the file anew without what was replaced, and empty its write-ahead log.

        Overwriting leaves copies that SQLite made when it moved rows between pages earlier.
        """
        connection.command("VACUUM")
        return bool(connection.command("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)

    def damages(self, connection: Connection) -> tuple[str, ...]:
        """Return what SQLite finds wrong with pages and keys."""
        found = [row[0] for row in connection.command("PRAGMA integrity_check").fetchall()]
        lost = connection.command("PRAGMA foreign_key_check").fetchall()
        wrong = [text for text in found if text != "ok"]
        return (*wrong, *(f"a row of {row[0]} belongs to no row of {row[2]}" for row in lost))


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    # SQLite's own lower() knows A to Z only; people look for Århus and Łódź.
    connection.create_function("lower", 1, _lower, deterministic=True)
