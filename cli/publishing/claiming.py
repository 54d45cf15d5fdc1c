"""One folder beside the published one, in which the next site is built by one process at a time.

`.NAME.lifecycle` stands beside `NAME` while somebody publishes, with a lock file that says what it
is. Who is killed leaves it; the next one to publish puts right what was left and clears it away. A
folder of that name that isn't ours is told, and never touched.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cli.output.text import one_line
from cli.publishing.telling import told
from lifecycle.errors import StoreError

_LOCK = "lock"
_SAYS = "lifecycle publish builds the next site here; its process is "
_SITE, _ASIDE = "site", "old"
_OURS = frozenset({_LOCK, _SITE, _ASIDE})


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where the next site of `target` is built, and where the old one goes if need be."""

    target: Path
    site: Path
    aside: Path


@contextmanager
def claimed(target: Path) -> Iterator[Workplace]:
    """Claim the folder beside `target` and heal what a killed run left; it goes in the end.

    Raises StoreError where somebody else publishes into `target` now, or nothing can be written.
    """
    folder = target.with_name(f".{target.name}.lifecycle")
    work = Workplace(target, folder / _SITE, folder / _ASIDE)
    with told(target):
        handle = _locked(folder, target)
    try:
        with told(target):
            if not target.exists() and work.aside.exists():
                work.aside.rename(target)
            _cleared(work)
        yield work
    finally:
        # What can't be removed now, the next one removes, or tells why not.
        with suppress(OSError):
            _cleared(work)
            (folder / _LOCK).unlink()
            folder.rmdir()
        os.close(handle)


def _locked(folder: Path, target: Path) -> int:
    """Return the open lock file, held by nobody else, of a folder that is ours."""
    while True:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        try:
            _known(folder)
            handle = os.open(
                folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
            )
        except FileNotFoundError:
            # Whoever had it has just cleared it away.
            continue
        if _held(handle, folder / _LOCK, target):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{_SAYS}{os.getpid()}\n".encode(), 0)
            return handle
        os.close(handle)


def _held(handle: int, path: Path, target: Path) -> bool:
    """Lock an open file; False if it is no longer the one of that name."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        who = os.pread(handle, 1000, 0).decode(errors="replace").removeprefix(_SAYS).strip()
        os.close(handle)
        message = f"another lifecycle publish writes {one_line(target)} now (process {who or '?'})"
        raise StoreError(message, "busy", "wait until it has ended, then repeat") from error
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), path.stat())
    return False


def _known(folder: Path) -> None:
    """Raise StoreError for a folder that this program has not made."""
    names = {path.name for path in folder.iterdir()} if not folder.is_symlink() else {""}
    lock = folder / _LOCK
    if names <= _OURS and (not names or _says(lock)):
        return
    message = f"{one_line(folder)} is there, and lifecycle publish has not made it"
    raise StoreError(message, "exists", "move it away, then repeat; the site is built there")


def _says(lock: Path) -> bool:
    if lock.is_symlink() or not lock.is_file():
        return False
    with lock.open("rb") as file:
        text = file.read(len(_SAYS))
    return not text or text == _SAYS.encode()


def _cleared(work: Workplace) -> None:
    for folder in (work.site, work.aside):
        if folder.exists():
            shutil.rmtree(folder)
