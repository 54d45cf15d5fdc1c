"""`lifecycle score` without a reference, what is told of scores, and the reports on decisions."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from states.records import Score
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement, partner_party, score_sheet
from tests.cli.conftest import Cli
from tests.stage import Stage, policy_file

PARTLY = '[scores]\ntarget_markets = { value = 4, evidence = "Desk study." }\n'


@pytest.fixture
def two(stage: Stage) -> tuple[Ref, Ref]:
    """Return two open proposals: one fully scored, the other without a mandatory score."""
    stage.adopt(policy_file({"priorities": [{"kind": "market", "code": "JP"}]}))
    osaka = complete_agreement(
        received=date(2026, 6, 1), parties=(partner_party(name="Ōsaka", country="JP"),)
    )
    best, other = stage.propose(osaka), stage.reach(State.DECISION)
    stage.score(best)
    return best, other


def test_score_alone_ranks_the_open_proposals_side_by_side(
    stage: Stage, cli: Cli, two: tuple[Ref, Ref]
) -> None:
    """Total, each score, what lacks, priorities, age; the legend says what the numbers are."""
    best, other = two
    cli("score", other, "--file", "-", stdin=PARTLY).well()
    text = cli("score").well().out
    assert f"1  {best}  Ōsaka (JP)" in text
    assert "serves market JP" in text
    assert "Not ranked: a mandatory criterion is not scored" in text
    assert "1. priority_industries (mandatory)" in text
    assert max(map(len, text.splitlines())) <= 80
    told = cli("score", json=True).well().json
    first, second = told["proposals"]
    assert (first["ref"], first["rank"], first["total"], first["age_days"]) == (
        *(str(best), 1, "4.00"),
        (stage.day - date(2026, 6, 1)).days,
    )
    assert first["serves"][0]["code"] == "JP"
    assert (second["rank"], second["apart"]) == (None, "mandatory_missing")
    assert second["mandatory_missing"] == ["priority_industries"]
    assert (second["points"], second["weight"], second["at_most"]) == (4, 1, "4.88")
    assert told["criteria"][0]["mandatory"]


def test_ranking_is_there_as_csv_xlsx_markdown_and_html(
    cli: Cli, two: tuple[Ref, Ref], tmp_path: Path
) -> None:
    """With a column for each criterion; totals are numbers."""
    best, other = two
    rows = list(csv.DictReader(io.StringIO(cli("score", "--format", "csv").well().out)))
    assert [row["ref"] for row in rows] == [str(best), str(other)]
    assert (rows[0]["total"], rows[0]["score.resources"]) == ("4.00", "4")
    assert rows[1]["apart"] == "not_scored"
    cli("score", "-o", tmp_path / "ranking.xlsx").well()
    sheet = load_workbook(tmp_path / "ranking.xlsx").worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, headings.index("total") + 1).value == 4
    assert f">{best}</td>" in cli("score", "--format", "html").well().out
    assert f"| 1 | {best} | Ōsaka" in cli("score", "--format", "md").well().out.replace("\\", "")


def test_form_of_scores_says_which_priorities_the_lists_name(
    cli: Cli, two: tuple[Ref, Ref], editing: Callable[[str], None], tmp_path: Path
) -> None:
    """Where the factor is answered (R9, R12), for the proposal that serves one."""
    editing(f"open({str(tmp_path / 'seen')!r}, 'a').write(path.read_text())")
    for ref in two:
        cli("score", ref).well()
    seen = (tmp_path / "seen").read_text()
    assert seen.count("By the policy's list today: JP.") == 1


def test_ranking_says_that_nothing_waits_or_that_there_are_no_criteria(
    stage: Stage, cli: Cli
) -> None:
    """Instead of an empty table."""
    assert "No proposal waits" in cli("score").well().out
    assert cli("score", json=True).well().json["proposals"] == []
    stage.adopt(policy_file({"criteria": {"items": []}}))
    stage.propose()
    assert "has no criteria" in cli("score").well().out


@pytest.mark.parametrize(
    "line",
    [["score", "-m", "x"], ["score", "--dry-run"], ["score", "TOR-2026-001", "--format", "csv"]],
)
def test_reading_and_scoring_have_their_own_options(cli: Cli, line: list[str]) -> None:
    """Without REF nothing is written, and with one the answer is a receipt."""
    cli(*line).badly(2)


def test_receipt_and_show_tell_the_total_and_the_mandatory_criteria_that_lack(
    cli: Cli, two: tuple[Ref, Ref]
) -> None:
    """Who decides sees on what (R7): the total on its scale, and what is not in it."""
    other = two[1]
    assert cli("show", other, json=True).well().json["weighed"] is None
    said = " ".join(cli("score", other, "--file", "-", stdin=PARTLY).well().out.split())
    assert "weighted total 4.00 on a scale from 0 to 5, criteria 2018: 1 of 8 scored" in said
    assert "mandatory and not scored: priority_industries" in said
    receipt = cli("score", other, "--file", "-", stdin=PARTLY, json=True).well().json
    assert receipt["weighed"]["mandatory_missing"] == ["priority_industries"]
    page = cli("show", other).well().out
    assert "Scores    weighted total 4.00" in page
    assert cli("show", other, json=True).json["weighed"] == receipt["weighed"]
    assert "Serves    market JP" in cli("show", two[0]).well().out
    nothing = cli("score", other, "--file", "-", stdin="[scores]\n").well().out
    assert "nothing is scored" in nothing


@pytest.fixture
def decided(stage: Stage) -> tuple[Ref, Ref]:
    """Return two proposals alike that were decided differently, one of them partly scored."""
    osaka = complete_agreement(received=date(2026, 6, 1), sectors=("film",))
    accepted, declined = stage.reach(State.NEGOTIATION, osaka), stage.propose(osaka)
    codes = [code for code in score_sheet().scores if code != "resources"]
    stage.score(declined, score_sheet(scores={code: Score(4, "The file.") for code in codes}))
    stage.advance(declined, Trigger.SUBMIT)
    stage.advance(declined, Trigger.DECLINE, ground="fails_criteria", reason="No staff for it.")
    return accepted, declined


def test_report_consistency_shows_decisions_and_pairs_to_look_at(
    cli: Cli, decided: tuple[Ref, Ref]
) -> None:
    """With totals, days, deciders and grounds (R8); it ends with 0 whatever it finds."""
    accepted, declined = map(str, decided)
    text = cli("report", "consistency").well().out
    assert "Decisions to look at: 1 of 2" in text
    assert "not scored: resources" in text
    assert "Alike, and decided differently: 1" in text
    said = " ".join(text.split())
    assert f"{declined} declined on 2026-09-01 by dora (fails_criteria: No staff for it.)" in said
    assert max(map(len, text.splitlines())) <= 80
    told = cli("report", "consistency", "--margin", "0.5", json=True).well().json
    (finding,), (pair,) = told["findings"], told["pairs"]
    assert (finding["ref"], finding["findings"]) == (declined, ["criterion_skipped"])
    assert (pair["accepted"]["ref"], pair["declined"]["ref"]) == (accepted, declined)
    assert (pair["apart"], told["margin"], told["judged"]) == ("0.00", "0.5", 2)
    assert "none" in cli("report", "consistency", "2030").well().out
    rows = list(csv.DictReader(io.StringIO(cli("report", "consistency", "--format", "csv").out)))
    assert [row["findings"] for row in rows] == ["", "criterion_skipped"]


def test_report_consistency_says_that_all_is_well(stage: Stage, cli: Cli) -> None:
    """Where every decision was taken on all criteria."""
    stage.reach(State.NEGOTIATION)
    assert "Every decision was taken on all criteria" in cli("report", "consistency").well().out
    cli("report", "consistency", "--margin", "0").badly(2)


def test_report_requests_counts_by_year_and_lists_one_year_with_its_priorities(
    stage: Stage, cli: Cli, decided: tuple[Ref, Ref]
) -> None:
    """Outcomes with grounds and reason (R5, R10), and who had priority that year (R13)."""
    accepted, declined = map(str, decided)
    text = cli("report", "requests").well().out
    assert "By origin" in text
    assert declined not in text
    told = cli("report", "requests", json=True).well().json
    assert told["by_year"] == [
        {
            "year": 2026,
            "received": 2,
            "accepted": 1,
            "declined": 1,
            "withdrawn": 0,
            "returned": 0,
            "open": 0,
            "median_days": 92,
            "longest_days": 92,
        }
    ]
    assert (told["one_by_one"], told["priority_partnerships"]) == (None, None)
    assert "Priority partnerships of 2026: 0 of 3" in cli("report", "requests", 2026).out
    cli("record", accepted, "priority", "year=2026").well()
    page = " ".join(cli("report", "requests", 2026).well().out.split())
    assert f"{declined}: declined by dora (fails_criteria: No staff for it.)" in page
    assert "Priority partnerships of 2026: 1 of 3" in page
    year = cli("report", "requests", 2026, json=True).well().json
    assert [one["outcome"] for one in year["one_by_one"]] == ["accepted", "declined"]
    assert [one["ref"] for one in year["priority_partnerships"]] == [accepted]
    assert cli("report", "requests", 2031, json=True).well().json["requests"] == 0
    assert stage.verify() == []


@pytest.mark.parametrize("report", ["consistency", "requests"])
def test_reports_on_decisions_are_there_as_files(
    cli: Cli, decided: tuple[Ref, Ref], tmp_path: Path, report: str
) -> None:
    """As HTML, Markdown, CSV and XLSX, with what the table says."""
    declined, year = str(decided[1]), ["2026"]
    for ending in ("html", "md", "csv"):
        cli("report", report, *year, "-o", tmp_path / f"r.{ending}").well()
        assert declined in (tmp_path / f"r.{ending}").read_text(encoding="utf-8").replace("\\", "")
    cli("report", report, *year, "-o", tmp_path / "r.xlsx").well()
    book = load_workbook(tmp_path / "r.xlsx")
    cells = {cell.value for sheet in book.worksheets for row in sheet.rows for cell in row}
    assert declined in cells
    assert cli("report", report, "--format", "csv").well().out.count("\n") > 1


def test_one_priority_partnership_too_many_is_refused_until_a_decider_says_why(
    stage: Stage, cli: Cli
) -> None:
    """Exit 1 with what to do; then it is recorded, and the receipt says who let it pass (R13)."""
    stage.adopt(policy_file({"priority_partnerships_per_year": 1}))
    first, second = stage.propose(), stage.propose()
    cli("record", first, "priority", "year=2027").well()
    refused = cli("record", second, "priority", "year=2027", actor="dora", json=True).badly(1).json
    (unmet,) = refused["unmet"]
    assert (unmet["guard"], unmet["code"]) == ("cap_available", "limit.priority")
    assert f"lifecycle record {second} priority year=2027 -m REASON" in unmet["fix"]
    said = cli("record", second, "priority", "year=2027", "-m", "A mission.", actor="dora").well()
    assert "waived by dora: 1 of 1 partnerships have priority in 2027 already." in said.out
    assert cli("log", "verify", json=True).well().json["ok"]
