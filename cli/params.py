"""What an option's value may be: text without control characters, days, counts.

They hold an argument to what the record can keep, so that nothing else reaches the store.
"""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import click

_DIGITS = 15
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_DURATION = re.compile(r"(\d{1,7})([smhd])", re.ASCII)
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,4})?", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=3650)


class Text(click.ParamType[str]):
    """Text of a limited length, normalised; only with `lines` may it have several."""

    name = "text"

    def __init__(self, longest: int = 300, *, lines: bool = False) -> None:
        """Take the most characters that are let in."""
        self.longest = longest
        self.kept = {"\n", "\t"} if lines else set()

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text as it will be kept; fails for what the record does not take."""
        text = unicodedata.normalize("NFC", value).strip()
        if not text:
            self.fail("it is empty.", param, ctx)
        if len(text) > self.longest:
            self.fail(f"{len(text):,} characters; at most {self.longest:,} are taken.", param, ctx)
        for place, character in enumerate(text):
            if unicodedata.category(character) in {"Cc", "Cs"} and character not in self.kept:
                what = f"the control character U+{ord(character):04X}"
                self.fail(f"{what} at position {place + 1} can't stand in it.", param, ctx)
        return text


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day; fails for a day that the calendar does not have."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value if _DAY.fullmatch(value) else "")
        except ValueError:
            self.fail(f"{value!r} is not a day like 2027-01-01.", param, ctx)
        if not 1000 <= day.year <= 2999:  # noqa: PLR2004 - as states.calendar, not imported here
            self.fail(f"{value} is not between 1000-01-01 and 2999-12-31.", param, ctx)
        return day


class Count(click.ParamType[int]):
    """A whole number from 1 on: a version, a term, an entry."""

    name = "number"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number; fails for 0 and less, and for what is none."""
        text = str(value)
        if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS and int(text)):
            self.fail(f"{text[:_DIGITS]!r} is not a number from 1 on.", param, ctx)
        return int(text)


class Year(click.ParamType[int]):
    """A year, in four digits."""

    name = "year"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the year; fails for what is none, and for one far from anybody's work."""
        text = str(value)
        if not (_YEAR.fullmatch(text) and 1900 <= int(text) <= 2999):  # noqa: PLR2004 - as Day
            self.fail(f"{text[:_DIGITS]!r} is not a year like 2027.", param, ctx)
        return int(text)


class Duration(click.ParamType[timedelta]):
    """A time like 90m, 26h or 2d."""

    name = "duration"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return how long it is; fails for nothing, and for more than ten years."""
        if isinstance(value, timedelta):
            return value
        found = _DURATION.fullmatch(value)
        duration = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()
        if not timedelta() < duration <= _LONGEST:
            self.fail(f"{value[:_DIGITS]!r} is not a time like 90m, 26h or 2d.", param, ctx)
        return duration


class Amount(click.ParamType[Decimal]):
    """An amount of money above zero: digits, and after a point at most four more."""

    name = "amount"

    def convert(
        self, value: str | Decimal, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Return the exact amount; fails for anything else, signs of thousands included."""
        amount = Decimal(str(value)) if _AMOUNT.fullmatch(str(value)) else Decimal()
        if not amount:
            self.fail(f"{str(value)[:_DIGITS]!r} is not an amount like 25000 or 99.50.", param, ctx)
        return amount


class Pair(click.ParamType[tuple[str, str]]):
    """Two texts as `LEFT=RIGHT`; of several signs the first or the last one parts them."""

    name = "pair"

    def __init__(self, *, last: bool = False) -> None:
        """Take at which sign the two are parted."""
        self.last = last

    def convert(
        self,
        value: str | tuple[str, str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, str]:
        """Return the two texts; fails where one of them is empty."""
        if isinstance(value, tuple):
            return value
        text = Text().convert(value, param, ctx)
        left, _sign, right = text.rpartition("=") if self.last else text.partition("=")
        if not (left.strip() and right.strip()):
            metavar = (param.metavar if param else None) or "LEFT=RIGHT"
            self.fail(f"{text!r} is not like {metavar}.", param, ctx)
        return left.strip(), right.strip()


AMOUNT = Amount()
TEXT, LONG_TEXT, DAY, YEAR, COUNT = Text(), Text(20_000, lines=True), Day(), Year(), Count()
DURATION = Duration()
