"""`lifecycle score` without a reference, and what a receipt and `show` tell of scores."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from states.ref import Ref
from states.vocabulary import State
from tests.builders import complete_agreement, partner_party
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
    assert " 1  priority_industries (mandatory)" in text
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


def test_ranking_is_there_as_csv_xlsx_and_markdown(
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
    assert f"| 1 | {best} | Ōsaka" in cli("score", "--format", "md").well().out.replace("\\", "")


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
