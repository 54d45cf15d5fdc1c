"""What a proposal says before it goes to decision (R1 to R4, R30)."""

from typing import Any

import pytest

from guards.policy import Vocabulary
from guards.registry import PREDICATES
from states.agreement import Party
from states.vocabulary import Guard, Trigger
from tests.builders import (
    case,
    complete_agreement,
    home_party,
    partner_party,
    policy,
    unmet,
    unmet_fields,
)


def codes_of(**changes: Any) -> list[str]:  # noqa: ANN401 - any field of Agreement
    """Return what the guard says of a proposal."""
    judged = case(Trigger.SUBMIT, of=complete_agreement(**changes))
    return unmet(Guard.PROPOSAL_COMPLETE, judged)


def test_complete_proposal_goes_to_decision() -> None:
    """Origin, both parties, kinds and the partner's country are enough."""
    assert codes_of() == []


def test_proposal_without_projects_or_term_is_complete() -> None:
    """What is negotiated later is not asked for now."""
    assert codes_of(term=None, projects=(), renewal_guidelines="") == []


@pytest.mark.parametrize("origin", [None, ""])
def test_origin_is_asked_for(origin: str | None) -> None:
    """A proposal says where it comes from."""
    assert codes_of(origin=origin) == ["origin.missing"]


@pytest.mark.parametrize(
    ("parties", "expected"),
    [
        ((partner_party(),), ["home_party.missing"]),
        ((home_party(),), ["partner_party.missing"]),
        ((), ["home_party.missing", "partner_party.missing"]),
    ],
)
def test_party_on_each_side_is_asked_for(parties: tuple[Party, ...], expected: list[str]) -> None:
    """No agreement without a home party and a partner."""
    assert codes_of(parties=parties) == expected


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ({"name": ""}, "party.unnamed", "name"),
        ({"name": "TBD"}, "party.unnamed", "name"),
        ({"kind": ""}, "party.kind_missing", "kind"),
        ({"country": None}, "party.country_missing", "country"),
        ({"kind": "gateway"}, "party.why_missing", "why"),
    ],
)
def test_partner_that_lacks_one_part_is_told_that_part(
    changes: dict[str, Any], code: str, key: str
) -> None:
    """Name, kind, country, and why if it is no civil authority."""
    of = complete_agreement(parties=(home_party(), partner_party(**changes)))
    judged = case(Trigger.SUBMIT, of=of)
    assert unmet(Guard.PROPOSAL_COMPLETE, judged) == [code]
    assert unmet_fields(Guard.PROPOSAL_COMPLETE, judged) == [f"parties[1].{key}"]


def test_nameless_partner_of_no_kind_and_country_is_told_all_three() -> None:
    """All gaps of a party come at once."""
    bare = Party("partner")
    assert codes_of(parties=(home_party(), bare)) == [
        "party.unnamed",
        "party.kind_missing",
        "party.country_missing",
    ]


def test_alternative_partner_with_its_reason_is_complete() -> None:
    """An airport is welcome, once it is said why."""
    airport = partner_party(name="Airport", kind="gateway", why="audience")
    assert codes_of(parties=(home_party(), partner_party(), airport)) == []


@pytest.mark.parametrize("kind", ["city", "region"])
def test_civil_authority_needs_no_reason(kind: str) -> None:
    """Cities and regions are partners by their nature."""
    assert codes_of(parties=(home_party(), partner_party(kind=kind))) == []


def test_home_party_needs_neither_country_nor_reason() -> None:
    """Where home is goes without saying, and so does why a local museum takes part."""
    museum = home_party(name="Museum", kind="museum", country=None)
    assert codes_of(parties=(museum, partner_party())) == []


@pytest.mark.parametrize("code", ["partnership", "friendship"])
def test_type_that_may_be_created_is_allowed(code: str) -> None:
    """New partnerships and friendships are made under the policy of 2018."""
    judged = case(Trigger.SUBMIT, of=complete_agreement(type=code))
    assert unmet(Guard.TYPE_ALLOWED, judged) == []


@pytest.mark.parametrize("code", ["mou", "no_such_type"])
def test_mou_or_unknown_type_is_never_created(code: str) -> None:
    """An MOU can be taken over and never made anew."""
    judged = case(Trigger.SUBMIT, of=complete_agreement(type=code))
    assert unmet(Guard.TYPE_ALLOWED, judged) == ["type.not_created"]


def test_policy_without_creatable_types_still_gives_an_answer() -> None:
    """A program that makes nothing new says so."""
    judged = case(Trigger.SUBMIT, under=policy(types={}))
    assert unmet(Guard.TYPE_ALLOWED, judged) == ["type.not_created"]


def test_reasons_for_a_partner_are_the_policys() -> None:
    """A university or a museum has others than a city."""
    rules = policy(vocabulary=Vocabulary(partner_reasons=("collection", "venue")))
    parties = (home_party(), partner_party(kind="museum"))
    judged = case(Trigger.SUBMIT, of=complete_agreement(parties=parties), under=rules)
    (condition,) = PREDICATES[Guard.PROPOSAL_COMPLETE](judged)
    assert (condition.code, condition.fix) == (
        "party.why_missing",
        "set why to one of collection, venue",
    )
