"""`lifecycle show` and `lifecycle list`: where agreements stand, and what comes next."""

import csv
import json
from pathlib import Path

import pytest

from states.ref import Ref
from states.vocabulary import State
from tests.builders import complete_agreement
from tests.cli.conftest import Cli
from tests.stage import NEXT_TERM, Stage

LISTED = {
    "ref",
    "title",
    "type",
    "state",
    "version",
    "partner",
    "country",
    "term",
    "term_start",
    "term_end",
    "due",
    "due_rule",
    "status",
    "owner",
}
SHOWN = LISTED | {
    "policy",
    "document",
    "next",
    "records",
    "attachments",
    "approvals",
    "waivers",
}


def test_list_has_every_key_in_the_order_of_references(stage: Stage, cli: Cli) -> None:
    """An array, oldest reference first; what is missing is null."""
    refs = [str(stage.propose()) for _ in range(3)]
    rows = cli("list", json=True).well().json
    assert [row["ref"] for row in rows] == refs
    assert all(set(row) >= LISTED for row in rows)
    assert rows[0]["due"] is None


def test_list_can_be_narrowed(stage: Stage, cli: Cli) -> None:
    """--state and --type take what they name; an unknown state is wrong usage."""
    stage.propose()
    decided = stage.reach(State.DECISION)
    [row] = cli("list", "--state", "decision", json=True).well().json
    assert row["ref"] == str(decided)
    assert cli("list", "--type", "mou", json=True).well().json == []
    cli("list", "--state", "asleep").badly(2)


def test_an_overdue_decision_is_marked(stage: Stage, cli: Cli) -> None:
    """A due date that has passed is `overdue`, in the list and on the page."""
    ref = stage.reach(State.DECISION)
    stage.day = stage.day.replace(year=stage.day.year + 2)
    assert cli("list", json=True).well().json[0]["status"] == ["overdue"]
    assert "overdue" in cli("list").well().out
    assert "overdue" in cli("show", ref).well().out


def test_an_empty_list_says_how_to_begin(cli: Cli) -> None:
    """Nothing there is not silence."""
    assert "propose" in cli("list").well().out
    assert cli("list", json=True).well().json == []


def test_a_list_fits_80_columns(stage: Stage, cli: Cli) -> None:
    """Long titles wrap in their column."""
    stage.propose(complete_agreement(title="Trade, innovation, culture and science " * 5))
    assert max(map(len, cli("list").well().out.splitlines())) <= 80


@pytest.mark.parametrize("name", ["list.csv", "list.json", "list.txt"])
def test_an_answer_goes_to_a_file_in_the_form_of_its_ending(
    stage: Stage, cli: Cli, tmp_path: Path, name: str
) -> None:
    """`-o FILE` writes the file whole, and nothing to standard output."""
    ref = stage.propose()
    file = tmp_path / name
    assert not cli("list", "-o", file).well().out
    text = file.read_text()
    assert str(ref) in text
    if name.endswith("csv"):
        assert set(next(csv.DictReader(text.splitlines()))) >= LISTED
    if name.endswith("json"):
        assert json.loads(text)[0]["ref"] == str(ref)


@pytest.mark.parametrize("line", [["-o", "x.docx"], ["--format", "toml"], ["--format", "xml"]])
def test_a_form_that_there_is_not_is_wrong_usage(cli: Cli, line: list[str]) -> None:
    """An answer says which forms it has."""
    cli("list", *line).badly(2)


def test_a_file_that_can_not_be_written_is_told(cli: Cli, tmp_path: Path) -> None:
    """Exit 3, and what was there before is still there."""
    cli("list", "-o", tmp_path / "nowhere" / "list.json").badly(3)
    cli("list", "--format", "json", "-o", "/dev/full").badly(3)


def test_show_has_every_key(stage: Stage, cli: Cli) -> None:
    """The keys of `list`, and policy, document, next, records, attachments, approvals, waivers."""
    ref = stage.reach(State.ACTIVE)
    cli("record", ref, "activity", "text=A mission").well()
    shown = cli("show", ref, json=True).well().json
    assert set(shown) >= SHOWN
    assert len(shown["policy"]) == 64
    assert shown["document"]["projects"][0]["resources"][0]["amount"] == "60000"
    assert [step["trigger"] for step in shown["next"]] == ["conclude", "expire", "terminate"]
    assert shown["records"][0]["text"] == "A mission"
    assert (shown["attachments"], shown["approvals"], shown["waivers"]) == ([], [], [])


def test_the_page_tells_what_comes_next_and_what_is_missing(stage: Stage, cli: Cli) -> None:
    """State, due date with its meaning, each next step, and each unmet condition with its fix."""
    ref = stage.reach(State.SIGNED)
    page = cli("show", ref).well().out
    assert "signed since" in page
    assert "its term starts" in page
    assert "activate → active" in page
    assert "The term starts on 2027-01-01." in page
    assert "→ wait" in page
    assert max(map(len, page.splitlines())) <= 80


@pytest.mark.parametrize("text", ["{ref}", "TOR-2026-0", "2026-001", "chongqing", "innovation"])
def test_readers_take_any_text_that_means_one_agreement(cli: Cli, ref: Ref, text: str) -> None:
    """A reference, its beginning, the partner's name or words of the title."""
    assert cli("show", text.format(ref=ref), json=True).well().json["ref"] == str(ref)


def test_text_that_means_several_agreements_lists_them(stage: Stage, cli: Cli) -> None:
    """Nothing is guessed: exit 2 with those that are meant."""
    refs = [stage.propose(), stage.propose()]
    [error] = cli("show", "TOR", json=True).badly(2).errors
    assert error["code"] == "ambiguous_ref"
    assert [name.split()[0] for name in error["allowed"]] == list(map(str, refs))


@pytest.mark.parametrize(
    "text", ["TOR-2026-999", "OSL-2026-001", "Atlantis", "%", "'; --", "\udcff"]
)
def test_what_means_nothing_is_an_unknown_reference(stage: Stage, cli: Cli, text: str) -> None:
    """Exit 2, whatever was typed."""
    stage.propose()
    cli("show", text).badly(2)


def test_a_document_of_the_past_can_be_read(stage: Stage, cli: Cli) -> None:
    """--version and --term give the document of then, with its version on top."""
    ref = stage.along(NEXT_TERM)
    now = cli("show", ref, "--document").well().out
    then = cli("show", ref, "--term", "1").well().out
    assert "[[projects]]" in then
    assert "[[projects]]" not in now
    assert cli("show", ref, "--version", "1", json=True).well().json["version"] == 1
    assert "TERM" in cli("show", ref).well().out


@pytest.mark.parametrize(
    "line",
    [
        ["--version", "99"],
        ["--term", "9"],
        ["--version", "0"],
        ["--version", "1", "--term", "1"],
        ["--records", "--document"],
    ],
)
def test_a_past_that_never_was_is_bad_input(cli: Cli, ref: Ref, line: list[str]) -> None:
    """Versions and terms that there are not end with 2."""
    cli("show", ref, *line).badly(2)


def test_a_taken_over_agreement_says_so(stage: Stage, cli: Cli) -> None:
    """Its date signed keeps the precision of its source."""
    ref = stage.take_over()
    page = cli("show", ref).well().out
    assert "taken over" in page
    assert "Signed    1986" in page
    assert cli("list", json=True).well().json[0]["due_rule"] == "review_due"
