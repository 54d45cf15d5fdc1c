"""The time-bound rule: terms exact to the day, and reviews where there is no term (R26, R47)."""

from calendar import isleap
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.time_bound import exceeds, reaches, time_bound
from states.agreement import Term
from states.vocabulary import Guard
from tests.builders import (
    SIGNED,
    START,
    TERM,
    case,
    complete_agreement,
    open_ended_policy,
    policy,
    policy_with_type,
    program,
    standing,
    unmet,
    unmet_fields,
)

LEAP_START = date(2028, 2, 29)
FEBRUARY = policy()
MARCH = policy(program=program(leap_day="march-1"))
ONE_DAY = timedelta(days=1)


def codes_for(term: Term, *, leap_to_march: bool = False) -> list[str]:
    """Return what the guard says of a term of three to five years."""
    under = MARCH if leap_to_march else FEBRUARY
    return unmet(Guard.TIME_BOUND, case(of=complete_agreement(term=term), under=under))


def review_codes(review: date | None, months: int = 12) -> list[str]:
    """Return what the guard says of a review date without a term."""
    of = complete_agreement(term=None, review=review)
    return unmet(Guard.TIME_BOUND, case(of=of, under=open_ended_policy(months)))


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (date(2029, 12, 30), ["term.too_short"]),
        (date(2029, 12, 31), []),
        (date(2030, 6, 30), []),
        (date(2031, 12, 31), []),
        (date(2032, 1, 1), ["term.too_long"]),
        (date(2027, 1, 1), ["term.too_short"]),
    ],
    ids=["three_less_a_day", "three", "between", "five", "five_and_a_day", "one_day"],
)
def test_term_of_three_to_five_years_is_exact_at_its_edges(end: date, expected: list[str]) -> None:
    """Exactly three and exactly five years pass, a day less or more does not."""
    assert codes_for(Term(START, end)) == expected


@pytest.mark.parametrize(
    ("march", "end", "expected"),
    [
        (False, date(2031, 2, 26), ["term.too_short"]),
        (False, date(2031, 2, 27), []),
        (False, date(2033, 2, 27), []),
        (False, date(2033, 2, 28), ["term.too_long"]),
        (True, date(2031, 2, 27), ["term.too_short"]),
        (True, date(2031, 2, 28), []),
        (True, date(2033, 2, 28), []),
        (True, date(2033, 3, 1), ["term.too_long"]),
    ],
)
def test_term_that_starts_on_29_february_ends_by_the_policys_rule(
    *, march: bool, end: date, expected: list[str]
) -> None:
    """The day before 28 February or before 1 March is the last one, as the policy says."""
    assert codes_for(Term(LEAP_START, end), leap_to_march=march) == expected


def test_term_that_ends_on_29_february_counts_that_day() -> None:
    """Three years from 1 March end on 29 February where the year has one."""
    assert codes_for(Term(date(2029, 3, 1), date(2032, 2, 29))) == []
    assert codes_for(Term(date(2029, 3, 1), date(2032, 2, 28))) == ["term.too_short"]


def test_too_short_and_too_long_terms_are_told_the_day_that_would_do() -> None:
    """The message says on which day the term may end, so that nobody counts by hand."""
    for end, fix in (
        (date(2029, 12, 30), "end it on 2029-12-31 or later"),
        (date(2032, 1, 1), "end it on 2031-12-31 or earlier"),
    ):
        (condition,) = time_bound(case(of=complete_agreement(term=Term(START, end))))
        assert condition.fix == fix
        assert condition.rule == "a term of 3 to 5 years (R26)"


def test_term_that_ends_before_it_starts_is_told_once() -> None:
    """A reversed term is that, and not also too short."""
    assert codes_for(Term(START, START - ONE_DAY)) == ["term.order"]


def test_term_over_before_the_signing_is_refused() -> None:
    """Nothing is signed for a time that has passed; its last day may be today."""
    past = Term(date(2023, 11, 30), SIGNED - ONE_DAY)
    assert codes_for(past) == ["term.past"]
    assert codes_for(Term(past.start, SIGNED)) == []


