"""Which type an agreement of the worklist might become, by what it states (R29 to R31)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from guards.policy import Policy
from lifecycle.reviewing.suggesting import NOTHING_STATED, suggest
from states.agreement import Agreement, Endorsement, Party, Resource, Term
from tests.builders import (
    complete_agreement,
    complete_objective,
    complete_project,
    home_party,
    partner_party,
    policy,
    policy_with_type,
    shipped,
)

ENDORSED = Endorsement("Councillor Lee", date(2026, 8, 3))
ARTS = complete_project(
    kind="cultural_event",
    objectives=(complete_objective(kind="support_local_artists"),),
    resources=(),
)


def mou(**changes: object) -> Agreement:
    """Return a memorandum that states nothing but its parties."""
    plain = {"type": "mou", "origin": None, "role": None, "term": None, "projects": ()}
    return complete_agreement(**{**plain, "milestones": (), **changes})


def test_trade_run_by_the_citys_staff_and_money_suggests_a_partnership() -> None:
    """The sentence names what is stated, and what speaks for the other type."""
    found = suggest(mou(projects=(complete_project(),)), policy())
    assert found.type == "partnership"
    assert found.why.startswith("It states grow_trade, ")
    assert "funding, staff" in found.why


def test_culture_and_community_without_funding_suggest_a_friendship() -> None:
    """Objectives, parties, and that the City pays for nothing."""
    museum = Party("partner", "Museo Nacional", "museum", "PA")
    parties = (home_party(), partner_party(), museum)
    found = suggest(mou(projects=(ARTS,), parties=parties), policy())
    assert found.type == "friendship"
    assert found.why == (
        "It states support_local_artists, cultural_event, museum, no funding or staff of the City."
    )


def test_resource_of_nothing_is_none() -> None:
    """Nought dollars are no funding, so that a friendship has none."""
    resource = Resource("funding", Decimal(), "CAD", "A grant.", 2027)
    found = suggest(mou(projects=(replace(ARTS, resources=(resource,)),)), policy())
    assert "no funding" in found.why


def test_endorsement_on_record_speaks_for_the_type_that_asks_for_one() -> None:
    """Whatever the words."""
    assert suggest(mou(endorsement=ENDORSED), policy()).type == "friendship"


def test_nothing_stated_is_said_and_no_type_is_guessed() -> None:
    """It is reviewed with the partner, or sunset; the types that there are, are named."""
    found = suggest(mou(), policy())
    assert (found.type, found.why) == (None, NOTHING_STATED)
    assert found.choices == ("partnership", "friendship")


def test_types_that_fit_alike_are_left_to_who_decides() -> None:
    """Both sides are told."""
    both = suggest(mou(origin="city_staff", endorsement=ENDORSED), _neutral())
    assert both.type is None
    assert both.why.endswith("Decide what it is.")
    assert "In favour of partnership: city_staff, an endorsement." in both.why


def _neutral() -> Policy:
    """Return a policy whose partnership, too, asks for an endorsement."""
    rules = policy_with_type("partnership", endorsement=True, serves=("city_staff",))
    kinds = {
        **rules.types,
        "friendship": replace(rules.types["friendship"], serves=("city_staff",)),
    }
    return replace(rules, types=kinds)


def test_words_that_the_policy_gives_to_no_type_are_told() -> None:
    """So that the policy can be mended."""
    project = complete_project(
        kind="information_exchange",
        objectives=(complete_objective(kind="policy_and_service_innovation"),),
        resources=(),
    )
    found = suggest(mou(projects=(project,)), policy())
    assert found.type is None
    assert "policy_and_service_innovation" in found.why


@pytest.mark.parametrize(
    ("end", "said"), [(date(2028, 6, 30), "shorter than 3"), (date(2040, 1, 1), "longer than 5")]
)
def test_term_that_the_type_does_not_allow_speaks_against_it(end: date, said: str) -> None:
    """It is told beside what speaks for it; alone it is not enough to suggest another."""
    found = suggest(mou(projects=(complete_project(),), term=Term(date(2027, 1, 1), end)), policy())
    assert (found.type, said in found.why) == ("partnership", True)


def test_term_that_ends_before_it_starts_says_nothing_of_a_type() -> None:
    """It is a mistake, and no length."""
    wrong = Term(date(2027, 1, 1), date(2026, 1, 1))
    assert "though" not in suggest(mou(endorsement=ENDORSED, term=wrong), policy()).why


def test_more_against_than_for_suggests_no_type() -> None:
    """One word does not outweigh a term that the type refuses."""
    term = Term(date(2027, 1, 1), date(2040, 1, 1))
    found = suggest(mou(origin="city_staff", term=term), policy())
    assert found.type is None
    assert "though its term is longer than 5 years" in found.why


def test_only_types_that_the_policy_reclassifies_into_come_into_question() -> None:
    """A museum's own types, and a policy that has none at all."""
    loans = shipped("profile-museum")
    loan = mou(type="historical_loan", projects=(complete_project(),))
    assert set(suggest(loan, loans).choices) == set(loans.reclassifiable)
    none = replace(policy(), types={"mou": policy().types["mou"]})
    found = suggest(mou(), none)
    assert (found.type, found.choices) == (None, ())
    assert "sunset it" in found.why
