"""`lifecycle list`: filters that staff think in, search, sorting, pages, spreadsheets."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.narrowing import Asked
from states.agreement import Agreement
from states.records import Record
from states.standing import Standing
from states.vocabulary import State
from store.reader import Reader
from tests.builders import complete_agreement, friendship, partner_party
from tests.cli.conftest import Cli
from tests.erased import erase_text
from tests.listed import listed
from tests.stage import Stage

KYIV = complete_agreement(
    title="Schools",
    owner="Boris",
    aliases=("Kiev",),
    parties=(*complete_agreement().parties[:1], partner_party(name="Kyiv", country="UA")),
)


@pytest.fixture
def portfolio(stage: Stage) -> Stage:
    """Return a stage with agreements of several types, states, countries and owners."""
    stage.take_over()
    stage.reach(State.ACTIVE)
    stage.propose(KYIV)
    stage.reach(State.DECISION, friendship(title="bells"))
    stage.voided(stage.propose())
    stage.on(stage.day + timedelta(days=300))
    stage.reach(State.DECISION)
    return stage


ASKED = [
    Asked(states=("active", "decision")),
    Asked(types=("friendship",)),
    Asked(countries=("ua",)),
    Asked(countries=("Ukraine", "CN"), types=("partnership",)),
    Asked(owner="BORIS"),
    Asked(overdue=True),
    Asked(due_within=timedelta(days=90)),
    Asked(due_within=timedelta(days=9000)),
    Asked(taken_over=True),
    Asked(sort=("title",)),
    Asked(sort=("-due", "owner")),
    Asked(sort=("state", "-ref"), limit=3),
    Asked(limit=2),
    Asked(after="TOR-2026-002", limit=2),
]


@pytest.mark.parametrize("asked", ASKED, ids=map(str, range(len(ASKED))))
def test_database_and_days_that_have_passed_are_narrowed_alike(
    portfolio: Stage, asked: Asked
) -> None:
    """What rows of today give, rows of a day that has passed give too."""
    _facts, rows = listed(portfolio.url)
    _facts, found = listed(portfolio.url, None, lambda _facts: asked.filters(portfolio.day))
    assert found == list(asked.passed(rows, portfolio.day))
    assert 0 < len(found) < len(rows) or asked.sort


def refs(cli: Cli, *line: object) -> list[str]:
    """Return the years and numbers of what is listed."""
    return [row["ref"].removeprefix("TOR-20") for row in cli("list", *line, json=True).well().json]


def test_dormant_and_overdue_agreements_are_found(portfolio: Stage, cli: Cli) -> None:
    """What nobody did anything with for the policy's months, and what is late."""
    assert refs(cli, "--dormant") == []
    assert refs(cli, "--overdue") == ["26-001", "27-002"]
    portfolio.on(portfolio.day + timedelta(days=800))
    assert refs(cli, "--dormant") == ["26-001", "26-002"]
    assert refs(cli, "--dormant", "--taken-over") == ["26-001"]


@pytest.mark.usefixtures("portfolio")
def test_partner_is_found_by_alias_and_division_by_project(cli: Cli) -> None:
    """As they are called now or were before; filters narrow together."""
    assert refs(cli, "--partner", "kiev") == ["27-001"]
    assert refs(cli, "--partner", "kiev", "--state", "active") == []
    assert refs(cli, "--division", "nobody's") == []


def test_search_finds_words_and_says_where(portfolio: Stage, cli: Cli) -> None:
    """In documents, in records and in reasons."""
    ref = portfolio.reach(State.ACTIVE)
    portfolio.record(ref, Record("note", portfolio.day, "Fintech came up"), reason="As agreed")
    (row,) = cli("list", "--search", "fintech agreed", json=True).well().json
    assert row["ref"] == str(ref)
    assert {hit["where"].partition(", ")[2] for hit in row["found"]} >= {"note.text", "reason"}
    assert "note.text: Fintech" in cli("list", "--search", "FINTECH").well().out
    assert "no such" in cli("list", "--search", "nothing-of-the-kind").well().out


@pytest.mark.usefixtures("portfolio")
def test_what_a_next_step_lacks_narrows_the_list(cli: Cli) -> None:
    """By guard or by one condition of it, with what is missing."""
    assert refs(cli, "--missing", "criteria_scored") == ["27-002", "27-004"]
    line = ["list", "--missing", "criteria_scored:scores.missing"]
    (row, _other) = cli(*line, json=True).well().json
    assert row["missing"] == ["The proposal has not been scored."]
    assert refs(cli, "--missing", "criteria_scored:scores.other_version") == []
    assert "proposal has not been" in cli("list", "--missing", "criteria_scored").well().out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["--missing", "luck"], "there is no guard"),
        (["--sort", "beauty"], "sorted by"),
        (["--sort", "due", "--after", "TOR-2026-001"], "--after"),
        (["--after", "yesterday"], "not a reference"),
        (["--country", "Kazakhstah"], "did you mean Kazakhstan?"),
        (["--search", "x", "--as-of", "2026-09-01"], "can't be asked"),
    ],
)
def test_what_can_not_be_asked_is_wrong_usage(
    stage: Stage, cli: Cli, line: list[str], said: str
) -> None:
    """Exit 2, with what may be asked."""
    stage.propose()
    assert said in cli("list", *line).badly(2).err.replace("\n", " ")


