"""What a review decides on one agreement: kept, reclassified or sunset, as a whole (R48)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from guards.policy import Body
from lifecycle.order import Receipt
from lifecycle.reviewing.deciding import Choice, Decision, decide, under_review
from states.agreement import Agreement, TakenOver
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, BEN, DORA, complete_agreement
from tests.conftest import Staging
from tests.stage import FIRST_DAY, NEXT_TERM, Stage, codes, policy_file, with_cap

KEEP, SUNSET = Decision(Choice.KEEP), Decision(Choice.SUNSET)
FRIENDS = Decision(Choice.RECLASSIFY, "friendship")
BODY = {"on_behalf_of": "City Council", "item": "EX9.1"}


def old(**changes: object) -> Agreement:
    """Return a memorandum of 1990 without a term, as it is taken over."""
    plain = {"type": "mou", "term": None, "projects": (), "milestones": (), **changes}
    return complete_agreement(taken_over=TakenOver("1990", "The archive."), **plain)


def decided(stage: Stage, ref: Ref, decision: Decision, **order: Any) -> tuple[Receipt, ...]:  # noqa: ANN401
    """Decide as the decider, with a reason, and a ground for what is sunset."""
    ground = "dormant" if decision.choice is Choice.SUNSET else None
    told = {"actor": DORA, "reason": "As reviewed.", "ground": ground, **order}
    return decide(stage.store, stage.order(**told), ref, decision)


def events(stage: Stage, ref: Ref) -> list[tuple[Event, Trigger | None]]:
    """Return what the lines of an agreement report."""
    return [(line.event, line.trigger) for line in stage.entries(ref)]


def test_dormant_agreement_is_terminated_and_sunset_with_its_ground_in_one(city: Stage) -> None:
    """Two lines, one decider, one ground (R44, R48)."""
    ref = city.take_over(old())
    receipts = decided(city, ref, SUNSET)
    assert [receipt.trigger for receipt in receipts] == [Trigger.TERMINATE, Trigger.SUNSET]
    lines = city.entries(ref)[-2:]
    assert {(line.actor.id, line.role, line.ground) for line in lines} == {
        (DORA, Role.DECIDER, "dormant")
    }
    assert city.fields(ref, "state") == (State.SUNSET,)
    assert city.verify() == []


def test_what_waits_in_evaluation_or_renewal_is_sunset_by_one_step(city: Stage) -> None:
    """It has ended already."""
    for state in (State.EVALUATION, State.RENEWAL):
        ref = city.reach(state)
        (receipt,) = decided(city, ref, SUNSET)
        assert (receipt.trigger, receipt.to) == (Trigger.SUNSET, State.SUNSET)


def test_termless_agreement_is_kept_by_a_record_and_the_day_of_its_next_review(
    city: Stage,
) -> None:
    """A decider does both; where no day is set, it is the policy's interval (R47, R48)."""
    ref = city.on(FIRST_DAY).take_over(old(type="partnership"))
    city.on(FIRST_DAY + timedelta(30))
    receipts = decided(city, ref, KEEP)
    assert [receipt.event for receipt in receipts] == [Event.EDITED, Event.RECORDED]
    assert city.fields(ref, "review") == (date(2027, 10, 1),)
    decided(city, ref, Decision(Choice.KEEP, next_review=date(2027, 3, 1)))
    assert city.fields(ref, "review", "state") == (date(2027, 3, 1), State.ACTIVE)
    assert city.verify() == []


def test_agreement_whose_term_runs_is_kept_by_a_record_alone(city: Stage) -> None:
    """Its term is its juncture; and so is one on its way into the next term."""
    ref, again = city.reach(State.ACTIVE), city.along(NEXT_TERM)
    assert [receipt.event for receipt in decided(city, ref, KEEP)] == [Event.RECORDED]
    assert [receipt.event for receipt in decided(city, again, KEEP)] == [Event.RECORDED]
    assert city.verify() == []


def test_what_came_to_evaluation_by_its_review_is_kept_by_reinstating_it(city: Stage) -> None:
    """With a new review ahead, in the same transaction (R48)."""
    ref = city.take_over(old(type="partnership"))
    city.on(date(2027, 9, 2)).nightly()
    assert city.fields(ref, "state") == (State.EVALUATION,)
    receipts = decided(city, ref, KEEP)
    assert [(r.event, r.trigger) for r in receipts] == [
        (Event.EDITED, None),
        (Event.TRANSITIONED, Trigger.REINSTATE),
    ]
    assert city.fields(ref, "state", "review") == (State.ACTIVE, date(2028, 9, 2))
    assert city.verify() == []


def test_mou_is_reclassified_with_a_day_of_its_own_where_one_is_set(city: Stage) -> None:
    """Else the deed's own day stands (R31, R48)."""
    ref, other = city.take_over(old()), city.take_over(old(title="Other"))
    assert [receipt.event for receipt in decided(city, ref, FRIENDS)] == [Event.RECLASSIFIED]
    soon = replace(FRIENDS, next_review=date(2027, 1, 15))
    assert [r.event for r in decided(city, other, soon)] == [Event.RECLASSIFIED, Event.EDITED]
    assert city.fields(other, "type", "former_type", "review") == (
        "friendship",
        "mou",
        date(2027, 1, 15),
    )
    assert city.verify() == []


