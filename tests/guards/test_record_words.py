"""Records, held against what their kind asks for and what the agreement has."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guards.record_words import check_record
from states.agreement import Milestone, Obligation
from states.problem import InvalidInputError, Problem
from states.records import KINDS, OUTCOMES, Record
from tests.builders import complete_agreement, complete_project

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
    ],
)
def test_record_of_what_the_agreement_does_not_have_is_refused(
    kind: str, keys: dict[str, Any], key: str, allowed: tuple[str, ...]
) -> None:
    """Projects, milestones and obligations are named by the ids of the document."""
    (problem,) = problems_of(kind, **{**COMPLETE[kind], **keys})
    assert (problem.code, problem.key, problem.allowed) == ("not_allowed", key, allowed)


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
