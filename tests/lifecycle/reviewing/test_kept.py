"""What a review may leave as it is: a decider's record, and the day of the next one (R48)."""

from dataclasses import replace
from datetime import date

import pytest

from lifecycle import drafting
from states.deeds import RESCHEDULE
from states.problem import InvalidInputError
from states.records import Record
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, State
from tests.builders import ANNA, BEN, DORA, complete_agreement
from tests.stage import Stage, codes

NEXT = date(2027, 6, 1)


def kept(stage: Stage) -> Record:
    """Return that an agreement was looked at and is kept."""
    return Record("review", stage.day, text="It brings two missions a year.")


@pytest.mark.parametrize("state", [State.SIGNED, State.ACTIVE, State.RENEWAL])
def test_decider_keeps_what_is_in_force_by_a_record_of_the_review(
    city: Stage, state: State
) -> None:
    """The line has the decider and the reason; state and version stay."""
    ref = city.reach(state)
    version = city.standing(ref).version
    receipt = city.record(ref, kept(city), actor=DORA)
    line = city.last(ref)
    assert (receipt.outcome, line.event, line.role) == (
        Outcome.OK,
        Event.RECORDED,
        Role.DECIDER,
    )
    assert city.fields(ref, "state", "version") == (state, version)
    assert city.verify() == []


def test_staff_record_a_review_on_an_approval_or_for_a_body_and_not_alone(city: Stage) -> None:
    """Whoever decided stands on the line."""
    ref = city.reach(State.ACTIVE)
    assert codes(city.record(ref, kept(city), actor=BEN)) == ["role.missing"]
    city.approve(ref, "review")
    assert not city.record(ref, kept(city), actor=BEN).refused
    assert city.last(ref).approver == DORA
    body = {"on_behalf_of": "City Council", "item": "EX1.2"}
    assert not city.record(ref, kept(city), actor=BEN, **body).refused
    assert city.last(ref).on_behalf_of == "City Council"
    assert city.verify() == []


def test_who_drafted_an_agreement_does_not_keep_it_in_a_review(city: Stage) -> None:
    """A second person does; the refusal is on the log."""
    city.appoint(ANNA, Role.DECIDER)
    ref = city.reach(State.ACTIVE)
    assert codes(city.record(ref, kept(city), actor=ANNA)) == ["person.same"]
    assert city.last(ref).event is Event.REFUSED
    assert city.verify() == []


def test_what_waits_for_its_decision_is_reinstated_and_not_kept_by_a_record(city: Stage) -> None:
    """In evaluation a decision is owed, which a record would leave open."""
    ref = city.reach(State.EVALUATION)
    assert codes(city.record(ref, kept(city), actor=DORA)) == ["not_in_this_state"]


def test_staff_do_not_correct_a_deciders_review(city: Stage) -> None:
    """It was an act, and stands."""
    ref = city.reach(State.ACTIVE)
    n = city.record(ref, kept(city), actor=DORA).n
    with pytest.raises(InvalidInputError, match="a review is a decider's act"):
        city.correct_record(ref, n, None)


def reviewed_on(stage: Stage, ref: Ref, day: date, actor: str) -> list[str]:
    """Return what stands against setting the next review."""
    return codes(stage.apply(ref, replace(stage.document(ref), review=day), actor=actor))


def test_decider_sets_the_next_review_of_what_is_in_force_and_nothing_else(city: Stage) -> None:
    """Staff may as well; the owner, and a draft, are staff's alone."""
    ref = city.take_over()
    assert reviewed_on(city, ref, NEXT, DORA) == []
    assert city.last(ref).role is Role.DECIDER
    assert reviewed_on(city, ref, date(2027, 7, 1), ANNA) == []
    owned = replace(city.document(ref), review=NEXT, owner="ben")
    assert codes(city.apply(ref, owned, actor=DORA)) == ["role.missing"]
    draft = city.propose(complete_agreement(title="Another"))
    assert reviewed_on(city, draft, NEXT, DORA) == ["role.missing"]
    assert city.fields(ref, "review") == (date(2027, 7, 1),)
    assert city.verify() == []


def test_deciders_edit_of_more_than_the_review_is_found_when_it_is_judged_again(
    city: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that let it pass would be told by the next one: it is staff's deed."""
    ref = city.take_over()
    monkeypatch.setattr(drafting, "edits", lambda *_: RESCHEDULE)
    more = replace(city.document(ref), review=NEXT, owner="ben")
    assert not city.apply(ref, more, actor=DORA).refused
    assert [(one.n, one.code) for one in city.verify()] == [(2, "authority.differs")]
