"""Dates as agreements use them: whole years, half-known days, and the day after.

A term of n years that starts on D ends on `add_years(D, n) - 1 day`, the last day included; it is
computed from its first day, never step by step (report: BP3, R26). Documents hold days between
`EARLIEST` and `LATEST`, so that no sum of a date and a policy's term leaves the calendar.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Self

import msgspec

EARLIEST, LATEST = date(1000, 1, 1), date(2999, 12, 31)

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def add_years(start: date, years: int, *, leap_to_march: bool = False) -> date:
    """Return the same day `years` later; 29 February falls on 28 February, or on 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1) if leap_to_march else date(start.year + years, 2, 28)


def add_months(start: date, months: int) -> date:
    """Return the same day `months` later (earlier, if negative), or that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = end_of_month(date(year, month + 1, 1))
    return last.replace(day=min(start.day, last.day))


def end_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def day_after(day: date) -> date:
    """Return the next day: the one on which a term whose last day is `day` is over."""
    return day + timedelta(days=1)


class PartialDate(msgspec.Struct, frozen=True):
    """A date as a source states it: a year, a year and month, or a day; its precision is kept."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; raises ValueError for anything else."""
        found = _PARTIAL.fullmatch(text)
        if not found:
            message = f"{text!r} is not a date like 1986, 2002-04 or 2013-10-03"
            raise ValueError(message)
        year, month, day = found.groups(default="")
        date(int(year), int(month or 1), int(day or 1))
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    def earliest(self) -> date:
        """Return the first day that this date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        """Return the date with the precision it has."""
        parts = [f"{self.year:04}", *(f"{p:02}" for p in (self.month, self.day) if p)]
        return "-".join(parts)
