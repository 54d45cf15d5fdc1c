"""Records, held against what their kind asks for and what the agreement has."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guards.record_words import check_record
from states.agreement import Indicator, Milestone, Obligation
from states.problem import InvalidInputError, Problem
from states.records import ANNUAL_PARTS, KINDS, OUTCOMES, Record, reported_year
from tests.builders import complete_agreement, complete_objective, complete_project

ON = date(2028, 5, 1)
AGREEMENT = complete_agreement(obligations=(Obligation("list", "partner", "A list."),))
COMPLETE: dict[str, dict[str, Any]] = {
    "activity": {"text": "Mission held."},
    "actual": {"item": "businesses reached", "value": Decimal(0), "source": "Survey"},
    "milestone": {"item": "first-mission"},
    "obligation": {"item": "list", "outcome": "met"},
    "expenditure": {
        "value": Decimal(100),
        "currency": "CAD",
        "project": "trade-mission",
        "year": 2027,
    },
    "annual": {"year": 2027, "text": "Goals, activities, achievements."},
    "correspondence": {"direction": "received", "text": "A letter."},
    "review": {"text": "It brings two missions a year."},
    "deferral": {"until": date(2028, 6, 1), "text": "After the election."},
    "priority": {"year": 2028},
    "note": {"text": "Seen."},
}


def problems_of(kind: str, **keys: Any) -> tuple[Problem, ...]:  # noqa: ANN401 - of Record
    """Return what is wrong with a record."""
    with pytest.raises(InvalidInputError) as caught:
        check_record(Record(kind, ON, **keys), AGREEMENT, "r.toml")
    return caught.value.problems


@pytest.mark.parametrize("kind", KINDS)
def test_complete_record_of_each_kind_is_taken(kind: str) -> None:
    """What a kind asks for is enough, a value of zero included."""
    check_record(Record(kind, ON, **COMPLETE[kind]), AGREEMENT)


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind in KINDS for key in KINDS[kind]])
def test_record_without_a_key_of_its_kind_is_refused(kind: str, key: str) -> None:
    """Each key of each kind is asked for, and named."""
    keys = {name: value for name, value in COMPLETE[kind].items() if name != key}
    (problem,) = problems_of(kind, **keys)
    assert (problem.code, problem.key, problem.file) == ("missing_key", key, "r.toml")


def test_kind_that_does_not_exist_is_refused_with_those_that_do() -> None:
    """Nothing else is said about a record of no kind."""
    (problem,) = problems_of("rumour")
    assert (problem.code, problem.key) == ("not_allowed", "kind")
    assert problem.allowed == tuple(KINDS)


@pytest.mark.parametrize(
    ("kind", "keys", "key", "allowed"),
    [
        ("correspondence", {"direction": "sideways"}, "direction", ("sent", "received")),
        ("note", {"project": "other"}, "project", ("trade-mission",)),
        ("milestone", {"item": "second"}, "item", ("first-mission",)),
        ("obligation", {"item": "hall"}, "item", ("list",)),
        ("obligation", {"outcome": "done"}, "outcome", OUTCOMES),
        ("actual", {"item": "visitors"}, "item", ("businesses reached",)),
        ("annual", {"item": "excuses"}, "item", ANNUAL_PARTS),
    ],
)
def test_record_of_what_the_agreement_does_not_have_is_refused(
    kind: str, keys: dict[str, Any], key: str, allowed: tuple[str, ...]
) -> None:
    """Projects, milestones and obligations go by the ids of the document, indicators by name."""
    (problem,) = problems_of(kind, **{**COMPLETE[kind], **keys})
    assert (problem.code, problem.key, problem.allowed) == ("not_allowed", key, allowed)


INVESTED = complete_project(
    name="Investors",
    id="investors",
    objectives=(
        complete_objective(
            kind="attract_investment",
            indicators=(
                Indicator("new investments", "CAD", Decimal(0), Decimal(1_000_000)),
                Indicator("businesses reached", "businesses", Decimal(0), Decimal(10)),
            ),
        ),
    ),
)
TWO_PROJECTS = complete_agreement(projects=(complete_project(), INVESTED))


def actual(**keys: Any) -> Record:  # noqa: ANN401 - of Record
    """Return an actual of new investments."""
    known = {"item": "new investments", "value": Decimal(250_000), "source": "Registry"}
    return Record("actual", ON, **{**known, **keys})


@pytest.mark.parametrize("keys", [{}, {"unit": "CAD"}, {"currency": "CAD", "project": "investors"}])
def test_actual_is_taken_in_the_unit_of_its_indicator(keys: dict[str, Any]) -> None:
    """Where no unit is stated, it is the indicator's (R37)."""
    check_record(actual(**keys), TWO_PROJECTS)


