"""`lifecycle report plan`: one export a year for each division's business plan (R40)."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from states.ref import Ref
from states.vocabulary import State
from tests.cli.conftest import Cli
from tests.lifecycle.results.investing import investing
from tests.stage import Stage

DIVISION = "Economic Development and Culture"


@pytest.fixture
def planned(stage: Stage) -> Ref:
    """Return an agreement of a division, in its first year."""
    ref = stage.reach(State.ACTIVE, investing(division=DIVISION))
    stage.on(date(2027, 4, 1))
    return ref


def test_plan_of_a_year_is_exported_for_each_division(cli: Cli, planned: Ref) -> None:
    """R40: agreements, projects, goals, milestones, indicators, funding and staff."""
    page = " ".join(cli("report", "plan", 2027).well().out.split())
    for said in (
        "plan for 2027",
        DIVISION,
        f"{planned} Trade and",
        "Chongqing (CN) active 2030-01-01 term",
        f"{planned} Trade mission outbound_mission 2029-06-30 2029-09-30 active",
        "Visits of ten firms.",
        "First mission 2027-05-01 to be met",
        "0 1,000,000 not measured - 2029-06-30",
        "2027 funding 60,000 CAD agreed",
        "2027 staff 0.5 FTE agreed",
    ):
        assert said in page
    [division] = cli("report", "plan", 2027, json=True).well().json["divisions"]
    assert division["resources"][0]["amount"] == "60000"
    assert cli("report", "plan", json=True).well().json["year"] == 2028


def test_plan_can_be_of_one_division_and_says_which_there_are(cli: Cli, planned: Ref) -> None:
    """R40: whatever the case of its name; an unknown one is told with those that there are."""
    answer = cli("report", "plan", 2027, "--division", DIVISION.upper(), json=True).well().json
    assert [one["division"] for one in answer["divisions"]] == [DIVISION]
    assert str(planned) in str(answer)
    [error] = cli("report", "plan", "--division", "Parks", json=True).badly(2).errors
    assert error["allowed"] == [DIVISION]


def test_plan_comes_as_workbook_csv_markdown_and_html(
    cli: Cli, planned: Ref, tmp_path: Path
) -> None:
    """R40: amounts are numbers there, each row with its division."""
    for ending in ("xlsx", "csv", "md", "html"):
        cli("report", "plan", 2027, "-o", tmp_path / f"plan.{ending}").well()
    book = load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == [
        "Agreements",
        "Projects that run in 2027",
        "Activity goals",
        "Milestones due in 2027",
        "Indicators to be reached",
        "Funding and staff from 2027 on",
        "Rows",
    ]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "plan.csv").read_text())))
    assert {row["division"] for row in rows} == {DIVISION}
    [money] = [row for row in rows if row["part"] == "funding"]
    assert (money["value"], money["unit"]) == ("60000", "CAD")
    assert f"| {planned} |" in (tmp_path / "plan.md").read_text()
    assert "<caption>Activity goals" in (tmp_path / "plan.html").read_text()


def test_plan_of_an_empty_program_says_so(cli: Cli) -> None:
    """Nothing is signed, so nothing is planned."""
    assert (
        "No agreement is signed, in force or being negotiated." in cli("report", "plan").well().out
    )
