"""What a database's file and its folder are like: who may write them, and what they lie on.

SQLite keeps two files beside a database, `-wal` and `-shm`, and needs its folder to make them. A
file that somebody else can write to can be changed behind the log's back.
"""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store import mounts
from store.checks import room
from store.checks.check import Check, finding, good, looked, note
from store.checks.looking import side_file, size
from store.database import Database
from store.filefaults import owner

_JITTER = timedelta(minutes=2)
_SUFFIXES = ("-wal", "-shm")


def checks(database: Database, now: datetime | None) -> Iterator[Check]:
    """Yield what is found of the file and what it lies on; of what is no file, nothing."""
    path = Path(database.where)
    if size(path) is None or not path.is_file():
        return
    real = path.resolve()
    yield from looked("network share", lambda: _share(real))
    yield from looked("file", lambda: _file(path, real))
    yield from looked("file mode", lambda: _mode(real))
    if now is not None:
        yield from looked("file date", lambda: _date(real, now))
    yield from looked("folder", lambda: _folder(real.parent))
    yield from looked("files beside it", lambda: _beside(real))
    yield from looked("space", lambda: room.space(real))
    yield from looked("write-ahead log", lambda: room.write_ahead_log(real))


def _share(path: Path) -> Iterator[Check]:
    try:
        mount = mounts.lies_on(path)
    except OSError:
        mount = None
    if mount is None:
        message = "this system does not say what the database's folder lies on"
        yield note("network share", message, "keep it on a disk of this machine")
    elif mount.shared:
        message = (
            f"{path} is on a network share ({mount.kind}: {mount.source} at {mount.point}), where"
            " locks can't be relied on: two people who write at once can damage the database"
        )
        fix = (
            "move it to a disk of this machine, or run the program where the disk is; for several"
            " machines, use PostgreSQL"
        )
        yield finding("network share", message, fix)
    else:
        yield good("network share", f"it is on a disk of this machine ({mount.kind})")


def _file(path: Path, real: Path) -> Iterator[Check]:
    user, who = real.stat().st_uid, owner(real)
    through = f"; {path} leads there" if real != path else ""
    if not os.access(real, os.R_OK):
        message = f"you can't read {real}, which belongs to {who}"
        yield finding("file", message, f"ask {who}: chmod g+rw {real}, and your group")
    elif not os.access(real, os.W_OK):
        message = f"you can read {real}, and not write to it; it belongs to {who}{through}"
        yield note("file", message, f"to write, ask {who}: chmod g+w {real}")
    elif user not in {os.geteuid(), 0} and os.geteuid() != 0:
        message = f"{real} belongs to {who}, and you write to it by its group{through}"
        yield note("file", message)
    elif user != os.geteuid():
        message = f"{real} belongs to {who}, and you are another one{through}"
        yield note("file", message, f"run the program as {who}")
    else:
        yield good("file", f"{real} belongs to you{through}")


def _mode(path: Path) -> Iterator[Check]:
    found, folder = path.stat(), path.parent.stat()
    mode = stat.S_IMODE(found.st_mode)
    shared = found.st_gid == folder.st_gid and folder.st_mode & stat.S_IWGRP
    if mode & stat.S_IWOTH:
        message = f"everybody on this machine can write to it (mode {mode:04o})"
        yield finding("file mode", message, f"chmod o-w {path}")
    elif mode & stat.S_IWGRP and not shared:
        message = f"its group can write to it (mode {mode:04o}), and its folder is not the group's"
        fix = f"chmod g-w {path}; to share it, also give the group its folder: chmod g+w"
        yield finding("file mode", message, f"{fix} {path.parent}")
    else:
        yield good("file mode", f"its mode is {mode:04o}")


def _date(path: Path, now: datetime) -> Iterator[Check]:
    files = [path, *(side_file(path, suffix) for suffix in _SUFFIXES)]
    last = max(file.stat().st_mtime for file in files if size(file) is not None)
    written = datetime.fromtimestamp(last, UTC)
    if written > now + _JITTER:
        message = (
            f"it was written at {written:%Y-%m-%d %H:%M} UTC, and the clock says"
            f" {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC: it went backwards, or was ahead then"
        )
        fix = "set the clock (timedatectl set-ntp true), and write nothing until it is right"
        yield finding("file date", message, fix)
    else:
        yield good("file date", f"it was last written at {written:%Y-%m-%d %H:%M} UTC")


def _folder(folder: Path) -> Iterator[Check]:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        message = f"everybody can put another file in its place: {folder} has mode {mode:04o}"
        yield finding("folder", message, f"chmod o-w {folder}")
    elif not os.access(folder, os.W_OK | os.X_OK):
        message = (
            f"you can't write in {folder}, where SQLite keeps its write-ahead log beside the"
            " database: you can't change anything, and can't read while somebody else writes"
        )
        fix = f"make the folder writable for you, for example: chgrp GROUP {folder}; chmod g+w"
        yield finding("folder", message, f"{fix} {folder}")
    else:
        yield good("folder", f"{folder} can be written to, as the write-ahead log needs it")


def _beside(path: Path) -> Iterator[Check]:
    whole = True
    writable = os.access(path, os.W_OK)
    for file in (side_file(path, suffix) for suffix in _SUFFIXES):
        if size(file) is None:
            continue
        mode = stat.S_IMODE(file.stat().st_mode)
        if file.is_symlink():
            whole = False
            yield finding("files beside it", f"{file} is a symbolic link", f"rm {file}")
        elif mode & stat.S_IWOTH:
            whole = False
            message = f"everybody on this machine can write to {file} (mode {mode:04o})"
            yield finding("files beside it", message, f"chmod o-w {file}")
        elif writable and not os.access(file, os.W_OK):
            whole = False
            message = f"{file} belongs to {owner(file)} and keeps you from writing"
            fix = f"end every lifecycle that is running, then: chown --reference={path} {file}"
            yield finding("files beside it", message, fix)
    if whole:
        yield good("files beside it", "nothing beside it keeps you from writing")
