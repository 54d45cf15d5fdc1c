"""Advance: versions, keys, days, grounds, bodies, and what the receipt says."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from lifecycle.compose import repeated
from lifecycle.errors import UnknownRefError
from states.agreement import Obligation
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.vocabulary import Event, Outcome, Severity, State, Trigger
from tests.builders import DORA, complete_agreement
from tests.conftest import Staging
from tests.stage import FIRST_DAY, Stage, codes, policy_file

ONE_DAY = timedelta(days=1)
USES: Mapping[str, Callable[[Stage, Ref], object]] = {
    "propose": lambda stage, _ref: stage.propose(key="scored"),
    "take_over": lambda stage, _ref: stage.take_over(key="created"),
    "score": lambda stage, ref: stage.score(ref, key="created"),
    "apply": lambda stage, ref: stage.apply(ref, complete_agreement(title="T"), key="created"),
    "evaluate": lambda stage, ref: stage.evaluate(ref, key="scored"),
    "advance": lambda stage, ref: stage.advance(ref, Trigger.SUBMIT, key="scored"),
}
"""Orders under the key of another kind of order."""


def problem_of(stage: Stage, ref: Ref, trigger: Trigger, **order: Any) -> Problem:  # noqa: ANN401
    """Return the one thing wrong with an order; nothing of it is kept."""
    lines = stage.raw(ref)
    with pytest.raises(InvalidInputError) as caught:
        stage.advance(ref, trigger, **order)
    assert stage.raw(ref) == lines
    (problem,) = caught.value.problems
    return problem


def test_unknown_reference_is_an_error_and_writes_nothing(stage: Stage) -> None:
    """There is no agreement to put a refusal on the log of."""
    with pytest.raises(UnknownRefError, match="TOR-2026-007"):
        stage.advance(Ref("TOR", 2026, 7), Trigger.SUBMIT)
    assert stage.raw(Ref("TOR", 2026, 7)) == []


def test_reference_of_another_program_is_unknown_though_its_number_exists(stage: Stage) -> None:
    """VAN-2026-001 is never taken for TOR-2026-001."""
    ref = stage.propose()
    with pytest.raises(UnknownRefError, match="VAN-2026-001"):
        stage.advance(Ref("VAN", ref.year, ref.number), Trigger.SUBMIT)
    assert stage.standing(ref).state is State.PROPOSAL


def test_version_that_is_no_longer_the_present_one_is_refused_and_named(stage: Stage) -> None:
    """Somebody else's change is not overwritten unseen, and the loser is told whose it was."""
    ref = stage.propose()
    stage.advance(ref, Trigger.SUBMIT, actor="carol")
    receipt = stage.advance(ref, Trigger.DECLINE, ground="fails_criteria", expect_version=1)
    ((severity, unmet),) = receipt.unmet
    assert (unmet.code, severity, receipt.refused) == ("version_conflict", Severity.BLOCK, True)
    assert "version 2, not 1 (carol, submit, " in unmet.message
    assert stage.standing(ref).state is State.DECISION


def test_conflict_with_an_edit_names_the_editor_and_not_the_last_mover(stage: Stage) -> None:
    """Who is told of is whoever made the present version."""
    ref = stage.along((Trigger.SUBMIT,))
    stage.apply(ref, complete_agreement(title="Trade alone"), actor="carol")
    receipt = stage.advance(ref, Trigger.DECLINE, ground="fails_criteria", expect_version=2)
    ((_severity, unmet),) = receipt.unmet
    assert "(carol, edited, " in unmet.message


def test_conflict_with_a_new_agreement_names_who_entered_it(stage: Stage) -> None:
    """An agreement that has never moved was changed by whoever created it."""
    ref = stage.propose()
    receipt = stage.advance(ref, Trigger.SUBMIT, expect_version=7)
    ((_severity, unmet),) = receipt.unmet
    assert "version 1, not 7 (anna, created, " in unmet.message


def test_version_that_is_still_the_present_one_goes_through(stage: Stage) -> None:
    """Refusals and notes in between do not count as changes."""
    ref = stage.propose()
    stage.advance(ref, Trigger.SIGN)
    stage.score(ref)
    assert stage.advance(ref, Trigger.SUBMIT, expect_version=1).to is State.DECISION


def test_same_key_again_answers_with_the_first_receipt_and_writes_nothing(stage: Stage) -> None:
    """A retry is safe, and is told as what it is."""
    ref = stage.propose()
    first = stage.advance(ref, Trigger.SUBMIT, key="k1")
    lines = stage.raw(ref)
    again = stage.advance(ref, Trigger.SUBMIT, key="k1")
    assert (again.entry, again.n, again.version, again.to) == (
        first.entry,
        first.n,
        first.version,
        first.to,
    )
    assert (first.repeated, again.repeated) == (False, True)
    assert stage.raw(ref) == lines