def test_second_step_that_is_refused_takes_the_first_one_back(staged: Staging) -> None:
    """A cap that has filled up meanwhile: the new review date is not kept either."""
    stage = staged(with_cap(1), sandbox=False).with_people()
    first = stage.take_over(old(type="partnership"))
    stage.on(date(2027, 9, 2)).nightly()
    before = stage.document(first)
    stage.take_over(old(type="partnership", title="Second"))
    lines = len(stage.entries(first))
    assert stage.standing(first).counted
    friend = stage.take_over(old())
    (receipt,) = decided(stage, friend, FRIENDS)
    assert codes(receipt)[-1] == "cap.full"
    (receipt,) = decided(stage, first, KEEP, actor=BEN)
    assert codes(receipt) == ["role.missing"]
    assert (stage.document(first), len(stage.entries(first))) == (before, lines + 1)
    assert stage.last(first).event is Event.REFUSED
    assert stage.verify() == []


def test_staff_decide_for_a_body_or_on_approvals_and_else_not_at_all(city: Stage) -> None:
    """Every line has who decided (R57)."""
    ref = city.take_over(old())
    (receipt,) = decided(city, ref, SUNSET, actor=BEN)
    assert (codes(receipt), city.last(ref).event) == (["role.missing"], Event.REFUSED)
    city.approve(ref, "terminate")
    (receipt,) = decided(city, ref, SUNSET, actor=BEN)
    assert (receipt.trigger, codes(receipt)) == (Trigger.SUNSET, ["role.missing"])
    assert city.fields(ref, "state") == (State.ACTIVE,)
    assert len(decided(city, ref, SUNSET, actor=BEN, **BODY)) == 2
    assert {line.on_behalf_of for line in city.entries(ref)[-2:]} == {"City Council"}
    kept = city.take_over(old(title="Kept"))
    assert all(not r.refused for r in decided(city, kept, KEEP, actor=BEN, **BODY))
    assert city.verify() == []


def test_who_drafted_it_does_not_decide_on_it(city: Stage) -> None:
    """A second person does; nothing of the first step stays."""
    city.appoint(ANNA, Role.DECIDER)
    ref = city.reach(State.ACTIVE)
    for decision in (KEEP, SUNSET):
        (receipt,) = decided(city, ref, decision, actor=ANNA)
        assert "person.same" in codes(receipt)
    assert city.fields(ref, "state") == (State.ACTIVE,)
    assert city.verify() == []


def test_body_whose_resolution_is_attached_ends_what_runs_in_two_steps_by_hand(
    staged: Staging,
) -> None:
    """One paper would have to prove both; it is refused with the way to do it."""
    bodies = [{"name": "City Council", "resolution": True}]
    stage = staged(policy_file({"bodies": bodies}), sandbox=False).with_people()
    ref = stage.take_over(old())
    stage.attach(ref)
    (receipt,) = decided(stage, ref, SUNSET, actor=BEN, **BODY)
    assert codes(receipt) == ["two_resolutions"]
    assert [r.refused for r in decided(stage, ref, FRIENDS, actor=BEN, **BODY)] == [False]
    assert Body("City Council", resolution=True).resolution
    assert stage.verify() == []


def test_decision_repeated_under_its_key_is_done_once(city: Stage) -> None:
    """Whatever it was made of, and wherever the agreement stands by then."""
    ends, keeps = city.take_over(old()), city.take_over(old(type="partnership", title="Kept"))
    city.on(date(2027, 9, 2)).nightly()
    for ref, decision in ((ends, SUNSET), (keeps, KEEP)):
        first = decided(city, ref, decision, key="sheet/1" + str(ref))
        lines = city.raw(ref)
        again = decided(city, ref, decision, key="sheet/1" + str(ref))
        assert [receipt.entry for receipt in again] == [receipt.entry for receipt in first]
        assert (city.raw(ref), {receipt.repeated for receipt in again}) == (lines, {True})


def test_decision_for_another_version_than_there_is_is_refused(city: Stage) -> None:
    """Of several people who decide on what they saw, one is first."""
    ref = city.take_over(old())
    version = city.standing(ref).version
    assert len(decided(city, ref, SUNSET, expect_version=version)) == 2
    (receipt,) = decided(city, ref, KEEP, expect_version=version)
    assert codes(receipt) == ["version_conflict"]


def test_day_that_is_not_ahead_or_too_far_is_refused(city: Stage) -> None:
    """None goes on without a juncture (R47)."""
    ref = city.take_over(old())
    for day in (FIRST_DAY, date(2040, 1, 1)):
        (receipt,) = decided(city, ref, Decision(Choice.KEEP, next_review=day))
        assert codes(receipt) == ["review.not_ahead"]


def test_keeping_without_a_reason_is_bad_input_and_leaves_no_trace(city: Stage) -> None:
    """Neither the record nor the new day."""
    ref = city.take_over(old())
    before = city.raw(ref)
    with pytest.raises(InvalidInputError):
        decided(city, ref, KEEP, reason=None)
    assert city.raw(ref) == before


def test_review_comes_to_all_that_was_signed_and_has_not_ended(city: Stage) -> None:
    """The next term's negotiation too; drafts, ends and what was voided are not reviewed."""
    found = {state for state in State if under_review(city.standing(city.reach(state)))}
    assert found == {State.SIGNED, State.ACTIVE, State.EVALUATION, State.RENEWAL}
    assert under_review(city.standing(city.along(NEXT_TERM)))
    void = city.take_over(old())
    city.voided(void)
    assert not under_review(city.standing(void))
    assert decided(city, void, KEEP)[0].outcome is Outcome.REFUSED
