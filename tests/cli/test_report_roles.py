"""`lifecycle report roles`: the City's role, and the catalyst's share of it, year by year."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from states.agreement import TakenOver, Term
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement
from tests.cli.conftest import Cli
from tests.stage import Stage


@pytest.fixture
def city(stage: Stage) -> Stage:
    """Return a program in 2027: two agreements as catalyst, one that is implemented, one silent."""
    for role in ("catalyst", "catalyst", "implementer"):
        stage.reach(State.ACTIVE, complete_agreement(role=role))
    stage.take_over()
    return stage


def test_r52_r53_report_roles_gives_the_catalyst_share_of_each_year(city: Stage, cli: Cli) -> None:
    """By count and by funding; who has stated no role is counted apart."""
    silent = complete_agreement(role=None, projects=(), milestones=(), term=None)
    city.take_over(replace(silent, taken_over=TakenOver("2027", "File 7.")))
    years = {one["year"]: one for one in cli("report", "roles", json=True).well().json}
    assert min(years) == 1986
    assert years[1986]["roles"]["catalyst"] == {"agreements": 1, "percent": "100.0"}
    now = years[2027]
    assert (now["in_force"], now["stated"], now["not_stated"]) == (5, 4, 1)
    assert now["roles"]["catalyst"] == {"agreements": 3, "percent": "75.0"}
    (funding,) = now["funding"]
    assert (funding["currency"], funding["roles"]["catalyst"]) == (
        "CAD",
        {"amount": "120000", "percent": "66.7"},
    )
    page = cli("report", "roles", "--since", "2026").well().out
    assert "catalyst in 3 (75 %), implementer in 1 (25 %)" in " ".join(page.split())
    assert max(map(len, page.splitlines())) <= 80
    assert "1986 to 2026 1 1 (100 %)" in " ".join(cli("report", "roles").well().out.split())


def test_r53_a_role_that_changed_with_renewal_changes_from_the_new_term_on(
    stage: Stage, cli: Cli
) -> None:
    """The years before keep the role that they had."""
    ref = stage.reach(State.ACTIVE, complete_agreement(role="implementer"))
    for trigger in (Trigger.TERMINATE, Trigger.RENEW, Trigger.RENEGOTIATE):
        stage.pull(ref, trigger)
    term = Term(date(2028, 1, 1), date(2030, 12, 31))
    stage.apply(ref, complete_agreement(role="catalyst", term=term, milestones=()))
    for trigger in (Trigger.SIGN, Trigger.ACTIVATE):
        stage.pull(ref, trigger)
    years = cli("report", "roles", json=True).well().json
    found = [(one["year"], one["roles"]["catalyst"]["agreements"]) for one in years]
    assert found == [(2027, 0), (2028, 1)]
    assert years[0]["roles"]["implementer"]["agreements"] == 1


def test_report_roles_has_every_form_and_is_narrowed_to_years(
    city: Stage, cli: Cli, tmp_path: Path
) -> None:
    """A row for each role and unit; years in which nothing was in force are told as such."""
    for ending in ("csv", "md", "xlsx"):
        cli("report", "roles", "--since", "2027", "-o", tmp_path / f"r.{ending}").well()
    rows = list(csv.DictReader((tmp_path / "r.csv").read_text().splitlines()))
    assert [(row["role"], row["unit"], row["amount"], row["percent"]) for row in rows] == [
        ("catalyst", "agreements", "3", "75.0"),
        ("implementer", "agreements", "1", "25.0"),
        ("not stated", "agreements", "0", ""),
        ("catalyst", "CAD", "120000", "66.7"),
        ("implementer", "CAD", "60000", "33.3"),
    ]
    assert (
        "| 2027 | 4 | 3 \\(75 %\\) | 1 \\(25 %\\) | 0 | 66\\.7 % |"
        in (tmp_path / "r.md").read_text()
    )
    assert load_workbook(tmp_path / "r.xlsx").sheetnames == ["Roles"]
    for form in ("table", "md"):
        none = cli("report", "roles", "--until", "1900", "--format", form).well().out
        assert none == "No agreement was in force in these years.\n"
    assert city.verify() == []
