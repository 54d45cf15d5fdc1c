"""Every state with every trigger, through `advance` and a real store."""

from datetime import timedelta

import pytest

from lifecycle.advance import GATE
from states.ref import Ref
from states.table import BY_TRIGGER, TRANSITIONS
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import END
from tests.stage import GROUNDED, NEXT_TERM, SYSTEM, Stage, codes

# What decides is the table; one kind of database is enough to see it.
pytestmark = pytest.mark.sqlite

BY_PEOPLE = tuple(row.trigger for row in TRANSITIONS if row.by != (Role.SCHEDULER,))
BY_SYSTEM_ALONE = tuple(row.trigger for row in TRANSITIONS if row.by == (Role.SCHEDULER,))
LEGAL = [(state, row.trigger) for row in TRANSITIONS for state in row.sources]
ILLEGAL = {s: [t for t in Trigger if (s, t) not in LEGAL] for s in State}
NEEDS_SIGNED = {(State.NEGOTIATION, Trigger.SUNSET)}
"""Moves that only an agreement in a later term can make."""


@pytest.mark.parametrize(("state", "trigger"), [p for p in LEGAL if p[1] in BY_PEOPLE])
def test_legal_trigger_leads_to_its_target_when_every_guard_holds(
    stage: Stage, state: State, trigger: Trigger
) -> None:
    """The state is the table's target, and version and n are one further."""
    ref = stage.along(NEXT_TERM) if (state, trigger) in NEEDS_SIGNED else stage.reach(state)
    if trigger is Trigger.CONCLUDE:
        stage.on(END - timedelta(days=90))
    before = stage.standing(ref)
    receipt = stage.pull(ref, trigger)
    after = stage.standing(ref)
    assert (receipt.from_, receipt.to) == (state, BY_TRIGGER[trigger].target)
    assert (receipt.event, receipt.outcome) == (Event.TRANSITIONED, Outcome.OK)
    assert after.state is BY_TRIGGER[trigger].target
    noted = {Trigger.ACCEPT: 1, Trigger.RENEW: 2}.get(trigger, 0)
    assert (after.version, after.n) == (before.version + 1, before.n + 1 + noted)
    assert (receipt.version, receipt.n, receipt.entry) == (after.version, after.n, after.head)
    assert stage.verify() == []


@pytest.mark.parametrize("state", State)
def test_illegal_trigger_is_refused_on_the_log_and_moves_nothing(
    stage: Stage, state: State
) -> None:
    """Whatever the table does not lead from is refused; only n and head have moved."""
    ref = stage.reach(state)
    for trigger in ILLEGAL[state]:
        refused(stage, ref, trigger)
    assert stage.verify() == []


def refused(stage: Stage, ref: Ref, trigger: Trigger) -> None:
    """Pull a trigger that leads from elsewhere, and hold what came of it."""
    before = stage.standing(ref)
    state = before.state
    receipt = stage.advance(ref, trigger, ground="needs_changed" if trigger in GROUNDED else None)
    after, line = stage.standing(ref), stage.last(ref)
    (code,) = codes(receipt)
    assert code in {"not_from_here", "version_conflict"}
    assert (receipt.refused, receipt.to, receipt.from_) == (True, None, state)
    assert (after.state, after.version, after.n) == (before.state, before.version, before.n + 1)
    assert (line.event, line.outcome) == (Event.REFUSED, Outcome.REFUSED)
    assert (line.trigger, line.from_, line.to) == (trigger, state, None)
    assert [(g.guard, g.outcome, g.code) for g in line.guards] == [(GATE, "unmet", code)]


@pytest.mark.parametrize(("state", "trigger"), [p for p in LEGAL if p[1] in BY_SYSTEM_ALONE])
def test_trigger_of_the_system_is_refused_to_a_person(
    stage: Stage, state: State, trigger: Trigger
) -> None:
    """What the calendar demands is fired by the nightly check alone, whoever asks."""
    ref = stage.reach(state)
    before = stage.standing(ref)
    receipt = stage.advance(ref, trigger, actor=SYSTEM)
    assert codes(receipt) == ["system_only"]
    after = stage.standing(ref)
    assert (after.state, after.version, after.n) == (before.state, before.version, before.n + 1)


def test_trigger_that_was_just_pulled_names_who_was_first(stage: Stage) -> None:
    """The loser of a race is told who won, with what and when."""
    ref = stage.along((Trigger.SUBMIT,))
    last = stage.last(ref)
    receipt = stage.advance(ref, Trigger.SUBMIT, actor="bob")
    ((_severity, unmet),) = receipt.unmet
    assert unmet.code == "version_conflict"
    assert f"anna, submit, {last.recorded_at}" in unmet.message
