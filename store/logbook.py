"""The log as it is read: every line in one ordered pass, and what stands beside many at once.

Nothing here holds more than a batch, and nothing is asked line by line.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, and_, bindparam, or_, select, tuple_
from sqlalchemy.sql.expression import BindParameter, ColumnElement, Select

from lifecycle.picking import Logged
from lifecycle.ports import Beside
from store.facts import PROGRAM_STREAM
from store.overview import Overview
from store.rows import PART, part_of
from store.statements import LINES
from store.tables import beside, entry, leaf, seal

SEVERAL = 100
"""How many lines a statement on several of them names; the last one may stand repeatedly."""

_BATCH = 1000
_PROGRAM: BindParameter[Any] = bindparam("program_id")


class Logbook(Overview):
    """The reading half of the log."""

    def log(self) -> Iterator[Logged]:
        """Yield every line of the program, stream by stream, the program's own stream first."""
        stream, n = -1, 0
        while rows := self._rows(ALL, stream=stream, n=n, most=_BATCH):
            for stream, n, line in rows:
                yield Logged(stream, n, line.encode())

    def log_of(self, key: int | None) -> Iterator[Logged]:
        """Yield the lines of an agreement's stream, or of the program's own."""
        stream, n = PROGRAM_STREAM if key is None else key, 0
        while rows := self._rows(LINES, key=stream, after=n, most=_BATCH):
            for n, line in rows:
                yield Logged(stream, n, line.encode())

    def beside_of(self, lines: Sequence[Logged]) -> Mapping[tuple[int, int], Sequence[Beside]]:
        """Return what stands beside several lines, by stream and n."""
        found: defaultdict[tuple[int, int], list[Beside]] = defaultdict(list)
        for stream, n, *values in self._of_lines(beside_lines(), lines):
            found[stream, n].append(part_of(values))
        return found

    def sealed(self, lines: Sequence[Logged]) -> Mapping[tuple[int, int], tuple[int, str | None]]:
        """Return which leaf each of several lines is, and when the first seal was set over it.

        A line that is no leaf yet is left out.
        """
        rows = self._of_lines(leaves(), lines)
        return {(stream, n): (index, sealed_at) for stream, n, index, sealed_at in rows}

    def _of_lines(self, statement: Select[Any], lines: Sequence[Logged]) -> Iterator[Any]:
        """Yield the rows of several lines, a fixed number of lines with each statement."""
        for first in range(0, len(lines), SEVERAL):
            some = lines[first : first + SEVERAL]
            values: dict[str, int] = {}
            for index in range(SEVERAL):
                logged = some[min(index, len(some) - 1)]
                values |= {f"stream_{index}": logged.stream, f"n_{index}": logged.n}
            yield from self._rows(statement, **values)


def _any_of(table: Table) -> ColumnElement[bool]:
    """Return what several lines are found by, each of them with its whole key.

    Said once for all of them, the program alone would be what SQLite goes by, and not the lines.
    """
    return or_(
        *(
            and_(
                table.c.program_id == _PROGRAM,
                table.c.stream == bindparam(f"stream_{index}"),
                table.c.n == bindparam(f"n_{index}"),
            )
            for index in range(SEVERAL)
        )
    )


ALL = (
    select(entry.c.stream, entry.c.n, entry.c.line)
    .where(
        entry.c.program_id == _PROGRAM,
        tuple_(entry.c.stream, entry.c.n) > tuple_(bindparam("stream"), bindparam("n")),
    )
    .order_by(entry.c.stream, entry.c.n)
    .limit(bindparam("most"))
)


@cache
def beside_lines() -> Select[Any]:
    """Return the statement that reads what stands beside lines; built late: it takes long."""
    return (
        select(beside.c.stream, beside.c.n, *PART)
        .where(_any_of(beside))
        .order_by(beside.c.stream, beside.c.n, beside.c.part.desc())
    )


@cache
def leaves() -> Select[Any]:
    """Return the statement that reads lines' leaves; built late, as `beside_lines`."""
    sealed_at = (
        select(seal.c.sealed_at)
        .where(seal.c.program_id == leaf.c.program_id, seal.c.size > leaf.c.leaf)
        .order_by(seal.c.size)
        .limit(1)
        .scalar_subquery()
    )
    return select(leaf.c.stream, leaf.c.n, leaf.c.leaf, sealed_at).where(_any_of(leaf))
