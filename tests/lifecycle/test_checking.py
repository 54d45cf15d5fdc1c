"""Check: what may be done next, and what is missing for it, without writing anything."""

from datetime import timedelta
from typing import Any

import pytest

from lifecycle.checking import Next, check
from states.ref import Ref
from states.table import leading_from
from states.vocabulary import Role, Severity, State, Trigger
from tests.builders import ANNA, DORA, END, complete_agreement
from tests.conftest import Staging
from tests.stage import Stage, policy_file


def checked(
    stage: Stage,
    ref: Ref,
    trigger: Trigger | None = None,
    **order: Any,  # noqa: ANN401 - any field of Order
) -> dict[Trigger, Next]:
    """Return what check says, by trigger; nothing is written by asking."""
    lines = stage.raw(ref)
    with stage.store.reading() as reader:
        standing = reader.standing(ref.key)
        assert standing is not None
        moves = check(reader, stage.order(**order), standing, trigger)
    assert stage.raw(ref) == lines
    return {move.trigger: move for move in moves}


@pytest.mark.parametrize("state", State)
def test_moves_are_those_of_the_table_in_its_order(stage: Stage, state: State) -> None:
    """All that leads from here, and nothing where nothing does."""
    ref = stage.reach(state)
    rows = leading_from(state)
    moves = checked(stage, ref)
    assert list(moves) == [row.trigger for row in rows]
    assert [(move.to, move.by) for move in moves.values()] == [(r.target, r.by) for r in rows]


def test_move_that_lacks_something_tells_all_of_it(stage: Stage) -> None:
    """As advance would: conditions with their severity, warnings apart from what blocks."""
    ref = stage.propose(complete_agreement(origin=None, parties=()))
    submit = checked(stage, ref)[Trigger.SUBMIT]
    assert not submit.allowed
    assert [(severity, unmet.code) for severity, unmet in submit.unmet] == [
        (Severity.BLOCK, "origin.missing"),
        (Severity.BLOCK, "home_party.missing"),
        (Severity.BLOCK, "partner_party.missing"),
    ]
    told = stage.advance(ref, Trigger.SUBMIT)
    assert told.unmet == submit.unmet


def test_move_with_warnings_alone_is_allowed(staged: Staging) -> None:
    """They are told all the same."""
    stage = staged(policy_file({"guards": {"reports_complete": "warn"}}))
    ref = stage.reach(State.ACTIVE)
    stage.on(END - timedelta(days=30))
    conclude = checked(stage, ref)[Trigger.CONCLUDE]
    assert (conclude.allowed, conclude.by) == (True, (Role.STAFF,))
    stage.pull(ref, Trigger.CONCLUDE)
    stage.evaluate(ref)
    renew = checked(stage, ref, actor=DORA)[Trigger.RENEW]
    assert renew.allowed
    assert {severity for severity, _unmet in renew.unmet} == {Severity.WARN}


def test_answer_is_for_who_asks_on_what_ground_and_day(stage: Stage) -> None:
    """The same move may be open to one person and closed to another."""
    ref = stage.reach(State.EVALUATION)
    assert not checked(stage, ref, actor=ANNA)[Trigger.SUNSET].allowed
    assert not checked(stage, ref, actor=DORA)[Trigger.SUNSET].allowed
    assert checked(stage, ref, actor=DORA, ground="dormant")[Trigger.SUNSET].allowed
    running = stage.reach(State.ACTIVE)
    stage.on(END)
    early = checked(stage, running, effective_on=END - timedelta(days=600))
    assert not early[Trigger.CONCLUDE].allowed


def test_one_trigger_can_be_asked_for(stage: Stage) -> None:
    """One that does not lead from here has no answer."""
    ref = stage.reach(State.DECISION)
    assert list(checked(stage, ref, Trigger.ACCEPT)) == [Trigger.ACCEPT]
    assert checked(stage, ref, Trigger.SIGN) == {}
