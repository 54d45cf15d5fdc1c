"""Reads tables from text: CSV in UTF-8 with commas, or as whoever imports it says.

A file that is no such table is refused as a whole, with the line: nothing of it is guessed.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from lifecycle.intake.columns import Row
from store.tabular.guarding import unguarded
from store.tabular.problems import wrong
from store.tabular.rows import errors_in

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
"""The signs that may stand between cells, by their names."""

_USUAL = "utf-8"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_WINDOWS = "windows-1252"
_AS_UTF_8 = "save it as CSV in UTF-8"
_WEB_PAGE = ("<!doctype", "<html", "<table", "<?xml")
_SHOWN = 40


class TextRows:
    """The rows of a text that are not blank, which can be gone through more than once."""

    def __init__(self, text: str, file: str, separator: str) -> None:
        """Take a text whose lines end with a line feed."""
        self._text, self._file, self._separator = text, file, separator

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, numbered as spreadsheets do: the first one is row 1."""
        lines = io.StringIO(self._text, newline="")
        reader = csv.reader(lines, delimiter=self._separator, strict=True)
        number = 0
        while True:
            begun = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                hint = "put cells with commas or quotes in double quotes, and double their quotes"
                message = f"this is not CSV: {error}"
                raise wrong(self._file, "bad_csv", message, begun, hint) from error
            number += 1
            if any(cell.strip() for cell in cells):
                texts = [unguarded(cell) for cell in cells]
                yield Row(number, texts, dict(errors_in(texts)))

    def __len__(self) -> int:
        """Return about how many rows there are."""
        return self._text.count("\n")

    def merged_from(self, row: int) -> Sequence[str]:  # noqa: ARG002 - as `FileRows` has it
        """Return nothing: text has no merged cells."""
        return ()


def text_rows(data: bytes, file: str, separator: str | None, encoding: str | None) -> TextRows:
    """Return the rows of a text; raises InvalidInputError for what is none."""
    text = _text(data, file, encoding)
    if text.lstrip()[:_SHOWN].casefold().startswith(_WEB_PAGE):
        message = "this is a web page, whatever it is called"
        raise wrong(file, "not_a_table", message, 1, "open it in a spreadsheet, and save it as CSV")
    sign = SEPARATORS[separator or ("tab" if file.casefold().endswith(".tsv") else "comma")]
    rows = TextRows(text, file, sign)
    if separator is None:
        _insist_on(sign, next(iter(rows), Row(1, [])).cells, file)
    return rows


def _text(data: bytes, file: str, encoding: str | None) -> str:
    if encoding is not None:
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeError as error:
            hint = "leave --encoding out, or name another one"
            raise wrong(file, "not_text", f"this is not {encoding} text", hint=hint) from error
    else:
        text = _utf_8(data, file)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _utf_8(data: bytes, file: str) -> str:
    if data.startswith(_UTF_16):
        hint = f"{_AS_UTF_8}, or add --encoding utf-16"
        raise wrong(file, "not_utf8", "this is UTF-16 text, not UTF-8", hint=hint)
    nul = data.find(b"\0")
    if nul >= 0:
        raise wrong(file, "not_text", "a NUL byte; this is no text", _line(data, nul), _AS_UTF_8)
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode(_USUAL)
    except UnicodeDecodeError as error:
        line, hint = _line(body, error.start), _AS_UTF_8
        begin = max(body.rfind(b"\n", 0, error.start) + 1, error.start - _SHOWN)
        part = body[begin : error.start + _SHOWN].split(b"\n", 1)[0]
        shown = part.decode(_WINDOWS, "replace").strip()
        hint = f"{_AS_UTF_8}; or, if {shown!r} is right, add --encoding {_WINDOWS}"
        raise wrong(file, "not_utf8", "this is not UTF-8 text", line, hint) from error


def _insist_on(sign: str, header: Sequence[str], file: str) -> None:
    """Refuse a heading of one cell in which another sign stands between words."""
    if len(header) != 1:
        return
    others = ((name, other) for name, other in SEPARATORS.items() if other != sign)
    name = next((name for name, other in others if other in header[0]), None)
    if name is not None:
        message = f"its columns are separated by {name}s; {_name(sign)}s are expected"
        raise wrong(file, "delimiter", message, 1, f"add --separator {name}")


def _name(sign: str) -> str:
    return next(name for name, known in SEPARATORS.items() if known == sign)


def _line(data: bytes, place: int) -> int:
    return data[:place].count(b"\n") + 1
