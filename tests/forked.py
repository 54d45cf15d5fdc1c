"""Processes forked off a clean one that has read the program already, for tests that need many.

A process that begins with nothing reads libraries for most of a second, whatever it does then; one
of these does it at once. All else is its own: memory, streams, folder, environment, signals, exit
code. What an interpreter settles at its start (paths, encodings, locale) it can't have otherwise
than the others: `alike` says which environments can do without that.
"""

import multiprocessing
import os
import signal
import sys
import time
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from tests.builders import ROOT

_SETTLED = ("PYTHON", "LC_", "LANG", "LD_")
_LATER = {"PYTHONTZPATH"}
_ALSO_READ = ("tests.store.child", "tests.concurrency.deeds", "tests.mailserver")


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a process: the test's own, and where the program is."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **(more or {})}


_BORN = environment()


def alike(env: Mapping[str, str]) -> bool:
    """Return whether an interpreter that starts with this environment is like the clean one."""
    return _settled(env) == _settled(_BORN)


@cache
def context() -> ForkServerContext:
    """Return what starts processes; the clean one is there from then on."""
    known = multiprocessing.get_context("forkserver")
    known.set_forkserver_preload([*_program(), *_ALSO_READ])
    kept = dict(os.environ)
    try:
        _be_in(_BORN)
        # Typeshed has it in the module only.
        multiprocessing.forkserver.ensure_running()  # type: ignore[attr-defined]
    finally:
        _be_in(kept)
    return known


@dataclass(frozen=True, slots=True)
class Start:
    """How a process begins: its environment and folder, and what it does first."""

    env: Mapping[str, str] = field(default_factory=environment)
    cwd: str = str(ROOT)
    prepare: Callable[[], object] | None = None


def begun(
    act: Callable[..., object], *words: str, streams: tuple[int, int, int], start: Start
) -> BaseProcess:
    """Begin a process that does something with these as its standard streams."""
    given = tuple(map(DupFdLater, streams))
    process = context().Process(target=_live, args=(act, words, given, start))
    process.start()
    return process


@dataclass(frozen=True, slots=True)
class DupFdLater:
    """A stream that goes along when the process begins."""

    number: int

    def __reduce__(self) -> tuple[Any, ...]:
        """Take it along."""
        return _taken, (DupFd(self.number),)


def _taken(stream: Any) -> int:  # noqa: ANN401 - multiprocessing's own
    number: int = stream.detach()
    return number


def ended(
    act: Callable[..., object], *words: str, stdin: bytes = b"", start: Start | None = None
) -> tuple[int, bytes, bytes]:
    """Let a process do something; returns how it ended, and what it wrote to its two streams."""
    pipes = [os.pipe() for _ in range(3)]
    (theirs_in, ours_in), (ours_out, theirs_out), (ours_err, theirs_err) = pipes
    streams = theirs_in, theirs_out, theirs_err
    with ThreadPoolExecutor(3) as readers:
        try:
            process = begun(act, *words, streams=streams, start=start or Start())
        finally:
            for number in streams:
                os.close(number)
        readers.submit(_write, ours_in, stdin)
        written = [readers.submit(_read, number) for number in (ours_out, ours_err)]
        process.join()
        out, err = (one.result() for one in written)
    with closing(process):
        assert process.exitcode is not None
        return process.exitcode, out, err


def _write(number: int, said: bytes) -> None:
    with open(number, "wb") as pipe:
        pipe.write(said)


def _read(number: int) -> bytes:
    with open(number, "rb") as pipe:
        return pipe.read()


def _live(
    act: Callable[..., object], words: tuple[str, ...], streams: tuple[int, int, int], start: Start
) -> None:
    for place, number in enumerate(streams):
        os.dup2(number, place)
        os.close(number)
    _be_in(start.env)
    os.chdir(start.cwd)
    time.tzset()
    zoneinfo.reset_tzpath()
    # Whoever started the tests in the background let nobody heed Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115 - as Python opens them
    sys.stdout = open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115
    sys.path[:] = [start.cwd, str(ROOT), *(p for p in sys.path if p not in {"", str(ROOT)})]
    sys.argv = ["lifecycle", *words]
    if start.prepare is not None:
        start.prepare()
    act()


def _be_in(env: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)


def _settled(env: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in env.items() if k.startswith(_SETTLED) and k not in _LATER}


def _program() -> Iterator[str]:
    """Yield every module of the two packages that read files, terminals and databases."""
    for package in ("cli", "store"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(Path(path.relative_to(ROOT)).with_suffix("").parts)
            if "migrations" not in name and not name.endswith("__main__"):
                yield name.removesuffix(".__init__")
