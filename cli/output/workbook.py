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
from itertools import chain, islice
from typing import Any, TypeGuard

from cli.output.text import clean, width_of

_To = Any
"""A sheet that is written row by row, of which the stubs know half."""

_DIGITS = 15
"""How many digits the numbers of a spreadsheet hold exactly (IEEE 754 doubles)."""

_LONGEST = 32_767
_LOOKED_AT = 1_000
"""After how many rows a column is as wide as it gets."""

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
    rows: Iterable[Sequence[object]]


def xlsx_of(
    title: str, keys: Sequence[str], shapes: Iterable[Mapping[str, Any]]
) -> Callable[[], bytes]:
    """Return the XLSX form of shapes, one sheet with a column a key."""
    return lambda: workbook(
        [Sheet(title, keys, ([one.get(key) for key in keys] for one in shapes))]
    )


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return sheets as an XLSX file: headings stay in sight, and every column can be filtered."""
    from openpyxl import Workbook

    # Row by row, so that a long list is never held as cells.
    book = Workbook(write_only=True)
    book.properties.creator = "lifecycle"
    for sheet in sheets:
        _write(book.create_sheet(_name(sheet.title, book.sheetnames)), sheet)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(to: _To, sheet: Sheet) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    rows = iter(sheet.rows)
    first = list(islice(rows, _LOOKED_AT))
    letters = [get_column_letter(place) for place in range(1, len(sheet.columns) + 1)]
    for place, (letter, heading) in enumerate(zip(letters, sheet.columns, strict=True)):
        texts = [heading, *(_shown(values[place]) for values in first)]
        width = min(max(_NARROWEST, *map(width_of, texts)), _WIDEST)
        to.column_dimensions[letter].width = width + 2
    to.freeze_panes = "A2"
    to.append([_styled(to, heading, font=Font(bold=True)) for heading in sheet.columns])
    count = 1
    for values in chain(first, rows):
        to.append([_cell(to, value) for value in values])
        count += 1
    # In the file it stands behind the rows.
    to.auto_filter.ref = f"A1:{letters[-1]}{count}"


def _cell(to: _To, value: object) -> object:
    """Return a value as a cell takes it: as what it is, and text never for a formula."""
    if value is None or value == "":
        return None
    if day := _day(value):
        return _styled(to, day, number_format="yyyy-mm-dd")
    if _is_exact(value):
        # Digit by digit: openpyxl would write a Decimal by way of a float.
        return _styled(to, f"{value:f}", data_type="n") if isinstance(value, Decimal) else value
    text = _text(value)
    return _styled(to, text, data_type="s") if text.startswith("=") else text


def _styled(to: _To, value: date | str, **attributes: object) -> object:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(to)
    cell.value = value
    for name, said in attributes.items():
        setattr(cell, name, said)
    return cell


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
