"""Reads tables from workbooks (XLSX): one sheet, row by row, as its cells are shown.

Formulas stand for the values that the spreadsheet program last computed; macros and links are never
followed. A workbook that is damaged, locked or larger than reasonable is refused as a whole. The
only importer of openpyxl's reading half.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook

from lifecycle.intake.columns import Row
from states.problem import InvalidInputError, Problem
from store.tabular.problems import locked, wrong
from store.tabular.rows import errors_in

MOST_UNPACKED = 256 * 1024 * 1024
"""The most bytes that a workbook's parts may have together."""

_MOST_PARTS, _MOST_TEXTS = 10_000, 1_000_000
_MOST_ROWS, _MOST_CELLS = 1_048_576, 20_000_000
_BOOK = "xl/workbook.xml"
_ENCRYPTED = 1
_CHUNK = 1 << 20
_DEFINES, _LOOKED_AT = b"<!DOCTYPE", 1_000
_OVERLAP = 200
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref=["\']([A-Z]+(\d+):[A-Z]+(\d+))["\']')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ROW_OR_VALUE = re.compile(rb'<(?:\w+:)?(?:(row)(?=[ />])(?: [^>]*?\br="(\d+)")?|(?:v|is|f)[ />])')
_SHARED = re.compile(rb"<(?:\w+:)?si[ />]")
_SAVE = "open it in a spreadsheet program, and save it as XLSX or CSV"
_DIGITS = ".15g"
"""As many digits as a spreadsheet program has of a number: 0.1 + 0.2 shows 0.3."""

_IN_QUOTES = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look through a sheet's bytes has found, before anything of it is believed.

    `last` is the last row in which a cell says anything.
    """

    last: int
    formulas: bool
    merged: tuple[tuple[str, int], ...]


class SheetRows:
    """The rows of a sheet that are not blank, which can be gone through more than once."""

    def __init__(self, data: bytes, file: str, book: Workbook, title: str, found: _Found) -> None:
        """Take the workbook's bytes, what was read of them, and the sheet that is meant."""
        self._data, self._file, self._book, self._title = data, file, book, title
        self._found = found

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, with the numbers that the spreadsheet gives them."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield from self._rows()
        except InvalidInputError:
            raise
        except Exception as error:
            raise _unreadable(self._file, error) from error

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self._found.last

    def merged_from(self, row: int) -> Sequence[str]:
        """Return which cells are merged with others, in a row or below it."""
        return [ref for ref, last in self._found.merged if last >= row]

    def _rows(self) -> Iterator[Row]:
        shown = _cells(self._book, self._title)
        formulas: Iterator[Sequence[Any]] = iter(())
        passed = 0
        if self._found.formulas:
            formulas = _cells(_loaded(self._data, values=False), self._title)
        # Formatted rows below the last value cost time, and there may be a million of them.
        for number, cells in enumerate(islice(shown, self._found.last), 1):
            beside = next(formulas, ())
            passed += len(cells)
            if passed > _MOST_CELLS:
                raise _too_wide(self._file)
            texts = [_text(cell) for cell in cells]
            faults = dict(_faults(texts, beside))
            if faults or any(text.strip() for text in texts):
                yield Row(number, texts, faults)


def sheet_rows(data: bytes, file: str, sheet: str | None) -> SheetRows:
    """Return the rows of a workbook's sheet; raises InvalidInputError for what can't be read."""
    with _opened(data, file) as archive:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = _loaded(data, values=True)
                worksheet = _chosen(book, file, sheet)
                title = worksheet.title
                # The part that holds the sheet has no public name.
                part = worksheet._worksheet_path  # noqa: SLF001
            found = _looked_through(archive, part)
            _insist_on_a_last(found.last, file)
        except InvalidInputError:
            raise
        except Exception as error:
            raise _unreadable(file, error) from error
    return SheetRows(data, file, book, title, found)


def _opened(data: bytes, file: str) -> zipfile.ZipFile:
    """Return the archive, of which every part can be unpacked."""
    try:
        return _archive(data, file)
    except InvalidInputError:
        raise
    except Exception as error:
        raise _unreadable(file, error) from error


