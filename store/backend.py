"""What the two kinds of databases have to say for themselves; `store.database` knows no others."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection as Migrating
from sqlalchemy import Dialect, Engine

from store.connection import Connection
from store.prepared import Statements


class Backend(ABC):
    """One kind of database at one place; opens nothing until it is asked to."""

    where: str
    """The place as it stands in messages: a path, or a URL without its password."""
    path: str | None = None
    """The file, where the database is one."""
    dialect: Dialect
    engine: Engine
    """SQLAlchemy's own way in, for migrations."""

    @abstractmethod
    def connect(self) -> Any:  # noqa: ANN401 - the driver's connection
        """Return a new connection of the driver."""

    @abstractmethod
    def connection(self, raw: Any, statements: Statements) -> Connection:  # noqa: ANN401
        """Return a transaction's connection on one of the driver's."""

    @abstractmethod
    def release(self, raw: Any) -> None:  # noqa: ANN401 - the driver's connection
        """Close one of the driver's connections."""

    @property
    @abstractmethod
    def exists(self) -> bool:
        """Whether there is anything to connect to; raises OSError where that can't be seen."""

    @abstractmethod
    def login(self, raw: Any) -> str | None:  # noqa: ANN401 - the driver's connection
        """Return who the database says is connected, or None where it knows nobody."""

    @abstractmethod
    def recognise(self, connection: Connection) -> None:
        """Raise StoreError unless the database is this program's."""

    @abstractmethod
    def stamp(self) -> None:
        """Make a new and empty database one of this program's."""

    @abstractmethod
    def begin_migration(self, connection: Migrating) -> None:
        """Begin the one transaction of a migration, alone on the database."""

    @abstractmethod
    def set_triggers(self, run: Callable[[str], object]) -> None:
        """Set the append-only triggers anew."""

    @abstractmethod
    def missing_triggers(self, connection: Connection) -> tuple[str, ...]:
        """Return the append-only triggers that do not stand as this release makes them."""

    @abstractmethod
    def damages(self, connection: Connection) -> tuple[str, ...]:
        """Return what is damaged of the database's own structures, as far as it can tell."""

    def scrub(self, connection: Connection) -> bool:  # noqa: ARG002 - for who can
        """Take away what is left of texts that were replaced; whether that could be done here."""
        return False

    def close(self) -> None:
        """Close whatever is still open."""
        self.engine.dispose()
