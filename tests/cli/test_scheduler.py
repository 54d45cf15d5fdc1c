"""`lifecycle scheduler`: runs what is owed when its hour has come, and stops when it is told to."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import pytest

from cli.alarm import Alarm, Job
from cli.logging import log_for_operators
from cli.runs.scheduler import Service, look
from cli.settings import Settings
from lifecycle import sweeping
from lifecycle.night import Night
from states.vocabulary import Role, State
from store.opening import open_store
from tests import postgres
from tests.cli.running import PROGRAM, at_once, environment, on_terminal, process, run
from tests.cli.service import configure, founded, monitor, said
from tests.conftest import Staging, seldom
from tests.stage import Stage, policy_file
from tests.store.raw import query

HALF_AN_HOUR = timedelta(minutes=30)
DUE = 1_200


@contextmanager
def service(*line: object, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a scheduler as a process of its own; it is killed if the test leaves it running."""
    child = subprocess.Popen(
        [*PROGRAM, *map(str, line)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=os.environ["HOME"],
        env=environment(more),
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def until(stream: IO[str] | None, word: str) -> list[str]:
    """Read a log up to the line that has a word."""
    assert stream is not None
    lines = []
    for line in stream:
        lines.append(line)
        if word in line:
            return lines
    raise AssertionError(lines)


def nights(url: str) -> list[Night]:
    """Return the records of runs, the first one first."""
    store = open_store(url)
    with store.reading() as reader:
        found = list(reader.nights(100))
    store.close()
    return sorted(found, key=lambda night: night.started_at)


def states(url: str) -> list[str]:
    """Return the states of all agreements."""
    return [row["state"] for row in run("--db", url, "--json", "list").well().json]


class Clock:
    """A clock that the test moves on."""

    def __init__(self, now: datetime) -> None:
        """Stand at an instant."""
        self.now = now

    def __call__(self) -> datetime:
        """Tell it."""
        return self.now


def ticked(city: Stage, zone: str, first: datetime, hours: int) -> list[tuple[date, datetime]]:
    """Look every half an hour; return for which dates it ran, and at which local time."""
    clock = Clock(first)
    looking = Service(Settings(db=city.url, as_name="system"), clock=clock)
    while clock.now <= first + timedelta(hours=hours):
        look(looking)
        clock.now += HALF_AN_HOUR
    return [
        (night.run_date, datetime.fromisoformat(night.started_at).astimezone(ZoneInfo(zone)))
        for night in nights(city.url)
    ]


@pytest.mark.parametrize(
    ("zone", "first", "wanted"),
    seldom(
        [
            # From 02:00 back to 01:00 on 1 November, and from 02:00 on to 03:00 on 14 March.
            ("America/Toronto", datetime(2026, 11, 1, 0, tzinfo=UTC), "31 1 2"),
            ("America/Toronto", datetime(2027, 3, 14, 0, tzinfo=UTC), "13 14 15"),
            ("Asia/Kathmandu", datetime(2026, 10, 31, 13, tzinfo=UTC), "31 1 2"),
            ("Pacific/Apia", datetime(2026, 10, 31, 6, tzinfo=UTC), "31 1 2"),
        ],
        3,
    ),
)
def test_each_local_date_is_run_once_at_its_hour(
    staged: Staging, zone: str, first: datetime, wanted: str
) -> None:
    """On nights with an hour twice or not at all, and in zones that are off by minutes."""
    policy = policy_file({"program": {"time_zone": zone}})
    city = staged(policy, sandbox=False).with_people()
    ran = ticked(city, zone, first, 31)
    assert " ".join(str(day.day) for day, _at in ran) == wanted
    assert [at.date() for _day, at in ran] == [day for day, _at in ran]
    assert all((at.hour, at.minute // 30) == (1, 0) for _day, at in ran[1:])


def test_the_hour_is_what_the_settings_say(city: Stage, home: Path) -> None:
    """And an hour that no day has is bad input."""
    configure(home, "[nightly]\nhour = 3\n")
    [_, (_, at)] = ticked(city, "America/Toronto", datetime(2026, 9, 10, 12, tzinfo=UTC), 20)
    assert at.hour == 3
    configure(home, "[nightly]\nhour = 24\n")
    [error] = run("--db", city.url, "--json", "scheduler", "--once").badly(2).errors
    assert (error["code"], error["key"]) == ("bad_hour", "nightly.hour")


def test_a_failed_run_is_tried_again_at_the_next_look(
    city: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until it is completed; each one leaves its record."""
    clock = Clock(datetime(2026, 9, 10, 12, tzinfo=UTC))
    looking = Service(Settings(db=city.url, as_name="system"), clock=clock)

    def broken(*_: object) -> object:
        message = "broken"
        raise ZeroDivisionError(message)

    with monkeypatch.context() as patch:
        patch.setattr("lifecycle.nightly.sweep", broken)
        assert [look(looking), look(looking)] == [3, 3]
    assert [look(looking), look(looking)] == [0, 0]
    outcomes = sorted(night.outcome for night in nights(city.url))
    assert outcomes == ["completed", "failed", "failed"]
    told = [line["event"] for line in said(capsys.readouterr().err)]
    assert told.count("nightly failed") == 2
    assert told.count("the nightly check was not completed; the next look tries again") == 2


def test_a_long_gap_is_told_once_a_day_and_waits_for_somebody(
    city: Stage, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the command that helps; once that has run, the nights go on."""
    clock = Clock(datetime(2026, 9, 10, 12, tzinfo=UTC))
    looking = Service(Settings(db=city.url, as_name="system"), clock=clock)
    with monitor() as (url, taken):
        configure(home, f'[ping]\nfailure = "{url}/fail"\n')
        assert look(looking) == 0
        clock.now += timedelta(days=50)
        assert [look(looking) for _ in range(4)] == [3] * 4
        clock.now += timedelta(days=1)
        assert look(looking) == 3
    assert [body.partition(";")[0] for _path, body in taken] == [
        "the last nightly check was completed for 2026-09-10, 50 days ago",
        "the last nightly check was completed for 2026-09-10, 51 days ago",
    ]
    assert "lifecycle nightly --catch-up" in taken[0][1]
    outcomes = [night.outcome for night in nights(city.url)]
    assert outcomes == ["completed", "refused", "refused"]
    hints = [line.get("hint") or "" for line in said(capsys.readouterr().err)]
    assert sum("lifecycle nightly --catch-up" in hint for hint in hints) == 2
    city.on(date(2026, 10, 31)).nightly()
    assert look(looking) == 0


def test_a_clock_that_was_ahead_is_told_and_not_slept_through(city: Stage) -> None:
    """A last day that is still to come: the check refuses, and its record says why."""
    clock = Clock(datetime(2026, 9, 20, 12, tzinfo=UTC))
    looking = Service(Settings(db=city.url, as_name="system"), clock=clock)
    assert look(looking) == 0
    clock.now -= timedelta(days=5)
    assert [look(looking), look(looking)] == [3, 3]
    [refused] = [night for night in nights(city.url) if night.outcome == "refused"]
    assert "completed for 2026-09-20 already" in str(refused.cause)


def test_a_missing_role_is_told_once_and_a_grant_helps_at_once(city: Stage) -> None:
    """The log is not filled with the same refusal, and nobody has to restart anything."""
    clock = Clock(datetime(2026, 9, 10, 12, tzinfo=UTC))
    looking = Service(Settings(db=city.url, as_name="cron"), clock=clock)
    before = len(city.raw(None))
    assert [look(looking) for _ in range(3)] == [3] * 3
    assert len(city.raw(None)) == before + 1
    city.appoint("cron", Role.SCHEDULER)
    assert look(looking) == 0


def test_a_database_that_is_away_is_survived(
    city: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is logged, and the next look finds it again."""
    looking = Service(
        Settings(db=city.url, as_name="system"),
        clock=Clock(datetime(2026, 9, 10, 12, tzinfo=UTC)),
    )
    city.store.close()
    away = city.path.rename(tmp_path / "away.db")
    assert look(looking) == 3
    away.rename(city.path)
    assert look(looking) == 0
    [away_line] = [line for line in said(capsys.readouterr().err) if "asked" in line["event"]]
    assert away_line["level"] == "error"
    assert away_line["cause"]


def test_every_program_of_the_database_has_its_own_day() -> None:
    """Each is looked at by its own time zone; --program names one."""
    url, zones = postgres.new_database(), {"BER": "Europe/Berlin", "TOR": "America/Toronto"}
    for code, zone in zones.items():
        policy = policy_file({"program": {"code": code, "time_zone": zone}})
        founded(url, sandbox=True, policy=policy).close()
    one_o_clock = datetime.combine(datetime.now(UTC) + timedelta(days=1), time(1), UTC)
    only = Service(Settings(db=url, program="BER"), clock=Clock(one_o_clock))
    both = Service(Settings(db=url), clock=Clock(one_o_clock))
    assert [look(only), look(both)] == [0, 0]
    for code, zone in zones.items():
        store = open_store(url, code)
        with store.reading() as reader:
            assert reader.last_night() == one_o_clock.astimezone(ZoneInfo(zone)).date()
            assert len(reader.nights(9)) == 1
        store.close()
    postgres.drop(url)


def test_each_look_goes_through_the_programs_in_an_order_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """So several schedulers at once do the nights of different programs, not each of all."""
    url, orders = postgres.new_database(), set()
    for code in ("BER", "LYO", "TOR"):
        policy = policy_file({"program": {"code": code}})
        founded(url, sandbox=True, policy=policy).close()
    noon = datetime.combine(datetime.now(UTC), time(18), UTC)
    for day in range(12):
        assert look(Service(Settings(db=url), clock=Clock(noon + timedelta(days=day)))) == 0
        lines = said(capsys.readouterr().err)
        done = [one["program"] for one in lines if one["event"] == "nightly completed"]
        assert sorted(done) == ["BER", "LYO", "TOR"]
        orders.add(tuple(done))
    assert len(orders) > 1
    postgres.drop(url)


def test_once_ends_as_nightly_does(tmp_path: Path, home: Path) -> None:
    """0 when it is completed, and when nothing is owed; 3 when it can't be."""
    path = tmp_path / "city.db"
    founded(str(path), 3).close()
    configure(home, "[nightly]\nhour = 0\n")
    line = ("--db", path, "--as", "cron", "scheduler", "--once")
    first = run(*line).well()
    assert [one["event"] for one in said(first.err)].count("agreement fired") == 3
    assert not run(*line).well().err
    run("--db", tmp_path / "none.db", "scheduler", "--once").badly(3)
    assert set(states(str(path))) == {"evaluation"}


def test_sigterm_finishes_the_batch_and_the_next_start_does_the_rest(
    tmp_path: Path, home: Path
) -> None:
    """It ends with 0; nothing is lost, and nothing is done twice."""
    path = tmp_path / "city.db"
    founded(str(path), DUE).close()
    configure(home, "[nightly]\nhour = 0\n")
    line = ("--db", path, "--as", "cron", "scheduler", "--every", "1s")
    with service(*line) as child:
        until(child.stderr, "agreement fired")
        child.send_signal(signal.SIGTERM)
        _out, err = child.communicate(timeout=60)
        assert child.returncode == 0
    events = [one["event"] for one in said(err) if one["event"] != "agreement fired"]
    assert events[-3:] == ["scheduler stopping", "nightly stopped", "scheduler stopped"]
    done = states(str(path)).count("evaluation")
    assert 0 < done < DUE
    assert done % sweeping.BATCH == 0
    [stopped] = nights(str(path))
    assert (stopped.outcome, stopped.counts["fired"]) == ("failed", done)
    assert stopped.cause == "stopped on request; the next run does the rest"
    with service(*line) as child:
        until(child.stderr, "nightly completed")
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=60)
        assert child.returncode == 0
    assert states(str(path)) == ["evaluation"] * DUE
    assert nights(str(path))[-1].counts["fired"] == DUE - done
    assert run("--db", path, "--json", "log", "replay").well().json["ok"]


def test_a_scheduler_at_rest_stops_at_once(tmp_path: Path, home: Path) -> None:
    """What is not at work is not waited for; on standard output there is nothing."""
    path = tmp_path / "city.db"
    founded(str(path)).close()
    configure(home, "[nightly]\nhour = 0\n")
    with service("--db", path, "--as", "cron", "scheduler") as child:
        until(child.stderr, "nightly completed")
        child.terminate()
        out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_a_second_signal_ends_it_in_the_middle(tmp_path: Path, home: Path) -> None:
    """Whoever can't wait does not have to; the next run completes what was begun."""
    path = tmp_path / "city.db"
    founded(str(path), DUE).close()
    configure(home, "[nightly]\nhour = 0\n")
    line = ("--db", path, "--as", "cron", "scheduler", "--every", "1s")
    with service(*line) as child:
        until(child.stderr, "nightly started")
        child.terminate()
        until(child.stderr, "scheduler stopping")
        while child.poll() is None:
            child.terminate()
        assert child.returncode in {-signal.SIGTERM, 0}
    run("--db", path, "--as", "cron", "nightly").well()
    assert states(str(path)) == ["evaluation"] * DUE


def test_two_schedulers_share_a_night(home: Path) -> None:
    """Both look at once: each due agreement is done once, and each person gets one digest."""
    configure(home, "[nightly]\nhour = 0\n")
    url = postgres.new_database()
    store = founded(url, 60, sandbox=True)
    line = "--db", url, "--as", "cron", "scheduler", "--once"
    logged = [one for ran in at_once(line, line) for one in said(ran.well().err)]
    fired = [one["ref"] for one in logged if one["event"] == "agreement fired"]
    assert len(fired) == len(set(fired)) == 60
    with store.reading() as reader:
        keys = [standing.key for standing in reader.portfolio(-1, 100)]
        assert [len(list(reader.lines(key))) for key in keys] == [2] * 60
        assert all(night.outcome == "completed" for night in reader.nights(9))
        mails = sum(mail.count for mail in reader.outbox())
    store.close()
    [(people,)] = query(url, "SELECT count(DISTINCT recipient) FROM lifecycle.mail")
    assert mails == people
    postgres.drop(url)


def test_people_on_a_terminal_read_words(tmp_path: Path, home: Path) -> None:
    """And not JSON; each line of the run, since there is no report."""
    path = tmp_path / "city.db"
    founded(str(path), 1).close()
    configure(home, "[nightly]\nhour = 0\n")
    text = on_terminal("--db", path, "--as", "cron", "scheduler", "--once").well().out
    assert "agreement fired" in text
    assert "{" not in text


def test_journald_gets_each_line_with_its_priority(tmp_path: Path, home: Path) -> None:
    """So that `journalctl -p err` finds what went wrong."""
    configure(home, "[nightly]\nhour = 0\n")
    script = (
        "import os, sys\n"
        "found = os.fstat(2)\n"
        "os.environ['JOURNAL_STREAM'] = f'{found.st_dev}:{found.st_ino}'\n"
        "sys.argv[1:] = ['--db', sys.argv[1], '--as', 'cron', 'scheduler', '--once']\n"
        "from cli.main import main\n"
        "main()\n"
    )
    line = [sys.executable, "-c", script]
    founded(str(tmp_path / "city.db")).close()
    ran = subprocess.run(
        [*line, tmp_path / "city.db"], env=environment(), capture_output=True, check=True
    )
    assert re.match(rb'<6>\{"run"', ran.stderr)
    away = subprocess.run(
        [*line, tmp_path / "no.db"], env=environment(), capture_output=True, check=False
    )
    assert away.stderr.startswith(b"<3>{")


def test_a_log_that_nobody_reads_stops_no_night(tmp_path: Path, home: Path) -> None:
    """Standard error may be closed or full; the check is done."""
    path = tmp_path / "city.db"
    founded(str(path), 2).close()
    configure(home, "[nightly]\nhour = 0\n")
    line = " ".join([*PROGRAM, "--db", str(path), "--as", "cron", "scheduler", "--once"])
    for stderr in ("2>&-", "2>/dev/full"):
        done = subprocess.run(["/bin/sh", "-c", f"{line} {stderr}"], env=environment(), check=False)
        assert done.returncode == 0
    assert states(str(path)) == ["evaluation"] * 2


def test_a_log_file_that_can_not_be_written_stops_no_night(tmp_path: Path) -> None:
    """It is told; what --log-file names takes what runs say otherwise."""
    path, file = tmp_path / "city.db", tmp_path / "logs" / "n.log"
    founded(str(path)).close()
    line = ("--db", path, "--as", "cron", "nightly", "--log-file")
    ran = run(*line, path / "n.log").well()
    assert "the log file can't be written" in [one["event"] for one in said(ran.err)]
    run(*line, file).well()
    assert [one["event"] for one in said(file.read_text())][-1] == "nightly completed"
    assert file.stat().st_mode & 0o777 == 0o600
    assert nights(str(path))[-1].log_file == str(file)


def test_the_usual_log_file_does_not_grow_for_ever(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file before it is kept; a configured one is its owner's to rotate."""
    monkeypatch.setattr("cli.runlog.LARGEST", 10)
    path, folder = tmp_path / "city.db", home / "state" / "lifecycle"
    founded(str(path)).close()
    for _ in range(3):
        run("--db", path, "--as", "cron", "nightly").well()
    assert sorted(one.name for one in folder.iterdir()) == ["nightly.log", "nightly.log.1"]
    assert len(said((folder / "nightly.log").read_text())) == 3
    configure(home, '[nightly]\nlog_file = "n.log"\n')
    for _ in range(3):
        run("--db", path, "--as", "cron", "nightly").well()
    assert len(said((home / "config" / "lifecycle" / "n.log").read_text())) == 9


def test_a_clock_that_is_set_back_does_not_silence_the_alarm(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """APScheduler waits for a time of day; when that is a year off, the alarm rings by itself."""
    woken: list[str] = []
    alarm = Alarm(log_for_operators(), timedelta(seconds=10))
    alarm.add(Job("nightly", lambda: woken.append("up")))
    alarm.ring_if_silent()
    assert not capsys.readouterr().err
    alarm._rung -= 60  # noqa: SLF001 - a minute has passed
    alarm.ring_if_silent()
    assert "set back" in capsys.readouterr().err


def test_a_sandbox_may_have_a_scheduler_too(stage: Stage, home: Path) -> None:
    """For learning: it goes by the sandbox's day."""
    configure(home, "[nightly]\nhour = 0\n")
    ref = stage.reach(State.SIGNED)
    stage.store.close()
    line = ("--db", stage.url, "--today", "2027-02-01", "--as", "eve", "scheduler", "--once")
    process(*line).well()
    assert stage.standing(ref).state is State.ACTIVE
