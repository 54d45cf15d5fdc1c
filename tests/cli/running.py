"""Runs the program: inside the test's own process, as a process of its own, and on a terminal."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any

from click.testing import CliRunner

from cli.main import main
from tests import forked

ENOUGH = "\x03"
"""Ctrl-C: what a question gets that the test did not expect."""

environment = forked.environment
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
    prepare: Callable[[], object] | None = None,
) -> Ran:
    """Run a command line as a process of its own, from another folder than this tree's.

    It is forked off one that has read the program (`tests.forked`), unless the interpreter itself
    has to start differently. `prepare` is done in it first; it has to be picklable.
    """
    start = forked.Start(environment(env), os.environ["HOME"], prepare)
    if forked.alike(start.env):
        return _ran(*forked.ended(program, *map(str, line), stdin=stdin, start=start))
    done = subprocess.run(
        [*PROGRAM, *map(str, line)],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=start.cwd,
        env=start.env,
        preexec_fn=prepare,
    )
    return _ran(done.returncode, done.stdout, done.stderr)


def at_once(*lines: Sequence[object]) -> list[Ran]:
    """Run command lines as processes of their own, all at the same time."""
    # Before there are threads: making it, this process has another environment for a moment.
    forked.context()
    with ThreadPoolExecutor(len(lines)) as pool:
        return list(pool.map(lambda line: process(*line), lines))


def started(*line: object) -> BaseProcess:
    """Begin a command line as a process of its own that says nothing; whoever began it waits."""
    null = os.open(os.devnull, os.O_RDWR)
    start = forked.Start(environment(), os.environ["HOME"])
    try:
        return forked.begun(program, *map(str, line), streams=(null, null, null), start=start)
    finally:
        os.close(null)


def program() -> None:
    """Run the command line that the process was given; it ends with the program's code."""
    main()


def _ran(code: int, out: bytes, err: bytes) -> Ran:
    return Ran(code, out.decode(), err.decode())


def on_terminal(
    *line: object, typed: Sequence[str] = (), env: Mapping[str, str] | None = None
) -> Ran:
    """Run a command line on a terminal of 80 columns; `typed` answers its questions."""
    ours, theirs = pty.openpty()
    env = environment({"TERM": "xterm", **(env or {})})
    start = forked.Start(env, os.environ["HOME"], _take_terminal)
    assert forked.alike(env)
    child = forked.begun(program, *map(str, line), streams=(theirs, theirs, theirs), start=start)
    os.close(theirs)
    seen, answers = b"", iter(typed)
    with suppress(OSError):
        while part := os.read(ours, 65_536):
            seen += part
            if seen.endswith(b"] "):
                os.write(ours, f"{next(answers, ENOUGH)}\n".encode())
    os.close(ours)
    child.join()
    with closing(child):
        assert child.exitcode is not None
        return Ran(child.exitcode, seen.decode().replace("\r\n", "\n"), "")


def heed_ctrl_c() -> None:
    """Let a process that is about to start heed Ctrl-C: in the background, shells forbid it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _take_terminal() -> None:
    """Make standard input the terminal that Ctrl-C comes from."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
