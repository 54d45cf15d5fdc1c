"""Reads CSV files of agreements; the rows are for lifecycle to judge.

Takes UTF-8 text with commas and a heading, as spreadsheets save it. A file that is no such table is
refused as a whole, with the line: nothing of it is guessed.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from lifecycle.intake.columns import Row, columns_of
from lifecycle.intake.table import Table
from states.problem import InvalidInputError, Problem

LARGEST = 64 * 1024 * 1024
"""The most bytes that a table may have."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_AS_UTF_8 = "save it as CSV in UTF-8"


def read_table(data: bytes, file: str) -> Table:
    """Return the table that a CSV file states; raises InvalidInputError for what is none."""
    if len(data) > LARGEST:
        message = f"more than {LARGEST:,} bytes"
        raise _wrong(file, "too_long", message, hint="split it into several files")
    records = _records(_text(data, file), file)
    header = next(records, None)
    if header is None:
        raise _wrong(file, "empty", "it is empty", hint="a heading and a row for each agreement")
    _commas(header.cells, file)
    try:
        columns = columns_of(header.cells)
    except InvalidInputError as error:
        raise InvalidInputError(
            Problem(p.code, p.message, file, p.line, p.key, p.allowed, p.hint)
            for p in error.problems
        ) from error
    rows = list(records)
    if not rows:
        raise _wrong(file, "empty", "there is no row below the heading", line=1)
    return Table(Path(file).name, columns, rows)


def text_rows(data: bytes, file: str) -> Iterator[Row]:
    """Yield the rows of a CSV file that are not blank; raises InvalidInputError."""
    return _records(_text(data, file), file)


def _text(data: bytes, file: str) -> str:
    if data.startswith(_UTF_16):
        raise _wrong(file, "not_utf8", "this is UTF-16 text, not UTF-8", hint=_AS_UTF_8)
    nul = data.find(b"\0")
    if nul >= 0:
        raise _wrong(file, "not_text", "a NUL byte; this is no text", _line(data, nul), _AS_UTF_8)
    body = data.removeprefix(_UTF_8_MARK)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line(body, error.start)
        raise _wrong(file, "not_utf8", "this is not UTF-8 text", line, _AS_UTF_8) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _records(text: str, file: str) -> Iterator[Row]:
    """Yield the rows that are not blank, numbered as spreadsheets do: the first one is row 1."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        begun = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "put cells with commas or quotes in double quotes, and double the quotes in them"
            raise _wrong(file, "bad_csv", f"this is not CSV: {error}", begun, hint) from error
        number += 1
        if any(cell.strip() for cell in cells):
            yield Row(number, cells)


def _commas(header: Sequence[str], file: str) -> None:
    if len(header) > 1:
        return
    name = next((name for sign, name in _SEPARATORS.items() if sign in header[0]), None)
    if name is not None:
        message = f"its columns are separated by {name}; commas are expected"
        raise _wrong(file, "delimiter", message, 1, "save it as CSV with commas")


def _line(data: bytes, place: int) -> int:
    return data[:place].count(b"\n") + 1


def _wrong(
    file: str, code: str, message: str, line: int | None = None, hint: str | None = None
) -> InvalidInputError:
    return InvalidInputError([Problem(code, message, file, line, hint=hint)])
