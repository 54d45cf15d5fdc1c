"""The R of SMART: funding and staff, within the budget and the signing limit (R20, R33)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from guards.case import Case
from guards.policy import Body
from guards.resourced import funding_by_year, resourced
from states.agreement import Agreement, Resource
from states.vocabulary import Guard
from tests.builders import (
    case,
    complete_agreement,
    complete_project,
    facts,
    funding,
    policy,
    program,
    staff,
    unmet,
    unmet_fields,
    with_project,
    with_resources,
)


def codes_of(*resources: Resource) -> list[str]:
    """Return what the guard says of a project with these resources."""
    return unmet(Guard.RESOURCED, case(of=with_resources(resources)))


def budgeted(amount: int, committed: int = 0) -> Case:
    """Return the signing of CAD 60,000 in 2027 under a budget, with others' commitments."""
    under = policy(program=program(budget={"2027": Decimal(amount)}))
    among = facts(committed={2027: Decimal(committed)})
    return case(under=under, among=among)


def signed_by_manager(limit: int, *resources: Resource) -> list[str]:
    """Return what the guard says when the manager signs up to a limit."""
    bodies = (Body("City Manager", signs_up_to=Decimal(limit)), Body("City Council"))
    judged = case(
        of=with_resources(resources), under=policy(bodies=bodies), on_behalf_of="City Manager"
    )
    return unmet(Guard.RESOURCED, judged)


def test_project_with_funding_and_staff_is_resourced() -> None:
    """One complete resource of each kind is enough."""
    assert codes_of(funding(), staff()) == []


def test_agreement_without_a_project_is_not_asked_for_resources() -> None:
    """That a project is missing is for another guard to say."""
    assert unmet(Guard.RESOURCED, case(of=complete_agreement(projects=()))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": None},
        {"amount": Decimal(0)},
        {"currency": None},
        {"source": ""},
        {"source": "TBD"},
        {"year": None},
    ],
    ids=["no_amount", "zero", "no_currency", "no_source", "placeholder", "no_year"],
)
def test_funding_that_lacks_one_part_is_no_funding(changes: dict[str, Any]) -> None:
    """Amount above zero, currency, source and year: all four."""
    assert codes_of(funding(**changes), staff()) == ["funding.missing"]


@pytest.mark.parametrize("changes", [{"amount": None}, {"amount": Decimal(0)}, {"source": "-"}])
def test_staff_that_lack_one_part_are_no_staff(changes: dict[str, Any]) -> None:
    """Full-time equivalents above zero, and where they come from."""
    assert codes_of(funding(), staff(**changes)) == ["staff.missing"]


def test_project_without_resources_lacks_both_kinds() -> None:
    """Staff does not stand in for money, nor money for staff."""
    assert codes_of() == ["funding.missing", "staff.missing"]
    assert codes_of(funding()) == ["staff.missing"]
    assert codes_of(staff()) == ["funding.missing"]


def test_each_project_has_resources_of_its_own() -> None:
    """The second project's gap is told at the second project."""
    agreement = complete_agreement(projects=(complete_project(), complete_project(resources=())))
    judged = case(of=agreement)
    assert unmet_fields(Guard.RESOURCED, judged) == ["projects[1].resources"] * 2


def test_negative_amount_is_refused_at_its_place() -> None:
    """No resource takes away from the others."""
    judged = case(of=with_resources((funding(), staff(), funding(amount=Decimal(-1)))))
    assert unmet(Guard.RESOURCED, judged) == ["amount.negative"]
    assert unmet_fields(Guard.RESOURCED, judged) == ["projects[0].resources[2].amount"]


@pytest.mark.parametrize(
    ("budget", "committed", "expected"),
    [
        (60_000, 0, []),
        (59_999, 0, ["budget.exceeded"]),
        (100_000, 40_000, []),
        (100_000, 40_001, ["budget.exceeded"]),
    ],
)
def test_years_budget_holds_to_the_dollar(budget: int, committed: int, expected: list[str]) -> None:
    """What others commit and this agreement adds may use up the budget and not exceed it."""
    assert unmet(Guard.RESOURCED, budgeted(budget, committed)) == expected


