"""Ways round the guards that the search for them could take, each closed for good.

See tests/properties/test_no_forbidden_active.py, which searches on.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lifecycle.amending import correct
from lifecycle.approving import approve
from lifecycle.order import Receipt
from lifecycle.reclassifying import reclassify
from lifecycle.subjects import of_document, of_note
from lifecycle.taking_back import take_back
from states.agreement import Agreement, TakenOver, Term
from states.notes import TakenBack
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import DORA, TERM, complete_agreement, complete_project, partner_party
from tests.conftest import Staging
from tests.stage import NEXT_TERM, PATHS, Stage, codes, policy_file, with_cap, with_types

EVE = "eve"
LATER = Term(date(2029, 1, 1), date(2031, 12, 31))
ACTIVE_ONLY = ["active"]


def one_a_country(**changes: object) -> bytes:
    """Return Toronto's policy with one agreement a country, in the limit's own states."""
    limit = {"code": "one", "at_most": 1, "per": "country", **changes}
    return policy_file({"limits": [limit]})


def taken_back(stage: Stage, ref: Ref) -> Receipt:
    """Take the last transition back on Dora's approval of exactly that."""
    n = stage.standing(ref).moved_n
    subject = of_note(TakenBack(n))
    stage.do(lambda u, o: approve(u, o, ref, "correct", subject), actor=DORA)
    return stage.do(lambda u, o: take_back(u, o, ref, n), actor=EVE)


def corrected(stage: Stage, ref: Ref, agreement: Agreement) -> Receipt:
    """Correct the document on Dora's approval of exactly that."""
    subject = of_document(agreement)
    stage.do(lambda u, o: approve(u, o, ref, "correct", subject), actor=DORA)
    return stage.do(lambda u, o: correct(u, o, ref, agreement), actor=EVE)


def taken_over(**changes: Any) -> Agreement:  # noqa: ANN401 - any field of Agreement
    """Return an agreement of 1986, without a term unless one is given."""
    rest: dict[str, Any] = {"term": None, "milestones": (), "projects": ()}
    return complete_agreement(taken_over=TakenOver("1986", "The archive."), **{**rest, **changes})


def reinstated(stage: Stage, ref: Ref) -> Receipt:
    """Reinstate with a ground."""
    return stage.advance(ref, Trigger.REINSTATE, ground="needs_changed")


def second_term(stage: Stage, **changes: object) -> Ref:
    """Bring an agreement into the negotiation of its second term, whole again."""
    ref = stage.along(NEXT_TERM)
    agreement = complete_agreement(**changes)
    assert not stage.apply(ref, agreement).refused
    return ref


@pytest.mark.parametrize("last", [Trigger.TERMINATE, Trigger.RENEGOTIATE])
def test_agreement_that_was_never_in_force_holds_no_place(staged: Staging, last: Trigger) -> None:
    """Terminated before its first day, it goes to evaluation and on without a place."""
    stage = staged(with_cap(1))
    ref = stage.along(PATHS[State.SIGNED])
    for trigger in (Trigger.TERMINATE, Trigger.RENEW, Trigger.RENEGOTIATE):
        stage.pull(ref, trigger)
        assert stage.fields(ref, "activated", "counted") == (False, False)
        if trigger is last:
            break
    stage.reach(State.ACTIVE)
    assert stage.verify() == []


def test_full_cap_is_not_walked_round_by_terminating_what_was_only_signed(staged: Staging) -> None:
    """Signed, terminated and reinstated, it asks for the place that it never had."""
    stage = staged(with_cap(1))
    ref = stage.along(PATHS[State.SIGNED])
    stage.reach(State.ACTIVE)
    stage.pull(ref, Trigger.TERMINATE)
    assert codes(reinstated(stage, ref)) == ["cap.full"]


def test_cap_that_counts_the_signed_is_asked_at_activation_all_the_same(staged: Staging) -> None:
    """That it is counted already as signed gives nobody a place."""
    stage = staged(policy_file({"cap": {"at_most": 1, "states": ["signed", "active"]}}))
    first, second = stage.along(PATHS[State.SIGNED]), stage.along(PATHS[State.SIGNED])
    assert stage.fields(first, "counted") == (True,)
    stage.day = date(2027, 1, 1)
    assert "cap.full" in codes(stage.advance(second, Trigger.ACTIVATE))


def test_reclassified_meanwhile_it_asks_for_a_place_when_taken_back(staged: Staging) -> None:
    """What is in force again is the agreement as it is now, and not the type that it had."""
    types = {"friendship": {"counts": False, "endorsement": False}}
    cap = {"at_most": 1, "states": ACTIVE_ONLY}
    stage = staged(policy_file({"types": types, "cap": cap}))
    ref = stage.reach(State.EVALUATION, complete_agreement(type="friendship"))
    receipt = stage.do(lambda u, o: reclassify(u, o, ref, "partnership"), actor=DORA)
    assert not receipt.refused
    stage.reach(State.ACTIVE)
    assert codes(taken_back(stage, ref)) == ["cap.full"]


