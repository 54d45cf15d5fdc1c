"""Dates as spreadsheets hold them: what is a date, how exact it is, and what might be two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.intake.dates import UnreadableDateError, read_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1986", "1986"),
        ("1986.0", "1986"),
        ("2002-04", "2002-04"),
        ("2013-10-03", "2013-10-03"),
        ("2013-10-03 00:00:00", "2013-10-03"),
        ("2013-10-03T00:00:00Z", "2013-10-03"),
        ("2013/10/3", "2013-10-03"),
        ("2013.10", "2013-10"),
        ("3 October 2013", "2013-10-03"),
        ("3rd Oct. 2013", "2013-10-03"),
        ("03-Oct-2013", "2013-10-03"),
        ("October 3, 2013", "2013-10-03"),
        ("Sept 2013", "2013-09"),
        ("13/10/2003", "2003-10-13"),
        ("10/13/2003", "2003-10-13"),
        ("5.5.2003", "2003-05-05"),
    ],
)
def test_date_that_can_mean_one_day_only_is_read_as_exactly_as_it_is_stated(
    text: str, date: str
) -> None:
    """A year stays a year: no month and no day is made up."""
    assert str(read_date(text)) == date


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("03/10/2013", "--dates day-first or --dates month-first"),
        ("41550", "spreadsheet's number for 2013-10-03"),
        ("41550.5", "spreadsheet's number for 2013-10-03"),
        ("13/13/2003", "a year is"),
        ("3 Octember 2013", "a year"),
        ("June-ish 1986", "a year"),
        ("Ju 1986", "a year"),
        ("31 February 2013", "a year"),
        ("03/10/13", "a year"),
        ("c. 1986", "a year"),
        ("0986", "a year"),
        ("", "a year"),
    ],
)
def test_what_is_no_date_or_may_be_two_says_what_to_do(text: str, advice: str) -> None:
    """Day or month, a spreadsheet's own number, two digits for a year: nothing is guessed."""
    with pytest.raises(UnreadableDateError) as caught:
        read_date(text)
    assert advice.removesuffix(" is") in caught.value.hint


@pytest.mark.parametrize(
    ("order", "date"), [("day-first", "2013-10-03"), ("month-first", "2013-03-10")]
)
def test_order_of_numbers_is_what_whoever_imports_says(order: str, date: str) -> None:
    """With it, no date of numbers is ambiguous; one that it makes impossible is none."""
    assert str(read_date("03/10/2013", order)) == date
    with pytest.raises(UnreadableDateError):
        read_date("13/10/2013" if order == "month-first" else "10/13/2013", order)


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y"]))
def test_day_that_is_written_out_is_read_as_itself(day: object, shape: str) -> None:
    """Whatever the day, its forms mean it and nothing else."""
    text = format(day, shape)
    if len(text.rsplit(" ", 1)[-1].split("-", 1)[0]) == 4 and getattr(day, "year", 0) >= 1000:
        assert str(read_date(text)) == str(day)
