"""The log file of nightly runs: where it is, and that it does not grow for ever.

It is what --log-file names, else `log_file` of the table [nightly] in lifecycle.toml; those are
their owner's to rotate. Else it is nightly.log in the user's state directory, of which one file
before it is kept. Rehearsals, in a sandbox or with --dry-run, leave no file that was not asked for.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import platformdirs

from cli.configuration import table_of
from states.problem import InvalidInputError

FILE = "nightly.log"
LARGEST = 10_000_000
"""How large nightly.log may grow before it becomes nightly.log.1."""


@dataclass(frozen=True, slots=True)
class RunLog:
    """The open file and its path; neither, where there is none. `problem` says why not."""

    file: IO[str] | None = None
    path: str | None = None
    problem: str | None = None


@contextmanager
def run_log(named: str | None, *, rehearsed: bool) -> Iterator[RunLog]:
    """Open the log file of a run; one that can't be written stops no run."""
    try:
        asked = Path(named).expanduser().absolute() if named else _configured()
    except InvalidInputError as error:
        yield RunLog(problem=str(error))
        return
    if asked is None and rehearsed:
        yield RunLog()
        return
    path = asked or Path(platformdirs.user_state_path("lifecycle")) / FILE
    try:
        file = _opened(path, ours=asked is None)
    except OSError as error:
        yield RunLog(problem=f"{path}: {error.strerror or error}")
        return
    with file:
        yield RunLog(file, str(path))


def _configured() -> Path | None:
    source, table = table_of("nightly")
    if source is None or "log_file" not in table:
        return None
    return source.parent / Path(table["log_file"]).expanduser()


def _opened(path: Path, *, ours: bool) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if ours and path.exists() and path.stat().st_size > LARGEST:
        path.replace(path.with_name(f"{path.name}.1"))
    handle = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    return os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace")
