"""The net of the lifecycle: the transition table, and nothing that the table does not have."""

from collections import Counter, defaultdict

import pytest

from states.petri import END, START, Step, net, step_name
from states.table import ENTRY_STATES, TRANSITIONS
from states.vocabulary import Event, State, Trigger

MOVES = {(row.trigger, source, row.target) for row in TRANSITIONS for source in row.sources}


def steps(beginning: str) -> set[Step]:
    """Return the steps whose identifiers begin so."""
    return {step for step in net().steps if step.id.partition(".")[0] == beginning}


def reached(*labels: str) -> str:
    """Return the place to which steps lead from the start; KeyError where one can't be taken."""
    ways = {(step.source, step.label): step.target for step in net().steps}
    place = START
    for label in labels:
        place = ways[place, label]
    return place


def test_places_are_the_states_with_a_start_and_an_end() -> None:
    """One each; the token begins at the start and stops at the end."""
    assert Counter(net().places) == Counter([START, *State, END])
    assert (net().initial, net().final) == (START, END)


def test_each_move_of_the_table_is_a_step_and_no_other_trigger_is() -> None:
    """Each trigger from each of its sources to its target, under the trigger's name."""
    triggers = set(map(str, Trigger))
    drawn = {(s.label, s.source, s.target) for s in net().steps if s.label in triggers}
    assert drawn == MOVES
    assert all(step.id == f"{step.label}.{step.source}" for t in triggers for step in steps(t))


def test_each_move_can_be_taken_back_along_itself() -> None:
    """From the target to the source, named with the state to which it goes."""
    back = {(step.source, step.target) for step in steps("taken_back")}
    assert back == {(target, source) for _trigger, source, target in MOVES}
    assert all(step.label == f"taken_back {step.target}" for step in steps("taken_back"))


def test_agreements_are_entered_as_proposals_or_taken_over() -> None:
    """In each state in which one may be taken over, and in no other."""
    entered = {step.label: step.target for step in net().steps if step.source == START}
    taken_over = {f"taken_over {state}": state for state in ENTRY_STATES}
    assert entered == {"created": State.PROPOSAL, **taken_over}


def test_log_may_stop_in_any_state_without_an_event() -> None:
    """A silent step leads from each state to the end, and nothing from there."""
    silent = {step.source: step.target for step in net().steps if step.label is None}
    assert silent == dict.fromkeys(State, END)
    assert not [step for step in net().steps if step.source == END]


def test_names_lead_one_way_from_each_place() -> None:
    """So that a log can be replayed event by event, and two readers get to the same state."""
    labels = defaultdict(list)
    for step in net().steps:
        labels[step.source].append(step.label)
    assert all(len(some) == len(set(some)) for some in labels.values())
    ids = [step.id for step in net().steps]
    assert len({*ids, *net().places}) == len(ids) + len(net().places)


def test_life_with_a_renewal_and_one_step_taken_back_replays() -> None:
    """From the start to where the agreement stands."""
    first = ("created", "submit", "accept", "sign", "activate", "conclude")
    assert reached(*first, "taken_back active", "expire", "renew", "renegotiate") == "negotiation"
    assert reached("taken_over evaluation", "sunset") == "sunset"


@pytest.mark.parametrize(
    "labels",
    [
        ("created", "submit", "accept", "activate"),
        ("created", "sign"),
        ("created", "taken_back active"),
        ("created", "withdraw", "submit"),
        ("submit",),
    ],
)
def test_step_that_no_agreement_may_take_does_not_replay(labels: tuple[str, ...]) -> None:
    """Neither out of order nor from a state that it does not lead out of."""
    with pytest.raises(KeyError):
        reached(*labels)


def test_name_of_what_is_no_step_is_its_event() -> None:
    """Triggers name transitions only: a refused attempt is a refusal, a correction one."""
    assert step_name(Event.TRANSITIONED, Trigger.SIGN, State.SIGNED) == "sign"
    assert step_name(Event.REFUSED, Trigger.SIGN, None) == "refused"
    assert step_name(Event.CORRECTED, None, None) == "corrected"
    assert step_name(Event.TAKEN_OVER, None, None) == "taken_over"
