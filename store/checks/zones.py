"""Which time-zone data Python uses, of which release, and whether another source says otherwise.

Python takes a zone from the machine's folders (`zoneinfo.TZPATH`) before it takes it from the
package `tzdata`, zone by zone. Law changes zones at short notice, so that old data give wrong days.
"""

import re
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from store.checks.check import Check, finding, good, note

_YEARS = 3
_OLD = 2
_RELEASE = re.compile(r"\b(\d{4})([a-z]*)\b")

_PROBE, _PROBE_AT = "America/Asuncion", datetime(2025, 7, 1, 12, tzinfo=UTC)
_PROBE_OFFSET = timedelta(hours=-3)
"""Paraguay stays at UTC-3 since October 2024: data before 2025a have it at UTC-4 in July."""

_UPDATE_MACHINE = (
    "update this machine's zone data (for example: apt-get install --only-upgrade tzdata), or let"
    " Python use its package: set PYTHONTZPATH to nothing"
)
_UPDATE_PACKAGE = "python -m pip install --upgrade tzdata"


def data(now: datetime) -> Iterator[Check]:
    """Yield whether there are time-zone data, and whether they are recent."""
    name, folder = "time-zone data", machines(_PROBE)
    package = package_release()
    if folder is None and package is None:
        yield finding(name, "there are none on this machine", _UPDATE_PACKAGE)
        return
    release = machines_release(folder) if folder else package
    source = f"the machine's ({folder})" if folder else "the package tzdata's"
    fix = _UPDATE_MACHINE if folder else _UPDATE_PACKAGE
    said = f"Python uses {source}, release {release or 'unknown'}"
    if not _knows_probe():
        yield finding(name, f"{said}: they do not know a law of 2024 ({_PROBE})", fix)
    elif release is None:
        yield note(name, f"{said}: how old they are can't be told, but they know a law of 2024")
    elif now.year - int(release[:4]) >= _OLD:
        yield finding(name, f"{said}: they are {now.year - int(release[:4])} years old", fix)
    elif folder and package and package > release:
        yield note(name, f"{said}; the package tzdata has {package}, which is newer", fix)
    else:
        yield good(name, said)


def differing(zone: str, now: datetime) -> date | None:
    """Return the first day on which machine and package disagree on a zone, this year or later."""
    folder, package = machines(zone), files("tzdata") / "zoneinfo"
    if folder is None:
        return None
    with (folder / zone).open("rb") as ours, (package / zone).open("rb") as theirs:
        one = zoneinfo.ZoneInfo.from_file(ours)
        other = zoneinfo.ZoneInfo.from_file(theirs)
    first = datetime(now.year, 1, 1, 12, tzinfo=UTC)
    for days in range(366 * _YEARS):
        moment = first + timedelta(days=days)
        if moment.astimezone(one).utcoffset() != moment.astimezone(other).utcoffset():
            return moment.date()
    return None


def difference(zone: str, now: datetime) -> Iterator[Check]:
    """Yield whether the machine's data and the package's agree on a zone; nothing if they do."""
    try:
        day = differing(zone, now)
    except (ImportError, OSError, ValueError) as error:
        message = f"the package tzdata can't be compared on {zone} ({type(error).__name__})"
        yield note("time zone", message, _UPDATE_PACKAGE)
        return
    if day is not None:
        message = (
            f"the machine's data, which Python uses, and the package tzdata disagree on {zone} from"
            f" {day}: one of them is old"
        )
        yield finding("time zone", message, _UPDATE_MACHINE)


def machines(zone: str) -> Path | None:
    """Return the folder of the machine that Python takes a zone from; None if it takes another."""
    folders = (Path(folder) for folder in zoneinfo.TZPATH)
    return next((folder for folder in folders if (folder / zone).is_file()), None)


def machines_release(folder: Path) -> str | None:
    """Return the release of the data in a folder, where one of its files says it."""
    for name in ("tzdata.zi", "+VERSION", "version"):
        try:
            with (folder / name).open(encoding="utf-8", errors="replace") as file:
                found = _RELEASE.search(file.readline(200))
        except OSError:
            continue
        if found:
            return found[0]
    return None


def package_release() -> str | None:
    """Return the release of the package tzdata; None where it is not installed."""
    try:
        return str(import_module("tzdata").IANA_VERSION)
    except (ImportError, AttributeError):
        return None


def _knows_probe() -> bool:
    zone = zoneinfo.ZoneInfo.no_cache(_PROBE)
    return _PROBE_AT.astimezone(zone).utcoffset() == _PROBE_OFFSET
