"""Pings: a monitoring service is told of a run, and never stands in its way."""

import socket
from pathlib import Path

import pytest

from cli import pings
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.cli.service import configure, founded, monitor, said

ALL = '[ping]\nstart = "{0}/start"\nsuccess = "{0}/ok/{{program}}"\nfailure = "{0}/fail?a=1"\n'


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Return a real city's database."""
    path = tmp_path / "city.db"
    founded(str(path)).close()
    return path


def test_a_run_tells_that_it_began_and_was_completed(city: Path, home: Path) -> None:
    """Start and success, the program's code put in; the log names no URL."""
    with monitor() as (url, taken):
        configure(home, ALL.format(url))
        ran = run("--db", city, "--as", "cron", "nightly").well()
    assert taken == [("/start", ""), ("/ok/TOR", "")]
    assert "/start" not in ran.err
    assert [line["ping"] for line in said(ran.err) if "ping" in line] == ["start", "success"]


def test_a_run_that_is_refused_tells_why(city: Path, home: Path) -> None:
    """The cause in one line, as the body."""
    with monitor() as (url, taken):
        configure(home, ALL.format(url))
        run("--db", city, "--as", "anna", "nightly").badly(3)
    assert taken[1:] == [("/fail?a=1", "anna may not run nightly: that is for scheduler.")]


def test_a_database_that_is_away_is_told(home: Path) -> None:
    """There is no record then, and so it is the only sign."""
    with monitor() as (url, taken):
        configure(home, ALL.format(url))
        run("--db", home / "none.db", "nightly").badly(3)
    [(path, why)] = taken
    assert path == "/fail?a=1"
    assert "none.db" in why


def test_a_fault_is_told_without_what_it_says(
    city: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its words may name people, and the service is somebody else's."""

    def broken(*_: object, **__: object) -> object:
        message = "Li Wei"
        raise ZeroDivisionError(message)

    monkeypatch.setattr("lifecycle.nightly.sweep", broken)
    with monitor() as (url, taken):
        configure(home, ALL.format(url))
        run("--db", city, "--as", "cron", "nightly").badly(3)
    assert taken[-1] == ("/fail?a=1", "a fault in the program: ZeroDivisionError")


def test_a_service_that_fails_once_is_asked_again(city: Path, home: Path) -> None:
    """One more try, and not a third."""
    with monitor(500, 200, 503, 503, 503) as (url, taken):
        configure(home, ALL.format(url))
        ran = run("--db", city, "--as", "cron", "nightly").well()
    assert [path for path, _body in taken] == ["/start"] * 2 + ["/ok/TOR"] * 2
    [failed] = [line for line in said(ran.err) if line["event"] == "ping failed"]
    assert (failed["ping"], failed["why"]) == ("success", "the service answered 503")


def test_a_service_that_is_away_or_silent_fails_no_run(
    city: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is logged, and the night is completed."""
    monkeypatch.setattr(pings, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        text = f'[ping]\nstart = "http://127.0.0.1:{port}/"\nsuccess = "http://127.0.0.1:1/"\n'
        configure(home, text)
        ran = run("--db", city, "--as", "cron", "nightly").well()
    assert [line["ping"] for line in said(ran.err) if line["event"] == "ping failed"] == [
        "start",
        "success",
    ]


def test_rehearsals_tell_nobody(city: Path, home: Path, cli: Cli) -> None:
    """Neither a dry run nor a sandbox."""
    with monitor() as (url, taken):
        configure(home, ALL.format(url))
        run("--db", city, "--as", "cron", "nightly", "--dry-run").well()
        cli("nightly").well()
    assert taken == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[ping]\nstart = "file:///etc/passwd"', "ping.start"),
        ('[ping]\nfailure = "https://"', "ping.failure"),
        ('[ping]\nfailure = "http://["', "ping.failure"),
        ('[ping]\nend = "https://example.org"', "ping.end"),
        ("[ping]\nstart = 3", "ping.start"),
        ("[nightly]\nhour = true", "nightly.hour"),
        ('[nightly]\nhour = "1"', "nightly.hour"),
    ],
)
def test_bad_settings_of_a_table_stop_no_check_and_are_named(
    city: Path, home: Path, text: str, key: str
) -> None:
    """The check runs without them and says so; doctor finds what is no key or of no such type."""
    configure(home, text)
    ran = run("--db", city, "--as", "cron", "nightly").well()
    told = "nobody is pinged" in ran.err
    assert told == key.startswith("ping.")
    found = run("--db", city, "doctor")
    no_url = key != "ping.end" and "://" in text
    assert (key in found.out) != no_url


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [("ping = 3", "wrong_type", "ping"), ("[pings]\n", "unknown_key", "pings")],
)
def test_file_that_is_wrong_as_a_whole_is_named(
    city: Path, home: Path, text: str, code: str, key: str
) -> None:
    """With the file and the key, by whoever has to read where the database is."""
    configure(home, text)
    [error] = run("--db", city, "--as", "cron", "--json", "scheduler", "--once").badly(2).errors
    assert (error["code"], error["key"]) == (code, key)
    assert error["file"].endswith("lifecycle.toml")


def test_a_log_that_could_not_be_sealed_is_told_as_a_failure(city: Path, home: Path) -> None:
    """Whoever watches has to hear of it; why is for the log, which may name places."""
    run("--db", city, "--as", "ada", "log", "key", "create").well()
    Path(f"{city}.key").unlink()
    with monitor() as (url, taken):
        configure(home, ALL.format(url))
        run("--db", city, "--as", "cron", "nightly").well()
    assert taken[1:] == [("/fail?a=1", "completed, but the log was not sealed")]
