"""Whether the machine's clock is kept, and whether the terminal, editor and account are usable."""

import ctypes
import os
import pwd
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cli.editor import editor
from store.checks.check import Check, finding, good, note
from store.checks.zones import machines, machines_release, package_release

_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
_TIMEX_BYTES = 512
"""More than the kernel's struct timex has; zeros in it ask and set nothing."""

_NOT_SET_BY_ANYBODY = 5


def clock(now: datetime) -> Iterator[Check]:
    """Yield whether the clock can be right at all, and what keeps it."""
    folder = machines("UTC")
    release = (machines_release(folder) if folder else None) or package_release()
    if release and now.year < int(release[:4]):
        message = f"the clock says {now:%Y-%m-%d}, and the time-zone data are of {release[:4]}"
        yield finding("clock of the machine", message, "timedatectl set-ntp true")
        return
    kept = _kept()
    said = f"it says {now:%Y-%m-%d %H:%M} UTC"
    if kept is None:
        message = f"{said}; whether it is kept right can't be seen here"
        yield note("clock of the machine", message)
    elif kept:
        yield good("clock of the machine", f"{said}, and is kept by a time server")
    else:
        message = f"{said}, and nothing tells that a time server keeps it"
        yield note("clock of the machine", message, "timedatectl set-ntp true")


def _kept() -> bool | None:
    """Whether the clock is synchronised; None where the kernel does not say."""
    if _SYNCHRONIZED.exists():
        return True
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (AttributeError, OSError):
        return None
    return None if state < 0 else state != _NOT_SET_BY_ANYBODY


def text() -> Iterator[Check]:
    """Yield whether names such as Łódź can be written out, and used for files."""
    encoding = (sys.stdout.encoding if sys.stdout else None) or "none"
    files = sys.getfilesystemencoding()
    if all("utf" in name.lower() for name in (encoding, files)):
        yield good("text", f"standard output takes {encoding}")
    else:
        message = f"standard output takes {encoding}, names of files take {files}"
        yield finding("text", message, "set LANG to a UTF-8 locale, or PYTHONUTF8=1")


def editing() -> Iterator[Check]:
    """Yield whether the editor that would be opened is there."""
    choose = "set EDITOR to the editor that you use"
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    try:
        command = editor()
    except ValueError as error:
        yield finding("editor", f"VISUAL or EDITOR says {named!r}: {error}", choose)
        return
    if not command or shutil.which(command[0]) is None:
        message = f"the editor {command[0] if command else named!r} is not there"
        yield finding("editor", message, choose)
    else:
        yield good("editor", f"edit, score and evaluate open {command[0]}")


def account() -> Iterator[Check]:
    """Yield whether the account has a name that can stand on the log."""
    user = os.getuid()
    try:
        yield good("account", f"what you do is recorded as done by {pwd.getpwuid(user).pw_name}")
    except KeyError:
        message = f"your account has no name here: the log would say {user}"
        yield finding("account", message, "give it one (useradd), or say who acts with --as NAME")
