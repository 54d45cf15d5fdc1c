"""Amending and correcting the document of what was signed, by two people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lifecycle.order import Receipt
from lifecycle.subjects import of_document
from states.agreement import Agreement, TakenOver, Term
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import (
    ANNA,
    BEN,
    DORA,
    END,
    ERIN,
    START,
    complete_agreement,
    with_objective,
)
from tests.conftest import Staging
from tests.stage import FIRST_DAY, Stage, codes, policy_file

AMENDED = complete_agreement(renewal_guidelines="Renewed if half of the targets are met.")
LONGER = complete_agreement(term=Term(START, date(2030, 12, 31)))
Way = Callable[..., Receipt]


def by_two(stage: Stage, word: str, ref: Ref, agreement: Agreement, **order: str) -> Receipt:
    """Amend or correct as staff with a decider's approval of exactly this."""
    approval = stage.approve(ref, word, of_document(agreement))
    assert not approval.refused, approval.unmet
    way: Way = stage.amend if word == "amend" else stage.correct
    return way(ref, agreement, **order)


@pytest.mark.parametrize("state", [State.SIGNED, State.ACTIVE])
@pytest.mark.parametrize(
    ("word", "event"), [("amend", Event.AMENDED), ("correct", Event.CORRECTED)]
)
def test_agreed_content_is_changed_by_two_people(
    city: Stage, state: State, word: str, event: Event
) -> None:
    """The state stays, the document is the new one, and the line names both of them."""
    ref = city.reach(state)
    before = city.standing(ref)
    receipt = by_two(city, word, ref, AMENDED, reason="Both sides agreed.")
    after, line = city.standing(ref), city.last(ref)
    assert (receipt.event, receipt.outcome, receipt.to) == (event, Outcome.OK, None)
    assert (after.state, after.version) == (state, before.version + 1)
    assert city.document(ref) == AMENDED
    assert (line.actor.id, line.approver, line.role) == (ANNA, DORA, Role.STAFF)
    assert (after.approvals, after.agreed == before.agreed) == ((), False)
    assert city.verify() == []


@pytest.mark.parametrize("state", [State.EVALUATION, State.RENEWAL])
def test_document_of_what_has_concluded_is_corrected_but_not_amended(
    city: Stage, state: State
) -> None:
    """The record can be wrong then too; there is nothing left to agree on anew."""
    ref = city.reach(state)
    city.on(date(2031, 5, 1))
    refused = by_two(city, "amend", ref, AMENDED)
    assert codes(refused) == ["not_in_this_state"]
    assert by_two(city, "correct", ref, AMENDED).outcome is Outcome.OK
    assert city.verify() == []


@pytest.mark.parametrize("state", [State.PROPOSAL, State.NEGOTIATION, State.SUNSET])
def test_what_is_not_signed_or_has_ended_is_neither_amended_nor_corrected(
    city: Stage, state: State
) -> None:
    """It is edited while it is drafted; a final state is final."""
    ref = city.reach(state)
    for way in (city.amend, city.correct):
        assert codes(way(ref, AMENDED)) == ["not_in_this_state"]
    assert city.verify() == []


def test_longer_term_moves_the_end_and_the_row_of_the_term(city: Stage) -> None:
    """An extension is an amendment of the same term."""
    ref = city.reach(State.ACTIVE)
    by_two(city, "amend", ref, LONGER)
    assert city.fields(ref, "term", "term_end", "due") == (
        1,
        date(2030, 12, 31),
        date(2031, 1, 1),
    )
    assert [(term.term, term.ends) for term in city.terms(ref)] == [(1, date(2030, 12, 31))]
    assert city.verify() == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (complete_agreement(projects=(), milestones=()), "project.missing"),
        (with_objective(indicators=()), "measurable.indicator_missing"),
        (complete_agreement(term=None), "term.missing"),
        (complete_agreement(renewal_guidelines=""), "renewal.missing"),
        (complete_agreement(term=Term(date(2028, 1, 1), END)), "term.not_started"),
    ],
)
def test_active_agreement_is_not_amended_to_what_could_not_be_signed(
    city: Stage, changed: Agreement, code: str
) -> None:
    """The guards of `sign` judge again, and that it is within its term."""
    ref = city.reach(State.ACTIVE)
    before = city.standing(ref)
    receipt = by_two(city, "amend", ref, changed)
    assert receipt.refused
    assert code in codes(receipt)
    assert city.fields(ref, "document", "version") == (before.document, before.version)
    assert city.last(ref).event is Event.REFUSED
    assert city.verify() == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"type": "friendship"}, "document.type"),
        ({"taken_over": TakenOver("1986", "x")}, "document.origin"),
        ({"owner": BEN}, "document.kept"),
    ],
)
def test_what_has_a_way_of_its_own_is_not_amended(
    city: Stage, changed: dict[str, str], code: str
) -> None:
    """The type is reclassified, the origin stays, and kept keys are edited."""
    ref = city.reach(State.ACTIVE)
    receipt = by_two(city, "amend", ref, complete_agreement(**changed))
    assert codes(receipt) == [code]
    assert city.verify() == []


