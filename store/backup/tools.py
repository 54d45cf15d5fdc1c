"""Finds and runs PostgreSQL's own programs, pg_dump and pg_restore.

They are looked for in the folder that LIFECYCLE_PG_BIN names, else on the PATH. A password never
stands on their command line, where everybody on the machine could read it: it goes through their
environment. What they say when they fail is told as far as it helps.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lifecycle.errors import StoreError

VARIABLE = "LIFECYCLE_PG_BIN"
"""The folder of PostgreSQL's client programs, where they are not on the PATH."""

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_MOST_SAID = 300


class ToolError(StoreError):
    """One of the programs failed; `said` is what it said of it."""

    def __init__(self, where: str, tool: str, said: str) -> None:
        """Keep what it said, on one line and not too much."""
        self.said = said
        words = " ".join(said.split())[:_MOST_SAID] or "it does not say why"
        message = f"{where}: {tool} could not do it ({words})"
        super().__init__(message, "tool_failed", "see to what it says, then repeat")


def tool(name: str) -> str:
    """Return the path of one of the programs; raises StoreError where it is not there."""
    folder = os.environ.get(VARIABLE)
    if found := shutil.which(name, path=folder or None):
        return found
    where = f"in {folder}, the folder that {VARIABLE} names" if folder else "on the PATH"
    message = f"{name}, a program of PostgreSQL's, is not {where}"
    hint = (
        "install PostgreSQL's client programs (postgresql-client), of the server's version or"
        f" newer, or name their folder: {VARIABLE}=/usr/lib/postgresql/17/bin"
    )
    raise StoreError(message, "no_tool", hint)


def version_of_tool(path: str) -> int:
    """Return the major version of one of the programs."""
    said = subprocess.run([path, "--version"], capture_output=True, check=False, text=True)  # noqa: S603 - a program that was found
    found = _VERSION.search(said.stdout)
    return int(found[1]) if found else 0


def run(where: str, line: Sequence[str], more: Mapping[str, str] | None = None) -> None:
    """Run one of the programs to its end; raises ToolError where it fails."""
    with reading(where, line, more) as out:
        while out.read(1 << 16):
            pass


@contextmanager
def reading(
    where: str, line: Sequence[str], more: Mapping[str, str] | None = None
) -> Iterator[IO[bytes]]:
    """Run one of the programs and yield what it writes; raises ToolError where it fails.

    Who stops reading stops it.
    """
    environment = {**os.environ, "LC_ALL": "C", **(more or {})}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - a program that was found, no shell
            list(line),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment,
        )
        try:
            assert process.stdout is not None  # noqa: S101 - asked for above
            yield process.stdout
            ended = process.wait()
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        if ended:
            said.seek(0)
            text = said.read(1 << 16).decode(errors="replace")
            if ended < 0:
                text += f" it was ended by {signal.Signals(-ended).name}"
            raise ToolError(where, Path(line[0]).name, text)
