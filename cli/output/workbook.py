"""Workbooks (XLSX) that a spreadsheet opens without acting on them: the one place that writes them.

Text is text, whatever it begins with: no cell is a formula. Days are dates. Amounts stay exact: a
number that has more digits than a spreadsheet's numbers hold is written as text. The only importer
of openpyxl's writing half.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeGuard

from cli.output.text import clean, width_of

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_DIGITS = 15
"""How many digits the numbers of a spreadsheet hold exactly (IEEE 754 doubles)."""

_LONGEST = 32_767
_NARROWEST, _WIDEST = 8, 60
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_FIRST_DAY = date(1900, 3, 1)
"""Before it, spreadsheets disagree about which day a number is."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CHARACTERS = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its headings, its rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def xlsx_of(
    title: str, keys: Sequence[str], shapes: Sequence[Mapping[str, Any]]
) -> Callable[[], bytes]:
    """Return the XLSX form of shapes, one sheet with a column a key."""
    return lambda: workbook(
        [Sheet(title, keys, [[one.get(key) for key in keys] for one in shapes])]
    )


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return sheets as an XLSX file: headings stay in sight, and every column can be filtered."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "lifecycle"
    for sheet in sheets:
        _write(book.create_sheet(_name(sheet.title, book.sheetnames)), sheet)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(to: "Worksheet", sheet: Sheet) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for row, values in enumerate([sheet.columns, *sheet.rows], 1):
        for column, value in enumerate(values, 1):
            _fill(to.cell(row, column), value)
    for column, heading in enumerate(sheet.columns, 1):
        to.cell(1, column).font = Font(bold=True)
        texts = [heading, *(_shown(values[column - 1]) for values in sheet.rows)]
        width = min(max(_NARROWEST, *map(width_of, texts)), _WIDEST)
        to.column_dimensions[get_column_letter(column)].width = width + 2
    to.freeze_panes = "A2"
    to.auto_filter.ref = to.dimensions


def _fill(cell: "Cell | MergedCell", value: object) -> None:
    """Put a value into a cell as what it is; text is never taken for a formula."""
    if value is None or value == "":
        return
    if day := _day(value):
        cell.value = day
        cell.number_format = "yyyy-mm-dd"
    elif _is_exact(value):
        cell.value = value
    else:
        cell.value = _text(value)
        cell.data_type = "s"


def _day(value: object) -> date | None:
    """Return the day that a value is, or is the text of; None where spreadsheets can't hold it."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            value = date.fromisoformat(value)
    return value if type(value) is date and value >= _FIRST_DAY else None


def _is_exact(value: object) -> TypeGuard[int | Decimal]:
    """Whether a value is a number, or true or false, that a cell holds as it is."""
    if not isinstance(value, int | Decimal):
        return False
    number = Decimal(value)
    return number.is_finite() and len(number.as_tuple().digits) <= _DIGITS


def _text(value: object) -> str:
    """Return a text as XLSX can hold it: no control characters, and none that is read as one."""
    said = clean(_shown(value))
    return _CHARACTERS.sub(r"_x005F_x\1_", said)[:_LONGEST]


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _name(title: str, taken: Sequence[str]) -> str:
    """Return a sheet's name, which is short, holds no sign that formulas use, and stands once."""
    name = _NOT_IN_NAMES.sub(" ", clean(title)).strip()[:_LONGEST_NAME] or "Sheet"
    count, unique = 1, name
    while unique.casefold() in {other.casefold() for other in taken}:
        count += 1
        unique = f"{name[: _LONGEST_NAME - 1 - len(str(count))]} {count}"
    return unique
