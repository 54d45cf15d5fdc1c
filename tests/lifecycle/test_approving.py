"""Approving: a decider's standing assent to one deed that somebody else carries out."""

from datetime import timedelta

import pytest

from lifecycle.subjects import of_document
from states.deeds import APPROVABLE
from states.problem import InvalidInputError
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import BEN, DORA, ERIN, complete_agreement
from tests.stage import GROUNDED, Stage, codes

FROM = {
    Trigger.RETURN: State.DECISION,
    Trigger.ACCEPT: State.DECISION,
    Trigger.DECLINE: State.DECISION,
    Trigger.SIGN: State.NEGOTIATION,
    Trigger.TERMINATE: State.ACTIVE,
    Trigger.REINSTATE: State.EVALUATION,
    Trigger.RENEW: State.EVALUATION,
    Trigger.SUNSET: State.EVALUATION,
}


def test_every_trigger_of_the_deciders_may_be_approved() -> None:
    """And the changes after signing, and what a review decides."""
    changes = {"amend", "correct", "void", "reclassify", "review"}
    assert set(APPROVABLE) == {str(trigger) for trigger in FROM} | changes


@pytest.mark.parametrize(("trigger", "state"), FROM.items())
def test_staff_carry_out_what_a_decider_approved(
    city: Stage, trigger: Trigger, state: State
) -> None:
    """The line has both names; the approval is used up."""
    ref = city.reach(state)
    if trigger is Trigger.ACCEPT:
        city.score(ref)
    if trigger is Trigger.RENEW:
        city.evaluate(ref)
        city.report(ref)
    version = city.standing(ref).version
    receipt = city.approve(ref, trigger)
    assert (receipt.event, receipt.trigger, receipt.version) == (Event.APPROVED, trigger, version)
    (approval,) = city.standing(ref).approvals
    assert (approval.by, approval.deed, approval.until) == (
        DORA,
        trigger,
        city.day + timedelta(days=90),
    )
    assert city.verify() == []
    ground = {"ground": "needs_changed"} if trigger in GROUNDED else {}
    assert not city.advance(ref, trigger, actor=BEN, **ground).refused
    line = city.last(ref)
    assert (line.actor.id, line.role, line.approver) == (BEN, Role.STAFF, DORA)
    assert city.fields(ref, "approvals") == ((),)
    assert city.verify() == []


def test_approval_given_anew_takes_the_place_of_the_persons_first(city: Stage) -> None:
    """Two deciders' stand beside one another."""
    ref = city.reach(State.NEGOTIATION)
    city.approve(ref, "sign")
    city.approve(ref, "sign", actor=ERIN)
    city.on(city.day + timedelta(days=5)).approve(ref, "sign")
    assert [(a.by, a.until - city.day) for a in city.standing(ref).approvals] == [
        (ERIN, timedelta(days=85)),
        (DORA, timedelta(days=90)),
    ]
    assert city.verify() == []


def test_second_deciders_approval_stands_where_the_firsts_has_ended(city: Stage) -> None:
    """Whoever still may is whom the line names."""
    ref = city.reach(State.NEGOTIATION)
    city.approve(ref, "sign")
    city.approve(ref, "sign", actor=ERIN)
    city.appoint(DORA, Role.DECIDER, granted=False)
    assert not city.advance(ref, Trigger.SIGN, actor=BEN).refused
    assert city.last(ref).approver == ERIN


def test_role_that_was_only_extended_keeps_its_approvals(city: Stage) -> None:
    """A later last day is no new role."""
    ref = city.reach(State.NEGOTIATION)
    city.approve(ref, "sign")
    for days in (30, 60):
        city.appoint(DORA, Role.DECIDER, until=city.day + timedelta(days=days))
    city.on(city.day + timedelta(days=50))
    assert not city.advance(ref, Trigger.SIGN, actor=BEN).refused


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State.PROPOSAL, "sign"),
        (State.SUNSET, "reinstate"),
        (State.DECLINED, "amend"),
        (State.SUNSET, "reclassify"),
    ],
)
def test_deed_that_is_not_done_from_here_is_not_approved(
    city: Stage, state: State, word: str
) -> None:
    """Refused on the log, like the deed itself would be."""
    ref = city.reach(state)
    subject = None if word in FROM else "0" * 64
    assert codes(city.approve(ref, word, subject)) == ["not_from_here"]
    assert city.last(ref).event is Event.REFUSED
    assert city.verify() == []


@pytest.mark.parametrize("word", ["correct", "void"])
def test_what_has_ended_may_still_be_put_right(city: Stage, word: str) -> None:
    """A decline taken back, a duplicate voided."""
    ref = city.reach(State.DECLINED)
    assert city.approve(ref, word, "0" * 64).outcome is Outcome.OK
    assert city.verify() == []


@pytest.mark.parametrize("word", ["withdraw", "activate", "expire", "edit", "waive"])
def test_deed_that_is_not_a_deciders_is_bad_input(city: Stage, word: str) -> None:
    """What may be approved is named."""
    with pytest.raises(InvalidInputError) as caught:
        city.approve(city.propose(), word)
    assert caught.value.problems[0].allowed == tuple(APPROVABLE)


@pytest.mark.parametrize("word", ["amend", "correct", "void", "reclassify"])
def test_approval_of_a_change_is_of_exactly_one_content(city: Stage, word: str) -> None:
    """Without one it would stand for any, or for none."""
    with pytest.raises(InvalidInputError) as caught:
        city.approve(city.reach(State.SIGNED), word)
    assert [problem.code for problem in caught.value.problems] == ["no_subject"]


def test_same_key_approves_once_and_never_something_else(city: Stage) -> None:
    """A retry is answered with the first receipt; another order or person needs another key."""
    ref = city.reach(State.SIGNED)
    subject = of_document(complete_agreement(title="Another"))
    first = city.approve(ref, "terminate", key="k")
    assert city.approve(ref, "terminate", key="k").entry == first.entry
    for word, about, who in (("amend", subject, DORA), ("terminate", None, ERIN)):
        with pytest.raises(InvalidInputError) as caught:
            city.approve(ref, word, about, actor=who, key="k")
        (problem,) = caught.value.problems
        assert (problem.code, "used by dora" in problem.message) == ("key_reused", True)


def test_agreement_changed_meanwhile_is_not_approved_unseen(city: Stage) -> None:
    """The version that was looked at is no longer there."""
    ref = city.reach(State.SIGNED)
    assert codes(city.approve(ref, "terminate", expect_version=1)) == ["version_conflict"]


def test_approval_may_be_of_an_earlier_day(city: Stage) -> None:
    """The day of the vote; the approval stands from when it was written down."""
    ref = city.reach(State.SIGNED)
    voted = city.day
    city.on(city.day + timedelta(days=3)).approve(ref, "terminate", effective_on=voted)
    assert city.last(ref).effective == voted
    assert city.standing(ref).approvals[0].until == city.day + timedelta(days=90)
    assert city.verify() == []
