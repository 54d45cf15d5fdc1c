"""Lets a file appear under its name whole or not at all, its owner's alone.

It is written beside its name, made durable, and then given the name. Who is killed meanwhile leaves
a draft (`.NAME.XXXXXXXX`) and nothing under the name.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from lifecycle.errors import StoreError
from store.checks.room import MEGABYTE
from store.files import synced

_SIDE_FILES = ("", "-wal", "-shm", "-journal")
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""How file systems say that they know no second name for a file."""

_BLOCK = MEGABYTE


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """Make an empty file beside `target` and yield its path; what is still there goes in the end.

    Raises StoreError where nothing can be written there.
    """
    with told(target):
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
    finally:
        for suffix in _SIDE_FILES:
            with suppress(OSError):
                draft.with_name(draft.name + suffix).unlink(missing_ok=True)


@contextmanager
def named(draft: Path, target: Path) -> Iterator[None]:
    """Let an error of the block speak of the file by the name that it is to have."""
    try:
        yield
    except StoreError as error:
        if str(draft) not in error.message:
            raise
        message = error.message.replace(str(draft), str(target))
        raise StoreError(message, error.code, error.hint) from error


def publish(draft: Path, target: Path, *, replace: bool) -> None:
    """Make a draft durable and give it its name; raises StoreError where that is taken."""
    with told(target):
        synced(draft)
        if replace:
            draft.replace(target)
        else:
            _name(draft, target)
        synced(target.parent)


def room_for(needed: int, target: Path) -> None:
    """Raise StoreError where a file of this size has no room on the disk of its folder."""
    with told(target):
        free = shutil.disk_usage(target.parent).free
    if free < needed:
        message = (
            f"{target} needs {needed / MEGABYTE:.1f} MB, and {free / MEGABYTE:.1f} MB are free at"
            f" {target.parent}; nothing was written"
        )
        raise StoreError(message, "no_space", "free some space there, or name another place")


def digest_of_file(path: Path) -> str:
    """Return a file's SHA-256."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def copied(source: Path, draft: Path) -> str:
    """Copy a file and return the SHA-256 of what was copied."""
    digest = sha256()
    with source.open("rb") as file, draft.open("wb") as copy:
        while block := file.read(_BLOCK):
            digest.update(block)
            copy.write(block)
    return digest.hexdigest()


def taken(target: Path) -> StoreError:
    """Return the error of a name under which there is something already."""
    message = f"there is something at {target} already"
    return StoreError(message, "exists", "name another file, or say --yes to write over it")


@contextmanager
def told(target: Path) -> Iterator[None]:
    """Raise StoreError for what the operating system can't do with a file inside the block."""
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        message = f"{target} can't be written: {error.strerror or error}"
        hint = "free some space there, or name another place" if full else "name another place"
        raise StoreError(message, "no_space" if full else "unwritable", hint) from error


def _name(draft: Path, target: Path) -> None:
    """Give a file a name that is free: a rename would take one that came up meanwhile."""
    try:
        target.hardlink_to(draft)
    except FileExistsError as error:
        raise taken(target) from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if target.exists():
            raise taken(target) from error
        draft.replace(target)