def _archive(data: bytes, file: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        message = "it is cut off or damaged, and can't be opened"
        raise wrong(file, "damaged", message, hint="copy it again from where it came") from error
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise locked(file)
    if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > _MOST_PARTS:
        message = f"unpacked it has more than {MOST_UNPACKED:,} bytes; no table of agreements has"
        raise wrong(file, "too_large", message, hint="copy the table alone into a new workbook")
    if any(_DEFINES in archive.open(part).read(_LOOKED_AT) for part in parts):
        message = "it defines words of its own, which no spreadsheet program does"
        raise wrong(file, "damaged", message, hint=_SAVE)
    if sum(_texts_in(archive, part) for part in parts) > _MOST_TEXTS:
        message = f"it has more than {_MOST_TEXTS:,} texts; no table of agreements has"
        raise wrong(file, "too_large", message, hint="copy the table alone into a new workbook")
    names = {part.filename for part in parts}
    if _BOOK not in names:
        raise _other_archive(file, names)
    return archive


def _texts_in(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return how many texts a part holds for cells to cite; all are read before any cell is."""
    count, tail = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            count += sum(1 for found in _SHARED.finditer(text) if found.end() > len(tail))
            tail = text[-_OVERLAP:]
    return count


def _other_archive(file: str, names: set[str]) -> InvalidInputError:
    if "content.xml" in names:
        return wrong(file, "not_xlsx", "this is an OpenDocument file, not XLSX", hint=_SAVE)
    if "xl/workbook.bin" in names:
        return wrong(file, "not_xlsx", "this is a binary workbook (XLSB), not XLSX", hint=_SAVE)
    return wrong(file, "not_xlsx", "this is an archive without a workbook in it", hint=_SAVE)


def _insist_on_a_last(row: int, file: str) -> None:
    """Refuse a row that no sheet has: whoever counts up to it counts for minutes."""
    if row > _MOST_ROWS:
        raise _unreadable(file, ValueError(f"no sheet has a row {row}"))


def _too_wide(file: str) -> InvalidInputError:
    message = f"its rows have more than {_MOST_CELLS:,} cells, counted to the last column"
    hint = "delete the columns to the right of the table, or copy the table into a new workbook"
    return wrong(file, "too_large", message, hint=hint)


def _unreadable(file: str, error: Exception) -> InvalidInputError:
    reason = " ".join(str(error).split()) or type(error).__name__
    message = f"this workbook is damaged and can't be read: {reason}"
    return wrong(file, "damaged", message, hint=_SAVE)


def _loaded(data: bytes, *, values: bool) -> Workbook:
    return load_workbook(BytesIO(data), read_only=True, data_only=values, keep_links=False)


def _chosen(book: Workbook, file: str, sheet: str | None) -> Any:  # noqa: ANN401 - a sheet of a workbook that is only read
    """Return the sheet that is meant: the one that is named, else the only one that is seen."""
    sheets: Mapping[str, Any] = {one.title: one for one in book.worksheets}
    names = [
        name if one.sheet_state == "visible" else f"{name} (hidden)" for name, one in sheets.items()
    ]
    if sheet is not None:
        found = sheets.get(sheet)
        if found is None:
            message = f"no sheet is called {sheet!r}"
            problem = Problem("unknown_sheet", message, file, key="--sheet", allowed=tuple(names))
            raise InvalidInputError([problem])
        return found
    if not sheets:
        raise wrong(file, "damaged", "there is no sheet in it", hint=_SAVE)
    seen = [one for one in sheets.values() if one.sheet_state == "visible"]
    if len(seen) != 1:
        message = f"it has {len(seen)} sheets" if seen else "all its sheets are hidden"
        hint = "say which one is meant: --sheet NAME"
        problem = Problem("which_sheet", message, file, None, "--sheet", tuple(names), hint)
        raise InvalidInputError([problem])
    return seen[0]


def _looked_through(archive: zipfile.ZipFile, part: str) -> _Found:
    """Look through a sheet for what openpyxl does not tell of one that is only read."""
    row, last, formulas, merged, tail = 0, 0, False, [], b""
    with archive.open(part.lstrip("/")) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            begin = len(tail)
            for found in _ROW_OR_VALUE.finditer(text):
                if found.end() > begin and found[1]:
                    row = int(found[2] or row + 1)
                elif found.end() > begin:
                    last = row
            formulas = formulas or _FORMULA.search(text) is not None
            merged += [
                (one[1].decode(), int(one[3]))
                for one in _MERGED.finditer(text)
                if one.end() > begin
            ]
            tail = text[-_OVERLAP:]
    return _Found(last, formulas, tuple(merged))


def _cells(book: Workbook, title: str) -> Iterator[Sequence[Any]]:
    sheet = book[title]
    # What a sheet says of its own size may be far too much.
    sheet.reset_dimensions()
    return iter(sheet.iter_rows())


def _faults(texts: Sequence[str], beside: Sequence[Any]) -> Iterator[tuple[int, str]]:
    """Yield the places of cells that say nothing that could be taken, and why."""
    yield from errors_in(texts)
    for place, cell in enumerate(beside):
        if cell.data_type == "f" and (place >= len(texts) or not texts[place]):
            message = "the cell is a formula that was never computed"
            yield place, f"{message}; open the file in a spreadsheet program, and save it"


def _text(cell: Any) -> str:  # noqa: ANN401 - any of openpyxl's read-only cells
    """Return what a cell shows; a day without those parts of it that its format hides."""
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return str(value).casefold()
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return format(value, _DIGITS)
        case datetime():
            return _day(value, cell.number_format)
        case _:
            return str(value)


def _day(day: datetime, shape: str) -> str:
    """Return a day as exactly as the cell's format shows it: a year, a month, or the day."""
    signs = _IN_QUOTES.sub("", shape).casefold()
    if "d" in signs:
        return day.date().isoformat()
    return day.strftime("%Y-%m" if "m" in signs else "%Y")