def test_missing_term_is_refused_where_the_type_has_one() -> None:
    """A type with bounds needs a term, whatever review date is set."""
    of = complete_agreement(term=None, review=date(2027, 6, 1))
    assert unmet(Guard.TIME_BOUND, case(of=of)) == ["term.missing"]
    assert unmet_fields(Guard.TIME_BOUND, case(of=of)) == ["term"]


def test_type_that_the_policy_does_not_know_needs_a_term_of_any_length() -> None:
    """Without a known type nothing is open-ended, and no bounds are known."""
    long = complete_agreement(type="other", term=Term(START, date(2099, 1, 1)))
    assert unmet(Guard.TIME_BOUND, case(of=long)) == []
    assert unmet(Guard.TIME_BOUND, case(of=complete_agreement(type="other", term=None))) == [
        "term.missing"
    ]


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (None, ["review.missing"]),
        (SIGNED - ONE_DAY, ["review.past"]),
        (SIGNED, ["review.past"]),
        (SIGNED + ONE_DAY, []),
        (date(2027, 12, 1), []),
        (date(2027, 12, 2), ["review.too_late"]),
    ],
    ids=["none", "yesterday", "today", "tomorrow", "last_day_of_interval", "a_day_later"],
)
def test_review_of_an_open_ended_agreement_is_exact_at_its_edges(
    review: date | None, expected: list[str]
) -> None:
    """A review stands ahead, no further than the type's interval: never without a juncture."""
    assert review_codes(review) == expected


def test_open_ended_agreement_with_a_term_is_bound_by_it() -> None:
    """Where a term was agreed, no review date is asked for."""
    assert unmet(Guard.TIME_BOUND, case(under=open_ended_policy())) == []


def test_type_with_bounds_that_may_be_open_ended_takes_either() -> None:
    """With a term the bounds hold, without one the review does."""
    under = policy_with_type(open_ended=True, review_months=12)
    short = complete_agreement(term=Term(START, date(2028, 1, 1)))
    reviewed = complete_agreement(term=None, review=date(2027, 6, 1))
    assert unmet(Guard.TIME_BOUND, case(of=short, under=under)) == ["term.too_short"]
    assert unmet(Guard.TIME_BOUND, case(of=reviewed, under=under)) == []


def test_type_of_the_standing_decides_and_not_the_documents() -> None:
    """The guard judges under the type on record."""
    at = standing(complete_agreement(type="mou"))
    assert unmet(Guard.TIME_BOUND, case(of=complete_agreement(term=None), at=at)) == [
        "review.missing"
    ]


def anniversary(start: date, years: int, *, leap_to_march: bool) -> date:
    """Return the n-th anniversary by walking the calendar day by day."""
    day, seen = start, 0
    while seen < years:
        day += ONE_DAY
        falls = (start.month, start.day)
        if falls == (2, 29) and not isleap(day.year):
            falls = (3, 1) if leap_to_march else (2, 28)
        seen += (day.month, day.day) == falls
    return day


STARTS = st.dates(date(1990, 1, 1), date(2110, 12, 31)) | st.sampled_from(
    [LEAP_START, date(2096, 2, 29), date(2099, 3, 1), date(2027, 2, 28)]
)


@given(start=STARTS, years=st.integers(1, 6), offset=st.integers(-3, 3), march=st.booleans())
def test_reaching_and_exceeding_agree_with_counting_days(
    *, start: date, years: int, offset: int, march: bool
) -> None:
    """A term of n years has every day up to the eve of the n-th anniversary, and no more."""
    eve = anniversary(start, years, leap_to_march=march) - ONE_DAY
    term = Term(start, eve + timedelta(days=offset))
    under = MARCH if march else FEBRUARY
    assert reaches(term, years, under) == (offset >= 0)
    assert exceeds(term, years, under) == (offset > 0)


def test_complete_agreement_is_time_bound() -> None:
    """The builders' own term of exactly three years passes."""
    assert codes_for(TERM) == []
