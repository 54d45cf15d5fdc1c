"""Writes a site into its folder: whole or not at all, and nothing that is as it should be.

1. Each file is compared with what stands there. While all are the same, nothing is written.
2. From the first difference on, the new site is built in a folder beside the old one: what is the
   same is linked (same inode, same time), what somebody else put there is linked too.
3. What is new on the disk is made durable, and the two folders are swapped in one step.
4. The old folder is removed.

A process killed at any of these leaves the old site whole, or the new one.
"""

import errno
import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cli.publishing.claiming import Workplace, claimed
from cli.publishing.comparing import Fate, Piece, compared, folders_of
from cli.publishing.manifest import NAME, Manifest
from cli.publishing.place import Place, looked_at, mounted, owned
from cli.publishing.swapping import swapped
from cli.publishing.telling import told
from store.files import synced

_NO_LINKS = frozenset({errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS})
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_FEW = 100
"""So many files are made durable one by one; more of them all at once, with all the machine's."""


@dataclass(slots=True)
class Written:
    """What became of the files of a site, by their fate, and of those that aren't part of it.

    `kept` are somebody else's; `size` is that of the whole site in bytes; `touched` whether
    anything was to be written at all.
    """

    fates: dict[Fate, list[str]] = field(default_factory=lambda: {fate: [] for fate in Fate})
    kept: int = 0
    files: int = 0
    size: int = 0
    touched: bool = False

    @property
    def pages(self) -> int:
        """How many of the files are pages."""
        mine = (paths for fate, paths in self.fates.items() if fate is not Fate.DROPPED)
        return sum(path.endswith(".html") for paths in mine for path in paths)


def publish(target: Path, site: Iterable[Piece], manifest: Manifest, *, dry_run: bool) -> Written:
    """Write a site into its folder; in a dry run nothing is, and what would be is returned.

    `manifest` has no files yet. Raises InvalidInputError for a folder that may not be replaced and
    what is in the way in it, StoreError for what can't be written.
    """
    with told(target):
        owned(target, manifest)
    with nullcontext() if dry_run else claimed(target) as work:
        with told(target):
            place = looked_at(target, manifest)
        return _written(place, site, manifest, work)


def _written(
    place: Place, site: Iterable[Piece], manifest: Manifest, work: Workplace | None
) -> Written:
    draft = _Draft(place, work) if work else None
    written, files = Written(), dict[str, str]()
    for one in compared(place, site):
        files[one.path] = one.contents.sha256
        written.fates[one.fate].append(one.path)
        written.size += one.contents.size
        if draft and one.fate is Fate.SAME:
            draft.leave(one.path)
        elif draft:
            draft.put(one.path, one.contents.read())
    dropped = [path for path in place.known if path not in files]
    strange = [path for path in place.strange if path not in files]
    body = manifest.with_files(files).encoded()
    stays = not dropped and len(files) == len(written.fates[Fate.SAME]) and body == _there(place)
    if draft and not stays:
        draft.finish(strange, body)
    written.fates[Fate.DROPPED] = dropped
    written.files, written.kept = len(files), len(strange)
    written.size += len(body)
    written.touched = not stays
    return written


class _Draft:
    """The next site, built beside the old one from the first file on that is to be written."""

    def __init__(self, place: Place, work: Workplace) -> None:
        self._place, self._work = place, work
        self._begun = False
        self._waiting: list[str] = []
        self._folders: set[str] = set()
        self._new: list[Path] = []

    def leave(self, path: str) -> None:
        """Take a file over as it stands."""
        if self._begun:
            with told(self._place.folder):
                self._link(path)
        else:
            self._waiting.append(path)

    def put(self, path: str, body: bytes) -> None:
        """Write a file."""
        with told(self._place.folder):
            self._begin()
            target = self._in(path)
            with os.fdopen(os.open(target, _NEW_FILE, 0o644), "wb") as file:
                file.write(body)
        self._new.append(target)

    def finish(self, strange: Iterable[str], manifest: bytes) -> None:
        """Take over what is somebody else's, make all of it durable, and swap the folders."""
        with told(self._place.folder):
            self._begin()
            for path in strange:
                self._link(path)
            ours = {above for path in self._place.known for above in folders_of(path)}
            for path in self._place.folders.keys() - ours:
                self._folder(path)
            self.put(NAME, manifest)
            self._settle()
            swapped(self._work.site, self._work.target, self._work.aside)
            synced(self._work.target.parent)

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        self._work.site.mkdir(mode=0o755)
        for path in self._waiting:
            self._link(path)
        self._waiting.clear()

    def _link(self, path: str) -> None:
        source, target = self._place.folder / path, self._in(path)
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError as error:
            if error.errno == errno.EXDEV:
                raise mounted(self._place.folder, path) from error
            if error.errno not in _NO_LINKS:
                raise
            shutil.copy2(source, target, follow_symlinks=False)

    def _in(self, path: str) -> Path:
        """Return where a file of the next site goes; its folders are made."""
        self._folder(path.rpartition("/")[0])
        return self._work.site / path

    def _folder(self, path: str) -> None:
        if not path or path in self._folders:
            return
        self._folder(path.rpartition("/")[0])
        (self._work.site / path).mkdir(mode=0o755)
        self._folders.add(path)

    def _settle(self) -> None:
        """Give folders that were there their modes, and make what is new durable."""
        site, target = self._work.site, self._work.target
        for path in self._folders & self._place.folders.keys():
            (site / path).chmod(stat.S_IMODE(self._place.folders[path].st_mode))
        if target.exists():
            about = target.stat()
            shutil.copystat(target, site)
            with suppress(PermissionError):
                os.chown(site, about.st_uid, about.st_gid)
        if len(self._new) > _FEW:
            os.sync()
            return
        for new in (*self._new, site, *(site / path for path in self._folders)):
            synced(new)


def _there(place: Place) -> bytes | None:
    return (place.folder / NAME).read_bytes() if place.manifest else None
