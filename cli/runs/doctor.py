"""What `lifecycle doctor` does: looks at the machine and the settings, then at the database."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from cli.database import place
from cli.editor import editor
from cli.output.checks import tell
from cli.settings import Reading, Settings
from lifecycle.errors import StoreError
from store.checks import Check, checks

_ENOUGH_SPACE = 64 * 1024 * 1024


def examine(settings: Settings, reading: Reading) -> int:
    """Check everything; returns the exit code."""
    where = place(settings)
    found = [*_machine(), Check("place", ok=True, message=f"looked at {', '.join(where.looked)}")]
    found += checks(where.url, where.program, deep=False)
    return tell(settings, reading, found)


def _machine() -> Iterator[Check]:
    encoding = (sys.stdout.encoding if sys.stdout else None) or "none"
    yield Check(
        "text",
        ok="utf" in encoding.lower(),
        message=f"standard output takes {encoding}",
        fix=None if "utf" in encoding.lower() else "set LANG to a UTF-8 locale, or PYTHONUTF8=1",
    )
    yield _editor()
    yield _state()


def _editor() -> Check:
    try:
        return Check("editor", ok=True, message=f"edit, score and evaluate open {editor()[0]}")
    except StoreError as error:
        return Check("editor", ok=False, message=error.message, fix=error.hint)


def _state() -> Check:
    folder = Path(platformdirs.user_state_path("lifecycle"))
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK):
        message = f"{there} can't be written to, so neither drafts nor bugs can be kept"
        return Check(
            "state", ok=False, message=message, fix="set XDG_STATE_HOME to a folder of yours"
        )
    free = shutil.disk_usage(there).free
    if free < _ENOUGH_SPACE:
        message = f"only {free // 2**20} MB are free at {there}"
        return Check("state", ok=False, message=message, fix="free some space")
    return Check("state", ok=True, message=f"drafts and the log of bugs are kept in {folder}")
