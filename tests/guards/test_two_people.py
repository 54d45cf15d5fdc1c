"""What guards know of two people: the second person, waived conditions, own signing limits."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guards.conditions import Verdict
from guards.policy import Body, Waivers
from guards.registry import judge
from states.standing import Waiver
from states.vocabulary import Guard, Severity, State, Trigger
from tests.builders import (
    ANNA,
    DORA,
    ERIN,
    case,
    complete_agreement,
    friendship,
    policy,
    policy_with_type,
    standing,
    unmet,
)

UNENDORSED = complete_agreement(type="friendship")


def waiver(**changes: Any) -> Waiver:  # noqa: ANN401 - any field of Waiver
    """Return Erin's waiver of a friendship's endorsement."""
    given: dict[str, Any] = {
        "guard": Guard.ENDORSED,
        "code": "endorsement.missing",
        "field": None,
        "trigger": Trigger.SIGN,
        "version": 4,
        "by": ERIN,
        "at": "",
        "n": 6,
        "policy": "",
    }
    return Waiver(**{**given, **changes})


def endorsed(given: Waiver, **changes: Any) -> Verdict:  # noqa: ANN401 - any field of Act
    """Return the verdict on an endorsement that is missing, with a waiver given."""
    at = standing(UNENDORSED, waivers=(given,))
    rules = changes.pop("under", policy())
    (verdict,) = judge((Guard.ENDORSED,), case(of=UNENDORSED, at=at, under=rules, **changes))
    return verdict


def test_who_wrote_does_not_decide_though_others_drafted() -> None:
    """A deed that brings content makes its actor a drafter of it."""
    assert unmet(Guard.SECOND_PERSON, case(writes=True)) == ["person.same"]
    assert unmet(Guard.SECOND_PERSON, case(writes=True, approver=ERIN)) == []


def test_approver_decides_and_not_who_carries_it_out() -> None:
    """Anna drafted: she may carry out, and not approve."""
    assert unmet(Guard.SECOND_PERSON, case(actor=ANNA, approver=DORA)) == []
    assert unmet(Guard.SECOND_PERSON, case(actor=DORA, approver="Anna ")) == ["person.same"]


def test_waived_condition_does_not_block_and_says_by_whom() -> None:
    """It is neither met nor merely warned of."""
    verdict = endorsed(waiver())
    assert (verdict.blocks, verdict.outcome, verdict.unmet[0].waived_by) == (False, "waived", ERIN)


@pytest.mark.parametrize(
    "given",
    [
        waiver(code="endorsement.future"),
        waiver(guard=Guard.RESOURCED),
        waiver(field="title"),
        waiver(trigger=Trigger.ACCEPT),
        waiver(version=3),
        waiver(by=DORA),
        waiver(by="DORA"),
        waiver(by=ANNA),
    ],
)
def test_waiver_covers_nothing_but_what_it_was_given_for(given: Waiver) -> None:
    """One condition, one step, one version; never the actor's or a drafter's own."""
    verdict = endorsed(given)
    assert (verdict.blocks, verdict.outcome) == (True, "unmet")


def test_waiver_of_the_approver_covers_nothing() -> None:
    """Whoever decides has waived nothing."""
    assert endorsed(waiver(), approver=ERIN).blocks


def test_waiver_of_a_guard_that_the_policy_no_longer_lets_be_waived_covers_nothing() -> None:
    """The rules of the day decide."""
    assert endorsed(waiver(), under=policy(waivers=Waivers(guards=()))).blocks


def test_waiver_covers_the_field_that_it_names() -> None:
    """Where a code stands for several conditions."""
    assert not endorsed(waiver(field="endorsement")).blocks


@pytest.mark.parametrize(("at_most", "codes"), [(60_000, []), (59_999, ["signing_limit.exceeded"])])
def test_decider_signs_in_their_own_name_up_to_the_policys_limit(
    at_most: int, codes: list[str]
) -> None:
    """Above it, a body does."""
    rules = policy(signs_up_to=Decimal(at_most), bodies=(Body("City Council"),))
    assert unmet(Guard.RESOURCED, case(under=rules)) == codes
    assert unmet(Guard.RESOURCED, case(under=rules, on_behalf_of="City Council")) == []


def test_type_that_is_not_made_any_more_is_not_renegotiated() -> None:
    """Its next term would be a new one; the way out is another type."""
    rules = policy_with_type(may_be_created=False)
    judged = case(Trigger.RENEGOTIATE, under=rules)
    (verdict,) = judge((Guard.TYPE_ALLOWED,), judged)
    assert (verdict.severity, verdict.unmet[0].code) == (Severity.BLOCK, "type.not_created")
    assert verdict.unmet[0].fix.endswith("lifecycle reclassify REF TYPE")


def test_types_that_may_be_reclassified_into_are_the_policys() -> None:
    """Those that are made, unless the type itself says otherwise."""
    base = policy()
    assert base.reclassifiable == base.creatable == ("partnership", "friendship")
    kinds = base.types
    mou = replace(kinds["mou"], reclassify_to=True)
    friends = replace(kinds["friendship"], reclassify_to=False)
    rules = policy(types={**kinds, "mou": mou, "friendship": friends})
    assert set(rules.reclassifiable) == {"mou", "partnership"}


def test_nothing_comes_into_force_before_its_term() -> None:
    """What was terminated before its first day is not reinstated as active."""
    at = standing(friendship(), state=State.EVALUATION)
    early = case(Trigger.REINSTATE, at=at, effective_on=date(2026, 12, 31))
    assert unmet(Guard.TERM_RUNNING, early) == ["term.not_started"]
    first = case(Trigger.REINSTATE, at=at, effective_on=date(2027, 1, 1))
    assert unmet(Guard.TERM_RUNNING, first) == []
