"""--as-of and --recorded-by: what was true on a day that has passed, and what was known then."""

import csv
import io
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lifecycle.history import Moment
from lifecycle.subjects import of_document
from states.records import Record
from states.ref import Ref
from states.vocabulary import Role, State, Trigger
from tests.builders import BEN, complete_agreement
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.stage import NEXT_TERM, Stage, policy_file

OF_TODAY = {"next", "as_of", "recorded_by"}
"""Keys of `show` that are another matter on another day."""


def asked(path: Path, today: date, *line: object) -> Any:  # noqa: ANN401 - whatever is answered
    """Return what a command answers on a database, on a day."""
    return run("--db", path, "--as", "anna", "--today", today, "--json", *line).well().json


def all_of(path: Path, today: date, refs: list[Ref], *then: object) -> list[Any]:
    """Return what every command says that takes a day."""
    known = {row["ref"] for row in asked(path, today, "list", *then)}
    shown = [asked(path, today, "show", ref, *then) for ref in refs if str(ref) in known]
    parts = [
        asked(path, today, "show", ref, part, *then)
        for ref in refs
        if str(ref) in known
        for part in ("--document", "--records", "--attachments")
    ]
    lists = [asked(path, today, *name, *then) for name in (["list"], ["role", "list"])]
    policies = [asked(path, today, "policy", name, *then) for name in ("show", "list")]
    whole = [{key: one[key] for key in one if key not in OF_TODAY} for one in shown]
    return [whole, parts, lists, policies]


