"""The file by which a published folder is known again: whose it is, of when, and what is in it.

What it says of a folder is believed only as far as it names the folder's owner and what the files
were; nothing is ever written or removed under a name that only stands in here.
"""

from datetime import date
from pathlib import Path

import msgspec

NAME = "manifest.json"
"""Where it stands in the folder."""

FORMAT = 1
"""The form that this release writes; it reads no later one."""

_LARGEST = 256 * 1024 * 1024


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """How far the log went; `sealed` of its lines have the tree's `root`, null before a seal.

    `name` is the log's own, as its checkpoints have it.
    """

    name: str
    entries: int
    sealed: int = 0
    root: str | None = None


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a published folder: SHA-256 by path, in the order of paths."""

    format: int = FORMAT
    program: str
    audience: str
    languages: tuple[str, ...]
    day: date
    log: Log
    files: dict[str, str] = {}

    def with_files(self, files: dict[str, str]) -> "Manifest":
        """Return the same of other files."""
        return msgspec.structs.replace(self, files=dict(sorted(files.items())))

    def encoded(self) -> bytes:
        """Return the file's exact bytes."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def manifest_in(folder: Path) -> Manifest | None:
    """Return a folder's manifest; None where there is none that this program has written.

    Raises OSError.
    """
    path = folder / NAME
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
