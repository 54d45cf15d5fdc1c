"""CSV that a spreadsheet can open without acting on it: the one place that writes CSV.

A cell whose text begins as a formula does (`=`, `+`, `-`, `@`, their full-width forms, also behind
blanks), or with a tab or a line break, gets an apostrophe in front and is quoted (OWASP, "CSV
Injection"). Numbers stay numbers, negative ones too. So that nothing is lost, a text that begins
with apostrophes and then so gets one more: a program that reads the CSV takes one off exactly where
`store.tabular.guarding` says.

Cells are separated by commas and lines end with a line feed (RFC 4180 otherwise); a cell is quoted
too where something else might be taken for a separator.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from store.tabular.guarding import BEGINNING

_ACTING = re.compile(f"'*{BEGINNING}")
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]*")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
_PARTING = re.compile(r'[",;\r\n\t]')
_EMPTY = '""'


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield rows as lines of CSV, each with its line feed."""
    for row in rows:
        # A row of one empty cell would else be no row.
        yield f"{','.join(map(cell, row)) or _EMPTY}\n"


def cell(value: object) -> str:
    """Return a value as one cell: None is empty, a list its parts with blanks in between."""
    if value is None:
        return ""
    # Most cells are words and digests, of a log of a million lines.
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    if _ACTING.match(text) and not _NUMBER.fullmatch(text):
        return _quoted(f"'{text}")
    blank = text[:1].isspace() or text[-1:].isspace()
    return _quoted(text) if blank or _PARTING.search(text) else text


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
