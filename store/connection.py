"""One transaction's connection: runs prepared statements on the driver and returns plain rows.

What differs between databases (how a transaction begins and ends, what is sent together) is for
`store.sqlite` and `store.postgresql` to say.
"""

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from sqlalchemy.sql.expression import Executable

from store.prepared import Statements

Answer = Callable[[], Any]
"""The first row of a statement, or None; asked after what was sent together has been answered."""

Count = Callable[[], int]
"""How many rows a statement touched; asked after what was sent together has been answered."""


class Connection(ABC):
    """A connection within one transaction."""

    __slots__ = ("_cursor", "_statements")

    row_locks: ClassVar[bool] = False
    """Whether rows are locked one by one, and not the database as a whole."""

    def __init__(self, cursor: Any, statements: Statements) -> None:  # noqa: ANN401 - the driver's
        """Take a cursor of the driver's connection."""
        self._cursor = cursor
        self._statements = statements

    @abstractmethod
    def begin(self, *, write: bool) -> None:
        """Begin a transaction that writes, or one that reads and sees one moment."""

    @abstractmethod
    def end(self, *, keep: bool) -> None:
        """Commit the transaction, or roll it back."""

    @abstractmethod
    def abandon(self) -> None:
        """Roll back what was begun, as far as that can still be done; raises nothing."""

    @abstractmethod
    def at_rest(self) -> Any:  # noqa: ANN401 - the driver's connection
        """Return the driver's connection for the next transaction, or None if it is of no use."""

    def command(self, sql: str) -> Any:  # noqa: ANN401 - the driver's cursor
        """Run a command that takes no parameters."""
        return self._cursor.execute(sql)

    def overwrite(self) -> None:  # noqa: B027 - for who can
        """Let what is replaced be overwritten where it lies, as far as the database can."""

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send the statements of the block together, where the driver can; none may read."""
        yield

    def rows(self, statement: Executable, **values: Any) -> list[Any]:  # noqa: ANN401
        """Return all rows of a statement."""
        return list(self._run(statement, values).fetchall())

    def numbers(self, statement: Executable, **values: Any) -> "array[int]":  # noqa: ANN401
        """Return a statement's only column, of whole numbers, in eight bytes each."""
        return array("q", (number for (number,) in self._run(statement, values)))

    def row(self, statement: Executable, **values: Any) -> Any:  # noqa: ANN401
        """Return the first row of a statement, or None."""
        return self._run(statement, values).fetchone()

    def ask(self, statement: Executable, **values: Any) -> Answer:  # noqa: ANN401
        """Run a statement within `together`; returns what tells its first row afterwards."""
        row = self.row(statement, **values)
        return lambda: row

    def run(self, statement: Executable, **values: Any) -> Count:  # noqa: ANN401
        """Run a statement that writes; returns what tells how many rows it touched."""
        count = int(self._run(statement, values).rowcount)
        return lambda: count

    def run_many(self, statement: Executable, many: list[dict[str, Any]]) -> Count:
        """Run a statement once for each set of values, like `run`."""
        if len(many) == 1:
            return self.run(statement, **many[0])
        prepared = self._statements[statement]
        self._cursor.executemany(prepared.sql, [prepared.bound(values) for values in many])
        count = int(self._cursor.rowcount)
        return lambda: count

    def _run(self, statement: Executable, values: dict[str, Any]) -> Any:  # noqa: ANN401
        prepared = self._statements[statement]
        return self._cursor.execute(prepared.sql, prepared.bound(values))
