"""When somebody is told of a date: ahead of it, on the day, and again until it is done."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.policy_notices import Notices
from lifecycle.thresholds import first_day, loudness, next_day, passed
from states.vocabulary import Rule

DUE = date(2029, 3, 1)
QUIET = Notices()
notices = st.builds(
    lambda rule, before, repeat: (
        rule,
        Notices(before={rule: tuple(before)}, repeat={rule: repeat}),
    ),
    st.sampled_from(Rule),
    st.lists(st.integers(1, 200), max_size=4),
    st.integers(0, 40),
)


def on(days: int) -> date:
    """Return a day so many days after the date."""
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "threshold"),
    [
        (-181, None),
        (-180, -180),
        (-91, -180),
        (-90, -90),
        (-1, -30),
        (0, 0),
        (6, 0),
        (7, 7),
        (20, 14),
    ],
)
def test_nearest_threshold_that_has_come_is_the_one_that_counts(
    days: int, threshold: int | None
) -> None:
    """A term's end is told of 180, 90 and 30 days ahead; then each week."""
    assert passed(Rule.TERM_OVER, DUE, on(days), QUIET) == threshold


def test_alert_that_is_not_repeated_is_told_on_the_day_alone() -> None:
    """An approval that ran out has run out."""
    rule = Rule.APPROVAL_ENDS
    assert [passed(rule, DUE, on(days), QUIET) for days in (-14, 0, 400)] == [-14, 0, 0]
    assert next_day(rule, DUE, on(-14), QUIET) == DUE
    assert next_day(rule, DUE, DUE, QUIET) is None
    assert [loudness(rule, at, QUIET) for at in (-14, 0)] == [0, 1]


def test_rule_that_is_off_is_told_to_nobody() -> None:
    """Whatever else the policy says of it."""
    off = replace(QUIET, off=(Rule.DORMANT,))
    assert first_day(Rule.DORMANT, DUE, off) is None
    assert first_day(Rule.DORMANT, DUE, QUIET) == DUE


def test_alert_grows_louder_each_time() -> None:
    """A notice is no alert; the first alert is loudness 1."""
    at = [loudness(Rule.DECISION_DUE, threshold, QUIET) for threshold in (-60, 0, 7, 14, 70)]
    assert at == [0, 1, 2, 3, 11]


@given(notices, st.integers(-400, 400), st.integers(1, 300))
def test_walk_from_day_to_day_tells_each_threshold_once(
    rules: tuple[Rule, Notices], start: int, days: int
) -> None:
    """Whoever looks on the next day given by each look misses no threshold and meets none twice."""
    rule, policy = rules
    end = on(start + days)
    every = [passed(rule, DUE, on(start + n), policy) for n in range(days + 1)]
    wanted = [at for at in dict.fromkeys(every) if at is not None]
    met, day = [], on(start)
    while day <= end:
        at = passed(rule, DUE, day, policy)
        if at is not None:
            met.append(at)
        later = next_day(rule, DUE, day, policy)
        if later is None:
            break
        assert later > day
        day = later
    assert met == wanted


@given(notices, st.integers(-400, 400))
def test_first_day_is_the_first_on_which_a_threshold_has_come(
    rules: tuple[Rule, Notices], days: int
) -> None:
    """Not a day earlier."""
    rule, policy = rules
    first = first_day(rule, DUE, policy)
    assert first is not None
    assert (passed(rule, DUE, on(days), policy) is not None) == (on(days) >= first)
