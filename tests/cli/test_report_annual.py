"""`lifecycle report annual`: what is missing at the top, four parts, figures that can be traced."""

import io
import json
import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from lifecycle.entry import digest_of
from states.agreement import Party
from states.records import Record
from states.ref import Ref
from states.vocabulary import State
from tests.builders import home_party
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.conftest import Staging
from tests.lifecycle.results.investing import annual, invested, investing
from tests.stage import Stage, policy_file

HOSTILE = "<script>alert(1)</script> \u202e=cmd|' /C calc'!A0 | **x** [y](http://z) & \x9b31m"
"""A text that would act in a page, a table, a spreadsheet or on a terminal."""


@pytest.fixture
def told(stage: Stage) -> Ref:
    """Return an agreement with a year of results on record."""
    ref = stage.reach(State.ACTIVE, investing())
    stage.on(date(2028, 6, 1))
    for record in (
        annual(2027),
        Record("milestone", date(2027, 5, 4), item="first-mission"),
        invested(1_250_000, date(2027, 11, 1)),
    ):
        stage.record(ref, record)
    return ref


def test_annual_report_states_goals_summary_achievements_and_new_investments(
    cli: Cli, told: Ref
) -> None:
    """R39: as text, with money in its currency, targets with actuals, milestones with days late."""
    page = " ".join(cli("report", "annual", 2027).well().out.split())
    for said in (
        "annual report 2027",
        "Nothing. Each agreement that owes a report has all its parts.",
        "new investments 1,250,000 CAD",
        f"{told}: Trade and innovation with Chongqing",
        "Partnership agreement with Chongqing (CN); term 1, 2027-01-01 to 2029-12-31.",
        "Visits of ten firms.",
        "The summary of 2027.",
        "125 % 2027-11-01 Registry",
        "not measured",
        "met on 2027-05-04, 3 days late",
    ):
        assert said in page


def test_what_is_missing_stands_at_the_top_and_ends_well(stage: Stage, cli: Cli) -> None:
    """R39: of each agreement, for a year that is over and for one that is not; exit code 0."""
    ref = stage.reach(State.ACTIVE)
    stage.on(date(2028, 6, 1))
    page = cli("report", "annual", 2027).well().out
    assert page.index("What is missing") < page.index("2027 in figures")
    missing = f"- {ref} Chongqing: activity summary, achievements, new investments"
    assert missing in " ".join(page.split())
    running = cli("report", "annual", 2028).well().out
    assert "2028 is not over: this is as of 2028-06-01. Reports on it are owed by" in running
    answer = cli("report", "annual", 2027, json=True).well().json
    assert answer["complete"] is False
    assert answer["missing"][0]["parts"] == ["summary", "achievements", "investments"]
    cli("report", "annual", 2029).badly(2)
    nothing = cli("report", "annual", 2019).well().out
    assert "No agreement is on record as in force in 2019." in nothing


def test_every_figure_of_the_annual_report_leads_to_log_entries(
    stage: Stage, cli: Cli, told: Ref
) -> None:
    """R39: in JSON always, with --trace in print: reference, entry, SHA-256 of its line."""
    lines = stage.raw(told)
    answer = cli("report", "annual", 2027, told, json=True).well().json
    figures = {one["name"]: one for one in answer["figures"]}
    assert figures["new investments"]["value"] == "1250000"
    [entry] = figures["new investments"]["entries"]
    assert entry == {"ref": str(told), "n": entry["n"], "entry": digest_of(lines[entry["n"] - 1])}
    [one] = answer["agreements"]
    [term] = one["terms"]
    for part in (*term["indicators"], *term["milestones"], *one["summary"], *one["investments"]):
        assert part["entries"]
    assert all(one["entries"] for one in answer["figures"] if one["value"])
    traced = cli("report", "annual", 2027, told, "--trace", "--format", "md").well().out
    for n in {each["n"] for each in entries_in(answer)}:
        assert f"| {told} | {n} | {digest_of(lines[n - 1])} |" in traced
    explained = cli("log", "why", told, entry["n"]).well().out
    assert "recorded" in explained


