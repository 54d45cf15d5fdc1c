"""Whether Python and the packages that the program stands on are such as this release was tried on.

The bounds are those of the installed distribution. Only plain ones are judged, which ours are; the
rest is pip's to judge, and is said to be.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version

from cli.doctor import names
from store.checks.check import Check, finding, good, note

_PYTHON = "Programming Language :: Python :: 3."
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;()]*)\)?\s*(?:;(.*))?")
_BOUND = re.compile(r"\s*(>=|<=|==|!=|<|>)\s*(\d+(?:\.\d+)*)\s*")
_RELEASE = re.compile(r"\d+(?:\.\d+)*")
_ELSEWHERE = "python -m pip check"


def own_names() -> Iterator[Check]:
    """Yield whether the five top-level names are this program's alone."""
    owned = names.owners()
    others = list(dict.fromkeys(names.beside(owned)))
    for message, fix in others:
        yield finding(names.CHECK, message, fix)
    if at_hand := names.at_hand():
        message = f"the working folder has {', '.join(at_hand)}: python -m cli would take those"
        yield note(names.CHECK, message, "start the program as lifecycle, or from elsewhere")
    if not names.installed(owned):
        message = f"it runs from {names.home()} without being installed: nobody owns its names"
        yield note(names.CHECK, message, f"python -m pip install {names.home()}")
    elif not others:
        message = f"{', '.join(names.NAMES)} are all from {names.home()}, and nobody else has one"
        yield good(names.CHECK, message)


def python() -> Iterator[Check]:
    """Yield whether this Python is one that the release was tried on."""
    mine = ".".join(map(str, sys.version_info[:3]))
    ours = _ours()
    if ours is None:
        yield note("python", f"this is Python {mine}; {_not_installed()}")
        return
    wanted = str(ours.metadata.json.get("requires_python", ""))
    classifiers = ours.metadata.get_all("Classifier") or []
    tried = [f"3.{c.removeprefix(_PYTHON)}" for c in classifiers if c.startswith(_PYTHON)]
    fits = within(mine, wanted)
    if fits is False:
        message = f"this is Python {mine}, and the program needs {wanted}"
        yield finding("python", message, f"install it with Python {' or '.join(tried) or wanted}")
    elif fits is None or ".".join(mine.split(".")[:2]) not in tried:
        message = f"this is Python {mine}; the release was tried on {', '.join(tried) or 'none'}"
        yield note("python", message, "use one of those for what runs unattended")
    else:
        yield good("python", f"Python {mine} is one that this release was tried on")


def packages() -> Iterator[Check]:
    """Yield whether each package that the program needs is there, within its bounds."""
    ours = _ours()
    if ours is None:
        yield note("packages", f"which packages are needed can't be looked at: {_not_installed()}")
        return
    fitting = 0
    for text in ours.requires or []:
        found = _package(text)
        fitting += found is not None and found.status == "ok"
        if found is not None and found.status != "ok":
            yield found
    if fitting:
        yield good("packages", f"{fitting} packages are there, in releases that fit")


def _package(text: str) -> Check | None:
    """Return what is found of a requirement; None for one that only an extra asks for."""
    match = _REQUIREMENT.fullmatch(text.strip())
    if match is None or (match[3] and "extra" not in match[3]):
        return note("packages", f"{text} can't be judged here", _ELSEWHERE)
    name, bounds, marker = match[1], match[2].strip(), match[3]
    if marker:
        return None
    install = f"python -m pip install '{name}{bounds}'"
    try:
        there = version(name)
    except PackageNotFoundError:
        return finding("packages", f"{name} is not installed", install)
    fits = within(there, bounds)
    if fits is None:
        return note("packages", f"{name} {there} can't be judged by {bounds!r} here", _ELSEWHERE)
    if not fits:
        return finding("packages", f"{name} is {there}, and {bounds} is needed", install)
    return good("packages", f"{name} {there}")


def within(there: str, bounds: str) -> bool | None:
    """Whether a version is within plain bounds such as `>=1,<2`; None where that can't be said."""
    release = _RELEASE.match(there)
    if release is None or "!" in there:
        return None
    mine, verdict = _numbers(release[0]), True
    for part in filter(None, (part.strip() for part in bounds.split(","))):
        bound = _BOUND.fullmatch(part)
        if bound is None:
            return None
        other = _numbers(bound[2])
        verdict &= {
            ">=": mine >= other,
            "<=": mine <= other,
            "==": mine == other,
            "!=": mine != other,
            "<": mine < other,
            ">": mine > other,
        }[bound[1]]
    return verdict


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(part) for part in text.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _ours() -> Distribution | None:
    try:
        return distribution(names.DISTRIBUTION)
    except PackageNotFoundError:
        return None


def _not_installed() -> str:
    return "the program runs without being installed, so that its bounds are not known"
