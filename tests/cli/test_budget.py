"""`lifecycle portfolio budget`: what is committed, spent and free, and what closes a gap."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from states.agreement import TakenOver
from states.records import Record
from states.ref import Ref
from states.vocabulary import State
from tests.builders import complete_agreement, complete_project, funding, staff
from tests.cli.conftest import Cli
from tests.conftest import Staging
from tests.stage import Stage, policy_file

YEAR = 2027
TAKEN = TakenOver("2019", "The archive.")
OVER = {"program": {"budget": {"2027": 80_000, "2028": 500_000}}}


def spent(amount: str, project: str = "trade-mission", currency: str = "CAD") -> Record:
    """Return an expenditure of 2027."""
    value = Decimal(amount)
    on = date(2026, 9, 1)
    return Record("expenditure", on, project=project, value=value, currency=currency, year=YEAR)


@pytest.fixture
def stage(staged: Staging) -> Stage:
    """Return a program with two signed agreements, which is over the budget that came then."""
    stage = staged(policy_file({"projects_per_year": 9}))
    yuan = funding(amount=Decimal("7000.5"), currency="CNY")
    stage.reach(State.SIGNED)
    both = complete_project(resources=(funding(amount=Decimal(35_000)), yuan, staff()))
    stage.reach(State.SIGNED, complete_agreement(title="Trade with Milan", projects=(both,)))
    stage.adopt(policy_file(OVER))
    return stage


@pytest.fixture
def refs(stage: Stage) -> list[Ref]:
    """Return the two agreements, which commit 60,000 and 35,000."""
    return [Ref("TOR", stage.day.year, number) for number in (1, 2)]


def test_the_cost_of_projects_stands_against_the_years_budget(
    stage: Stage, cli: Cli, refs: list[Ref]
) -> None:
    """R33, R50: by agreement, project and year; what was corrected does not count."""
    stage.record(refs[0], spent("20000.50"))
    wrong = stage.record(refs[1], spent("99999")).n
    cli("correct", refs[1], "--entry", wrong, "value=40000", "-m", "typing", "--yes").well()
    [year] = cli("portfolio", "budget", YEAR, json=True).well().json["years"]
    told = {key: year[key] for key in ("budget", "committed", "spent", "left", "free", "gap")}
    assert told == {
        "budget": "80000",
        "committed": "95000",
        "spent": "60000.5",
        "left": "39999.5",
        "free": "-20000",
        "gap": "20000",
    }
    assert [
        (one["ref"], one["name"], one["committed"], one["spent"], one["over"])
        for one in year["lines"]
        if one["currency"] == "CAD"
    ] == [
        (str(refs[0]), "Trade mission", "60000", "20000.5", "0"),
        (str(refs[1]), "Trade mission", "35000", "40000", "5000"),
    ]
    assert year["other_currencies"] == [{"currency": "CNY", "committed": "7000.5", "spent": "0"}]


def test_a_gap_has_three_remedies_with_their_prices(cli: Cli, refs: list[Ref]) -> None:
    """R51: raise the budget, end agreements, or both; nothing is done about it."""
    [year] = cli("portfolio", "budget", YEAR, json=True).well().json["years"]
    found = year["remedies"]
    assert found["raise"]["raise_by"] == year["gap"] == "15000"
    options = [(each["by"], [e["ref"] for e in each["end"]]) for each in found["end"]["options"]]
    assert options == [
        (["fewest", "least"], [str(refs[1])]),
        (["earliest_end"], [str(refs[0])]),
    ]
    assert (found["both"]["raise_by"], found["both"]["by_ending"]) == ("7500", "7500")
    [year] = cli("portfolio", "budget", YEAR, "--raise", "14999.99", json=True).well().json["years"]
    assert year["remedies"]["both"]["by_ending"] == "0.01"
    assert {one["state"] for one in cli("list", json=True).well().json} == {"signed"}


def test_a_year_within_its_budget_or_past_has_no_remedies(stage: Stage, cli: Cli) -> None:
    """And one that no budget is set for has no gap either."""
    told = cli("portfolio", "budget", json=True).well().json["years"]
    assert [(one["year"], one["remedies"] is None) for one in told] == [
        (2026, True),
        (2027, False),
        (2028, True),
    ]
    assert told[0]["free"] is None
    stage.on(date(2028, 5, 1))
    [year] = cli("portfolio", "budget", YEAR, json=True).well().json["years"]
    assert (year["gap"], year["remedies"]) == ("15000", None)
    assert "has passed" in cli("portfolio", "budget", YEAR).well().out


def test_no_amount_is_a_number_of_json(stage: Stage, cli: Cli, refs: list[Ref]) -> None:
    """Who reads numbers as floats reads no money wrongly: it is text."""
    stage.record(refs[0], spent("0.0001"))
    text = cli("portfolio", "budget", json=True).well().out
    assert '"0.0001"' in text
    json.loads(text, parse_float=pytest.fail)


def test_the_report_fits_a_terminal_and_says_what_stands_apart(
    stage: Stage, cli: Cli, refs: list[Ref]
) -> None:
    """Other currencies, expenditure over its commitment, and who decides."""
    stage.record(refs[1], spent("40000"))
    text = cli("portfolio", "budget").well().out
    assert max(map(len, text.splitlines())) <= 80
    for words in ("5,000 CAD spent over its commitment", "7,000.50 CNY committed", "not added"):
        assert words in text
    assert "lifecycle advance REF terminate" in " ".join(text.split())


def test_funding_without_a_year_is_told(stage: Stage, cli: Cli) -> None:
    """It is counted in no year, and nobody has to wonder where it went."""
    undated = funding(amount=Decimal("12.5"), year=None)
    project = complete_project(resources=(funding(amount=Decimal(1)), undated, staff()))
    ref = stage.take_over(complete_agreement(projects=(project,), taken_over=TAKEN))
    [one] = cli("portfolio", "budget", json=True).well().json["undated"]
    assert (one["ref"], one["amount"], one["lacks"]) == (str(ref), "12.5", "year")
    assert (
        f"{ref}, Trade mission: 12.5 CAD, without a year." in cli("portfolio", "budget").well().out
    )


def test_a_paper_for_council_is_written_in_each_form(cli: Cli, tmp_path: Path) -> None:
    """A page with its chart and the same figures beside it, a workbook, an image, Markdown, CSV."""
    for ending in ("html", "xlsx", "png", "md", "csv"):
        cli("portfolio", "budget", "-o", tmp_path / f"budget.{ending}").well()
    page = (tmp_path / "budget.html").read_text()
    assert "<svg" in page
    assert "2027: 0 CAD spent, 95,000 CAD committed and not spent yet" in page
    assert page.count("95,000</td>") >= 1
    assert (tmp_path / "budget.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "budget.xlsx").read_bytes().startswith(b"PK")
    assert "| 2027 | 80,000 | 95,000 |" in (tmp_path / "budget.md").read_text()
    assert (
        (tmp_path / "budget.csv")
        .read_text()
        .startswith("year,ref,title,partner,country,state,project")
    )


@pytest.mark.parametrize("amount", ["-1", "0", "1,000", "1e3", "0.00001", "NaN", ""])
def test_what_is_no_amount_is_wrong_usage(cli: Cli, amount: str) -> None:
    """An amount has digits and a point: no signs of thousands, which differ."""
    assert "amount" in cli("portfolio", "budget", "--raise", amount).badly(2).err
