"""Whether a database's file has room to grow, and whether its write-ahead log is written back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from store.checks.check import Check, finding, good
from store.checks.looking import side_file, size

MEGABYTE = 1024 * 1024
LEAST_SPACE = 50 * MEGABYTE
LARGE_LOG = 64 * MEGABYTE
"""SQLite begins anew at 4 MB, once nobody reads: much more, and somebody never stops reading."""


def space(path: Path) -> Iterator[Check]:
    """Yield whether the disk has room for a copy of the database and its log."""
    needed = max(LEAST_SPACE, 2 * (size(path) or 0))
    free = shutil.disk_usage(path.parent).free
    message = f"{free // MEGABYTE} MB are free at {path.parent}"
    if free < needed:
        fix = f"free some space: {needed // MEGABYTE} MB leave room for a copy and its log"
        yield finding("space", f"only {message}", fix)
    else:
        yield good("space", message)


def write_ahead_log(path: Path) -> Iterator[Check]:
    """Yield whether what was committed is written back to the database's own file."""
    waiting = size(side_file(path, "-wal")) or 0
    if waiting > max(LARGE_LOG, 2 * (size(path) or 0)):
        message = f"{waiting // MEGABYTE} MB wait to be written back: a program never stops reading"
        fix = f"end the programs that hold it open (fuser {path}), then: lifecycle list"
        yield finding("write-ahead log", message, fix)
    elif waiting:
        message = f"{waiting // 1024} kB are to be written back, by whoever closes it last"
        yield good("write-ahead log", message)
    else:
        yield good("write-ahead log", "nothing waits to be written back")
