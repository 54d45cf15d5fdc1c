"""`lifecycle edit`: the document in the editor, and no text is ever lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.editor import editor
from lifecycle.errors import StoreError
from states.ref import Ref
from states.vocabulary import State
from tests.cli.conftest import Cli
from tests.stage import Stage

EXTEND = "path.write_text(path.read_text().replace('2029-12-31', '2030-12-31'))"
Editing = Callable[[str], None]


def drafts(home: Path) -> list[Path]:
    """Return the texts that are kept in the state directory."""
    return list((home / "state" / "lifecycle" / "drafts").glob("*.toml"))


def test_what_was_edited_is_applied(cli: Cli, ref: Ref, editing: Editing, home: Path) -> None:
    """The document goes out to EDITOR and comes back as the agreement's next version."""
    editing(EXTEND)
    receipt = cli("edit", ref, json=True).well().json
    assert (receipt["outcome"], receipt["version"]) == ("ok", 2)
    assert not drafts(home)


def test_an_untouched_document_is_unchanged(cli: Cli, ref: Ref, editing: Editing) -> None:
    """Leaving the editor without a change writes no line."""
    editing("pass")
    assert cli("edit", ref, json=True).well().json["outcome"] == "unchanged"


def test_visual_comes_before_editor(
    cli: Cli, ref: Ref, editing: Editing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """VISUAL is the one that is opened where both are set."""
    editing(EXTEND)
    monkeypatch.setenv("VISUAL", "false")
    assert "false" in cli("edit", ref).badly(3).err


@pytest.mark.parametrize(
    "script",
    [
        "path.write_text('title = \"half')",
        "path.write_text(path.read_text().replace('2029-12-31', '2029-02-30'))",
        "path.write_text(path.read_text().replace('title', 'titel'))",
        "path.write_bytes(b'\\xff\\xfe')",
        "path.write_text('')",
        "path.write_text(path.read_text().replace('TOR-2026-001', 'TOR-2026-002'))",
    ],
)
def test_a_text_that_can_not_be_taken_is_kept(  # noqa: PLR0913, PLR0917 - fixtures
    stage: Stage, cli: Cli, ref: Ref, editing: Editing, home: Path, script: str
) -> None:
    """What is wrong is told with exit 2; the text lies where the user is told it does."""
    editing(script)
    ran = cli("edit", ref).badly(2)
    [kept] = drafts(home)
    assert str(kept) in ran.err
    assert len(stage.raw(ref)) == 1


def test_a_refused_change_is_kept(stage: Stage, cli: Cli, editing: Editing, home: Path) -> None:
    """What was signed changes only by both sides' act: exit 1, and the text is kept."""
    ref = stage.reach(State.SIGNED)
    editing(EXTEND)
    ran = cli("edit", ref).badly(1)
    assert "document.agreed" in ran.out
    assert str(drafts(home)[0]) in ran.err


def test_somebody_elses_change_meanwhile_is_not_overwritten(
    stage: Stage, cli: Cli, ref: Ref, editing: Editing, home: Path
) -> None:
    """The version is that of the text as it was opened."""
    other = f"""
import os, subprocess
text = path.read_text().replace("2029-12-31", "2031-12-31")
line = [sys.executable, "-m", "cli", "--db", {str(stage.path)!r}, "apply", "-"]
subprocess.run(line, input=text.encode(), check=True, cwd={str(Path.cwd())!r})
{EXTEND}
"""
    editing(other)
    assert "version_conflict" in cli("edit", ref).badly(1).out
    assert drafts(home)
    assert str(stage.standing(ref).term_end) == "2031-12-31"


@pytest.mark.parametrize("named", ["no-such-editor", "false"])
def test_an_editor_that_fails_changes_nothing(
    cli: Cli, ref: Ref, monkeypatch: pytest.MonkeyPatch, home: Path, named: str
) -> None:
    """An editor that can't be started or fails ends with 3; an untouched text is not kept."""
    monkeypatch.setenv("EDITOR", named)
    assert named in cli("edit", ref).badly(3).err
    assert not drafts(home)


def test_without_an_editor_that_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no editor can be found, the user is told to set one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    with pytest.raises(StoreError) as caught:
        editor()
    assert "EDITOR" in (caught.value.hint or "")


def test_a_dry_run_of_an_edit_stores_nothing(
    stage: Stage, cli: Cli, ref: Ref, editing: Editing, home: Path
) -> None:
    """`edit --dry-run` shows the difference that it would make, and keeps what was written."""
    editing(EXTEND)
    assert "term.end" in cli("edit", ref, "--dry-run").well().out
    assert stage.standing(ref).version == 1
    assert drafts(home)


def test_text_survives_where_the_state_directory_can_not_be_used(
    cli: Cli, ref: Ref, editing: Editing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a state directory the text lies in a temporary file, and is found there."""
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    editing("path.write_text('title = ')")
    kept = cli("edit", ref).badly(2).err.partition("kept in ")[2].splitlines()[0]
    assert Path(kept).read_text() == "title = "
    Path(kept).unlink()


@pytest.mark.parametrize("command", ["edit", "score"])
def test_no_editor_is_started_where_nobody_sits(
    cli: Cli, ref: Ref, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Without a terminal and without EDITOR it is wrong usage, and says what to give instead."""
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    assert "--file FILE" in cli(command, ref).badly(2).err
