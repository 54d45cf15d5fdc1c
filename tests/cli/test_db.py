"""`lifecycle db`: whether the database is in order, and how to mend it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from states.vocabulary import State
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.stage import Stage


def test_a_database_in_order_passes(stage: Stage, cli: Cli) -> None:
    """`db` is `db check`: one line a check, exit 0."""
    stage.reach(State.ACTIVE)
    checks = cli("db", "check", json=True).well().json
    assert all(set(check) == {"name", "ok", "status", "message", "fix"} for check in checks)
    lines = cli("db").well().out.splitlines()
    assert sum(line.startswith(("✓", "·")) for line in lines) == len(checks)


def test_findings_end_with_1_and_say_how_to_mend(stage: Stage, cli: Cli) -> None:
    """A trigger that was dropped and a row that was changed are both found."""
    ref = stage.propose()
    with closing(sqlite3.connect(stage.path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        connection.execute(f"DROP TRIGGER {names.fetchone()[0]}")
    stage.tamper("UPDATE agreement SET title = 'Other'")
    found = [check for check in cli("db", "check", json=True).badly(1).json if not check["ok"]]
    assert {check["name"] for check in found} == {"append-only", "log"}
    assert all(check["fix"] for check in found)
    assert str(ref) in cli("db", "check").badly(1).out
    cli("db", "upgrade").well()
    found = [check for check in cli("db", "check", json=True).badly(1).json if not check["ok"]]
    assert {check["name"] for check in found} == {"log"}


def test_upgrade_says_from_which_form_to_which(cli: Cli) -> None:
    """A database of this release is left as it is."""
    shape = cli("db", "upgrade", json=True).well().json
    assert shape["from"] == shape["to"]
    assert shape["changed"] is False
    assert "already" in cli("db", "upgrade").well().out


def test_upgrade_says_which_triggers_had_been_removed(stage: Stage, cli: Cli) -> None:
    """They stand again, and nobody removes them unnoticed."""
    stage.tamper("DROP TRIGGER entry_no_delete")
    assert "entry_no_delete" in cli("db", "upgrade").well().out
    assert cli("db", "upgrade", json=True).well().json["triggers_restored"] == []


def test_upgrade_and_check_need_a_database(tmp_path: Path) -> None:
    """Both end with 3 where there is none, and make none."""
    for command in ("check", "upgrade"):
        run("--db", tmp_path / "none.db", "db", command).badly(3)
    assert not (tmp_path / "none.db").exists()
