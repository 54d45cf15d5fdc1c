"""Reads dates as spreadsheets hold them; a date that may be two days is none.

Taken are ISO's forms (1986, 2002-04, 2013-10-03), days and months with English month names, and
numbers such as 13/10/2003 where they can mean one day only, or where the legend says their order.
A precision that is not there is never made up.
"""

import re
from datetime import date, timedelta

from states.calendar import EARLIEST, PartialDate

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?$")
_DECIMAL_YEAR = re.compile(r"(\d{4})\.0+", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_NAMED = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[ -])?([a-z]{3,9})\.?[ -](\d{4})", re.ASCII)
_NAMED_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(\.\d+)?", re.ASCII)
_NULL_DAY = date(1899, 12, 30)
_MONTHS_A_YEAR = 12

ISO = "a year, a month or a day: 1986, 2002-04 or 2013-10-03"


class UnreadableDateError(ValueError):
    """A text that is no date, or may be two; carries what to do about it."""

    def __init__(self, hint: str) -> None:
        """Take what to do."""
        super().__init__(hint)
        self.hint = hint


def read_date(text: str, order: str | None = None) -> PartialDate:
    """Return the date that a cell says, as exactly as it says it; raises UnreadableDateError.

    `order` is one of `lifecycle.intake.legend.ORDERS`.
    """
    said = _MIDNIGHT.sub("", text.strip()).casefold()
    if found := _DECIMAL_YEAR.fullmatch(said):
        said = found[1]
    if found := _YEAR_FIRST.fullmatch(said):
        said = "-".join(part.zfill(2) for part in found.groups() if part)
    elif found := _NUMBERS.fullmatch(said):
        said = _ordered(int(found[1]), int(found[2]), found[3], order)
    elif found := _NAMED.fullmatch(said):
        said = _named(found[3], found[2], found[1])
    elif found := _NAMED_FIRST.fullmatch(said):
        said = _named(found[3], found[1], found[2])
    elif found := _SERIAL.fullmatch(said):
        raise UnreadableDateError(_of_serial(int(found[1])))
    return _parsed(said)


def _parsed(said: str) -> PartialDate:
    try:
        parsed = PartialDate.parse(said)
    except ValueError as error:
        raise UnreadableDateError(ISO) from error
    if parsed.year < EARLIEST.year:
        raise UnreadableDateError(ISO)
    return parsed


def _ordered(first: int, second: int, year: str, order: str | None) -> str:
    day_first = first > _MONTHS_A_YEAR if order is None else order == "day-first"
    if order is None and first <= _MONTHS_A_YEAR and second <= _MONTHS_A_YEAR and first != second:
        hint = "say which of the two is the day: --dates day-first or --dates month-first"
        raise UnreadableDateError(hint)
    day, month = (first, second) if day_first else (second, first)
    return f"{year}-{month:02}-{day:02}"


def _named(year: str, month: str, day: str | None) -> str:
    begun = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(month)]
    if len(begun) != 1:
        raise UnreadableDateError(ISO)
    return f"{year}-{begun[0]:02}" + (f"-{int(day):02}" if day else "")


def _of_serial(number: int) -> str:
    day = _NULL_DAY + timedelta(days=number)
    return f"if this is a spreadsheet's number for {day}, format the column as dates there"
