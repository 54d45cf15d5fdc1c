"""Fixtures of the command line's tests: nothing of the user who runs them can be reached."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from states.ref import Ref
from tests.cli.running import Ran, run
from tests.stage import Stage

_OF_THE_USER = ("EDITOR", "VISUAL", "LIFECYCLE_DATABASE_URL", "NO_COLOR", "COLUMNS")
_FOLDERS = {
    "XDG_CONFIG_HOME": "config",
    "XDG_CONFIG_DIRS": "system",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
}


class Cli(Protocol):
    """Runs a command line on the stage's database."""

    def __call__(
        self,
        *line: object,
        stdin: str | bytes | None = None,
        actor: str = "anna",
        json: bool = False,
    ) -> Ran:
        """Run it, on the stage's day, under somebody's name."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home, the only one that the program can find."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for name, place in _FOLDERS.items():
        monkeypatch.setenv(name, str(folder / place))
    for name in _OF_THE_USER:
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def cli(stage: Stage) -> Cli:
    """Return what runs command lines on the stage's database, on the stage's day."""

    def on_stage(
        *line: object, stdin: str | bytes | None = None, actor: str = "anna", json: bool = False
    ) -> Ran:
        everywhere = ["--db", stage.path, "--as", actor, "--today", stage.day]
        return run(*everywhere, *(["--json"] if json else []), *line, stdin=stdin)

    return on_stage


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return a complete proposal of Anna's."""
    return stage.propose()


@pytest.fixture
def editing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what sets EDITOR to a Python script, which finds the file's path in `path`."""

    def use(script: str) -> None:
        file = tmp_path / "editor.py"
        file.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n{script}\n")
        monkeypatch.setenv("EDITOR", f"{sys.executable} {file}")

    return use
