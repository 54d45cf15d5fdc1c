"""Whether the five top-level names are this program's: a stray `store/` on the path hides ours.

Only the standard library is imported here, and nothing of the other four packages: that they may be
somebody else's is what this looks for.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

NAMES = ("cli", "guards", "lifecycle", "states", "store")
DISTRIBUTION = "partnership-lifecycle"
CHECK = "package names"

_SHIPPED = re.compile(rf"^({'|'.join(NAMES)})(?:/.*)?\.py,", re.MULTILINE)
"""A module of one of the names, among the files that a distribution says are its own."""

Found = tuple[str, str]
"""What was found, and how to mend it."""


def home() -> Path:
    """Return the folder that holds the five packages of the program that is running."""
    return Path(__file__).resolve().parents[2]


def hidden() -> list[Found]:
    """Return the names that are imported from somewhere else than this program's folder."""
    found = []
    for name in NAMES:
        spec = find_spec(name)
        origin = Path(spec.origin).resolve() if spec and spec.origin else None
        if origin is None:
            message = f"the package {name} of this program is not there"
            found.append((message, f"python -m pip install --force-reinstall {DISTRIBUTION}"))
        elif home() not in origin.parents:
            place = origin.parent.parent if origin.name == "__init__.py" else origin.parent
            message = f"{name} is imported from {place}, and this program is in {home()}"
            found.append((message, _remedy(name, place, owners())))
    return found


Owners = Mapping[str, set[str]]
"""Which distributions own each of the names."""


def owners() -> Owners:
    """Return who owns the names; it reads what every installed distribution says of itself.

    That is `importlib.metadata.packages_distributions` for five names alone: of all others nothing
    is parsed, which would take most of a visit's time.
    """
    owned: dict[str, set[str]] = {}
    for known in distributions():
        declared = (known.read_text("top_level.txt") or "").split()
        for name in declared or _SHIPPED.findall(known.read_text("RECORD") or ""):
            if name in NAMES:
                owned.setdefault(name, set()).add(known.metadata["Name"])
    return owned


def beside(owned: Owners) -> Iterator[Found]:
    """Yield who else has one of the names where Python looks: ours comes first only by order."""
    for place in _places():
        for name in NAMES:
            if place != home() and _holds(place, name):
                message = f"there is another {name} in {place}, where Python looks as well"
                yield message, _remedy(name, place, owned)
    for name, known in sorted(owned.items()):
        for other in sorted(known - {DISTRIBUTION}):
            message = f"the distribution {other} has a package {name} as well"
            yield message, f"python -m pip uninstall {other}"


def installed(owned: Owners) -> bool:
    """Whether this program is an installed distribution that owns all five names."""
    return all(DISTRIBUTION in owned.get(name, set()) for name in NAMES)


def at_hand() -> list[str]:
    """Return the names that the working folder has, though Python does not look there now."""
    try:
        folder = Path.cwd().resolve()
    except OSError:
        return []
    if folder == home() or folder in _places():
        return []
    return [name for name in NAMES if _holds(folder, name)]


def _places() -> list[Path]:
    """Return the folders in which Python looks, each once."""
    return list(dict.fromkeys(Path(place or ".").resolve() for place in sys.path))


def _holds(place: Path, name: str) -> bool:
    return (place / name / "__init__.py").is_file() or (place / f"{name}.py").is_file()


def _remedy(name: str, place: Path, owned: Owners) -> str:
    for other in owned.get(name, set()) - {DISTRIBUTION}:
        return f"python -m pip uninstall {other}"
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if place in {Path(folder).resolve() for folder in named if folder}:
        return f"take {place} out of PYTHONPATH"
    return f"start lifecycle from another folder, or give {place / name} another name"
