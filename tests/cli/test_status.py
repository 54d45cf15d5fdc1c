"""`lifecycle status`: the runs, what is late and due, and whether all is well, for a watch."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from states.ref import Ref
from states.vocabulary import State
from tests.builders import START
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.cli.service import founded
from tests.stage import Stage
from tests.store.logins import Logins

KEYS = {"last_completed", "age_hours", "fresh", "runs", "due"}
RUN_KEYS = {
    "run",
    "run_date",
    "outcome",
    "started_at",
    "finished_at",
    "seconds",
    "counts",
    "cause",
    "log_file",
}


def put(path: Path, id_: str, outcome: str, ago: timedelta, **more: object) -> None:
    """Put a run's record into a database, as old as is said."""
    at = (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    row = {
        "program_id": 1,
        "id": id_,
        "run_date": at[:10],
        "host": "town",
        "outcome": outcome,
        "started_at": at,
        "heartbeat_at": at,
        "finished_at": None if outcome == "running" else at,
        **more,
    }
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"INSERT INTO run ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608 - names of ours


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Return a real city's database, in which no check has run yet."""
    path = tmp_path / "city.db"
    founded(str(path)).close()
    return path


def test_the_answer_has_every_key(stage: Stage, cli: Cli, ref: Ref) -> None:
    """Of the contract, and of each run what it did and how long it took."""
    del ref
    cli("nightly").well()
    answer = cli("status", json=True).well().json
    assert set(answer) >= KEYS
    assert (answer["fresh"], answer["age_hours"]) == (True, pytest.approx(0, abs=0.1))
    [night] = answer["runs"]
    assert set(night) >= RUN_KEYS
    assert (night["outcome"], night["run_date"]) == ("completed", stage.day.isoformat())
    assert night["finished_at"] == answer["last_completed"]
    assert night["pid"] == os.getpid()


def test_what_is_due_soon_and_what_is_late_are_told(stage: Stage, cli: Cli) -> None:
    """Junctures and what else is owed, in the order of their dates; what is late apart."""
    ref = stage.reach(State.ACTIVE)
    stage.on(date(2029, 9, 1))
    answer = cli("status", "--days", "60", json=True).well().json
    due = [(one["due"], one["rule"], one["ref"]) for one in answer["due"]]
    assert due == sorted(due)
    assert {one["rule"] for one in answer["due"]} >= {"examination_due"}
    assert all("2029-09-01" <= one["due"] <= "2029-10-31" for one in answer["due"])
    assert answer["due_count"] == len(due)
    assert answer["late"]["project_ended"] == 1
    assert {one["rule"] for one in answer["findings"]} >= {"project_ended"}
    text = cli("status", "--days", "60").well().out
    assert "Late, and not done" in text
    assert "Due in the next 60 days" in text
    assert str(ref) in text


def test_an_end_that_is_due_within_the_span_is_told_whatever_the_policy_tells(
    stage: Stage, cli: Cli
) -> None:
    """The calendar's own junctures are in it, and those of a state that is past are not."""
    ref = stage.reach(State.SIGNED)
    answer = cli("status", "--days", "400", json=True).well().json
    rules = {one["rule"] for one in answer["due"]}
    assert "term_starts" in rules
    assert "term_over" not in rules
    stage.day = START
    cli("nightly", "--catch-up").well()
    answer = cli("status", "--days", "99999", json=True).well().json
    assert {one["rule"] for one in answer["due"]} >= {"term_over", "annual_due"}
    assert {one["ref"] for one in answer["due"]} == {str(ref)}


def test_a_long_list_is_bounded_and_the_rest_counted(stage: Stage, cli: Cli) -> None:
    """Fifty are named; the others are a number."""
    for _ in range(30):
        stage.take_over()
    answer = cli("status", "--days", "800", json=True).well().json
    assert (len(answer["due"]), answer["due_count"] > 50) == (50, True)
    assert "more, the last of them by" in cli("status", "--days", "800").well().out


def test_without_any_run_nothing_is_fresh(city: Path) -> None:
    """A check that was never completed is told, and ends with 1 where it is asked for."""
    assert "no nightly check was ever completed" in run("--db", city, "status").well().out
    ran = run("--db", city, "status", "--max-age", "26h").badly(1)
    assert ran.out == "LATE: TOR: no nightly check was ever completed.\n"
    answer = run("--db", city, "--json", "status", "--max-age", "26h").badly(1).json
    assert (answer["last_completed"], answer["age_hours"], answer["fresh"]) == (None, None, False)


@pytest.mark.parametrize(
    ("ago", "limit", "fresh"),
    [
        (timedelta(hours=25), "26h", True),
        (timedelta(hours=27), "26h", False),
        (timedelta(hours=27), "2d", True),
        (timedelta(minutes=80), "90m", True),
        (timedelta(minutes=100), "90m", False),
        (-timedelta(hours=5), "26h", False),
    ],
)
def test_max_age_is_one_line_and_an_exit_code(
    city: Path, ago: timedelta, limit: str, *, fresh: bool
) -> None:
    """For cron's mail and for a watch; a run of a time to come proves a wrong clock."""
    put(city, "night", "completed", ago)
    put(city, "later", "failed", timedelta(0))
    ran = run("--db", city, "status", "--max-age", limit)
    assert ran.code == (0 if fresh else 1)
    assert ran.out.startswith("OK: TOR" if fresh else "LATE: TOR")
    assert ran.out.count("\n") == 1
    assert not ran.err


@pytest.mark.parametrize("limit", ["", "26", "h", "0h", "-1h", "1.5h", "9999999d", "26 h"])
def test_a_max_age_that_is_none_is_wrong_usage(city: Path, limit: str) -> None:
    """It is not guessed at."""
    run("--db", city, "status", "--max-age", limit).badly(2)


def test_a_failed_run_says_why_and_where_more_stands(city: Path) -> None:
    """The cause in one line, and the log file with the host that it is on."""
    put(city, "good", "completed", timedelta(hours=30))
    put(city, "bad", "failed", timedelta(hours=1), cause="no space", log_file="/var/log/n.log")
    text = run("--db", city, "status").well().out
    assert "Cause: no space" in text
    assert "Log: /var/log/n.log on town" in text
    assert "30h" in text
    in_full = run("--db", city, "status", "ba").well().out
    assert "Run bad: failed" in in_full
    assert "Cause: no space" in in_full
    shapes = run("--db", city, "--json", "status", "ba").well().json["runs"]
    assert [one["run"] for one in shapes] == ["bad"]


def test_a_completed_run_on_which_agreements_failed_leads_to_the_log(city: Path) -> None:
    """The others were done; which ones were not, the log file says."""
    counts = '{"fired": 3, "failed": 2}'
    put(city, "night", "completed", timedelta(hours=1), counts=counts, log_file="/n.log")
    text = run("--db", city, "status").well().out
    assert "Agreements that failed: 2." in text
    assert "Log: /n.log on town" in text


def test_a_run_that_shows_no_sign_of_life_is_stopped(city: Path) -> None:
    """An old heartbeat, or a process of this host that is gone; what else runs, runs."""
    here, ended = os.uname().nodename, subprocess.Popen(["/bin/true"])
    ended.wait()
    put(city, "old", "running", timedelta(minutes=16))
    put(city, "new", "running", timedelta(minutes=14))
    put(city, "gone", "running", timedelta(minutes=1), host=here, pid=ended.pid)
    put(city, "here", "running", timedelta(minutes=1), host=here, pid=os.getpid())
    put(city, "init", "running", timedelta(minutes=1), host=here, pid=1)
    put(city, "afar", "running", timedelta(minutes=1), host="afar", pid=ended.pid)
    runs = run("--db", city, "--json", "status").well().json["runs"]
    outcomes = {one["run"]: one["outcome"] for one in runs}
    assert outcomes == {
        "old": "stopped",
        "new": "running",
        "gone": "stopped",
        "here": "running",
        "init": "running",
        "afar": "running",
    }
    assert "no sign of life" in run("--db", city, "status", "gone").well().out


def test_a_run_is_named_by_its_beginning(city: Path) -> None:
    """Unless several begin so, or none; a run of exactly that name is meant alone."""
    for name in ("2026a", "2026ab", "2026%"):
        put(city, name, "completed", timedelta(hours=1))
    assert "Run 2026ab:" in run("--db", city, "status", "2026ab").well().out
    assert "Run 2026a:" in run("--db", city, "status", "2026a").well().out
    assert "Run 2026%:" in run("--db", city, "status", "2026%").well().out
    [error] = run("--db", city, "--json", "status", "2026").badly(2).errors
    assert error["code"] == "several_runs"
    assert set(error["allowed"]) == {"2026a", "2026ab", "2026%"}
    [error] = run("--db", city, "--json", "status", "x").badly(2).errors
    assert error["code"] == "unknown_run"


def test_as_many_runs_are_shown_as_are_asked_for(city: Path) -> None:
    """The latest first, ten of them unless it is said; as CSV too."""
    for hours in range(12):
        put(city, f"night-{hours:02}", "completed", timedelta(hours=hours))
    names = [one["run"] for one in run("--db", city, "--json", "status").well().json["runs"]]
    assert names == [f"night-{hours:02}" for hours in range(10)]
    rows = run("--db", city, "status", "--runs", "12", "--format", "csv").well().out
    assert len(rows.splitlines()) == 13


def test_mail_that_waits_or_was_given_up_is_told(stage: Stage, cli: Cli) -> None:
    """How much of it, and since when."""
    for number, state in enumerate(("waiting", "waiting", "failed", "sent")):
        stage.tamper(
            "INSERT INTO mail (program_id, id, recipient, run_date, subject, body, state,"
            " attempts, made_at) VALUES (1, :id, 'anna', '2026-09-01', 's', 'b', :state, 0, :at)",
            id=f"m{number}",
            state=state,
            at=f"2026-09-0{number + 1}T01:00:00Z",
        )
    text = cli("status").well().out
    assert "Mail: 2 wait to be sent, the first since 2026-09-01." in text
    assert "Mail: 1 could not be sent, and are given up, the first since 2026-09-03." in text
    assert "sent, the first since 2026-09-04" not in text
    mail = cli("status", json=True).well().json["mail"]
    assert mail["waiting"] == {"count": 2, "since": "2026-09-01T01:00:00Z"}


def test_reading_leaves_everything_as_it_was(stage: Stage, cli: Cli) -> None:
    """Whoever has no role may look, and nothing is written."""
    stage.reach(State.SIGNED)
    with closing(sqlite3.connect(stage.path)) as connection:
        before = list(connection.iterdump())
        cli("status", actor="mallory").well()
        assert list(connection.iterdump()) == before


def test_a_failed_run_leads_from_cron_to_its_traceback(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault: the record names the cause and the log file, and the log file has the traceback."""

    def broken(*_: object, **__: object) -> object:
        message = "broken"
        raise ZeroDivisionError(message)

    monkeypatch.setattr("lifecycle.nightly.sweep", broken)
    ran = run("--db", city, "--as", "cron", "nightly").badly(3)
    [night] = run("--db", city, "--json", "status").well().json["runs"]
    assert (night["outcome"], night["cause"]) == ("failed", "ZeroDivisionError: broken")
    lines = [json.loads(line) for line in Path(night["log_file"]).read_text().splitlines()]
    assert {line["run"] for line in lines} == {night["run"]}
    assert "Traceback" in lines[-1]["exception"]
    assert "broken" in ran.err


@pytest.mark.postgresql
def test_a_login_that_may_only_read_is_told(stage: Stage) -> None:
    """Status asks for nothing that a reader has no right to."""
    stage.reach(State.ACTIVE)
    stage.nightly(run="night-1")
    logins = Logins(stage.url)
    logins.add("audra", logins.roles.auditor)
    line = ("--db", logins.url_of("audra"), "--json", "status")
    answer = run(*line, "--days", "2000").well().json
    assert [one["run"] for one in answer["runs"]] == ["night-1"]
    assert answer["due"]
    assert run(*line, "night").well().json["runs"][0]["outcome"] == "completed"
    stage.store.close()
    logins.drop()
