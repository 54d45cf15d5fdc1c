"""Runs the program: inside the test's own process, as a process of its own, and on a terminal."""

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from cli.main import main
from tests.builders import ROOT

ENOUGH = "\x03"
"""Ctrl-C: what a question gets that the test did not expect."""

PROGRAM = (sys.executable, "-m", "cli")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command answers
        """What standard output says, as JSON."""
        return json.loads(self.out)

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors that a run with --json told."""
        errors: list[dict[str, Any]] = self.json["errors"]
        return errors

    def well(self) -> "Ran":
        """Return this run, which ended well."""
        assert self.code == 0, (self.out, self.err)
        return self

    def badly(self, code: int) -> "Ran":
        """Return this run, which ended with this code, told why, and showed no traceback."""
        assert self.code == code, (self.code, self.out, self.err)
        assert "Traceback" not in self.out + self.err
        assert self.out + self.err
        return self


def run(*line: object, stdin: str | bytes | None = None) -> Ran:
    """Run a command line in this process."""
    result = CliRunner().invoke(main, [str(word) for word in line], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def process(
    *line: object,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    prepare: Callable[[], None] | None = None,
) -> Ran:
    """Run a command line as a process of its own, from another folder than this tree's."""
    done = subprocess.run(
        [*PROGRAM, *map(str, line)],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=os.environ["HOME"],
        env=environment(env),
        preexec_fn=prepare,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def on_terminal(
    *line: object, typed: Sequence[str] = (), env: Mapping[str, str] | None = None
) -> Ran:
    """Run a command line on a terminal of 80 columns; `typed` answers its questions."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*PROGRAM, *map(str, line)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=os.environ["HOME"],
        env=environment({"TERM": "xterm", **(env or {})}),
        start_new_session=True,
        preexec_fn=_take_terminal,  # noqa: PLW1509 - no thread runs in these tests
    )
    os.close(theirs)
    seen, answers = b"", iter(typed)
    with suppress(OSError):
        while part := os.read(ours, 65_536):
            seen += part
            if seen.endswith(b"] "):
                os.write(ours, f"{next(answers, ENOUGH)}\n".encode())
    os.close(ours)
    return Ran(child.wait(), seen.decode().replace("\r\n", "\n"), "")


def _take_terminal() -> None:
    """Make standard input the terminal that Ctrl-C comes from."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a process: the test's own, and where the program is."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **(more or {})}
