"""The transition table: exactly the legal moves of the design, and no other."""

import json
from itertools import product

import pytest

from states.canonical import canonical
from states.table import BY_TRIGGER, TRANSITIONS, definition, leading_from
from states.vocabulary import FINAL, Guard, Role, State, Trigger

LEGAL = {
    ("proposal", "submit"): "decision",
    ("proposal", "withdraw"): "declined",
    ("decision", "return"): "proposal",
    ("decision", "accept"): "negotiation",
    ("decision", "decline"): "declined",
    ("decision", "withdraw"): "declined",
    ("negotiation", "withdraw"): "declined",
    ("negotiation", "sign"): "signed",
    ("negotiation", "sunset"): "sunset",
    ("negotiation", "lapse"): "sunset",
    ("signed", "activate"): "active",
    ("signed", "expire"): "evaluation",
    ("signed", "terminate"): "evaluation",
    ("active", "conclude"): "evaluation",
    ("active", "expire"): "evaluation",
    ("active", "terminate"): "evaluation",
    ("evaluation", "reinstate"): "active",
    ("evaluation", "renew"): "renewal",
    ("evaluation", "sunset"): "sunset",
    ("evaluation", "lapse"): "sunset",
    ("renewal", "renegotiate"): "negotiation",
    ("renewal", "sunset"): "sunset",
    ("renewal", "lapse"): "sunset",
}
"""Every legal pair of state and trigger, and where it leads; written out from the design."""

GUARDS = {
    "submit": "proposal_complete type_allowed",
    "return": "grounds_stated",
    "accept": "criteria_scored factors_answered cap_available second_person",
    "decline": "grounds_stated",
    "withdraw": "grounds_stated never_signed",
    "sign": "smart_complete resourced time_bound guidelines_stated endorsed cap_available "
    "second_person",
    "activate": "effective cap_available project_focus published",
    "conclude": "evaluation_open",
    "expire": "term_over review_due",
    "terminate": "grounds_stated second_person",
    "reinstate": "grounds_stated term_running cap_available second_person",
    "renew": "evaluated reports_complete second_person",
    "renegotiate": "type_allowed",
    "sunset": "was_signed evaluated second_person",
    "lapse": "was_signed decision_overdue",
}

BY = {
    "submit": "staff",
    "return": "decider",
    "accept": "decider",
    "decline": "decider",
    "withdraw": "staff",
    "sign": "decider",
    "activate": "scheduler staff",
    "conclude": "staff",
    "expire": "scheduler",
    "terminate": "decider",
    "reinstate": "decider",
    "renew": "decider",
    "renegotiate": "staff",
    "sunset": "decider",
    "lapse": "scheduler",
}


@pytest.mark.parametrize(("state", "trigger"), list(product(State, Trigger)))
def test_trigger_leads_from_a_state_where_the_design_says(state: State, trigger: Trigger) -> None:
    """Each of the 135 pairs is legal with the design's target, or not in the table at all."""
    rows = [row for row in leading_from(state) if row.trigger is trigger]
    assert [row.target for row in rows] == [
        target for pair, target in LEGAL.items() if pair == (state, trigger)
    ]


@pytest.mark.parametrize("trigger", Trigger)
def test_trigger_asks_the_guards_of_the_design_in_their_order(trigger: Trigger) -> None:
    """What must hold for each trigger is what the design says."""
    assert list(BY_TRIGGER[trigger].guards) == GUARDS[trigger].split()


@pytest.mark.parametrize("trigger", Trigger)
def test_trigger_is_pulled_by_the_roles_of_the_design(trigger: Trigger) -> None:
    """Who may pull each trigger is who the design says."""
    assert list(BY_TRIGGER[trigger].by) == BY[trigger].split()


def test_each_trigger_has_one_row() -> None:
    """A trigger means one thing, whatever the states it leads from."""
    assert [row.trigger for row in TRANSITIONS] == list(Trigger)


@pytest.mark.parametrize("state", State)
def test_state_is_final_exactly_if_nothing_leads_out_of_it(state: State) -> None:
    """Sunset and declined are the end; every other state has a way on."""
    assert (not leading_from(state)) == (state in FINAL)


def test_every_state_is_reached_from_a_proposal() -> None:
    """No state stands apart from the lifecycle."""
    reached = {State.PROPOSAL}
    for _ in State:
        reached |= {row.target for state in reached for row in leading_from(state)}
    assert reached == set(State)


@pytest.mark.parametrize("state", State)
def test_every_state_comes_to_an_end(state: State) -> None:
    """From everywhere a final state can be reached: nothing is stuck for ever."""
    reached = {state}
    for _ in State:
        reached |= {row.target for each in reached for row in leading_from(each)}
    assert reached & FINAL


def test_every_guard_but_the_citys_own_stands_in_the_table() -> None:
    """A guard that no row asks would be a rule that nobody holds."""
    assert {guard for row in TRANSITIONS for guard in row.guards} == set(Guard) - {
        Guard.CONDITIONS_MET
    }


def test_what_people_decide_needs_a_second_person() -> None:
    """Every decider's trigger that makes, keeps or ends an agreement has a second person."""
    asked = {row.trigger for row in TRANSITIONS if Guard.SECOND_PERSON in row.guards}
    decided = {row.trigger for row in TRANSITIONS if row.by == (Role.DECIDER,)}
    assert decided - asked == {Trigger.RETURN, Trigger.DECLINE}


def test_definition_is_canonical_and_says_the_whole_table() -> None:
    """The bytes that a log line's `definition` cites hold every row."""
    rows = json.loads(definition())
    assert canonical(rows) == definition()
    assert [row["trigger"] for row in rows] == list(Trigger)
    assert {(s, row["trigger"]): row["to"] for row in rows for s in row["from"]} == LEGAL
    assert {row["trigger"]: " ".join(row["guards"]) for row in rows} == GUARDS
    assert {row["trigger"]: " ".join(row["by"]) for row in rows} == BY
