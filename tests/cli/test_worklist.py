"""`lifecycle portfolio worklist`: what is to be reclassified or sunset, and how that goes on."""

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from states.agreement import Agreement, TakenOver
from states.ref import Ref
from store.policies import shipped_policy
from tests.builders import complete_agreement
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.conftest import Staging
from tests.stage import FIRST_DAY, Stage


def mou(**changes: object) -> Agreement:
    """Return a memorandum of 1990 about trade, as it is taken over."""
    plain = {"type": "mou", "term": None, "milestones": (), **changes}
    return complete_agreement(taken_over=TakenOver("1990", "The archive."), **plain)


@pytest.fixture
def refs(stage: Stage) -> list[Ref]:
    """Return three memoranda, of which the last was reclassified after 40 days."""
    found = [stage.take_over(one) for one in (mou(), mou(title="Old", projects=()), mou())]
    stage.on(FIRST_DAY + timedelta(40)).reclassify(found[-1], "friendship")
    return found


def test_worklist_tells_the_suggested_type_what_it_asks_and_the_command(
    cli: Cli, refs: list[Ref]
) -> None:
    """A sentence says why; of what states nothing, no type is guessed."""
    text = cli("portfolio", "worklist").well().out
    assert "→ partnership: It states grow_trade" in text
    assert f"lifecycle reclassify {refs[0]} partnership" in text
    assert "no type suggested: Nothing is stated" in text
    assert f"lifecycle portfolio review {refs[1]}" in text
    assert str(refs[2]) not in text
    assert "signed 1990; on the worklist since 2026-09-01 (for 40" in text
    assert max(map(len, text.splitlines())) <= 80


def test_burn_down_is_told_by_date_with_the_day_on_which_it_is_empty(
    cli: Cli, refs: list[Ref]
) -> None:
    """One of three went in forty days, so that two more take eighty."""
    text = cli("portfolio", "worklist").well().out
    assert "2 agreements to be reclassified or sunset." in text
    assert f"at this pace it is empty on {FIRST_DAY + timedelta(120)}." in " ".join(text.split())
    rows = [line.split() for line in text.splitlines()]
    assert ["2026-09-30", "3", "-", "-", "3", "###"] in rows
    assert ["2026-10-11", "-", "1", "-", "2", "##"] in rows
    assert str(refs[2]) not in text
    later = cli("portfolio", "worklist", "--today", "2027-03-01").well().out
    assert "2026-11-30" not in later
    assert "Dates without a change are left out." in later


def test_worklist_has_its_forms(cli: Cli, refs: list[Ref], tmp_path: Path) -> None:
    """JSON with every condition, CSV and Markdown, a workbook with both tables."""
    shape = cli("portfolio", "worklist", json=True).well().json
    assert (shape["types"], shape["remaining"], shape["pace"]["left"]) == (["mou"], 2, 1)
    first, second = shape["items"]
    assert (first["suggested"], first["days"], first["age_years"]) == ("partnership", 40, 36)
    assert (second["suggested"], second["choices"]) == (None, ["partnership", "friendship"])
    assert {one["severity"] for one in first["asks"]} <= {"warn"}
    assert [point["left"] for point in shape["burn_down"]] == [3, 2]
    rows = cli("portfolio", "worklist", "--format", "csv").well().out.splitlines()
    assert rows[1].startswith(f"{refs[0]},")
    assert "## Burn-down" in cli("portfolio", "worklist", "--format", "md").well().out
    cli("portfolio", "worklist", "-o", tmp_path / "w.xlsx").well()
    book = load_workbook(tmp_path / "w.xlsx")
    assert book.sheetnames == ["Worklist", "Burn-down"]


def test_empty_worklists_say_why_they_are_empty(stage: Stage, cli: Cli) -> None:
    """Nothing was ever on it, or all of it is done."""
    assert "nothing ever did" in cli("portfolio", "worklist").well().out
    ref = stage.take_over(mou())
    assert "It is too early to tell the pace." in cli("portfolio", "worklist").well().out
    stage.reclassify(ref, "partnership")
    assert "The worklist is empty." in cli("portfolio", "worklist").well().out


def test_policy_without_such_a_type_has_no_worklist(staged: Staging) -> None:
    """That of 2005 makes whatever it knows."""
    stage = staged(shipped_policy("toronto-2005"))
    assert "no worklist" in run("--db", stage.path, "portfolio", "worklist").well().out


def test_agreements_of_a_type_that_a_new_policy_does_not_know_are_told(
    stage: Stage, cli: Cli, refs: list[Ref]
) -> None:
    """The policy of 2024 has no MOUs any more: they are to be reclassified, and not forgotten."""
    stage.adopt(shipped_policy("toronto-2024"))
    text = " ".join(cli("portfolio", "worklist").well().out.split())
    assert f"does not know (friendship, mou), and to be reclassified as well: {refs[0]}," in text
    shape = cli("portfolio", "worklist", json=True).well().json
    assert [one["ref"] for one in shape["unknown_types"]] == [str(ref) for ref in refs]
    asked = ("portfolio", "review", "--type", "mou", "--sheet")
    assert "2 agreements" in cli(*asked, stage.path.with_name("r.csv")).well().err
