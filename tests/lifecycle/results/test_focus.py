"""Projects and their cost across agreements: the year's focus and the year's budget."""

from decimal import Decimal

import pytest

from states.vocabulary import State, Trigger
from tests.builders import START, complete_agreement, complete_project
from tests.conftest import Staging
from tests.stage import codes, policy_file

TWO = complete_agreement(
    projects=(complete_project(start=START), complete_project(id="second", start=START))
)


@pytest.mark.parametrize(("severity", "refused"), [("warn", False), ("block", True)])
def test_third_project_of_a_year_is_flagged_or_refused_as_the_policy_says(
    staged: Staging,
    severity: str,
    *,
    refused: bool,
) -> None:
    """R34: two projects start in 2027 already, and the focus is on two a year."""
    stage = staged(policy_file({"guards": {"project_focus": severity}}))
    stage.reach(State.ACTIVE, TWO)
    third = stage.reach(State.SIGNED)
    receipt = stage.on(START).advance(third, Trigger.ACTIVATE)
    assert "projects.too_many" in codes(receipt)
    assert receipt.refused is refused


def test_cost_of_running_projects_is_held_against_the_years_budget(staged: Staging) -> None:
    """R33: what another agreement has committed counts; a year's budget is not signed over."""
    stage = staged(policy_file({"program": {"budget": {"2027": Decimal(100_000)}}}))
    stage.reach(State.ACTIVE)
    second = stage.reach(State.NEGOTIATION)
    receipt = stage.advance(second, Trigger.SIGN)
    assert receipt.refused
    assert "budget.exceeded" in codes(receipt)