def test_limit_that_counts_only_the_active_is_asked_by_what_comes_back(staged: Staging) -> None:
    """A place under the cap was kept in evaluation, the share of the limit was not."""
    stage = staged(one_a_country(states=ACTIVE_ONLY))
    ref = stage.reach(State.EVALUATION)
    stage.reach(State.ACTIVE)
    assert codes(reinstated(stage, ref)) == ["limit.one"]
    assert codes(taken_back(stage, ref)) == ["limit.one"]


def test_limit_keeps_the_share_of_what_negotiates_its_next_term(staged: Staging) -> None:
    """As the cap keeps its place; so nobody else takes it meanwhile."""
    stage = staged(one_a_country())
    ref = second_term(stage)
    other = stage.along(PATHS[State.SIGNED])
    assert "limit.one" in codes(stage.advance(other, Trigger.ACTIVATE))
    stage.pull(ref, Trigger.SIGN)
    stage.pull(ref, Trigger.ACTIVATE)
    assert stage.standing(ref).state is State.ACTIVE


def test_edit_of_a_later_term_asks_for_what_it_takes(staged: Staging) -> None:
    """Out of the counted types, back into them, or into a full country: not past the others."""
    types = {"friendship": {"counts": False, "endorsement": False}}
    stage = staged(policy_file({"types": types, "cap": {"at_most": 1}}))
    ref = second_term(stage, type="friendship")
    stage.reach(State.ACTIVE)
    assert stage.fields(ref, "counted") == (False,)
    assert codes(stage.apply(ref, complete_agreement())) == ["cap.full"]
    assert not stage.apply(ref, complete_agreement(type="friendship", title="Arts")).refused


def test_edit_of_a_later_term_into_a_full_country_is_refused(staged: Staging) -> None:
    """The share that it keeps is that of its own country."""
    stage = staged(one_a_country())
    ref = second_term(stage)
    brazil = (complete_agreement().parties[0], partner_party(country="BR"))
    stage.reach(State.ACTIVE, complete_agreement(parties=brazil))
    assert codes(stage.apply(ref, complete_agreement(parties=brazil))) == ["limit.one"]


def test_nothing_comes_back_into_force_before_its_term(stage: Stage) -> None:
    """A term that was corrected to begin later is waited for."""
    ref = stage.reach(State.EVALUATION)
    project = complete_project(end=LATER.end, examined=LATER.end)
    moved = complete_agreement(term=LATER, projects=(project,), milestones=())
    assert not corrected(stage, ref, moved).refused
    assert codes(reinstated(stage, ref)) == ["term.not_started"]
    assert codes(taken_back(stage, ref)) == ["term.not_started"]


def test_nothing_comes_into_force_without_a_juncture(staged: Staging) -> None:
    """Where a policy lets a term be missing, a review date is asked for at least."""
    stage = staged(with_types(guards={"time_bound": "warn"}))
    endless = replace(complete_agreement(), term=None)
    ref = stage.along(PATHS[State.SIGNED], endless)
    stage.day = date(2027, 1, 1)
    refused = stage.advance(ref, Trigger.ACTIVATE)
    assert refused.refused
    assert "juncture.missing" in codes(refused)
    assert not stage.apply(ref, replace(endless, review=date(2027, 10, 1))).refused
    assert not stage.advance(ref, Trigger.ACTIVATE).refused
    assert stage.standing(ref).due == date(2027, 10, 1)


def test_taken_over_without_a_term_its_review_is_no_later_than_the_interval(stage: Stage) -> None:
    """Else a date far ahead would be no juncture at all."""
    with pytest.raises(InvalidInputError, match="reviewed by 2027-09-01"):
        stage.take_over(taken_over(review=date(2900, 1, 1)))
    assert stage.standing(stage.take_over(taken_over(review=date(2027, 9, 1)))).due


def test_review_beside_a_term_does_not_stay_when_the_term_is_taken_out(stage: Stage) -> None:
    """Beside a term it may be any day; as the only juncture it has its bounds."""
    ref = stage.take_over(taken_over(term=TERM, review=date(2900, 1, 1)))
    endless = taken_over(review=date(2900, 1, 1))
    refused = corrected(stage, ref, endless)
    assert refused.refused
    assert "review.not_ahead" in codes(refused)
    assert not corrected(stage, ref, taken_over(review=date(2027, 6, 1))).refused


def test_open_ended_agreement_is_corrected_while_it_is_reviewed(staged: Staging) -> None:
    """Its review has come, so that none ahead is asked for; a new one keeps to the interval."""
    months = {"term_years": None, "open_ended": True, "review_months": 12}
    stage = staged(with_types(**months))
    endless = complete_agreement(term=None, review=date(2027, 6, 1), milestones=())
    ref = stage.reach(State.ACTIVE, endless)
    assert (
        not stage.on(date(2027, 5, 1)).apply(ref, replace(endless, review=date(2028, 5, 1))).refused
    )
    stage.on(date(2028, 5, 1)).nightly()
    assert stage.standing(ref).state is State.EVALUATION
    right = replace(stage.document(ref), title="Trade alone")
    assert not corrected(stage, ref, right).refused
    far = replace(right, title="Trade", review=date(2900, 1, 1))
    assert "review.not_ahead" in codes(corrected(stage, ref, far))