def test_key_of_a_refused_order_may_be_used_again(stage: Stage) -> None:
    """Nothing was carried out under it, so the repaired order goes through."""
    ref = stage.propose(complete_agreement(origin=None))
    assert stage.advance(ref, Trigger.SUBMIT, key="k1").refused
    stage.apply(ref, complete_agreement())
    receipt = stage.advance(ref, Trigger.SUBMIT, key="k1")
    assert (receipt.to, receipt.repeated) == (State.DECISION, False)


def test_key_of_another_agreement_or_trigger_is_bad_input(stage: Stage) -> None:
    """A key names one order; used for another it would hide that nothing was done."""
    ref, other = stage.propose(), stage.propose()
    stage.advance(ref, Trigger.SUBMIT, key="k1")
    assert problem_of(stage, other, Trigger.SUBMIT, key="k1").code == "key_reused"
    assert problem_of(stage, ref, Trigger.DECLINE, key="k1").code == "key_reused"


@pytest.mark.parametrize("use", USES)
def test_key_of_another_kind_of_order_is_bad_input(stage: Stage, use: str) -> None:
    """A key that created an agreement can't stand for a score, nor for another agreement's."""
    ref = stage.propose(key="created")
    stage.score(ref, key="scored")
    lines = stage.raw(ref)
    with pytest.raises(InvalidInputError) as caught:
        USES[use](stage, ref)
    assert [problem.code for problem in caught.value.problems] == ["key_reused"]
    assert stage.raw(ref) == lines


def test_order_without_a_key_is_never_a_repetition(stage: Stage) -> None:
    """Only a key makes two orders the same."""
    stage.propose()
    with stage.store.unit() as unit:
        assert repeated(unit, stage.order(), Event.CREATED) is None


@pytest.mark.parametrize("days", [0, 1, 90])
def test_act_may_be_dated_back_as_far_as_the_policy_says(stage: Stage, days: int) -> None:
    """The vote was on Tuesday, the clerk enters it on Friday; both days are on the log."""
    ref = stage.propose()
    stage.on(FIRST_DAY + timedelta(days=90))
    day = stage.day - timedelta(days=days)
    receipt = stage.advance(ref, Trigger.SUBMIT, effective_on=day)
    line = stage.last(ref)
    assert (receipt.effective_on, line.effective, line.recorded.date()) == (day, day, stage.day)
    assert stage.fields(ref, "acted_on", "entered_on") == (day, stage.day)


@pytest.mark.parametrize("days", [-1, 91])
def test_act_in_the_future_or_too_far_back_is_bad_input(stage: Stage, days: int) -> None:
    """Neither tomorrow nor a day more than the policy allows."""
    ref = stage.propose()
    stage.on(FIRST_DAY + timedelta(days=200))
    problem = problem_of(stage, ref, Trigger.SUBMIT, effective_on=stage.day - timedelta(days=days))
    assert (problem.code, problem.key) == ("effective_on", "effective")


def test_act_before_the_last_transition_is_bad_input(stage: Stage) -> None:
    """What follows can't have happened before what it follows."""
    ref = stage.propose()
    stage.on(FIRST_DAY + 10 * ONE_DAY)
    stage.advance(ref, Trigger.SUBMIT, effective_on=FIRST_DAY + 5 * ONE_DAY)
    grounds = {"ground": "fails_criteria"}
    before = problem_of(
        stage, ref, Trigger.DECLINE, effective_on=FIRST_DAY + 4 * ONE_DAY, **grounds
    )
    assert before.code == "effective_on"
    same_day = stage.advance(ref, Trigger.DECLINE, effective_on=FIRST_DAY + 5 * ONE_DAY, **grounds)
    assert same_day.to is State.DECLINED


def test_day_of_the_act_is_the_programs_own_and_not_utc(stage: Stage) -> None:
    """At three in the morning UTC it is still yesterday in Toronto."""
    ref = stage.propose()
    stage.on(FIRST_DAY + ONE_DAY).hour = 3
    stage.advance(ref, Trigger.SUBMIT)
    line = stage.last(ref)
    assert (line.effective, line.recorded.date()) == (FIRST_DAY, FIRST_DAY + ONE_DAY)


def test_guards_judge_the_day_of_the_act(stage: Stage) -> None:
    """An activation dated back before the term's start is refused, though the term runs today."""
    ref = stage.reach(State.SIGNED)
    stage.on(date(2027, 1, 10))
    receipt = stage.advance(ref, Trigger.ACTIVATE, effective_on=date(2026, 12, 31))
    assert "term.not_started" in codes(receipt)
    assert stage.advance(ref, Trigger.ACTIVATE, effective_on=date(2027, 1, 1)).to is State.ACTIVE


