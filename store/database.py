"""One database: where it is, its connections, and the transactions that run on them.

Which kind it is, its URL says; what differs between the kinds stands in `store.sqlite` and
`store.postgresql`, and the driver of the second is imported only where it is needed.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection as Migrating
from sqlalchemy import Engine

from store.backend import Backend
from store.connection import Connection
from store.failures import told
from store.prepared import statements_of
from store.sqlite import Sqlite
from store.urls import is_postgresql, sqlite_path


class Database:
    """A database and its connections; opens nothing until it is asked for a transaction."""

    def __init__(self, url: str, *, create: bool = False, how: str | None = None) -> None:
        """Take a URL or a path; raises StoreError for a kind that this release does not run on.

        `create` lets an SQLite file come into being; `how` is how SQLite opens it, for those who
        only look at it (`store.checks.looking`).
        """
        self._backend = _backend(url, how or ("mode=rwc" if create else "mode=rw"))
        self.where = self._backend.where
        self.path = self._backend.path
        self.statements = statements_of(self._backend.dialect)
        # At rest: what the next transaction runs on.
        self._idle: list[Any] = []

    @property
    def exists(self) -> bool:
        """Whether there is anything to connect to; raises OSError where that can't be seen."""
        return self._backend.exists

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's own way in, for migrations."""
        return self._backend.engine

    @property
    def login(self) -> str | None:
        """Who the database says is connected, or None where it knows nobody (a file)."""
        if self.path is not None:
            return None
        with self.told():
            raw = self._idle.pop() if self._idle else self._backend.connect()
            self._idle.append(raw)
            return self._backend.login(raw)

    def told(self) -> AbstractContextManager[None]:
        """Raise StoreError for what goes wrong with this database inside the block."""
        return told(self.where)

    @contextmanager
    def transaction(self, *, write: bool, keep: bool = True) -> Iterator[Connection]:
        """Run one transaction: kept if the block ends well, else rolled back."""
        with self.told():
            raw = self._idle.pop() if self._idle else self._backend.connect()
            connection = self._backend.connection(raw, self.statements)
            try:
                connection.begin(write=write)
                yield connection
                connection.end(keep=keep)
            except BaseException:
                connection.abandon()
                self._backend.release(connection.at_rest())
                raise
            self._idle.append(connection.at_rest())

    @contextmanager
    def migration(self) -> Iterator[tuple[Migrating, Connection]]:
        """Run one transaction alone on the database, for SQLAlchemy's tools and for ours."""
        with self.told(), self._backend.engine.connect() as connection:
            self._backend.begin_migration(connection)
            yield connection, self._backend.connection(connection.connection, self.statements)
            connection.commit()

    def stamp(self) -> None:
        """Make a new and empty database one of this program's."""
        self._backend.stamp()

    @contextmanager
    def closed_on_failure(self) -> Iterator[None]:
        """Close every connection if the block fails."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def recognise(self, connection: Connection) -> None:
        """Raise StoreError unless the database is this program's."""
        self._backend.recognise(connection)

    def set_triggers(self, run: Callable[[str], object]) -> None:
        """Set the append-only triggers anew."""
        self._backend.set_triggers(run)

    def missing_triggers(self, connection: Connection) -> tuple[str, ...]:
        """Return the append-only triggers that do not stand as this release makes them."""
        return self._backend.missing_triggers(connection)

    def damages(self, connection: Connection) -> tuple[str, ...]:
        """Return what is damaged of the database's own structures, as far as it can tell."""
        return self._backend.damages(connection)

    def scrub(self) -> bool:
        """Take away what is left of texts that were replaced; whether nothing is left of them."""
        with self.told():
            raw = self._backend.connect()
            try:
                return self._backend.scrub(self._backend.connection(raw, self.statements))
            finally:
                self._backend.release(raw)

    def close(self) -> None:
        """Close every connection."""
        while self._idle:
            self._backend.release(self._idle.pop())
        self._backend.close()


def _backend(url: str, how: str) -> Backend:
    if not is_postgresql(url):
        return Sqlite(sqlite_path(url), how)
    from store.postgresql import Postgresql  # noqa: PLC0415 - SQLite's commands need no psycopg

    return Postgresql(url)
