"""Statements compiled once: a Core expression becomes SQL text and the order of its parameters.

Running a Core expression through SQLAlchemy's connection costs several times what SQLite needs to
execute it; the text that it compiles to, run on the pooled driver connection, costs nothing more
(docs/adr/0005 has the figures). Columns are of types that drivers take as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql.expression import Executable


class Prepared:
    """One statement for one dialect, ready to run any number of times."""

    __slots__ = ("_fixed", "_take", "sql")

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        """Compile `statement`; literals in it are bound now, named parameters at each run."""
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self.sql = str(compiled)
        order = compiled.positiontup
        self._take = None if order is None else _taking(order)
        self._fixed = {k: v for k, v in compiled.params.items() if v is not None}

    def bound(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what the driver takes
        """Return the parameters as the driver expects them: a tuple, or a mapping by name."""
        given = {**self._fixed, **values} if self._fixed else values
        return given if self._take is None else self._take(given)


def _taking(order: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Return what takes values in an order; `itemgetter` does it at once, if there are several."""
    if len(order) > 1:
        return itemgetter(*order)
    return lambda given: tuple(map(given.__getitem__, order))


class Statements:
    """The prepared statements of one dialect, each compiled when it is first needed."""

    def __init__(self, dialect: Dialect) -> None:
        """Keep the dialect; nothing is compiled yet."""
        self._dialect = dialect
        self._prepared: dict[Executable, Prepared] = {}

    def __getitem__(self, statement: Executable) -> Prepared:
        """Return the statement's prepared form."""
        found = self._prepared.get(statement)
        if found is None:
            found = self._prepared[statement] = Prepared(statement, self._dialect)
        return found


_KEPT: dict[str, Statements] = {}


def statements_of(dialect: Dialect) -> Statements:
    """Return this process's statements of a dialect, which all databases of the kind share."""
    if dialect.name not in _KEPT:
        _KEPT[dialect.name] = Statements(dialect)
    return _KEPT[dialect.name]
