"""What could not be done: exit 3 with its cause, nothing changed, and never a traceback."""

import json
import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.runs import show as show_module
from states.ref import Ref
from store import sqlite
from tests.builders import SAMPLES
from tests.cli.running import process, run
from tests.stage import Stage

SAMPLE = SAMPLES / "agreement.toml"


def no_larger_than(size: int) -> Callable[[], None]:
    """Return what lets a process write no file beyond a size."""
    return partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))


def code_of(path: Path, *line: object) -> str:
    """Return the code of the error that a command on a database ends with, as 3."""
    [error] = run("--db", path, "--json", *line).badly(3).errors
    assert error["message"]
    assert error["hint"]
    return str(error["code"])


def test_a_locked_database_is_told(stage: Stage, ref: Ref, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer waits, and then says that somebody else is writing; readers go on."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(stage.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert code_of(stage.path, "advance", ref, "submit") == "locked"
        run("--db", stage.path, "list").well()
    run("--db", stage.path, "advance", ref, "submit").well()


def test_a_read_only_database_is_told(
    stage: Stage, ref: Ref, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writers end with 3; readers read."""
    connect = sqlite3.connect

    def read_only(location: str, **how: Any) -> sqlite3.Connection:  # noqa: ANN401
        connection: sqlite3.Connection = connect(location.replace("mode=rw", "mode=ro"), **how)
        return connection

    monkeypatch.setattr(sqlite3, "connect", read_only)
    for line in (["advance", ref, "submit"], ["propose", SAMPLE], ["nightly"]):
        assert code_of(stage.path, *line) == "read_only"
    assert str(ref) in run("--db", stage.path, "list").well().out


@pytest.mark.parametrize("contents", [b"", b"not a database\n" * 100, b"SQLite format 3\x00junk"])
def test_a_file_that_is_no_database_of_ours_is_told(tmp_path: Path, contents: bytes) -> None:
    """Whatever the file is, it is left as it was."""
    file = tmp_path / "other.db"
    file.write_bytes(contents)
    for line in (["list"], ["propose", SAMPLE], ["db", "check"], ["db", "upgrade"], ["nightly"]):
        assert code_of(file, *line) in {"foreign", "damaged"}
    assert file.read_bytes() == contents


def test_another_programs_database_is_told(tmp_path: Path) -> None:
    """A SQLite file of something else is foreign, and not migrated."""
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE agreement (title TEXT)")
    before = file.read_bytes()
    for line in (["list"], ["db", "upgrade"], ["propose", SAMPLE]):
        assert code_of(file, *line) == "foreign"
    assert file.read_bytes() == before


@pytest.mark.parametrize("place", [".", "nowhere/there.db"])
def test_a_place_that_holds_no_database_is_missing(tmp_path: Path, place: str) -> None:
    """A folder or a path into nothing is a missing database."""
    assert code_of(tmp_path / place, "list") == "missing"


def test_a_newer_or_older_database_is_told(stage: Stage) -> None:
    """Another release's database is not touched; an older one is told how to be upgraded."""
    stage.tamper("UPDATE alembic_version SET version_num = '9999'")
    for line in (["list"], ["propose", SAMPLE], ["db", "upgrade"]):
        assert code_of(stage.path, *line) == "newer"
    stage.tamper("UPDATE alembic_version SET version_num = '0000'")
    [error] = run("--db", stage.path, "--json", "list").badly(3).errors
    assert (error["code"], "db upgrade" in error["hint"]) == ("older", True)


@pytest.mark.parametrize("url", ["mysql://x/y", "oracle://x/y", "sqlite://", "://"])
def test_a_database_of_another_kind_is_wrong_usage(url: str) -> None:
    """What this release does not run on is told as such."""
    run("--db", url, "list").badly(2)


def test_what_the_system_could_not_do_is_told_with_what_to_do(home: Path) -> None:
    """A folder where a file is expected: its name, and what next."""
    folder = home / "config" / "lifecycle" / "lifecycle.toml"
    folder.mkdir(parents=True)
    [error] = run("--json", "list").badly(3).errors
    assert (error["code"], str(folder) in error["message"]) == ("system", True)
    assert error["hint"]


def test_a_full_disk_changes_nothing(stage: Stage, ref: Ref) -> None:
    """A file that can't grow ends with 3; the same order goes through once there is space."""
    stage.tamper("PRAGMA wal_checkpoint(TRUNCATE)")
    stage.store.close()
    size = stage.path.stat().st_size

    small = no_larger_than(size)
    text = "x" * 19_000
    line = ["--db", stage.path, "record", ref, "note", f"text={text}"]
    runs = (process(*line, prepare=small) for _ in range(20))
    failed = next(ran for ran in runs if ran.code)
    assert "nothing was changed" in failed.badly(3).err
    process("--db", stage.path, "log", "replay").well()
    process(*line).well()


def test_no_disk_for_a_new_database_leaves_none(tmp_path: Path) -> None:
    """`init` that runs out of space removes what it began."""
    small = no_larger_than(16_384)
    process("--db", tmp_path / "x.db", "init", prepare=small).badly(3)
    assert not list(tmp_path.glob("x.db*"))


def test_a_bug_is_written_down_and_told(
    stage: Stage, ref: Ref, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The traceback goes to the log of bugs; the user is told where that is."""

    def broken(*_: object) -> None:
        message = "no such luck"
        raise KeyError(message)

    monkeypatch.setattr(show_module, "page", broken)
    ran = run("--db", stage.path, "show", ref).badly(3)
    log = home / "state" / "lifecycle" / "bugs.log"
    assert str(log) in ran.err
    assert log.stat().st_mode & 0o777 == 0o600
    line = json.loads(log.read_text())
    assert line["command"] == "lifecycle show"
    assert "no such luck" in line["exception"]
    assert "Traceback" in line["exception"]
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    assert "report" in run("--db", stage.path, "show", ref).badly(3).err


def test_what_even_the_teller_can_not_tell_is_no_traceback(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in telling an error still ends with 3 and a line."""
    monkeypatch.setattr("cli.failures.talk", None)
    assert "error: " in run("--db", stage.path, "show", "nothing").badly(3).err
