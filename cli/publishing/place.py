"""The folder that a site is published into: what stands there, and whether it may be replaced.

It has to be missing, empty, or what this program has published there before, of the same log and
for the same people. Anything else is told and never touched. It looks, and changes nothing.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cli.output.text import one_line
from cli.publishing.manifest import FORMAT, NAME, Manifest, manifest_in
from states.problem import InvalidInputError, Problem


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as it is now: its manifest, its files by path, and its folders by path.

    A folder that is not there yet, or is empty, has no manifest.
    """

    folder: Path
    manifest: Manifest | None = None
    files: Mapping[str, os.stat_result] = field(default_factory=dict)
    folders: Mapping[str, os.stat_result] = field(default_factory=dict)

    @property
    def known(self) -> Mapping[str, str]:
        """What was published here, SHA-256 by path; the manifest itself is not among it."""
        return self.manifest.files if self.manifest else {}

    @property
    def strange(self) -> Iterator[str]:
        """The paths of the files that somebody else has put here."""
        return (path for path in self.files if path not in self.known and path != NAME)


def target_of(name: str, database: Path | None) -> Path:
    """Return the folder that is meant, links followed; raises InvalidInputError for one in use.

    It is replaced as a whole, so that nobody may stand in it, the database least of all.
    """
    try:
        folder = Path(name).resolve()
        here = Path.cwd()
    except (OSError, RuntimeError, ValueError) as error:
        problem = Problem("unreadable", f"it is no name of a folder: {error}", name, key="DIR")
        raise InvalidInputError([problem]) from error
    inside = "name a folder inside it"
    if os.path.ismount(folder):
        raise refused(folder, "a file system is mounted there, and can't be swapped", inside)
    if _is_home(folder):
        raise refused(folder, "it is your home, and would be replaced as a whole", inside)
    if here.is_relative_to(folder):
        why = "you stand in it, and it is replaced as a whole"
        raise refused(folder, why, f"{inside}, or go elsewhere first")
    if database is not None and database.resolve().is_relative_to(folder):
        raise refused(folder, "the database is in it, and would be published", inside)
    if not folder.parent.is_dir():
        raise refused(folder, "there is no folder to put it in", f"make {one_line(folder.parent)}")
    return folder


def _is_home(folder: Path) -> bool:
    """Whether a folder is the home of whoever runs this, who may have none."""
    try:
        return folder == Path.home().resolve()
    except (OSError, RuntimeError):
        return False


def looked_at(folder: Path, like: Manifest) -> Place:
    """Return what stands in a folder; raises InvalidInputError where it may not be replaced.

    `like` is the manifest of what is to be published, its files left out.
    """
    manifest = owned(folder, like)
    if manifest is None:
        return Place(folder)
    files: dict[str, os.stat_result] = {}
    folders: dict[str, os.stat_result] = {}
    for path, about in _walked(folder, "", folder.stat().st_dev):
        (folders if stat.S_ISDIR(about.st_mode) else files)[path] = about
    return Place(folder, manifest, files, folders)


def owned(folder: Path, like: Manifest) -> Manifest | None:
    """Return a folder's manifest, None if it is missing or empty; raises InvalidInputError."""
    _apart(folder, like)
    if not folder.exists():
        return None
    if not folder.is_dir():
        raise refused(folder, "it is a file, and a site is a folder", "name another place")
    manifest = manifest_in(folder)
    if manifest is None:
        if not any(folder.iterdir()):
            return None
        why = f"there is something in it, and no {NAME} says that lifecycle publish put it there"
        raise refused(folder, why, "name a folder that is not there yet, or is empty")
    if unlike := _unlike(manifest, like):
        raise refused(folder, *unlike)
    return manifest


def _apart(folder: Path, like: Manifest) -> None:
    """Raise InvalidInputError for a folder inside a site for others, who would be shown it too."""
    for above in folder.parents:
        with suppress(OSError):
            around = manifest_in(above)
            if around and around.audience != like.audience:
                why = f"it is inside {one_line(above)}, published for --audience "
                raise refused(folder, why + one_line(around.audience), "name a folder outside it")


def refused(folder: Path, why: str, hint: str) -> InvalidInputError:
    """Return the error of a folder that stays as it is."""
    where = one_line(folder)
    return InvalidInputError([Problem("not_ours", why, file=where, key="DIR", hint=hint)])


def mounted(folder: Path, path: str) -> InvalidInputError:
    """Return the error of a folder that is not of one file system, and so can't be swapped."""
    why = f"another file system is mounted in it, at or above {one_line(path)}"
    return refused(folder, why, "unmount it, or name another folder")


def _unlike(there: Manifest, like: Manifest) -> tuple[str, str] | None:
    """Return why a folder is not that of another manifest, and what to do; None where it is."""
    another = "name another folder, or remove this one yourself if it is to go"
    if there.format > FORMAT:
        why = "a later release of lifecycle has published into it"
        return why, "publish with that release, or name another folder"
    if there.program != like.program:
        return f"it is the register of {one_line(there.program)}, not of {like.program}", another
    if there.audience != like.audience:
        return f"it was published for --audience {one_line(there.audience)}", another
    if there.log.name != like.log.name:
        name = one_line(there.log.name)
        return f"it is of another database: of the log {name}, not {like.log.name}", another
    return None


def _walked(folder: Path, inside: str, device: int) -> Iterator[tuple[str, os.stat_result]]:
    """Yield what stands in a folder and below it, by path; nothing is followed out of it."""
    with os.scandir(folder / inside) as entries:
        for entry in entries:
            path, about = f"{inside}{entry.name}", entry.stat(follow_symlinks=False)
            if about.st_dev != device:
                raise mounted(folder, path)
            yield path, about
            if stat.S_ISDIR(about.st_mode):
                yield from _walked(folder, f"{path}/", device)