def test_same_document_is_unchanged(city: Stage) -> None:
    """No line is written, whoever asks."""
    ref = city.reach(State.ACTIVE)
    lines = city.raw(ref)
    assert city.amend(ref, complete_agreement(), actor="eve").outcome is Outcome.UNCHANGED
    assert city.raw(ref) == lines


def test_same_key_amends_once(city: Stage) -> None:
    """A retry is answered with the first receipt."""
    ref = city.reach(State.ACTIVE)
    first = by_two(city, "amend", ref, AMENDED, key="k")
    again = city.amend(ref, AMENDED, key="k")
    assert (again.entry, again.repeated) == (first.entry, True)


def test_agreement_changed_meanwhile_is_not_amended_unseen(city: Stage) -> None:
    """The version that was looked at is no longer there."""
    ref = city.reach(State.ACTIVE)
    old = city.standing(ref).version
    by_two(city, "amend", ref, AMENDED)
    city.approve(ref, "amend", of_document(LONGER))
    assert codes(city.amend(ref, LONGER, expect_version=old)) == ["version_conflict"]


def test_void_agreement_is_not_amended(city: Stage) -> None:
    """Nothing is done with it any more; who voided it is told to who looked before."""
    ref = city.reach(State.ACTIVE)
    old = city.standing(ref).version
    city.voided(ref)
    assert codes(city.amend(ref, AMENDED)) == ["agreement.void"]
    conflict = city.amend(ref, AMENDED, expect_version=old)
    ((_severity, unmet),) = conflict.unmet
    assert "anna, voided" in unmet.message


def test_who_amended_does_not_decide_on_it_afterwards(city: Stage) -> None:
    """They are among the drafters from then on."""
    city.appoint(ERIN, Role.STAFF)
    ref = city.reach(State.ACTIVE)
    by_two(city, "amend", ref, AMENDED, actor=ERIN)
    assert city.fields(ref, "drafters") == ((ANNA, ERIN),)
    assert "person.same" in codes(
        city.advance(ref, Trigger.TERMINATE, actor=ERIN, ground="dormant")
    )


def existing(**changes: object) -> Agreement:
    """Return an agreement signed in 1986, as poor as its source."""
    told = {"projects": (), "milestones": (), "term": None, **changes}
    return complete_agreement(taken_over=TakenOver("1986", "The archive."), **told)


def test_record_of_what_was_taken_over_is_corrected_though_it_lacks_what_is_asked_today(
    city: Stage,
) -> None:
    """What it lacks is told; it was signed before anybody asked."""
    ref = city.take_over(existing())
    review = city.standing(ref).review
    receipt = by_two(city, "correct", ref, existing(title="As the paper says", review=review))
    assert (receipt.outcome, "project.missing" in codes(receipt)) == (Outcome.OK, True)
    assert city.verify() == []


def test_what_was_taken_over_is_amended_like_any_other(city: Stage) -> None:
    """What both sides agree on today has to satisfy what is asked today."""
    ref = city.take_over(existing())
    receipt = by_two(city, "amend", ref, existing(title="Anew", review=FIRST_DAY))
    assert (receipt.refused, "project.missing" in codes(receipt)) == (True, True)


def test_correction_leaves_nothing_without_a_juncture(city: Stage) -> None:
    """Without a term it keeps its review date, or gets one ahead."""
    ref = city.take_over(existing(term=Term(date(2024, 1, 1), END)))
    assert "review.not_ahead" in codes(by_two(city, "correct", ref, existing()))
    ahead = existing(review=FIRST_DAY + timedelta(days=90))
    assert by_two(city, "correct", ref, ahead).outcome is Outcome.OK
    assert city.fields(ref, "due") == (FIRST_DAY + timedelta(days=90),)
    assert city.verify() == []


def test_concluded_agreement_is_judged_as_of_its_signature(city: Stage) -> None:
    """That its term has begun since is no fault of the text that was signed."""
    ref = city.reach(State.EVALUATION)
    city.on(date(2029, 1, 1))
    assert by_two(city, "correct", ref, AMENDED).outcome is Outcome.OK


def test_change_that_comes_under_a_limit_is_refused_where_it_is_reached(staged: Staging) -> None:
    """Another country is counted anew, though the place under the cap is kept."""
    limits = [{"code": "one_per_country", "at_most": 1, "per": "country"}]
    policy = policy_file({"limits": limits, "cap": {"at_most": 2}})
    city = staged(policy, sandbox=False).with_people()
    city.reach(State.ACTIVE)
    home, partner = complete_agreement().parties
    elsewhere = complete_agreement(parties=(home, replace(partner, name="Lima", country="PE")))
    ref = city.reach(State.ACTIVE, elsewhere)
    back = complete_agreement(parties=(home, replace(partner, name="Lima")))
    receipt = by_two(city, "amend", ref, back)
    assert (receipt.refused, codes(receipt)) == (True, ["limit.one_per_country"])
    assert city.verify() == []