def test_unknown_ground_and_body_are_bad_input_naming_what_is_allowed(stage: Stage) -> None:
    """All that is wrong with an order is told at once, and nothing is written."""
    ref = stage.reach(State.DECISION)
    with pytest.raises(InvalidInputError) as caught:
        stage.advance(ref, Trigger.DECLINE, ground="no_fun", on_behalf_of="The Mayor")
    ground, body = caught.value.problems
    assert (ground.code, ground.key) == ("unknown_ground", "ground")
    assert "dormant" in ground.allowed
    assert (body.code, body.key, body.allowed[0]) == (
        "unknown_body",
        "on-behalf-of",
        "City Council",
    )


def test_ground_body_item_and_reason_stand_on_the_line(stage: Stage) -> None:
    """Who decided, on what ground, under which item; the reason by its digest, itself beside."""
    ref = stage.reach(State.DECISION)
    stage.advance(
        ref,
        Trigger.DECLINE,
        ground="fails_criteria",
        on_behalf_of="City Council",
        item="2026.EC1.2",
        reason="It serves no priority market.",
        host="clerk-7",
        run="r-1",
    )
    line = stage.last(ref)
    assert (line.ground, line.on_behalf_of, line.item) == (
        "fails_criteria",
        "City Council",
        "2026.EC1.2",
    )
    assert (line.host, line.run, line.actor.id) == ("clerk-7", "r-1", DORA)
    with stage.store.reading() as reader:
        (reason,) = reader.beside(ref.key, line.n)
    assert (reason.part, reason.body) == ("reason", b"It serves no priority market.")
    assert line.reason is not None
    assert b"priority market" not in stage.raw(ref)[-1]


def test_receipt_of_a_transition_says_what_became_of_it(stage: Stage) -> None:
    """Reference, event, move, version, line and day, and the warnings with their severity."""
    ref = stage.reach(State.SIGNED)
    stage.on(date(2027, 1, 1))
    receipt = stage.advance(ref, Trigger.ACTIVATE)
    assert (receipt.ref, receipt.event, receipt.trigger) == (
        str(ref),
        Event.TRANSITIONED,
        Trigger.ACTIVATE,
    )
    assert (receipt.outcome, receipt.refused, receipt.effective_on) == (
        Outcome.OK,
        False,
        date(2027, 1, 1),
    )
    assert [(severity, unmet.code) for severity, unmet in receipt.unmet] == [
        (Severity.WARN, "publication.missing")
    ]


def test_advisory_condition_of_a_blocking_guard_is_told_as_a_warning(stage: Stage) -> None:
    """It never refuses, and the line says `warned` of it."""
    owed = Obligation("list", "partner", "A list of hospitals.")
    ref = stage.reach(State.EVALUATION, complete_agreement(obligations=(owed,)))
    stage.evaluate(ref)
    receipt = stage.advance(ref, Trigger.RENEW)
    assert (Severity.WARN, "obligations.unanswered") in [
        (severity, unmet.code) for severity, unmet in receipt.unmet
    ]
    results = {(g.guard, g.outcome, g.code) for g in stage.last(ref).guards}
    assert ("evaluated", "warned", "obligations.unanswered") in results


def test_guard_that_the_policy_has_off_is_told_as_off(staged: Staging) -> None:
    """The line says that nobody asked, not that it was met."""
    stage = staged(policy_file({"guards": {"proposal_complete": "off"}}))
    ref = stage.propose(complete_agreement(origin=None, parties=(), projects=(), milestones=()))
    assert stage.advance(ref, Trigger.SUBMIT).to is State.DECISION
    results = [(g.guard, g.outcome) for g in stage.last(ref).guards]
    assert results == [("proposal_complete", "off"), ("type_allowed", "met")]


def test_role_stands_on_every_line(stage: Stage) -> None:
    """Also in a sandbox, where every name has every role: the one by which it acted."""
    ref = stage.reach(State.NEGOTIATION)
    assert [line.role for line in stage.entries(ref)] == ["staff", "staff", "staff", "decider"]


def test_a_clock_that_went_back_behind_the_last_transition_is_bad_input(stage: Stage) -> None:
    """What happened before can't be followed by an act of an earlier day, stated or not."""
    ref = stage.reach(State.DECISION)
    stage.on(stage.day - ONE_DAY)
    problem = problem_of(stage, ref, Trigger.DECLINE, actor=DORA, reason="No budget.")
    assert problem.code == "effective_on"
