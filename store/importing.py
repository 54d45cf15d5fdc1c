"""Reads CSV files of agreements, and knows countries by name; the rows are for lifecycle to judge.

Takes UTF-8 text with commas and a heading, as spreadsheets save it. A file that is no such table is
refused as a whole, with the line: nothing of it is guessed. The names of countries are CLDR's, in
English (through Babel); ISO codes of two or three letters are understood as well.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from babel.core import Locale, get_global

from lifecycle.portfolio import Table
from lifecycle.rows import Row, columns_of
from states.problem import InvalidInputError, Problem

LARGEST = 64 * 1024 * 1024
"""The most bytes that a table may have."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_AS_UTF_8 = "save it as CSV in UTF-8"
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_CODE = 2


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


class TerritoryNames:
    """Countries by their English names and by their codes."""

    def __init__(self) -> None:
        """Read the names; Babel keeps them in a file of its own."""
        names = Locale("en").territories
        self._names = {
            code: name
            for code, name in names.items()
            if len(code) == _CODE and code.isalpha() and code not in _NO_COUNTRIES
        }
        self._codes = {_plain(name): code for code, name in self._names.items()}
        self._aliases = get_global("territory_aliases")

    def code(self, text: str) -> str | None:
        """Return the two-letter code of a country's name or code, or None."""
        word = text.strip().upper()
        if word in self._names:
            return word
        alias = self._aliases.get(word, ())
        return self._codes.get(_plain(text)) or (alias[0] if len(alias) == 1 else None)

    def close(self, text: str) -> str | None:
        """Return the name that comes closest, or None."""
        close = get_close_matches(_plain(text)[:100], self._codes, n=1)
        return self._names[self._codes[close[0]]] if close else None


def _plain(name: str) -> str:
    """Return a name as it is compared: without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    return " ".join(
        "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c)).split()
    )


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
