"""The open store of one program: opens transactions for use cases, rehearsals and readers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from lifecycle.history import Moment
from lifecycle.ports import Ledger, ProgramRow, Unit
from store.connection import Connection
from store.database import Database
from store.past import Past
from store.policies import Policies
from store.reader import Reader
from store.unit import StoreUnit


class Store:
    """One program in one database; implements `lifecycle.ports.Ledger`."""

    def __init__(self, database: Database, program: ProgramRow, stands_at: date | None) -> None:
        """Take a database that was found to be in order; see `store.opening.open_store`."""
        self.database = database
        self.program = program
        self.stands_at = stands_at
        self._policies = Policies()

    @property
    def login(self) -> str | None:
        """Who the database says is connected; None where it is a file, which knows nobody."""
        return self.database.login

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """Open a unit that writes; it commits if the block ends well."""
        with self.database.transaction(write=True) as connection:
            yield self.unit_on(connection)

    def unit_on(self, connection: Connection) -> Unit:
        """Return a unit in a transaction that somebody else commits."""
        return StoreUnit(connection, self.program, self._policies)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Open a reader; everything it returns is of one moment."""
        with self.database.transaction(write=False) as connection:
            yield Reader(connection, self.program, self._policies)

    @contextmanager
    def reading_past(self, moment: Moment) -> Iterator[Past]:
        """Open a reader of what was so on a day that has passed."""
        with self.database.transaction(write=False) as connection:
            yield Past(connection, self.program, self._policies, moment)

    @contextmanager
    def rehearsal(self) -> Iterator[Ledger]:
        """Open a ledger whose units see each other's writes; all is rolled back at the end."""
        with self.database.transaction(write=True, keep=False) as connection:
            yield _Rehearsal(self, connection)

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


class _Rehearsal:
    """A ledger in one transaction: a unit is a savepoint of it."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store = store
        self._connection = connection

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        self._connection.command("SAVEPOINT rehearsed")
        try:
            yield self._store.unit_on(self._connection)
        except BaseException:
            self._connection.command("ROLLBACK TO rehearsed")
            raise
        finally:
            self._connection.command("RELEASE rehearsed")
