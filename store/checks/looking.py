"""Opens a database to be looked at only: not a byte of it changes, nor of the files beside it.

SQLite's last connection writes back and removes the write-ahead log when it closes, so a log that
was left over would be mended by looking. It is opened read-only then. Where nobody may write beside
it SQLite can't open it at all, except as a file that does not change; and a reader who may not
write the file would leave files there that its owner then can't write. Without a write-ahead log
nobody has it open, so it is looked at as it lies there.
"""

import os
from pathlib import Path

from sqlalchemy import event

from store.database import Database

_AS_IT_LIES = "mode=ro&immutable=1"


def onlooker(url: str) -> Database:
    """Return a database that can be looked at and not written to; opens nothing yet."""
    database = Database(url)
    if database.path is None:
        return database
    database = Database(url, how=_how(Path(database.path)))

    @event.listens_for(database.engine, "connect")
    def _only_look(connection: object, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")  # type: ignore[attr-defined]

    return database


def side_file(path: Path, suffix: str) -> Path:
    """Return one of the files that SQLite keeps beside a database: `-wal` or `-shm`."""
    return path.parent / f"{path.name}{suffix}"


def size(path: Path) -> int | None:
    """Return the size of a file, or None where there is none."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None


def _how(path: Path) -> str:
    try:
        real = path.resolve()
        log, shared = size(side_file(real, "-wal")), size(side_file(real, "-shm"))
    except (OSError, RuntimeError):
        # Whoever opens it is told what is wrong with the path.
        return "mode=ro"
    if log is not None:
        return "mode=ro"
    yours = os.access(real, os.W_OK) and os.access(real.parent, os.W_OK) and shared is None
    return "mode=rw" if yours else _AS_IT_LIES
