"""Small sites to be published, what a folder holds, and a process that dies while it publishes."""

import os
import signal
import stat
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from cli.publishing import swapping
from cli.publishing.manifest import Log, Manifest
from cli.publishing.writing import Written, publish
from tests import forked

ABOUT = Manifest(
    program="TOR",
    audience="public",
    languages=("en", "fr"),
    day=date(2027, 1, 4),
    log=Log(name="lifecycle/TOR/0123456789abcdef", entries=7),
)
OLD = {
    "index.html": b"<p>one</p>",
    "agreements/TOR-2026-001.html": b"<p>first</p>",
    "agreements/TOR-2026-002.html": b"<p>second</p>",
    "fr/index.html": b"<p>un</p>",
}
NEW = {**OLD, "index.html": b"<p>two</p>", "reports/2026.html": b"<p>2026</p>"}
del NEW["agreements/TOR-2026-002.html"]
SITES = {"old": OLD, "new": NEW}

_STEPS = ("open", "os.", "shutil.", "pathlib.", "fcntl.", "ctypes.")


def put(
    folder: Path,
    site: Mapping[str, bytes],
    *,
    dry_run: bool = False,
    **about: Any,  # noqa: ANN401 - any field of the manifest
) -> Written:
    """Publish a site into a folder."""
    manifest = msgspec.structs.replace(ABOUT, **about)
    return publish(folder, site.items(), manifest, dry_run=dry_run)


def held(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by path, the manifest left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def traces(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return what would tell that anything in a folder, or the folder itself, was touched."""
    found: dict[str, tuple[int, ...]] = {}
    for path in (folder, *folder.rglob("*")):
        about = path.lstat()
        found[str(path)] = (about.st_ino, about.st_mode, about.st_mtime_ns, about.st_ctime_ns)
    return found


def modes(folder: Path) -> set[tuple[bool, str]]:
    """Return which modes the folders and the files in a folder have."""
    every = (path.lstat().st_mode for path in folder.rglob("*"))
    return {(stat.S_ISDIR(mode), oct(stat.S_IMODE(mode))) for mode in every}


def killed(folder: Path, name: str, step: int, *, without_exchange: bool = False) -> bool:
    """Publish a site in a process that is killed before its step of this number.

    A step is whatever it asks of the file system. Returns whether it came so far.
    """
    prepare = partial(_die_at, step, str(folder), without_exchange=without_exchange)
    start = forked.Start(prepare=prepare)
    code, _out, err = forked.ended(publish_named, str(folder), name, start=start)
    assert code in {0, -signal.SIGKILL}, (code, err)
    return code != 0


def publish_named() -> None:
    """Publish one of the sites, as the command line of this process says."""
    _me, folder, name = sys.argv
    put(Path(folder), SITES[name])


def _die_at(step: int, folder: str, *, without_exchange: bool) -> None:
    if without_exchange:
        swapping.__dict__["exchanged"] = _can_not
    beside = str(Path(folder).parent)
    steps: Iterator[int] = iter(range(10_000))

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        ours = any(beside in str(argument) for argument in arguments)
        if event.startswith(_STEPS) and ours and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)


def _can_not(_one: Path, _other: Path) -> bool:
    return False
