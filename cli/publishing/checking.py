"""Says how a published folder differs from what would be published now; changes nothing.

That the log went on is no fault of a site: its checkpoint and its manifest say of when they are,
and stay true. They are told apart, as behind.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cli.publishing.comparing import Fate, Piece, compared
from cli.publishing.manifest import NAME, Manifest
from cli.publishing.place import looked_at, refused
from cli.publishing.telling import told

_OF_THE_LOG = frozenset({"checkpoint.html", "checkpoint.txt", NAME})
"""The files, in each language, that say how far the log went."""


@dataclass(slots=True)
class Checked:
    """The files that are out of date, missing, changed by hand, and no longer part, by path.

    `behind` are those that only say of an earlier day, or of a shorter log; `then` is the folder's
    manifest, which says of which. `cut_off` says that this log is not the one that was published.
    """

    then: Manifest
    out_of_date: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    no_longer_part: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    files: int = 0
    cut_off: bool = False

    @property
    def clean(self) -> bool:
        """Whether the site is as it should be."""
        found = (self.out_of_date, self.missing, self.altered, self.no_longer_part)
        return not any(found) and not self.cut_off


def check(target: Path, site: Iterable[Piece], manifest: Manifest) -> Checked:
    """Return how a folder differs from a site.

    Raises InvalidInputError where no such site was published, and for what is in the way.
    """
    with told(target):
        place = looked_at(target, manifest)
    if place.manifest is None:
        why = "no site was published there" if target.exists() else "there is no such folder"
        raise refused(target, why, "lifecycle publish DIR writes one")
    found, files = Checked(place.manifest), dict[str, str]()
    where = {
        Fate.NEW: found.missing,
        Fate.MISSING: found.missing,
        Fate.CHANGED: found.out_of_date,
        Fate.ALTERED: found.altered,
    }
    for one in compared(place, site):
        files[one.path] = one.contents.sha256
        if one.fate is Fate.CHANGED and of_the_log(one.path):
            found.behind.append(one.path)
        elif one.fate is not Fate.SAME:
            where[one.fate].append(one.path)
    found.no_longer_part += (path for path in place.known if path not in files)
    if place.manifest != manifest.with_files(files):
        found.behind.append(NAME)
    found.files = len(files)
    return found


def of_the_log(path: str) -> bool:
    """Whether a file says how far the log went, and so changes with every line."""
    return path.rpartition("/")[2] in _OF_THE_LOG and path.count("/") <= 1
