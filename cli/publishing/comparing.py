"""What becomes of each file of a site: compares what is made now with what stands in the folder.

A site is a stream of pieces, in any order, each path once; one is held at a time. Reads, and
changes nothing.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest, sha256
from pathlib import PurePosixPath

from cli.output.text import one_line
from cli.publishing.manifest import NAME
from cli.publishing.place import Place, refused
from states.problem import InvalidInputError

_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's contents that are read only where they are needed, known by their SHA-256."""

    sha256: str
    size: int
    read: Callable[[], bytes]


Piece = tuple[str, bytes | Stored]
"""A file of the site: its path from the root, with slashes, and what is in it."""


class Fate(StrEnum):
    """What becomes of a file; what was altered was changed by hand since it was published."""

    NEW = "new"
    CHANGED = "changed"
    ALTERED = "altered"
    MISSING = "missing"
    SAME = "unchanged"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Compared:
    """One file of the site as it is made now, and how that compares with what stands there."""

    path: str
    fate: Fate
    contents: Stored


def compared(place: Place, site: Iterable[Piece]) -> Iterator[Compared]:
    """Yield each file of a site compared; raises InvalidInputError where another is in its way."""
    seen: set[str] = set()
    for path, body in site:
        if not is_path(path) or path == NAME or path in seen:
            message = f"no path of a site, or one that it has twice: {path!r}"
            raise ValueError(message)
        seen.add(path)
        stored = body if isinstance(body, Stored) else _held(body)
        fate = _fate(place, path, stored.sha256)
        yield Compared(path, fate, stored)


def is_path(path: str) -> bool:
    """Whether a path names a file below the root, and one that every file system takes."""
    parts = path.split("/")
    return (
        str(PurePosixPath(path)) == path
        and not {"", ".", ".."} & set(parts)
        and "\0" not in path
        and all(len(part.encode()) <= _LONGEST_NAME for part in parts)
    )


def digest_on_disk(place: Place, path: str) -> str | None:
    """Return the SHA-256 of a file of the folder; None if it is none, or can't be read."""
    about = place.files.get(path)
    if about is None or not stat.S_ISREG(about.st_mode):
        return None
    try:
        handle = os.open(place.folder / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _fate(place: Place, path: str, digest: str) -> Fate:
    known = place.known.get(path)
    for above in folders_of(path):
        if above in place.files and above not in place.known:
            raise _in_the_way(place, path, above)
    if path not in place.files:
        if path in place.folders:
            raise _in_the_way(place, path, path)
        return Fate.NEW if known is None else Fate.MISSING
    there = digest_on_disk(place, path)
    if there == digest:
        return Fate.SAME
    if known is None:
        raise _in_the_way(place, path, path)
    return Fate.CHANGED if there == known else Fate.ALTERED


def folders_of(path: str) -> Iterator[str]:
    """Yield the folders that a path lies in, the innermost first."""
    while path := path.rpartition("/")[0]:
        yield path


def _in_the_way(place: Place, path: str, what: str) -> InvalidInputError:
    why = f"the site has a file {one_line(path)}, and something of somebody else's stands there"
    return refused(place.folder, why, f"move {one_line(what)} away, then repeat")


def _held(body: bytes) -> Stored:
    return Stored(sha256(body).hexdigest(), len(body), lambda: body)
