"""The transition log as CSV: each line a row, each of its keys a column.

`actor` takes two columns and `guards` one, as text (`GUARD OUTCOME CODE`, separated by `; `).
`entry` is the SHA-256 of the line, which ties a row to the exact bytes. Nothing that stands beside
a line is in it.
"""

from collections.abc import Iterable, Iterator

import msgspec

from cli.output.cells import csv_lines
from lifecycle.entry import Actor, Entry, GuardResult, digest_of

_KEYS = tuple(field.encode_name for field in msgspec.structs.fields(Entry))
_ACTOR = tuple(f"actor.{field.encode_name}" for field in msgspec.structs.fields(Actor))

COLUMNS = (
    *(name for key in _KEYS for name in (_ACTOR if key == "actor" else (key,))),
    "entry",
)
"""The columns, in the order of the line's keys."""


def heading() -> str:
    """Return the first line, which names the columns."""
    return "".join(csv_lines([COLUMNS]))


def rows(lines: Iterable[tuple[Entry, bytes]]) -> Iterator[str]:
    """Yield each line as a row."""
    return csv_lines([*_cells(entry), digest_of(line)] for entry, line in lines)


def guards_text(results: Iterable[GuardResult]) -> str:
    """Return the results of guards as one text."""
    return "; ".join(
        " ".join(filter(None, (result.guard, result.outcome, result.code))) for result in results
    )


def _cells(entry: Entry) -> Iterator[object]:
    for value in msgspec.structs.astuple(entry):
        if isinstance(value, Actor):
            yield from msgspec.structs.astuple(value)
        elif isinstance(value, tuple):
            yield guards_text(value)
        else:
            yield value