def entries_in(answer: object) -> list[dict[str, Any]]:
    """Return every entry that an answer names, wherever it stands."""
    if isinstance(answer, dict):
        own = answer.get("entries", [])
        return [*own, *(each for value in answer.values() for each in entries_in(value))]
    items = answer if isinstance(answer, list) else []
    return [each for item in items for each in entries_in(item)]


class Outline(HTMLParser):
    """Reads a page: its tags, its texts, and which elements it names that would fetch anything."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.fetches: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append(tag)
        self.fetches += [name for name, _value in attrs if name in {"src", "href"}]

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.texts.append(data)


def test_html_is_one_file_that_asks_for_nothing_and_can_be_read_aloud(
    cli: Cli, told: Ref, tmp_path: Path
) -> None:
    """Headings in order, a caption and scopes for each table, and no request to anywhere."""
    file = tmp_path / "report.html"
    cli("report", "annual", 2027, "-o", file, "--trace").well()
    page = file.read_text()
    outline = Outline(page)
    assert outline.fetches == []
    assert not {"script", "img", "link", "iframe"} & set(outline.tags)
    levels = [int(tag[1]) for tag in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert outline.tags.count("table") == outline.tags.count("caption") > 4
    assert page.count("<th ") == page.count('scope="')
    assert str(told) in "".join(outline.texts)


@pytest.mark.parametrize("form", ["table", "json", "csv", "md", "html", "xlsx"])
def test_hostile_texts_are_texts_in_every_form(stage: Stage, cli: Cli, form: str) -> None:
    """Markup, marks, formulas and reversed letters: shown, and never acted on."""
    partner = Party("partner", "=2+3|<b>City</b>", "city", "CN", responsibilities="Hosts.")
    text = HOSTILE.replace("\x9b", "")
    ref = stage.reach(State.ACTIVE, investing(title=text, parties=(home_party(), partner)))
    stage.on(date(2028, 6, 1))
    stage.record(ref, annual(2027, text=text))
    ran = cli("report", "annual", 2027, "-o", stage.path.parent / "out", "--format", form)
    assert not ran.err
    ran.well()
    body = (stage.path.parent / "out").read_bytes()
    if form == "xlsx":
        book = load_workbook(io.BytesIO(body))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert any("<script>" in str(cell.value) for cell in cells)
        return
    said = body.decode()
    if form == "html":
        assert "<script>alert" not in said
        assert "&lt;script&gt;alert" in said
        assert "\u202e" not in said
    elif form == "md":
        assert "<script>" not in said
        assert "\\*\\*x\\*\\*" in said
        rows = [line for line in said.splitlines() if line.startswith("| ")]
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3, 4, 5, 8}
    elif form == "json":
        assert json.loads(said)["agreements"][0]["summary"][0]["text"] == text
    elif form == "csv":
        assert not re.search(r"(^|,)=", said, re.MULTILINE)
    else:
        assert "\u202e" not in said


def test_goals_of_the_program_are_told_with_the_agreements_that_serve_them(
    staged: Staging, tmp_path: Path
) -> None:
    """R25: which serves which, and which goal nobody serves."""
    goals = {"jobs": "More jobs", "culture": "More music"}
    stage = staged(policy_file({"program": {"goals": goals}}))
    ref = stage.reach(State.ACTIVE, investing(goals=("jobs",)))
    file = tmp_path / "r.md"
    run("--db", stage.path, "--today", "2028-01-05", "report", "annual", 2027, "-o", file).well()
    page = file.read_text()
    assert "Goals of the program that it serves: More jobs." in page
    assert f"| More jobs | 1 | {ref} |" in page
    assert "| More music | 0 |  |" in page


def test_workbook_has_figures_parts_report_and_entries(cli: Cli, told: Ref, tmp_path: Path) -> None:
    """R39: as XLSX, amounts as numbers, days as days."""
    cli("report", "annual", 2027, "-o", tmp_path / "r.xlsx").well()
    book = load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["Figures", "Parts", "Report", "Log entries"]
    figures = {row[0]: row for row in book["Figures"].iter_rows(values_only=True)}
    assert figures["new investments"][1:3] == (1_250_000, "CAD")
    [_heading, parts] = book["Parts"].iter_rows(values_only=True)
    assert parts == (str(told), "Trade and innovation with Chongqing", *["on record"] * 4)
