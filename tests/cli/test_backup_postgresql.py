"""Backups of PostgreSQL: by its own programs, which get no password that anybody could read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from states.vocabulary import State
from tests import postgres
from tests.cli.running import process, run
from tests.conftest import Staging
from tests.stage import Stage

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("client_programs")]


@pytest.fixture
def empty() -> Iterator[str]:
    """Return the URL of a database with nothing in it."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


def test_program_is_backed_up_and_restored(stage: Stage, empty: str, tmp_path: Path) -> None:
    """Through the command line, and it says whom to give which rights."""
    ref, file = stage.reach(State.ACTIVE), tmp_path / "copy.dump"
    made = run("--db", stage.url, "--json", "db", "backup", file).well().json
    assert (made["ok"], made["size"]) == (True, file.stat().st_size)
    ran = process("--db", empty, "db", "restore", file, "--yes", "--sha256", made["sha256"]).well()
    assert "db grants" in ran.out
    assert str(ref) in run("--db", empty, "list").well().out
    run("--db", empty, "db", "check").well()
    line = run("--db", empty, "log", "--json").well().out.splitlines()[-1]
    assert '"actor":{"how":"database","id":"postgres"}' in line
    assert '"event":"restored"' in line


def test_password_is_on_no_command_line(
    stage: Stage, login: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reaches pg_dump through its environment; what is told hides it too."""
    told = recording(tmp_path, monkeypatch)
    url = postgres.over_tcp(stage.url, login)
    ran = process("--db", url, "db", "backup", tmp_path / "copy").well()
    lines = told.read_text()
    assert "--dbname=" in lines
    assert postgres.PASSWORD not in lines + ran.out + ran.err
    assert postgres.PASSWORD not in run("--db", url, "db", "backup", tmp_path / "no" / "x").err


def recording(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put programs in front of the real ones that note their command lines; returns the notes."""
    notes, programs = folder / "notes", folder / "programs"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore"):
        real = postgres.programs() / name
        script(programs / name, f'echo "$@" >> {notes}\nexec {real} "$@"')
    monkeypatch.setenv("LIFECYCLE_PG_BIN", str(programs))
    return notes


def script(path: Path, text: str) -> None:
    """Write a program."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_reader_may_back_up(stage: Stage, tmp_path: Path) -> None:
    """Who gets no more than `db grants` gives readers needs no more."""
    grants = (
        run("db", "grants", "--owner", "backup_owner", "--auditors", "backup_readers").well().out
    )
    postgres.execute(stage.url, grants)
    login = f"reader_{os.getpid()}"
    make = f"CREATE ROLE {login} LOGIN PASSWORD '{postgres.PASSWORD}' IN ROLE backup_readers"
    postgres.execute(stage.url, make)
    try:
        url = postgres.over_tcp(stage.url, login)
        made = run("--db", url, "--json", "db", "backup", tmp_path / "copy").well().json
        assert made["ok"]
    finally:
        postgres.execute(stage.url, f"DROP ROLE {login}")


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_programs_that_are_not_there_are_told(
    stage: Stage, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """With where they were looked for, and what to install."""
    file = tmp_path / "copy"
    if command == "restore":
        run("--db", stage.url, "db", "backup", file).well()
    url = stage.url if command == "backup" else empty
    line = ["--db", url, "--json", "db", command, file, "--yes"]
    monkeypatch.setenv("LIFECYCLE_PG_BIN", str(tmp_path))
    (error,) = run(*line).badly(3).errors
    assert (error["code"], str(tmp_path) in error["message"]) == ("no_tool", True)
    assert "postgresql-client" in error["hint"]
    monkeypatch.delenv("LIFECYCLE_PG_BIN")
    monkeypatch.setenv("PATH", "/nowhere")
    (error,) = run(*line).badly(3).errors
    assert (error["code"], "PATH" in error["message"]) == ("no_tool", True)


def test_pg_dump_that_is_older_than_the_server_is_told(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is tried."""
    script(tmp_path / "pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'")
    monkeypatch.setenv("LIFECYCLE_PG_BIN", str(tmp_path))
    (error,) = run("--db", stage.url, "--json", "db", "backup", tmp_path / "copy").badly(3).errors
    assert error["code"] == "too_old"
    assert " 9, and the server" in error["message"]
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("pg_dump: error: query failed: out of luck", "tool_failed"),
        ("pg_dump: error: could not write: No space left on device", "no_space"),
    ],
)
def test_what_pg_dump_says_when_it_fails_is_told(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, code: str
) -> None:
    """In one sentence, and no file is left."""
    version = f'[ "$1" = --version ] && exec {postgres.programs() / "pg_dump"} --version'
    script(tmp_path / "pg_dump", f"{version}\necho '{said}' >&2\nexit 1")
    monkeypatch.setenv("LIFECYCLE_PG_BIN", str(tmp_path))
    folder = tmp_path / "backups"
    folder.mkdir()
    line = ["--db", stage.url, "--json", "db", "backup", folder / "copy"]
    (error,) = run(*line).badly(3).errors
    assert error["code"] == code
    assert list(folder.iterdir()) == []


def test_archive_that_lost_rows_on_the_way_is_no_backup(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each table is compared with what the database had."""
    stage.propose()
    real = postgres.programs()
    for name in ("pg_dump", "pg_restore"):
        more = "--exclude-table-data=lifecycle.beside" if name == "pg_dump" else ""
        script(tmp_path / name, f'exec {real / name} "$@" {more}')
    monkeypatch.setenv("LIFECYCLE_PG_BIN", str(tmp_path))
    (error,) = run("--db", stage.url, "--json", "db", "backup", tmp_path / "copy").badly(3).errors
    assert (error["code"], "beside" in error["message"]) == ("not_verified", True)
    assert not (tmp_path / "copy").exists()


def test_archive_of_a_newer_pg_dump_is_told(
    empty: str, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which version is needed, not that the file is damaged."""
    file = tmp_path / "copy"
    run("--db", stage.url, "db", "backup", file).well()
    said = "pg_restore: error: unsupported version (1.99) in file header"
    script(tmp_path / "pg_restore", f"echo '{said}' >&2\nexit 1")
    monkeypatch.setenv("LIFECYCLE_PG_BIN", str(tmp_path))
    (error,) = run("--db", empty, "--json", "db", "restore", file, "--yes").badly(3).errors
    assert error["code"] == "too_old"


def test_another_name_is_refused_where_a_real_program_is_restored(
    tmp_path: Path, empty: str, staged: Staging, stage: Stage
) -> None:
    """Who restores is who is connected; a sandbox takes a name that is asserted."""
    real = staged(sandbox=False)
    for number, url in enumerate((real.url, stage.url)):
        run("--db", url, "db", "backup", tmp_path / str(number)).well()
    line = ["--db", empty, "--as", "olga", "--json", "db", "restore", "--yes"]
    (error,) = run(*line, tmp_path / "0").badly(2).errors
    assert error["code"] == "as_refused"
    run(*line, tmp_path / "1").well()
    said = run("--db", empty, "log", "--json").well().out.splitlines()[-1]
    assert '"actor":{"how":"asserted","id":"olga"}' in said
