"""Where the tests keep their files: in memory, if this machine lends some as a folder.

Nothing of the tests is about a machine that loses its power, and files are most of what they wait
for: a PostgreSQL database of a test's own is some three hundred. Who sets TMPDIR has them there.
"""

import os
import tempfile
from pathlib import Path

FOLDER = Path("/dev/shm")  # noqa: S108 - only what tempfile makes comes into it
ENOUGH = 1 << 30


def use() -> None:
    """Let temporary files of this process and of those that it starts be in memory."""
    if "TMPDIR" not in os.environ and _lent(FOLDER):
        os.environ["TMPDIR"] = tempfile.tempdir = str(FOLDER)


def _lent(folder: Path) -> bool:
    """Return whether there is room in a folder, and programs may be run there."""
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        return False
    of_it = os.statvfs(folder)
    return of_it.f_bavail * of_it.f_frsize >= ENOUGH and not of_it.f_flag & os.ST_NOEXEC
