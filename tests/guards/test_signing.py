"""Guards on signing beside SMART: guidelines and endorsement (R27, R29)."""

from datetime import date, timedelta

import pytest

from states.agreement import Endorsement
from states.vocabulary import Guard
from tests.builders import (
    SIGNED,
    case,
    complete_agreement,
    friendship,
    policy,
    unmet,
    unmet_fields,
)

ONE_DAY = timedelta(days=1)
BEFORE = date(2026, 11, 2)


def endorsed_by(endorsement: Endorsement | None) -> list[str]:
    """Return what the guard says of a friendship with this endorsement."""
    of = complete_agreement(type="friendship", endorsement=endorsement)
    return unmet(Guard.ENDORSED, case(of=of))


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("renewal_guidelines", "renewal.missing"),
        ("termination_guidelines", "termination.missing"),
    ],
)
@pytest.mark.parametrize("text", ["", "TBD"])
def test_guideline_that_is_not_stated_is_told(key: str, code: str, text: str) -> None:
    """How it is renewed and how it is terminated are each asked for before signing."""
    judged = case(of=complete_agreement(**{key: text}))
    assert unmet(Guard.GUIDELINES_STATED, judged) == [code]
    assert unmet_fields(Guard.GUIDELINES_STATED, judged) == [key]


def test_stated_guidelines_are_enough() -> None:
    """Nothing is unmet where both are said."""
    assert unmet(Guard.GUIDELINES_STATED, case()) == []


def test_partnership_needs_no_endorsement() -> None:
    """Only the types that the policy says ask for a councillor."""
    assert unmet(Guard.ENDORSED, case()) == []


def test_type_that_the_policy_does_not_know_needs_no_endorsement() -> None:
    """A policy asks only of its own types."""
    assert unmet(Guard.ENDORSED, case(of=friendship(), under=policy(types={}))) == []


@pytest.mark.parametrize(
    ("endorsement", "expected"),
    [
        (None, ["endorsement.missing"]),
        (Endorsement("", BEFORE), ["endorsement.missing"]),
        (Endorsement("tbd", BEFORE), ["endorsement.missing"]),
        (Endorsement("Councillor Lee", None), ["endorsement.missing"]),
        (Endorsement("Councillor Lee", SIGNED + ONE_DAY), ["endorsement.future"]),
        (Endorsement("Councillor Lee", SIGNED), []),
        (Endorsement("Councillor Lee", BEFORE, SIGNED - ONE_DAY), ["endorsement.expired"]),
        (Endorsement("Councillor Lee", BEFORE, SIGNED), []),
    ],
)
def test_friendship_needs_an_endorsement_that_holds_on_the_day(
    endorsement: Endorsement | None, expected: list[str]
) -> None:
    """A named councillor, a date not after the signing, and not run out before it."""
    assert endorsed_by(endorsement) == expected