def test_list_of_a_day_that_has_passed_is_narrowed_too(portfolio: Stage, cli: Cli) -> None:
    """By what rows know."""
    day = portfolio.day - timedelta(days=300)
    assert refs(cli, "--as-of", day, "--state", "decision") == ["27-002"]
    assert refs(cli, "--state", "decision") == ["27-002", "27-004"]


def test_list_as_spreadsheet_and_as_markdown(portfolio: Stage, cli: Cli, tmp_path: Path) -> None:
    """A row an agreement; days are days."""
    file = tmp_path / "list.xlsx"
    cli("list", "-o", file).well()
    sheet = load_workbook(BytesIO(file.read_bytes())).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [row["ref"] for row in listed(portfolio.url)[1]]
    assert "| TOR-2027-001 | Schools | Kyiv \\(UA\\) |" in cli("list", "--format", "md").well().out


@pytest.mark.usefixtures("portfolio")
def test_search_as_csv_or_workbook_has_a_column_of_what_was_found(cli: Cli, tmp_path: Path) -> None:
    """Long answers are for spreadsheets."""
    text = cli("list", "--search", "schools", "--format", "csv").well().out
    assert text.splitlines()[0].endswith(",found,missing")
    assert "title: Schools" in text
    file = tmp_path / "found.xlsx"
    cli("list", "--search", "schools", "-o", file).well()
    heading, *rows = load_workbook(file).worksheets[0].iter_rows(values_only=True)
    assert heading[-2:] == ("found", "missing")
    assert all("title: Schools" in str(row[-2]) for row in rows)


@pytest.mark.usefixtures("portfolio")
def test_search_ends_where_the_limit_does(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """No document is read beyond the batch in which enough was found."""
    read: list[int] = []
    documents = Reader.documents

    def counted(self: Reader, some: Sequence[Standing]) -> Mapping[int, Agreement]:
        read.extend(one.key for one in some)
        return documents(self, some)

    monkeypatch.setattr(Reader, "documents", counted)
    monkeypatch.setattr("cli.runs.list_found._AT_ONCE", 1)
    assert refs(cli, "--search", "a", "--limit", "2") == ["26-001", "26-002"]
    assert len(read) == 2


def test_agreement_that_is_found_is_not_told_what_was_erased(stage: Stage, cli: Cli) -> None:
    """A reason that was erased is in no answer."""
    ref = stage.propose(reason="Because of Zebedee")
    assert refs(cli, "--search", "zebedee") == [str(ref).removeprefix("TOR-20")]
    assert erase_text(stage, ref, "Zebedee").receipt.outcome == "ok"
    assert refs(cli, "--search", "zebedee") == []


def test_long_list_is_shown_by_the_page_and_written_whole_for_programs(
    portfolio: Stage, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The page says how to go on; JSON, CSV and files are never cut, however they are read."""
    every = [row["ref"] for row in listed(portfolio.url)[1]]
    monkeypatch.setattr("cli.runs.list_.PAGE", 2)
    monkeypatch.setattr("store.listing._BATCH", 2)
    first = cli("list").well()
    assert re.findall(r"^TOR\S+", first.out, re.MULTILINE) == every[:2]
    assert f"--after {every[1]}" in first.err
    rest = cli("list", "--after", every[-3]).well()
    assert re.findall(r"^TOR\S+", rest.out, re.MULTILINE) == every[-2:]
    assert rest.err == ""
    assert "--after" not in cli("list", "--sort", "title").well().err
    for asked in (("--search", "a"), ("--as-of", portfolio.day)):
        page = cli("list", *asked, "--state", "decision", "--state", "active").well()
        assert len(re.findall(r"^TOR\S+", page.out, re.MULTILINE)) == 2
        assert "first 2" in page.err
    assert cli("list", "--limit", 2).well().err == ""
    assert [row["ref"] for row in cli("list", json=True).well().json] == every
    lines = cli("list", "--format", "csv").well().out.splitlines()
    assert [line.split(",")[0] for line in lines] == ["ref", *every]
    file = tmp_path / "list.md"
    cli("list", "-o", file).well()
    assert all(ref in file.read_text() for ref in every)
