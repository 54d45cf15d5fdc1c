"""Whole years, months, the day after, and dates of which only a part is known."""

from calendar import isleap
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.calendar import EARLIEST, LATEST, PartialDate, add_months, add_years, day_after

DAYS = st.dates(EARLIEST, LATEST)
LEAP_DAY = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("years", "to_march", "expected"),
    [
        (3, False, date(2031, 2, 28)),
        (3, True, date(2031, 3, 1)),
        (4, False, date(2032, 2, 29)),
        (4, True, date(2032, 2, 29)),
        (72, False, date(2100, 2, 28)),
        (72, True, date(2100, 3, 1)),
    ],
)
def test_leap_day_later_falls_where_the_rule_says(
    *, years: int, to_march: bool, expected: date
) -> None:
    """29 February falls on 28 February or 1 March in a common year, on itself in a leap year."""
    assert add_years(LEAP_DAY, years, leap_to_march=to_march) == expected


@given(start=DAYS, years=st.integers(0, 99), to_march=st.booleans())
def test_years_later_is_the_same_day_of_the_year(
    *, start: date, years: int, to_march: bool
) -> None:
    """Month and day stay what they were, but for 29 February in a common year."""
    later = add_years(start, years, leap_to_march=to_march)
    assert later.year == start.year + years
    if (start.month, start.day) != (2, 29) or isleap(later.year):
        assert (later.month, later.day) == (start.month, start.day)


@given(start=DAYS, years=st.integers(0, 99), to_march=st.booleans())
def test_later_starts_never_end_earlier(*, start: date, years: int, to_march: bool) -> None:
    """A term that starts a day later ends no earlier: no day is skipped backwards."""
    next_day = min(day_after(start), LATEST)
    ends = [add_years(day, years, leap_to_march=to_march) for day in (start, next_day)]
    assert ends == sorted(ends)


def test_no_years_later_is_the_same_day() -> None:
    """Zero years change nothing, 29 February included."""
    assert add_years(LEAP_DAY, 0) == LEAP_DAY


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 12, 31), 1, date(2028, 1, 31)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2027, 1, 15), -1, date(2026, 12, 15)),
        (date(2027, 5, 31), -24, date(2025, 5, 31)),
    ],
)
def test_months_later_end_on_the_months_last_day_at_most(
    start: date, months: int, expected: date
) -> None:
    """A day that the month does not have becomes its last day, forwards and backwards."""
    assert add_months(start, months) == expected


@given(DAYS, st.integers(-1188, 1188))
def test_months_move_the_month_by_exactly_that_many(start: date, months: int) -> None:
    """Counted in months the distance is what was asked, and the day moves back only."""
    later = add_months(start, months)
    assert (later.year - start.year) * 12 + later.month - start.month == months
    assert later.day <= start.day


def test_day_after_new_years_eve_is_new_year() -> None:
    """A term whose last day is 31 December is over on 1 January."""
    assert day_after(date(2029, 12, 31)) == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("text", "earliest"),
    [
        ("1986", date(1986, 1, 1)),
        ("2002-04", date(2002, 4, 1)),
        ("2013-10-03", date(2013, 10, 3)),
    ],
)
def test_partial_date_keeps_the_precision_of_its_source(text: str, earliest: date) -> None:
    """A year, a month and a day come back as they were written, and each has a first day."""
    partial = PartialDate.parse(text)
    assert (str(partial), partial.earliest()) == (text, earliest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "86",
        "1986-4",
        "1986-04-1",
        "1986-13",
        "1986-00",
        "2002-04-00",
        "2013-02-29",
        "0000",
        "about 1986",
        "1986-",
        " 1986",
        "1986\n",
        "١٩٨٦",
    ],
)
def test_text_that_is_no_date_is_refused(text: str) -> None:
    """Impossible days, a month or day of zero, other digits and other forms are no dates."""
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.parse(text)


@given(DAYS)
def test_partial_date_of_a_day_is_that_day(day: date) -> None:
    """A full date is read and written without loss."""
    partial = PartialDate.parse(day.isoformat())
    assert (partial.earliest(), str(partial)) == (day, day.isoformat())


def test_bounds_leave_room_for_the_longest_term() -> None:
    """99 years or 1188 months before and after the bounds are still in the calendar."""
    assert add_years(LATEST, 99) > LATEST
    assert add_months(EARLIEST, -1188) < EARLIEST
    assert LATEST + timedelta(days=36_600) > LATEST
