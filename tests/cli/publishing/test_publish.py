"""`lifecycle publish`: the register as a website in a folder, written by one command."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where a site is to be published."""
    (tmp_path / "www").mkdir()
    return tmp_path / "www" / "register"


def test_publishing_twice_writes_once_and_checking_finds_nothing(cli: Cli, folder: Path) -> None:
    """The answer says what was written and where to look; `--check` right after is clean."""
    said = cli("publish", folder).well().out
    assert f"Published {folder}" in said
    assert f"Open file://{folder}/index.html" in said
    assert "Nothing was written" in cli("publish", folder).well().out
    assert "as it should be" in cli("publish", folder, "--check").well().out


def test_a_check_with_findings_ends_with_1_and_lists_them(cli: Cli, folder: Path) -> None:
    """So that monitoring can tell; the list is whole in JSON."""
    cli("publish", folder)
    (folder / "checkpoint.txt").write_text("by hand")
    assert (
        "Changed by hand (1):\n  checkpoint.txt" in cli("publish", folder, "--check").badly(1).out
    )
    found = cli("publish", folder, "--check", json=True).badly(1).json
    assert (found["ok"], found["altered"]) == (False, ["checkpoint.txt"])


def test_publishing_and_checking_write_nothing_to_the_log(cli: Cli, folder: Path) -> None:
    """Making a site is reading."""
    cli("publish", folder)
    cli("publish", folder, "--check")
    assert cli("publish", folder, "--dry-run", json=True).well().json["log"]["entries"] == 1


def test_a_folder_that_is_not_ours_ends_with_2(cli: Cli, tmp_path: Path) -> None:
    """With what is wrong, where, and what to do."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine")
    [error] = cli("publish", tmp_path / "mine", json=True).badly(2).errors
    assert (error["code"], error["key"]) == ("not_ours", "DIR")
    assert error["file"] == str(tmp_path / "mine")
    assert error["hint"]
