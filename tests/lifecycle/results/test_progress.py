"""Progress against targets and milestones: exact, direction-aware, unmeasured apart from zero."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.results.progress import indicators, milestones, of_term, progress_of
from states.agreement import Agreement, Indicator, Milestone
from states.records import Record
from states.terms import TermRow
from tests.builders import complete_agreement, complete_objective, complete_project

MAY, JUNE = date(2027, 5, 1), date(2027, 6, 1)


def measuring(baseline: object, target: object) -> Agreement:
    """Return an agreement with one indicator."""
    values = [None if value is None else Decimal(str(value)) for value in (baseline, target)]
    indicator = Indicator("businesses reached", "businesses", *values)
    project = complete_project(objectives=(complete_objective(indicators=(indicator,)),))
    return complete_agreement(projects=(project,))


def actual(value: object, on: date = MAY, **keys: object) -> Record:
    """Return an actual of it."""
    known = {"item": "businesses reached", "value": Decimal(str(value)), "source": "Survey"}
    return Record("actual", on, **{**known, **keys})  # type: ignore[arg-type] # keys of Record


def progress(agreement: Agreement, *records: Record) -> Fraction | None:
    """Return the progress of its one indicator."""
    (one,) = indicators(agreement, list(enumerate(records, 1)))
    return one.progress


@pytest.mark.parametrize(
    ("baseline", "target", "value", "expected"),
    [
        (0, 40, 10, Fraction(1, 4)),
        (10, 4, 7, Fraction(1, 2)),
        (0, 3, 1, Fraction(1, 3)),
        (0, 6, 7, Fraction(7, 6)),
        (10, 4, 13, Fraction(-1, 2)),
        (0, 40, 0, Fraction(0)),
        ("0.1", "0.4", "0.2", Fraction(1, 3)),
        (5, 5, 7, None),
        (None, 40, 7, None),
        (0, None, 7, None),
    ],
)
def test_progress_is_the_exact_way_from_baseline_to_target_in_its_direction(
    baseline: object, target: object, value: object, expected: Fraction | None
) -> None:
    """R37: also to a target below the baseline; where there is no way, there is no progress."""
    assert progress(measuring(baseline, target), actual(value)) == expected


def test_what_was_not_measured_has_no_progress_and_is_not_zero() -> None:
    """R37: measured as 0 is another thing than not measured."""
    (never,) = indicators(measuring(0, 40), [])
    (none,) = indicators(measuring(0, 40), [(7, actual(0))])
    assert (never.last, never.progress, never.reached) == (None, None, False)
    assert none.last == (7, actual(0))
    assert (none.progress, none.reached) == (Fraction(0), False)


@given(
    st.decimals(-(10**6), 10**6, places=2),
    st.decimals(-(10**6), 10**6, places=2).filter(bool),
    st.fractions(-3, 3, max_denominator=1).map(int),
)
def test_progress_is_how_many_times_the_way_was_gone(
    baseline: Decimal, way: Decimal, times: int
) -> None:
    """Whatever the numbers and the direction, with nothing rounded."""
    agreement = measuring(baseline, baseline + way)
    assert progress(agreement, actual(baseline + way * times)) == times


def test_last_actual_is_of_the_last_year_and_day() -> None:
    """R37: one entered late for an earlier year is not the last."""
    agreement = measuring(0, 40)
    late = actual(20, date(2029, 2, 1), year=2028)
    assert progress(agreement, actual(40, date(2029, 1, 1)), late) == 1
    assert progress(agreement, actual(30, MAY), actual(10, MAY)) == Fraction(1, 4)
    assert progress(agreement, actual(30), actual(4, JUNE, project="other")) == Fraction(3, 4)


STEP = Milestone("First mission", "first-mission", "trade-mission", MAY)


@pytest.mark.parametrize(
    ("met_on", "today", "status", "days"),
    [
        (None, MAY, "ahead", 0),
        (None, date(2027, 5, 2), "overdue", 1),
        (MAY, JUNE, "met", 0),
        (date(2027, 4, 1), JUNE, "met", 0),
        (date(2027, 5, 4), JUNE, "met_late", 3),
        (JUNE, date(2027, 5, 20), "overdue", 19),
    ],
)
def test_milestone_is_met_in_time_or_late_by_days_or_overdue(
    met_on: date | None, today: date, status: str, days: int
) -> None:
    """R38: the due day itself is in time; what was met later was not met yet."""
    records = [(9, Record("milestone", met_on, item="first-mission"))] if met_on else []
    (one,) = milestones(complete_agreement(milestones=(STEP,)), records, today)
    assert (one.status, one.days) == (status, days)


def test_milestone_without_a_day_is_never_late_and_the_first_record_counts() -> None:
    """R38: it was met when it was first met."""
    undated = Milestone("Opening", "opening")
    agreement = complete_agreement(milestones=(STEP, undated))
    records = [
        (n, Record("milestone", on, item="first-mission")) for n, on in ((4, JUNE), (9, MAY))
    ]
    found = progress_of(agreement, records, JUNE)
    assert [(one.status, one.met and one.met[0]) for one in found.milestones] == [
        ("met", 9),
        ("ahead", None),
    ]
    assert len(found.indicators) == 1


def test_renewed_term_starts_fresh() -> None:
    """R43: its records are those from its signing or its start on, whichever comes first."""
    terms = [
        TermRow(term=1, starts=date(2027, 1, 1)),
        TermRow(term=2, starts=date(2030, 6, 1), signed_on="2030-05"),
        TermRow(term=3),
    ]
    days = [date(2029, 1, 1), date(2030, 5, 1), date(2031, 1, 1)]
    records = [(n, actual(n, day)) for n, day in enumerate(days, 1)]
    found = {term: [n for n, _one in of_term(records, terms, term)] for term in (1, 2, 3)}
    assert found == {1: [1], 2: [2, 3], 3: []}
