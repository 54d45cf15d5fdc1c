"""Why SQLite can't open or write a file, as the file system tells it: where, whose, what next.

SQLite says "unable to open" or "readonly" of six different things. This looks which it is.
"""

import os
import pwd
from pathlib import Path

from store import mounts

Told = tuple[str, str, str]
"""The error's code, what is wrong, and what to do next."""

_OF_FILES = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")
_OF_DISKS = ("SQLITE_IOERR", "SQLITE_PROTOCOL", "SQLITE_NOLFS")


def cause(where: str, name: str) -> Told | None:
    """Return what is wrong with the file at `where` by SQLite's name of an error, if it is seen."""
    path = Path(where)
    try:
        path = path.resolve()
        if name.startswith(_OF_FILES):
            return _of_folder(path) or _of_disk(path) or _of_file(path)
        if name.startswith(_OF_DISKS):
            return _of_share(path)
    except (OSError, RuntimeError):
        return None
    return None


def owner(path: Path) -> str:
    """Return the name of the account that a file belongs to."""
    user = path.stat().st_uid
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def _of_folder(path: Path) -> Told | None:
    folder = path.parent
    if folder.is_dir() and not os.access(folder, os.X_OK):
        what = f"you may not enter its folder, which belongs to {owner(folder)}"
        return "unreadable", what, f"ask {owner(folder)} to let you in: chmod g+rwx {folder}"
    if path.is_file() and not os.access(path, os.R_OK):
        what = f"you may not read it; it belongs to {owner(path)}"
        return "unreadable", what, f"ask {owner(path)} to let you: chmod g+rw {path}"
    return None


def _of_disk(path: Path) -> Told | None:
    folder = path.parent
    if not path.is_file():
        return None
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        what = "it is on a disk that can only be read"
        return "read_only", what, "use a copy of it on another disk: --db COPY"
    if os.access(folder, os.W_OK):
        return None
    alone = not path.with_name(f"{path.name}-wal").exists()
    what = (
        f"you can't write in its folder {folder}, where SQLite keeps its write-ahead log beside the"
        f" database, so that it can't {'even be read' if alone else 'be changed'}"
    )
    hint = f"ask {owner(folder)}: chmod g+w {folder}; to read, use a copy in a folder of yours"
    return "read_only", what, hint


def _of_file(path: Path) -> Told | None:
    if not path.is_file():
        return None
    if not os.access(path, os.W_OK):
        what = f"you may read it, and not write to it; it belongs to {owner(path)}"
        return "read_only", what, f"ask {owner(path)} to let you: chmod g+w {path}"
    for beside in (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm")):
        if beside.exists() and not os.access(beside, os.W_OK):
            what = f"{beside} belongs to {owner(beside)} and keeps you from writing"
            hint = f"end every lifecycle that is running, then: chown --reference={path} {beside}"
            return "read_only", what, hint
    return None


def _of_share(path: Path) -> Told | None:
    mount = mounts.lies_on(path)
    if mount is None or not mount.shared:
        return None
    what = f"the network share that it is on ({mount.kind} at {mount.point}) could not do it"
    hint = "move it to a disk of this machine, where locks hold, or use PostgreSQL"
    return "disk", what, hint