@pytest.mark.parametrize(
    ("keys", "code", "key", "allowed"),
    [
        ({"unit": "thousand CAD"}, "other_unit", "unit", ("CAD",)),
        ({"currency": "USD"}, "other_currency", "currency", ("CAD",)),
        (
            {"item": "businesses reached"},
            "ambiguous",
            "project",
            ("trade-mission", "investors"),
        ),
        ({"project": "trade-mission"}, "not_allowed", "item", ("businesses reached",)),
        ({"currency": "dollars"}, "not_a_code", "currency", ()),
    ],
)
def test_actual_of_no_one_indicator_or_in_another_unit_is_refused(
    keys: dict[str, Any], code: str, key: str, allowed: tuple[str, ...]
) -> None:
    """Nothing is converted or guessed: what would have been taken is named (R37)."""
    with pytest.raises(InvalidInputError) as caught:
        check_record(actual(**keys), TWO_PROJECTS)
    first = caught.value.problems[0]
    assert (first.code, first.key, first.allowed) == (code, key, allowed)


def test_amount_in_a_years_report_states_its_currency_and_source() -> None:
    """New investment is money from somewhere (R39)."""
    keys = {"item": "investments", "value": Decimal(5000)}
    assert [problem.key for problem in problems_of("annual", **COMPLETE["annual"], **keys)] == [
        "currency",
        "source",
    ]
    stated = {**COMPLETE["annual"], **keys, "currency": "CAD", "source": "A letter"}
    check_record(Record("annual", ON, **stated), AGREEMENT)


def test_correction_may_name_what_the_wrong_record_named() -> None:
    """A record of an earlier term is corrected by the names of that term."""
    wrong = Record("actual", ON, item="old", project="gone", value=Decimal(1), source="Survey")
    check_record(replace(wrong, value=Decimal(2)), AGREEMENT, wrong=wrong)
    with pytest.raises(InvalidInputError):
        check_record(replace(wrong, item="older"), AGREEMENT, wrong=wrong)


@pytest.mark.parametrize(
    ("item", "year"),
    [(None, 2027), ("summary", 2027), ("goals", None), ("achievements", None)],
)
def test_years_report_is_its_summary_and_no_other_part(item: str | None, year: int | None) -> None:
    """Goals stated in January are no report of the year (R39)."""
    assert reported_year(Record("annual", ON, "Well.", item=item, year=2027)) == year
    assert reported_year(Record("priority", ON, year=2027)) is None


@pytest.mark.parametrize("year", [1899, 3000])
def test_year_outside_the_calendar_is_refused(year: int) -> None:
    """A slip of the finger is no year."""
    (problem,) = problems_of("priority", year=year)
    assert (problem.code, problem.key) == ("out_of_range", "year")


def test_ids_that_are_not_made_yet_match_nothing() -> None:
    """An agreement whose parts have no ids can't be recorded on by id."""
    agreement = complete_agreement(
        projects=(complete_project(id=None),), milestones=(Milestone("First"),)
    )
    record = Record("milestone", ON, item="first", project="trade-mission")
    with pytest.raises(InvalidInputError) as caught:
        check_record(record, agreement)
    assert [problem.key for problem in caught.value.problems] == ["project", "item"]
