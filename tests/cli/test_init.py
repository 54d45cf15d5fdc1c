"""`lifecycle init`: makes a database once, where it was said, with a policy in force."""

from pathlib import Path

import pytest

from tests.cli.running import run
from tests.stage import policy_file


def test_it_makes_the_database_where_no_other_is_named(home: Path) -> None:
    """Without --db the database is made in the user's data directory, for its owner alone."""
    receipt = run("init", "--json").well().json
    made = home / "data" / "lifecycle" / "lifecycle.db"
    assert made.stat().st_mode & 0o777 == 0o600
    assert receipt["database"] == str(made)
    assert (receipt["ref"], receipt["event"], receipt["outcome"]) == ("TOR", "policy_adopted", "ok")
    assert run("list").well().out


def test_a_sandbox_has_its_policy_in_force_from_the_beginning(tmp_path: Path) -> None:
    """In a sandbox any day can be staged, so the policy holds from year 1."""
    ran = run("--db", tmp_path / "s.db", "init", "--sandbox", "--json", "--today", "2019-05-01")
    receipt = ran.well().json
    assert receipt["effective_on"] == "0001-01-01"
    assert receipt["sandbox"] is True


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    """What is there already is never overwritten, database or not."""
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    for _ in range(2):
        [error] = run("--db", file, "--json", "init").badly(3).errors
        assert error["code"] == "exists"
    assert file.read_text() == "mine"


def test_a_policy_is_a_shipped_name_or_a_file(tmp_path: Path) -> None:
    """`--policy` takes either; another program's code becomes that of the references."""
    file = tmp_path / "oslo.toml"
    file.write_bytes(policy_file({"program": {"code": "OSL", "name": "Oslo"}}))
    run("--db", tmp_path / "a.db", "init", "--policy", "toronto-2005").well()
    run("--db", tmp_path / "b.db", "init", "--policy", file).well()
    run("--db", tmp_path / "b.db", "role", "grant", "anna", "staff").well()
    proposal = ["propose", "--type", "partnership", "--title", "Trade", "--json", "--as", "anna"]
    assert run("--db", tmp_path / "b.db", *proposal).well().json["ref"].startswith("OSL-")


@pytest.mark.parametrize("policy", ["nowhere", "{tmp}/bad.toml", "/dev/null"])
def test_a_policy_that_can_not_be_used_leaves_no_database(tmp_path: Path, policy: str) -> None:
    """Nothing is made before the policy is in order."""
    (tmp_path / "bad.toml").write_text("[program]\nname = 3\n")
    database = tmp_path / "x.db"
    run("--db", database, "init", "--policy", policy.format(tmp=tmp_path)).badly(2)
    assert not database.exists()


def test_a_dry_run_makes_nothing(tmp_path: Path) -> None:
    """`--dry-run` answers as it would be and leaves no file."""
    receipt = run("--db", tmp_path / "x.db", "init", "--dry-run", "--json").well().json
    assert receipt["dry_run"] is True
    assert not list(tmp_path.glob("x.db*"))


def test_a_folder_that_can_not_be_written_to_is_told(tmp_path: Path) -> None:
    """A place where nothing can be made ends with 3 and says so."""
    file = tmp_path / "file"
    file.touch()
    run("--db", file / "below.db", "init").badly(3)


def test_another_programs_code_is_wrong_usage(tmp_path: Path) -> None:
    """`--program` must be what the policy says."""
    run("--db", tmp_path / "x.db", "--program", "OSL", "init").badly(2)
    assert not (tmp_path / "x.db").exists()
