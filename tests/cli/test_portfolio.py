"""`lifecycle portfolio`: the whole of it on one screen, and what is to be decided this month."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from states.agreement import TakenOver
from states.records import Record
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement
from tests.cli.conftest import Cli
from tests.conftest import Staging
from tests.stage import Stage, with_cap


@pytest.fixture
def stage(staged: Staging) -> Stage:
    """Return a stage with a cap of one, and a budget for the first year of the agreements."""
    return staged(with_cap(1, program={"budget": {"2027": 200_000}}))


@pytest.fixture
def portfolio(stage: Stage) -> Stage:
    """Return a program with agreements in force, an MOU, one over, and decisions that are late."""
    stage.take_over()
    stage.take_over(
        complete_agreement(type="mou", term=None, taken_over=TakenOver("2008", "A list"))
    )
    stage.take_over()
    ended = stage.along((Trigger.SUBMIT, Trigger.DECLINE))
    assert stage.standing(ended).state is State.DECLINED
    ref = stage.reach(State.SIGNED, complete_agreement(title="Trade", role="catalyst"))
    stage.record(ref, Record("priority", stage.day, year=2027))
    return stage.on(date(2027, 10, 4))


@pytest.mark.usefixtures("portfolio")
def test_portfolio_is_on_one_screen(cli: Cli) -> None:
    """At most 80 columns and 24 lines, with what goes beyond its bounds said."""
    text = cli("portfolio").well().out
    for said in (
        "2 of 1 places are held, 1 too many",
        "2027: 200,000 CAD, committed 120,000, spent 0, free 80,000",
        "state the City's role",
        "1 agreement to be reclassified",
        "Decisions due until 2027-10-31: 3, 3 of them late",
    ):
        assert said in " ".join(text.split()), said
    lines = text.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80


@pytest.mark.usefixtures("portfolio")
def test_dashboard_as_json_has_what_is_on_the_screen(cli: Cli) -> None:
    """Money is text, and each decision says what is due since when."""
    found = cli("portfolio", "show", json=True).well().json
    assert found["cap"] == {"held": 2, "at_most": 1}
    assert found["budget"] == {
        "year": 2027,
        "currency": "CAD",
        "budget": "200000",
        "committed": "120000",
        "spent": "0",
        "free": "80000",
    }
    assert found["priority"]["refs"] == ["TOR-2026-005"]
    assert found["worklist"] == {"left": 1, "types": ["mou"]}
    assert [one["late"] for one in found["due"]] == [True, True, True]
    assert found["by_state"]["declined"] == 1


@pytest.mark.usefixtures("portfolio")
def test_dashboard_on_paper(cli: Cli, tmp_path: Path) -> None:
    """As a page, as Markdown, as a workbook, and what is due as CSV."""
    page, book = tmp_path / "portfolio.html", tmp_path / "portfolio.xlsx"
    cli("portfolio", "-o", page).well()
    assert "<td>2 of 1 places are held, 1 too many</td>" in page.read_text()
    cli("portfolio", "-o", book).well()
    sheets = load_workbook(BytesIO(book.read_bytes())).worksheets
    assert [sheet.max_row for sheet in sheets] == [11, 4]
    assert "| Cap | 2 of 1 places" in cli("portfolio", "--format", "md").well().out
    assert len(cli("portfolio", "--format", "csv").well().out.splitlines()) == 4


def test_portfolio_without_an_agreement_is_shown(cli: Cli) -> None:
    """Nothing there is not silence."""
    text = cli("portfolio").well().out
    assert "No decision is due" in text
    assert "Late        nothing" in text


def test_long_list_of_decisions_is_cut_and_says_how_to_see_the_rest(stage: Stage, cli: Cli) -> None:
    """The screen has the first eight."""
    for _ in range(10):
        stage.reach(State.DECISION)
    stage.on(stage.day + timedelta(days=400))
    assert "... and 2 more: lifecycle list --due-within" in cli("portfolio").well().out
