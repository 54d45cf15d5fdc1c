"""Global options: where the database is looked for, who acts, and which day it is."""

import os
import pwd
from pathlib import Path

import pytest

from states.ref import Ref
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.conftest import Staging
from tests.stage import Stage


@pytest.fixture
def configured(home: Path) -> Path:
    """Return the user's lifecycle.toml, not yet written."""
    folder = home / "config" / "lifecycle"
    folder.mkdir(parents=True)
    return folder / "lifecycle.toml"


def test_global_options_stand_before_or_after_the_command(stage: Stage) -> None:
    """`--db` and `--json` mean the same on either side of the command's name."""
    before = run("--db", stage.path, "--json", "list").well().out
    assert run("list", "--json", "--db", stage.path).well().out == before
    assert run("log", "--db", stage.path, "show", "--json").well().out


def test_the_database_is_named_by_option_then_environment_then_files_then_home(
    stage: Stage, configured: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each place is looked at only where the one before it says nothing."""
    assert str(home / "data" / "lifecycle" / "lifecycle.db") in run("list").badly(3).err
    system = home / "system" / "lifecycle"
    system.mkdir(parents=True)
    (system / "lifecycle.toml").write_text(f'database = "{home}/system.db"\n')
    assert "system.db" in run("list").badly(3).err
    configured.write_text(f'database = "{home}/user.db"\n')
    assert "user.db" in run("list").badly(3).err
    monkeypatch.setenv("LIFECYCLE_DATABASE_URL", str(home / "variable.db"))
    assert "variable.db" in run("list").badly(3).err
    run("--db", stage.path, "list").well()


def test_a_database_in_a_file_is_taken_from_the_files_folder(
    stage: Stage, configured: Path
) -> None:
    """A relative path in lifecycle.toml does not depend on where somebody stands."""
    (configured.parent / "here.db").write_bytes(stage.path.read_bytes())
    configured.write_text('database = "here.db"\nprogram = "TOR"\n')
    run("list").well()


@pytest.mark.parametrize("text", ["database = 3\n", 'databse = "x"\n', "database = \n"])
def test_a_bad_lifecycle_toml_is_named(configured: Path, text: str) -> None:
    """A mistake in the settings is told with its file, before anything is done."""
    configured.write_text(text)
    errors = run("--json", "list").badly(2).errors
    assert errors[0]["file"] == str(configured)


def test_a_missing_database_says_where_it_was_looked_for(home: Path) -> None:
    """Only `init` makes a database; all else ends with 3 and lists the places."""
    [error] = run("--json", "list").badly(3).errors
    assert error["code"] == "missing"
    for place in ("--db", "LIFECYCLE_DATABASE_URL", "lifecycle.toml", "lifecycle.db"):
        assert place in error["hint"]
    assert not (home / "data").exists()


def test_a_program_that_is_not_there_is_bad_input(stage: Stage) -> None:
    """`--program` names one of the database's programs."""
    [error] = run("--db", stage.path, "--program", "OSL", "--json", "list").badly(2).errors
    assert error["code"] == "unknown_program"
    run("--db", stage.path, "--program", "TOR", "list").well()


def test_a_real_database_refuses_a_staged_day(staged: Staging) -> None:
    """Time can be staged only in a sandbox."""
    real = staged(sandbox=False)
    for command in (["list"], ["nightly"], ["show", "TOR"]):
        assert "sandbox" in run("--db", real.path, "--today", "2027-01-01", *command).badly(2).err


def test_a_sandbox_stands_at_the_later_of_clock_and_last_entry(stage: Stage, ref: Ref) -> None:
    """Without --today, the next act in a sandbox comes after the last one."""
    run("--db", stage.path, "--today", "2099-01-01", "advance", ref, "submit").well()
    receipt = run("--db", stage.path, "--json", "record", ref, "note", "text=later").well().json
    assert receipt["effective_on"] == "2099-01-01"


def test_the_actor_is_the_user_or_an_asserted_name(stage: Stage, cli: Cli, ref: Ref) -> None:
    """The log says how it is known who acted: from the operating system, or asserted."""
    user = pwd.getpwuid(os.getuid()).pw_name
    run("--db", stage.path, "record", ref, "note", "text=as myself").well()
    cli("record", ref, "note", "text=as bo", actor="bo").well()
    mine, asserted = stage.entries(ref)[-2:]
    assert (mine.actor.id, mine.actor.how) == (user, "os")
    assert (asserted.actor.id, asserted.actor.how) == ("bo", "asserted")


@pytest.mark.parametrize("name", ["", "   ", "a\x1b[31mb", "x" * 301, "a\nb", "\udcff"])
def test_a_name_that_the_record_can_not_keep_is_wrong_usage(stage: Stage, name: str) -> None:
    """Blank, overlong and acting text is refused before it comes near the log."""
    run("--db", stage.path, "--as", name, "list").badly(2)


@pytest.mark.parametrize("day", ["2027-02-30", "20270101", "0999-01-01", "tomorrow", ""])
def test_a_day_that_the_calendar_does_not_have_is_wrong_usage(stage: Stage, day: str) -> None:
    """Days are YYYY-MM-DD, and real."""
    run("--db", stage.path, "--today", day, "list").badly(2)
