"""Where the database is looked up, whether the settings are sound, and where the program writes."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import platformdirs

from cli.bugs import FILE as BUGS
from cli.configuration import mistakes_in, tables_of
from cli.database import VARIABLE, Place
from cli.settings import Settings
from store.checks.check import Check, finding, good, note

_ENOUGH_SPACE = 64 * 1024 * 1024
_PASSWORD_FILE = "keep the password in ~/.pgpass (mode 0600) and leave it out of the URL"  # noqa: S105


def file(path: Path) -> Iterator[Check]:
    """Yield whether a lifecycle.toml can be read and is its owner's alone."""
    keys = tables_of(path)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        yield note("settings", f"there is no {path}, and none is needed")
        return
    if mode & stat.S_IWOTH:
        message = f"everybody can write to {path}, and so say where the database is"
        yield finding("settings", message, f"chmod o-w {path}")
    elif _password(keys.get("database", "")) and mode & (stat.S_IRGRP | stat.S_IROTH):
        message = f"{path} holds a password and can be read by others (mode {mode:04o})"
        yield finding("settings", message, f"chmod 600 {path}; better, {_PASSWORD_FILE}")
    else:
        yield good("settings", f"{path} sets {', '.join(sorted(keys)) or 'nothing'}")
    for problem in mistakes_in(path, keys):
        yield finding("settings", f"{path}: {problem.key}: {problem.message}", "mend it there")


def place(where: Place) -> Iterator[Check]:
    """Yield where the database comes from, and whether it is the same one from everywhere."""
    yield good("place", f"looked at {', '.join(where.looked)}")
    if "://" not in where.url and not Path(where.url).expanduser().is_absolute():
        message = f"{where.url} is another file in each folder that you work in"
        yield note("place", message, f"give the whole path: {Path(where.url).absolute()}")


def password(settings: Settings) -> Iterator[Check]:
    """Yield whether a password stands where others can read it."""
    if settings.db and _password(settings.db):
        message = "the password in --db can be read by everybody who lists the processes"
        yield finding("password", message, _PASSWORD_FILE)
    elif _password(os.environ.get(VARIABLE, "")):
        message = f"{VARIABLE} holds a password, which every program that you start can read"
        yield note("password", message, _PASSWORD_FILE)
    else:
        yield good("password", f"none in --db, and none in {VARIABLE}")


def state() -> Iterator[Check]:
    """Yield whether drafts and the log of bugs can be kept."""
    folder = Path(platformdirs.user_state_path("lifecycle"))
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usable = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    if not usable:
        message = f"{there} can't be written to, so neither drafts nor bugs can be kept"
        yield finding("state", message, "set XDG_STATE_HOME to a folder of yours")
        return
    bugs = folder / BUGS
    if bugs.exists() and not (bugs.is_file() and os.access(bugs, os.W_OK)):
        yield finding("state", f"{bugs} can't be written to", f"move it away: mv {bugs} {bugs}.old")
        return
    free = shutil.disk_usage(there).free
    if free < _ENOUGH_SPACE:
        yield finding("state", f"only {free // 2**20} MB are free at {there}", "free some space")
        return
    yield good("state", f"drafts and the log of bugs are kept in {folder}")


def _password(url: str) -> bool:
    if "://" not in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.password) or "password" in parse_qs(parts.query)
