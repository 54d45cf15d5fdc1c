"""`lifecycle db` and `lifecycle doctor`: whether everything is in order, and how to mend it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from states.vocabulary import State
from tests.cli.conftest import Cli
from tests.cli.running import process, run
from tests.stage import Stage


def test_a_database_in_order_passes(stage: Stage, cli: Cli) -> None:
    """`db` is `db check`: one line a check, exit 0."""
    stage.reach(State.ACTIVE)
    checks = cli("db", "check", json=True).well().json
    assert all(set(check) == {"name", "ok", "message", "fix"} for check in checks)
    assert cli("db").well().out.count("✓") == len(checks)


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


def test_the_doctor_looks_at_machine_settings_and_database(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything in order is 0; what is not has its remedy."""
    monkeypatch.setenv("EDITOR", "true")
    checks = process("--db", stage.path, "--json", "doctor").well().json
    assert {"text", "editor", "state", "place", "database"} <= {check["name"] for check in checks}
    assert "✓ editor" in process("--db", stage.path, "doctor").well().out


def test_the_doctor_tells_what_is_wrong(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No editor, no database, no state directory, no UTF-8: exit 1, each with what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    ran = process(
        "--json", "doctor", env={"PYTHONUTF8": "0", "LC_ALL": "", "PYTHONIOENCODING": "latin-1"}
    )
    failed = {
        check["name"]: check["fix"] for check in json.loads(ran.badly(1).out) if not check["ok"]
    }
    assert set(failed) == {"text", "editor", "state", "database"}
    assert all(failed.values())
    assert home.exists()
