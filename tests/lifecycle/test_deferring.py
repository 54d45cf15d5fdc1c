"""Putting a decision off: a decider's record that moves the day on which it is owed."""

from datetime import timedelta

import pytest

from states.problem import InvalidInputError
from states.records import Record
from states.vocabulary import DueRule, Event, State, Trigger
from tests.builders import BEN, DORA
from tests.stage import Stage, codes


def deferral(stage: Stage, days: int) -> Record:
    """Return a deferral by some days."""
    until = stage.day + timedelta(days=days)
    return Record("deferral", stage.day, text="Wait for the budget.", until=until)


@pytest.mark.parametrize(
    "state", [State.DECISION, State.NEGOTIATION, State.EVALUATION, State.RENEWAL]
)
def test_decision_is_put_off_to_its_day(city: Stage, state: State) -> None:
    """The line says until when; the version stays."""
    ref = city.reach(state)
    version = city.standing(ref).version
    city.record(ref, deferral(city, 180), actor=DORA)
    until = city.day + timedelta(days=180)
    assert city.fields(ref, "due", "due_rule", "deferred", "version") == (
        until,
        DueRule.DECISION_DUE,
        until,
        version,
    )
    line = city.last(ref)
    assert (line.event, line.due) == (Event.RECORDED, until.isoformat())
    assert city.verify() == []


def test_deferral_ends_with_the_next_step(city: Stage) -> None:
    """What is owed then is another decision."""
    ref = city.reach(State.DECISION)
    city.record(ref, deferral(city, 10), actor=DORA)
    city.pull(ref, Trigger.RETURN)
    assert city.fields(ref, "deferred", "due") == (None, None)
    assert city.verify() == []


@pytest.mark.parametrize("days", [0, 181, -5])
def test_deferral_is_of_some_days_and_no_more_than_the_policy_lets(city: Stage, days: int) -> None:
    """Which days are possible is told."""
    ref = city.reach(State.DECISION)
    with pytest.raises(InvalidInputError) as caught:
        city.record(ref, deferral(city, days), actor=DORA)
    assert [problem.key for problem in caught.value.problems] == ["until"]


def test_staff_put_nothing_off_but_for_a_body(city: Stage) -> None:
    """With the item under which it did."""
    ref = city.reach(State.DECISION)
    assert codes(city.record(ref, deferral(city, 10), actor=BEN)) == ["role.missing"]
    told = {"actor": BEN, "on_behalf_of": "City Council", "item": "EX1"}
    assert not city.record(ref, deferral(city, 10), **told).refused
    assert city.last(ref).item == "EX1"
    assert city.verify() == []


def test_nothing_is_put_off_where_nothing_is_owed(city: Stage) -> None:
    """Only a decision is."""
    ref = city.reach(State.ACTIVE)
    assert codes(city.record(ref, deferral(city, 10), actor=DORA)) == ["not_in_this_state"]


def test_deferral_outlasts_other_lines(city: Stage) -> None:
    """An edit, a note, a refusal: it stands until its day, or the next step."""
    ref = city.reach(State.DECISION)
    city.record(ref, deferral(city, 10), actor=DORA)
    until = city.day + timedelta(days=10)
    city.record(ref, Record("note", city.day, text="They called."))
    city.advance(ref, Trigger.ACCEPT)
    assert city.fields(ref, "due", "deferred") == (until, until)
    assert city.verify() == []
