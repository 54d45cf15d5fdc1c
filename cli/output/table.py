"""Tables that fit the width there is: what is short stays whole, what is long wraps.

A column is as wide as its widest cell. When all of them don't fit, those marked `flexible` give
way, the widest first, down to a width that can still be read; their cells then wrap. Those marked
`optional` are for terminals that are wide enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cli.output.streams import style, width
from cli.output.text import clean, pad, width_of, wrap

_BETWEEN = "  "
_READABLE = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, whether it may give way or be left out, whether it is a number."""

    heading: str
    flexible: bool = False
    optional: bool = False
    right: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> str:
    """Return rows as a table under headings, no wider than the terminal if that can be.

    An optional column is there only where everything fits without wrapping.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    natural = [
        max([width_of(column.heading), *(_widest_line(row[index]) for row in cells)])
        for index, column in enumerate(columns)
    ]
    kept = _kept(columns, natural, width())
    shown = [columns[index] for index in kept]
    widths = _fitted(shown, [natural[index] for index in kept], width())
    lines = [style(line, bold=True) for line in _lines(shown, [c.heading for c in shown], widths)]
    for row in cells:
        lines += _lines(shown, [row[index] for index in kept], widths)
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    return "-" if value in {None, ""} else clean(str(value))


def _kept(columns: Sequence[Column], natural: Sequence[int], available: int) -> list[int]:
    kept = [index for index, column in enumerate(columns) if not column.optional]
    for index, column in enumerate(columns):
        wider = sorted([*kept, index])
        if column.optional and _total([natural[place] for place in wider]) <= available:
            kept = wider
    return kept


def _fitted(columns: Sequence[Column], natural: Sequence[int], available: int) -> Sequence[int]:
    widths = list(natural)
    givers = [index for index, column in enumerate(columns) if column.flexible]
    excess = _total(widths) - available
    while excess > 0:
        index = max(givers, key=lambda giver: widths[giver], default=None)
        if index is None or widths[index] <= _READABLE:
            break
        widths[index] -= 1
        excess -= 1
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_BETWEEN) * (len(widths) - 1)


def _widest_line(cell: str) -> int:
    return max(map(width_of, cell.split("\n")))


def _lines(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> list[str]:
    wrapped = [wrap(cell, width, anywhere=True) for cell, width in zip(row, widths, strict=True)]
    lines = []
    for index in range(max(map(len, wrapped))):
        parts = [
            pad(cell[index] if index < len(cell) else "", width, right=column.right)
            for column, cell, width in zip(columns, wrapped, widths, strict=True)
        ]
        lines.append(_BETWEEN.join(parts).rstrip())
    return lines
