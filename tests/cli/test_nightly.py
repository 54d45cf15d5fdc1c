"""`lifecycle nightly`: what the calendar demands, told to people and to machines."""

import json
import re

import pytest

from cli.output.night import text
from guards.case import Act
from lifecycle.advance import decided
from lifecycle.machine import Decision
from lifecycle.matter import Matter
from lifecycle.night import Item, Report
from states.vocabulary import DueRule, State, Trigger
from tests.builders import START
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal
from tests.stage import Stage

KEYS = {
    "run",
    "run_date",
    "completed",
    "due",
    "fired",
    "refused",
    "failed",
    "notices",
    "sealed",
    "items",
    "findings",
}


def test_what_is_due_is_done_and_reported(stage: Stage, cli: Cli) -> None:
    """A signed agreement becomes active on its first day; the report has every key."""
    ref = stage.reach(State.SIGNED)
    report = cli("nightly", json=True).well().json
    assert set(report) >= KEYS
    assert (report["due"], report["fired"]) == (0, 0)
    stage.day = START
    report = cli("nightly", "--catch-up", json=True).well().json
    assert (report["completed"], report["fired"], report["failed"]) == (True, 1, 0)
    [item] = [item for item in report["items"] if item["trigger"]]
    assert (item["ref"], item["trigger"], item["to"]) == (str(ref), "activate", "active")
    assert stage.standing(ref).state is State.ACTIVE
    assert stage.last(None).run == report["run"]


def test_people_read_a_table(stage: Stage, cli: Cli) -> None:
    """The report says for which day, how many, and what became of each."""
    ref = stage.reach(State.SIGNED)
    stage.day = START
    told = cli("nightly", "--catch-up").well().out
    assert "2027-01-01: 1 fired" in told
    assert f"{ref}  2027-01-01  term_starts  fired    activate → active" in told
    assert "Nothing was due." in cli("nightly").well().out


def test_people_read_a_thousand_of_what_fired_and_all_that_did_not_go_through() -> None:
    """A hundred thousand rows are for machines; the report says how many there are."""
    report = Report("r", START, completed=True)
    for number in range(1, 1_101):
        ref = f"TOR-2026-{number:03}"
        report.add(Item(ref, DueRule.TERM_OVER, START, "fired", Trigger.EXPIRE, State.EVALUATION))
    report.add(Item("TOR-2025-001", DueRule.TERM_STARTS, START, "refused", codes=("cap.full",)))
    told = text(report, "TOR", dry_run=False)
    assert "1100 fired, 1 refused" in told
    assert told.count("term_over") == 1_000
    assert "... and 100 more fired" in told
    assert "cap.full" in told


def test_a_dry_run_stores_nothing(stage: Stage, cli: Cli) -> None:
    """`--dry-run` tells what would be done, the run's own line included."""
    ref = stage.reach(State.SIGNED)
    stage.day = START
    lines = len(stage.raw(None))
    assert cli("nightly", "--dry-run", json=True).well().json["fired"] == 1
    assert stage.standing(ref).state is State.SIGNED
    assert len(stage.raw(None)) == lines


def test_machines_get_a_log_of_json_lines(stage: Stage, cli: Cli) -> None:
    """On standard error: a line when it starts, one an agreement, one when it is complete."""
    ref = stage.reach(State.SIGNED)
    stage.day = START
    lines = [json.loads(line) for line in cli("nightly").well().err.splitlines()]
    events = [line["event"] for line in lines]
    assert events[:2] == ["nightly started", "agreement fired"]
    assert (set(events[2:-1]), events[-1]) == (
        {"agreement alert", "not sealed"},
        "nightly completed",
    )
    assert lines[1]["ref"] == str(ref)
    assert len({line["run"] for line in lines}) == 1


def test_people_on_a_terminal_are_not_shown_the_log(stage: Stage) -> None:
    """The report is enough for them; only warnings come through."""
    line = ["--db", stage.path, "nightly", "--today", stage.day]
    assert "event" not in on_terminal(*line).well().out


def test_a_progress_bar_on_a_terminal_ends_at_its_end(stage: Stage) -> None:
    """What moves is counted once, though it is due and watched; nothing is left at half."""
    stage.take_over()
    line = ["--db", stage.path, "nightly", "--today", "2027-09-01", "--catch-up"]
    seen = on_terminal(*line).well().out
    assert re.findall(r"\d+%", seen)[-1] == "100%"


def test_an_agreement_that_fails_is_told_and_stops_nobody(
    stage: Stage, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1: completed, but some agreement failed; the others were done."""
    bad, good = stage.reach(State.SIGNED), stage.reach(State.SIGNED)
    stage.day = START

    def failing(matter: Matter, act: Act) -> Decision:
        if matter.ref == bad:
            message = "broken"
            raise RuntimeError(message)
        return decided(matter, act)

    monkeypatch.setattr("lifecycle.sweeping.decided", failing)
    ran = cli("nightly", json=True).badly(1)
    assert (ran.json["completed"], ran.json["fired"], ran.json["failed"]) == (True, 1, 1)
    assert ran.json["findings"][0]["ref"] == str(bad)
    assert stage.standing(good).state is State.ACTIVE


def test_a_night_that_can_not_be_completed_ends_with_3(stage: Stage, cli: Cli) -> None:
    """A database that can't be written to is no completed night."""
    stage.path.chmod(0o400)
    stage.tamper("PRAGMA wal_checkpoint(TRUNCATE)")
    stage.store.close()
    with stage.path.open("r+b") as file:
        file.truncate(1000)
    cli("nightly").badly(3)
