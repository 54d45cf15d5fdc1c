"""Opens a text in the user's editor, and never loses what was written there.

The text lies in the user's state directory until what was made of it is stored. Whatever goes
wrong, an interruption included, it is still there, and the user is told where.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
import platformdirs

from cli.asking import agreed, can_ask
from cli.failures import told
from cli.output.streams import talk
from cli.settings import Settings
from lifecycle.errors import StoreError
from states.problem import InvalidInputError

T = TypeVar("T")

_EDITORS = ("sensible-editor", "nano", "vim", "vi")
_CHOOSE = "set EDITOR to the editor that you use"


class Draft:
    """A text that is being edited, in a file of its own."""

    def __init__(self, name: str, text: str) -> None:
        """Write the text to a new file; raises StoreError where none can be made."""
        self.given = text
        self.path = _new_file(name)
        self.path.write_text(text, encoding="utf-8")

    def edited(self) -> str:
        """Let the user edit the file, and return what it says afterwards.

        Where nobody sits, only an editor that is named in VISUAL or EDITOR is started.
        """
        if not (_named() or can_ask()):
            message = (
                "Nobody can edit here: give the document as a file (--file FILE, or apply FILE),"
                " or set EDITOR."
            )
            raise click.UsageError(message)
        command = [*editor(), str(self.path)]
        try:
            status = subprocess.run(command, check=False).returncode  # noqa: S603 - their editor
        except OSError as error:
            message = f"the editor {command[0]} can't be started: {error.strerror}"
            raise StoreError(message, "editor", _CHOOSE) from error
        if status:
            message = f"the editor {command[0]} ended with status {status}, so nothing was done"
            raise StoreError(message, "editor", _CHOOSE)
        return self.path.read_text(encoding="utf-8", errors="surrogateescape")

    def done(self) -> None:
        """Remove the file: what it says is stored, or nothing was written in it."""
        self.path.unlink(missing_ok=True)

    def kept(self) -> None:
        """Tell where the text is kept, unless it is as it was given."""
        if self.path.exists() and self.path.read_bytes() == self.given.encode():
            self.done()
        else:
            talk(f"Your text is kept in {self.path}\n")


def take(
    draft: Draft,
    settings: Settings,
    use: Callable[[str], T],
    accepted: Callable[[T], bool],
    mendable: Callable[[T], bool] = lambda _result: True,
) -> T:
    """Let the user edit until what `use` makes of the text is accepted, or they leave it at that.

    What is wrong with it is told, and on a terminal the text may be opened again, unless another
    text would not mend it. A text that was not accepted is kept.
    """
    try:
        while True:
            try:
                result = use(draft.edited())
            except (InvalidInputError, click.UsageError) as error:
                if not can_ask():
                    raise
                told(error, settings)
                if not agreed("Open it again?", usual=True):
                    raise _NotStoredError from None
                continue
            if accepted(result):
                draft.done()
                return result
            if not (mendable(result) and can_ask() and agreed("Open it again?", usual=True)):
                draft.kept()
                return result
    except BaseException:
        draft.kept()
        raise


class _NotStoredError(StoreError):
    """The user left it at a text that can't be taken."""

    def __init__(self) -> None:
        super().__init__("nothing was stored", "not_stored")


def _named() -> str | None:
    return os.environ.get("VISUAL") or os.environ.get("EDITOR")


def editor() -> list[str]:
    """Return the command that starts the user's editor; raises StoreError if there is none."""
    if named := _named():
        return shlex.split(named)
    for name in _EDITORS:
        if found := shutil.which(name):
            return [found]
    message = "there is no editor"
    raise StoreError(message, "editor", _CHOOSE)


def _new_file(name: str) -> Path:
    for folder in (platformdirs.user_state_path("lifecycle") / "drafts", None):
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, path = tempfile.mkstemp(".toml", f"{name}-", folder)
        except OSError:
            continue
        os.close(handle)
        return Path(path)
    message = "there is no place to keep the text while you edit it"
    raise StoreError(message, "editor", "free some space, or give the text in a file")