def copied(stage: Stage, folder: Path) -> Path:
    """Return a copy of the database as it is now."""
    target = folder / f"{stage.day}.db"
    stage.store.close()
    with closing(sqlite3.connect(stage.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(stage.path, target)
    return target


def test_what_was_recorded_by_a_day_is_what_a_copy_of_that_day_shows(
    stage: Stage, tmp_path: Path
) -> None:
    """Every command, on every day of a story; and today is as today is."""
    copies: dict[date, Path] = {}
    refs = [stage.propose(), stage.along(NEXT_TERM)]

    def passed(days: int) -> None:
        copies[stage.day] = copied(stage, tmp_path)
        stage.on(stage.day + timedelta(days=days))

    passed(2)
    stage.advance(refs[0], Trigger.SUBMIT)
    stage.record(refs[1], Record("note", stage.day, "A call."))
    stage.attach(refs[1])
    passed(3)
    stage.adopt(policy_file({"in_flight": "new", "deadlines": {"decision_days": 3}}))
    refs.append(stage.reach(State.SIGNED))
    passed(4)
    corrected = complete_agreement(title="Trade")
    stage.approve(refs[2], "correct", of_document(corrected))
    assert not stage.correct(refs[2], corrected).refused
    stage.taken_back(refs[1])
    passed(5)
    stage.voided(refs[0])
    stage.appoint("admin", Role.ADMIN)
    passed(6)
    stage.appoint("anna", Role.STAFF)
    copies[stage.day] = copied(stage, tmp_path)
    for day, copy in copies.items():
        there = all_of(copy, day, refs)
        assert all_of(stage.path, stage.day, refs, "--recorded-by", day) == there
        both = ("--recorded-by", day, "--as-of", day)
        assert all_of(stage.path, stage.day, refs, *both) == there
    now = all_of(stage.path, stage.day, refs)
    assert all_of(stage.path, stage.day, refs, "--as-of", stage.day) == now


def test_both_days_together_say_what_was_thought_true(stage: Stage, cli: Cli) -> None:
    """A signature of the 10th, entered on the 20th: who asked on the 15th was told otherwise."""
    ref = stage.reach(State.NEGOTIATION)
    first = stage.day
    signed, between, entered = (first + timedelta(days=days) for days in (10, 15, 20))
    stage.on(entered).advance(ref, Trigger.SIGN, actor="dora", effective_on=signed)

    def state(*line: object) -> tuple[str, int]:
        shown = cli("show", ref, *line, json=True).well().json
        return shown["state"], shown["version"]

    assert state("--as-of", signed) == ("signed", 4)
    assert state("--as-of", signed, "--recorded-by", between) == ("negotiation", 3)
    assert state("--recorded-by", between) == ("negotiation", 3)
    assert state("--as-of", first) == ("negotiation", 3)


def test_day_ends_at_midnight_in_the_program(stage: Stage, cli: Cli) -> None:
    """What was written at eleven at night in Toronto was on record that day."""
    ref = stage.propose()
    first = stage.day
    stage.hour = 3
    stage.on(first + timedelta(days=1)).advance(ref, Trigger.SUBMIT)
    stage.hour = 4
    stage.score(ref)
    stage.on(first + timedelta(days=5))
    shown = cli("show", ref, "--recorded-by", first, json=True).well().json
    assert shown["state"] == "decision"
    with stage.store.reading_past(Moment(first, "2026-09-02T04:00:00")) as past:
        assert (found := past.then(ref.key)) is not None
        assert found.score_n is None


def test_late_is_what_was_late_then(stage: Stage, cli: Cli) -> None:
    """`due` and `status` are of the day that is asked about."""
    ref = stage.reach(State.DECISION)
    due = stage.standing(ref).due
    assert due is not None
    stage.on(due + timedelta(days=30))
    for day, status in ((due, []), (due + timedelta(days=1), ["overdue"])):
        [row] = cli("list", "--as-of", day, json=True).well().json
        assert (row["due"], row["status"]) == (str(due), status)


def test_list_of_then_has_the_keys_of_now_and_can_be_narrowed(stage: Stage, cli: Cli) -> None:
    """The same columns, and only what was on record."""
    first = stage.day
    ref = stage.reach(State.DECISION)
    stage.on(first + timedelta(days=5)).propose()
    now = cli("list", json=True).well().json
    then = cli("list", "--as-of", first, json=True).well().json
    assert [row["ref"] for row in then] == [str(ref)]
    assert list(then[0]) == list(now[0])
    assert cli("list", "--as-of", first, "--state", "proposal", json=True).well().json == []
    assert cli("list", "--as-of", first, "--type", "mou", json=True).well().json == []
    rows = csv.DictReader(io.StringIO(cli("list", "--as-of", first, "--format", "csv").out))
    assert [row["ref"] for row in rows] == [str(ref)]
    text = cli("list", "--recorded-by", first).well().out
    assert text.startswith(f"As recorded by the end of {first}.\n\nREF")
    assert "no such agreement" in cli("list", "--as-of", first, "--state", "signed").well().out


def test_page_of_then_says_so_and_asks_for_no_next_step(stage: Stage, cli: Cli) -> None:
    """What comes next is asked of today."""
    ref = stage.reach(State.DECISION)
    day = stage.day
    stage.on(day + timedelta(days=3))
    text = cli("show", ref, "--as-of", day, "--recorded-by", day).well().out
    assert text.startswith(f"As of {day}, as recorded by the end of {day}.\n")
    assert "What comes next" not in text
    assert "decision since" in text
    shown = cli("show", ref, "--as-of", day, json=True).well().json
    assert (shown["as_of"], shown["recorded_by"], shown["next"]) == (str(day), None, [])
    assert cli("show", ref, json=True).well().json["as_of"] is None


def test_roles_and_policies_of_then_say_which_day_they_are_of(city: Stage) -> None:
    """Who held which role, and which policy was in force."""
    day = city.day
    city.on(day + timedelta(days=3)).appoint(BEN, Role.STAFF, granted=False)
    base = ("--db", city.path)
    city.store.close()
    held = run(*base, "role", "list", "--as-of", day).well().out
    assert held.startswith(f"As of {day}.\n")
    assert BEN in held
    assert BEN not in run(*base, "role", "list").well().out
    listed = run(*base, "policy", "list", "--as-of", day).well().out
    assert listed.startswith(f"As of {day}.\n")
    assert "in force" in listed


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["list", "--as-of", "2026-09-02"], "is still to come: today it is 2026-09-01"),
        (["list", "--recorded-by", "2026-09-02"], "is still to come"),
        (["role", "list", "--as-of", "2999-12-31"], "is still to come"),
        (["show", "TOR", "--as-of", "2026-09-01", "--recorded-by", "2026-08-31"], "came later"),
        (["show", "TOR", "--as-of", "2026-08-31"], "was not on record on 2026-08-31"),
        (["policy", "--recorded-by", "2026-08-31"], "no policy was in force yet"),
        (["list", "--recorded-by", "2026-08-31"], "no policy was in force yet"),
        (["policy", "show", "toronto-2018", "--as-of", "2026-09-01"], "go without it"),
        (["show", "TOR", "--attachment", "1", "--as-of", "2026-09-01"], "leave the day out"),
    ],
)
def test_day_that_can_not_be_told_of_is_bad_input(
    cli: Cli, ref: Ref, line: list[str], told: str
) -> None:
    """To come, before the record began, or known only later: exit 2, and why."""
    assert str(ref).startswith("TOR")
    assert told in " ".join(cli(*line).badly(2).err.split())
