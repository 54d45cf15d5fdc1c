"""Reclassifying what was signed as another type (R31)."""

from dataclasses import replace
from datetime import date

import pytest

from lifecycle.subjects import of_type
from states.agreement import Agreement, Contact, TakenOver, Term
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, DORA, ERIN, complete_agreement, friendship
from tests.conftest import Staging
from tests.stage import Stage, codes, policy_file, with_cap


def mou(**changes: object) -> Agreement:
    """Return a memorandum of 1986 as it is taken over."""
    told = {"type": "mou", "term": None, "projects": (), "milestones": (), **changes}
    return complete_agreement(taken_over=TakenOver("1986", "The archive."), **told)


def signed_friendship(stage: Stage) -> Ref:
    """Return a friendship that was signed in the autumn."""
    stage.on(date(2026, 12, 1))
    return stage.reach(State.SIGNED, friendship())


def test_memorandum_taken_over_becomes_a_partnership_with_a_review(city: Stage) -> None:
    """It keeps its old type and date of signing; what it lacks is told."""
    ref = city.take_over(mou())
    receipt = city.reclassify(ref, "partnership")
    assert (receipt.event, receipt.outcome) == (Event.RECLASSIFIED, Outcome.OK)
    assert "project.missing" in codes(receipt)
    assert city.fields(ref, "type", "former_type", "signed_on", "review", "counted") == (
        "partnership",
        "mou",
        "1986",
        date(2027, 9, 1),
        True,
    )
    assert city.verify() == []


def test_second_reclassification_keeps_the_type_before_it(city: Stage) -> None:
    """The log has them all."""
    ref = city.take_over(mou())
    city.reclassify(ref, "partnership")
    city.reclassify(ref, "friendship")
    assert city.fields(ref, "type", "former_type") == ("friendship", "partnership")
    assert city.verify() == []


def test_staff_carry_it_out_on_an_approval_of_the_type(city: Stage) -> None:
    """Whoever approved is named."""
    ref = city.take_over(mou())
    city.approve(ref, "reclassify", of_type("partnership"))
    assert city.reclassify(ref, "partnership", actor=ANNA).outcome is Outcome.OK
    line = city.last(ref)
    assert (line.actor.id, line.role, line.approver) == (ANNA, Role.STAFF, DORA)


def test_what_was_signed_here_satisfies_its_new_type(city: Stage) -> None:
    """A partnership needs no endorsement; back to a friendship it does."""
    ref = signed_friendship(city)
    assert city.reclassify(ref, "partnership").outcome is Outcome.OK
    city.pull(ref, Trigger.ACTIVATE)
    other = city.reach(
        State.SIGNED, complete_agreement(term=Term(date(2027, 2, 1), date(2030, 1, 31)))
    )
    assert codes(city.reclassify(other, "friendship"))[0] == "endorsement.missing"
    assert city.fields(other, "type") == ("partnership",)
    assert city.verify() == []


@pytest.mark.parametrize("state", [State.PROPOSAL, State.NEGOTIATION, State.SUNSET])
def test_what_is_not_in_force_is_not_reclassified(city: Stage, state: State) -> None:
    """A draft's type is edited, and what has ended stays what it was."""
    ref = city.reach(state)
    assert codes(city.reclassify(ref, "friendship")) == ["not_in_this_state"]
    assert city.verify() == []


def test_type_that_can_not_be_is_bad_input(city: Stage) -> None:
    """The types that could are named."""
    ref = city.take_over()
    with pytest.raises(InvalidInputError) as caught:
        city.reclassify(ref, "mou")
    assert caught.value.problems[0].allowed == ("partnership", "friendship")


def test_same_type_is_unchanged(city: Stage) -> None:
    """No line is written."""
    ref = city.take_over()
    lines = city.raw(ref)
    assert city.reclassify(ref, "partnership").outcome is Outcome.UNCHANGED
    assert city.raw(ref) == lines


def test_place_that_the_new_type_takes_has_to_be_free(staged: Staging) -> None:
    """A type that did not count becomes one that does."""
    stage = staged(with_cap(1, types={"friendship": {"counts": False}}), sandbox=False)
    stage.with_people()
    stage.take_over()
    ref = stage.take_over(mou(type="friendship"))
    assert "cap.full" in codes(stage.reclassify(ref, "partnership"))
    assert stage.fields(ref, "type", "counted") == ("friendship", False)
    assert stage.verify() == []


def test_review_lies_the_new_types_interval_ahead(staged: Staging) -> None:
    """The policy's for take-overs is for types that name none."""
    open_ended = {"term_years": None, "open_ended": True, "review_months": 3}
    stage = staged(policy_file({"types": {"friendship": open_ended}}), sandbox=False)
    ref = stage.with_people().take_over(mou())
    stage.reclassify(ref, "friendship")
    assert stage.fields(ref, "review", "due") == (date(2026, 12, 1), date(2026, 12, 1))


def test_same_key_reclassifies_once(city: Stage) -> None:
    """A retry is answered with the first receipt."""
    ref = city.take_over(mou())
    first = city.reclassify(ref, "partnership", key="k")
    assert city.reclassify(ref, "partnership", key="k").entry == first.entry


def test_agreement_changed_meanwhile_or_void_is_not_reclassified(city: Stage) -> None:
    """The version that was looked at is no longer there, or nothing is done with it."""
    ref = city.take_over(mou())
    city.apply(ref, replace(city.document(ref), owner="zoe"))
    assert codes(city.reclassify(ref, "partnership", expect_version=1)) == ["version_conflict"]
    city.voided(ref)
    assert codes(city.reclassify(ref, "partnership", actor=ERIN)) == ["agreement.void"]
    assert city.verify() == []


def test_contacts_outlast_a_reclassification(city: Stage) -> None:
    """They stand beside another line than the new document's."""
    contacts = (Contact("partner", "Li Wei", "li@example.cn"),)
    ref = city.take_over(mou(contacts=contacts))
    city.reclassify(ref, "partnership")
    assert city.document(ref).contacts == contacts
    assert city.verify() == []
