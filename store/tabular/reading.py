"""Reads a file as a table of agreements, whatever it is called: CSV, or a sheet of an XLSX."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lifecycle.intake.columns import Columns, Row, columns_of
from lifecycle.intake.fields import FIELDS
from lifecycle.intake.intake import Table
from lifecycle.intake.legend import Legend
from states.problem import InvalidInputError, Problem
from store.tabular.problems import locked, wrong
from store.tabular.rows import FileRows
from store.tabular.text import text_rows

LARGEST = 64 * 1024 * 1024
"""The most bytes that a table's file may have."""

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_LOOKED_AT = 20
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a file is to be read, where whoever imports it says so."""

    sheet: str | None = None
    heading: int | None = None
    separator: str | None = None
    encoding: str | None = None


def read_table(
    data: bytes, file: str, legend: Legend | None = None, how: How | None = None
) -> Table:
    """Return the table that a file holds; raises InvalidInputError for what is none."""
    legend, how = legend or Legend(), how or How()
    if len(data) > LARGEST:
        message = f"more than {LARGEST:,} bytes"
        raise wrong(file, "too_long", message, hint="split it into several files")
    rows = file_rows(data, file, how)
    header = next(_from(rows, how.heading), None)
    if header is None or how.heading not in {None, header.number}:
        at = f" in row {how.heading}" if header else ""
        message = f"there is no heading{at}" if at else "it is empty"
        raise wrong(file, "empty", message, hint="a heading and a row for each agreement")
    columns = _columns(rows, header, legend, file)
    below = _Below(rows, header.number)
    if next(iter(below), None) is None:
        message = "there is no row below the heading"
        raise wrong(file, "empty", message, header.number, "a row for each agreement")
    return Table(Path(file).name, columns, below, len(below), legend)


class _Below:
    """The rows below the heading."""

    def __init__(self, rows: FileRows, heading: int) -> None:
        self._rows, self._heading = rows, heading

    def __iter__(self) -> Iterator[Row]:
        return (row for row in self._rows if row.number > self._heading)

    def __len__(self) -> int:
        return max(len(self._rows) - self._heading, 1)


def file_rows(data: bytes, file: str, how: How | None = None) -> FileRows:
    """Return the rows of a file, whatever it is called; raises InvalidInputError for no table."""
    how = how or How()
    if data.startswith(_OLE):
        raise _of_before_2007(data, file)
    if not data.startswith(_ZIP):
        if how.sheet is not None:
            message = "this is text, which has no sheets"
            problem = Problem("unknown_sheet", message, file, key="--sheet", hint="leave it out")
            raise InvalidInputError([problem])
        return text_rows(data, file, how.separator, how.encoding)
    # A library that only workbooks need.
    from store.tabular.workbook import sheet_rows  # noqa: PLC0415

    return sheet_rows(data, file, how.sheet)


def _of_before_2007(data: bytes, file: str) -> InvalidInputError:
    if _LOCKED in data:
        return locked(file)
    message = "this is a workbook of the old kind (XLS), whatever it is called"
    hint = "open it in a spreadsheet program, and save it as XLSX or CSV"
    return wrong(file, "not_xlsx", message, hint=hint)


def _from(rows: FileRows, heading: int | None) -> Iterator[Row]:
    """Yield the rows from the heading on: the one that is named, else the first that says a lot."""
    return (row for row in rows if not row.is_remark and row.number >= (heading or 1))


def _columns(rows: FileRows, header: Row, legend: Legend, file: str) -> Columns:
    try:
        columns = columns_of(header.cells, legend, header.number)
    except InvalidInputError as error:
        raise InvalidInputError(_in_file(rows, header, legend, file, error)) from error
    if merged := rows.merged_from(header.number):
        raise _merged(merged, file)
    return columns


def _merged(cells: Sequence[str], file: str) -> InvalidInputError:
    more = f" and {len(cells) - _MOST_TOLD} more" if len(cells) > _MOST_TOLD else ""
    told = f"{', '.join(cells[:_MOST_TOLD])}{more}"
    message = f"cells are merged: {told}; what they say stands in the first cell alone"
    return wrong(file, "merged_cells", message, hint="unmerge them, and fill each cell")


def _in_file(
    rows: FileRows, header: Row, legend: Legend, file: str, error: InvalidInputError
) -> Iterator[Problem]:
    """Yield what is wrong with a heading; a later row may be the heading that was meant."""
    for p in error.problems:
        yield Problem(p.code, p.message, file, p.line, p.key, p.allowed, p.hint)
    for row in islice(_from(rows, header.number + 1), _LOOKED_AT):
        if not _may_be_heading(row, header, legend):
            continue
        message = f"row {header.number} was read as the heading, and row {row.number} looks like it"
        hint = f"add --heading {row.number}"
        yield Problem("which_heading", message, file, row.number, "--heading", hint=hint)
        return


def _may_be_heading(row: Row, header: Row, legend: Legend) -> bool:
    """Whether a row says more of columns than the one that was read as the heading."""
    least = sum(field.needed for field in FIELDS.values())
    if len(list(filter(None, header.cells))) < least <= len(list(filter(None, row.cells))):
        return True
    try:
        columns_of(row.cells, legend, row.number)
    except InvalidInputError:
        return False
    return True
