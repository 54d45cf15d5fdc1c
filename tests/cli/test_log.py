"""`lifecycle log`: the exact lines for machines, the story for people, and replay."""

import csv
import json
from hashlib import sha256
from pathlib import Path

import pytest

from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.cli.conftest import Cli
from tests.stage import Stage


def test_json_is_the_exact_lines(stage: Stage, cli: Cli) -> None:
    """`log show --json` is JSON Lines, byte for byte what is hashed."""
    ref = stage.reach(State.ACTIVE)
    ran = cli("log", "show", ref, json=True).well()
    assert ran.out.encode().splitlines() == stage.raw(ref)


def test_a_group_alone_shows(stage: Stage, cli: Cli, ref: Ref) -> None:
    """`log REF` is `log show REF`, and `log` alone the program's own stream."""
    assert cli("log", ref).well().out == cli("log", "show", ref).well().out
    assert cli("log", ref, "--json").well().out.encode().splitlines() == stage.raw(ref)
    assert cli("log", "--with-text", ref, json=True).well().out
    assert cli("log", json=True).well().out.encode().splitlines() == stage.raw(None)
    assert "policy adopted" in cli("log").well().out


def test_people_read_who_did_what_when_and_why(stage: Stage, cli: Cli) -> None:
    """Moves, refusals with what was missing, reasons and asserted names."""
    ref = stage.reach(State.DECISION)
    stage.advance(ref, Trigger.ACCEPT)
    stage.advance(ref, Trigger.DECLINE, reason="Not\x1b[2J now")
    text = cli("log", ref).well().out
    assert "submit: proposal →" in text
    assert "accept refused" in text
    assert "scores.missing" in text
    assert "Not\\u001b[2J now" in text.replace("\n", "")
    assert "anna*" in text
    assert "asserted" in text
    assert max(map(len, text.splitlines())) <= 80


def test_texts_come_beside_the_line(stage: Stage, cli: Cli, ref: Ref) -> None:
    """`--with-text` gives each line as text with what stands beside it; no leaf, no seal yet."""
    stage.advance(ref, Trigger.SUBMIT, reason="ready")
    last = json.loads(cli("log", ref, "--with-text", json=True).well().out.splitlines()[-1])
    assert set(last) == {"line", "leaf", "sealed_at", "texts"}
    assert last["line"].encode() == stage.raw(ref)[-1]
    assert last["texts"] == {"reason": "ready"}


def test_why_tells_one_attempt_guard_by_guard(stage: Stage, cli: Cli) -> None:
    """The last transition or refusal, or entry N: who, when, by which policy, each guard."""
    ref = stage.reach(State.DECISION)
    stage.advance(ref, Trigger.ACCEPT)
    shown = cli("log", "why", ref, json=True).well().json
    assert shown["entry"] == sha256(stage.raw(ref)[-1]).hexdigest()
    assert {guard["guard"] for guard in shown["guards"]} >= {"criteria_scored", "second_person"}
    text = cli("log", "why", ref).well().out
    assert "accept refused" in text
    assert "scores.missing" in text
    assert "submit" in cli("log", "why", ref, 2).well().out


@pytest.mark.parametrize("line", [[], ["9"], ["0"]])
def test_why_of_what_never_was_is_bad_input(cli: Cli, ref: Ref, line: list[str]) -> None:
    """No attempt, no entry N: exit 2."""
    cli("log", "why", ref, *line).badly(2)


def test_entries_go_to_a_file(cli: Cli, ref: Ref, tmp_path: Path) -> None:
    """CSV and JSON Lines by the file's ending."""
    cli("log", ref, "-o", tmp_path / "log.csv").well()
    [row] = csv.DictReader((tmp_path / "log.csv").read_text().splitlines())
    assert row["event"] == "created"
    cli("log", ref, "-o", tmp_path / "log.jsonl").well()
    assert json.loads((tmp_path / "log.jsonl").read_text())["n"] == 1


def test_replay_gives_the_current_rows(stage: Stage, cli: Cli) -> None:
    """A log that nobody touched replays to exactly what is there."""
    ref = stage.reach(State.SUNSET)
    assert "exactly" in cli("log", "replay").well().out
    assert cli("log", "replay", ref, json=True).well().json == {"ok": True, "findings": []}


def test_replay_tells_a_row_that_was_changed_behind_the_log(stage: Stage, cli: Cli) -> None:
    """Exit 1, and the finding names agreement and field; another agreement is not blamed."""
    ref, other = stage.reach(State.SIGNED), stage.propose()
    stage.tamper("UPDATE agreement SET state = 'active' WHERE state = 'signed'")
    ran = cli("log", "replay", json=True).badly(1)
    assert ran.json["findings"][0]["stream"] == str(ref)
    assert "state" in ran.json["findings"][0]["message"]
    assert str(ref) in cli("log", "replay").badly(1).out
    cli("log", "replay", other).well()
