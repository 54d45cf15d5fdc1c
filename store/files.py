"""Makes files that stay: a new SQLite database's, its owner's alone, and what a power loss spares.

Leaves nothing behind on failure.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lifecycle.errors import StoreError

_SIDE_FILES = ("", "-wal", "-shm", "-journal")


@contextmanager
def new_file(path: Path) -> Iterator[None]:
    """Make the empty file, and its folders; takes all of it away again if the block fails."""
    with folders_only_for_success(path):
        _claim(path)
        try:
            yield
        except BaseException:
            for suffix in _SIDE_FILES:
                with suppress(OSError):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
            raise


def synced(path: Path) -> None:
    """Let a file's bytes, or the new names in a folder, be there after a power loss."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def folders_only_for_success(path: Path) -> Iterator[None]:
    """Take away again the folders that were made for a database that could not be made."""
    missing = [folder for folder in path.parents if not _is_there(folder)]
    try:
        yield
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


def _is_there(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError:
        return True


def _claim(path: Path) -> None:
    """Make the empty file, readable by its owner alone, and refuse one that is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        if not path.parent.is_dir():
            message = f"no database can be made at {path}: {path.parent} is no folder"
            raise StoreError(message, "unwritable", "name another place with --db") from error
        message = f"there is something at {path} already"
        raise StoreError(message, "exists", "use it, or name another place with --db") from error
    except OSError as error:
        message = f"no database can be made at {path}: {error.strerror}"
        raise StoreError(
            message, "unwritable", "name a place you can write to with --db"
        ) from error