def test_year_without_a_budget_has_no_limit() -> None:
    """Toronto's policy knows the budget of 2017 only."""
    assert codes_of(funding(amount=Decimal(10**9)), staff()) == []


def test_exceeded_budget_says_what_would_be_needed() -> None:
    """The message has the year, the sum and the budget."""
    (condition,) = resourced(budgeted(50_000, 1_000))
    assert condition.message == "2027 would need 61,000 CAD of a budget of 50,000 CAD."


def test_funding_is_added_up_by_year_in_the_programs_currency() -> None:
    """Other currencies, years unknown, blank amounts and staff are left out."""
    agreement = with_resources(
        [
            funding(),
            funding(amount=Decimal("0.5")),
            funding(year=2028),
            funding(currency="USD"),
            funding(year=None),
            funding(amount=None),
            staff(),
        ]
    )
    assert funding_by_year(agreement, "CAD") == {
        2027: Decimal("60000.5"),
        2028: Decimal(60_000),
    }


@pytest.mark.parametrize(("limit", "expected"), [(60_000, []), (59_999, ["exceeded"])])
def test_body_signs_up_to_its_limit_and_no_further(limit: int, expected: list[str]) -> None:
    """The signing limit holds to the dollar."""
    assert signed_by_manager(limit, funding(), staff()) == [f"signing_limit.{e}" for e in expected]


def test_signing_limit_counts_funding_of_all_years_and_of_unknown_ones() -> None:
    """Leaving the year out of a resource is no way round the limit."""
    resources = (funding(), funding(year=2028), funding(year=None), staff())
    assert signed_by_manager(180_000, *resources) == []
    assert signed_by_manager(179_999, *resources) == ["signing_limit.exceeded"]


@pytest.mark.parametrize("currency", ["USD", None])
def test_funding_in_another_currency_cannot_be_held_against_the_limit(currency: str | None) -> None:
    """What can't be compared with the limit is not within it."""
    resources = (funding(), funding(currency=currency), staff())
    assert signed_by_manager(10**9, *resources) == ["signing_limit.other_currency"]


@pytest.mark.parametrize("body", ["City Council", "Nobody", None])
def test_body_without_a_limit_signs_any_cost(body: str | None) -> None:
    """No limit is stated for it, or it is no body of the policy: other rules see to that."""
    bodies = (Body("City Manager", signs_up_to=Decimal(1)), Body("City Council"))
    judged = case(under=policy(bodies=bodies), on_behalf_of=body)
    assert unmet(Guard.RESOURCED, judged) == []


def test_project_without_a_name_is_told_by_its_place() -> None:
    """Even a nameless project can be found."""
    agreement: Agreement = with_project(name="", resources=(staff(),))
    (condition,) = resourced(case(of=agreement))
    assert condition.message == "The project projects[0] has no funding."


def test_body_signs_the_types_that_the_policy_gives_it() -> None:
    """One that has types signs no other; one without signs all, and so does nobody's name."""
    division = Body("Division Head", types=("friendship",))
    rules = policy(bodies=(division, Body("City Council")))
    other = case(under=rules, on_behalf_of="Division Head")
    assert unmet(Guard.RESOURCED, other) == ["signing_body.other_type"]
    (condition,) = resourced(other)
    assert condition.fix == "let a body sign that does: City Council"
    for body in ("City Council", None):
        assert not unmet(Guard.RESOURCED, case(under=rules, on_behalf_of=body))
    its_own = policy(bodies=(replace(division, types=("friendship", "partnership")),))
    assert not unmet(Guard.RESOURCED, case(under=its_own, on_behalf_of="Division Head"))
