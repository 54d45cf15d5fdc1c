"""Nights in processes of their own that are killed: before their n-th statement, or at some time.

A kill by statement hits each boundary between two of them; one by time also hits what lies within
one: a write, a sync, a commit, on PostgreSQL whatever the server is at. Both are drawn by chance.
"""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests import forked
from tests.cli.nights.due import NIGHT
from tests.cli.running import Ran, environment, process, program, run

PATIENCE = 600


def line(url: str) -> tuple[str, ...]:
    """Return the command line of the night."""
    return ("--db", url, "--as", "system", "--today", f"{NIGHT}", "--json", "nightly")


def counted(url: str) -> int:
    """Run the night to its end; returns its number of statements, 0 where SQLite runs none."""
    numbers = count()
    with _traced(lambda _statement: next(numbers)):
        run(*line(url)).well()
    return next(numbers)


def timed(url: str) -> float:
    """Run the night to its end in another process; returns how long that took."""
    began = time.monotonic()
    again(url)
    return time.monotonic() - began


def again(url: str) -> dict[str, Any]:
    """Run the night in another process, which is not killed; returns its report."""
    ran: Ran = process(*line(url)).well()
    report: dict[str, Any] = ran.json
    return report


@dataclass(frozen=True, slots=True)
class AtTime:
    """Kill a night after so many seconds."""

    seconds: float

    def __call__(self, url: str) -> bool:
        """Kill it; returns whether it still ran."""
        return _killed(url, forked.Start(environment(), os.environ["HOME"]), self.seconds)


@dataclass(frozen=True, slots=True)
class AtStatement:
    """Let a night on SQLite be killed before it begins a statement."""

    number: int

    def __call__(self, url: str) -> bool:
        """Let it be killed; returns whether it came so far."""
        prepare = partial(_strike_at, self.number)
        return _killed(url, forked.Start(environment(), os.environ["HOME"], prepare), PATIENCE)


def drawn(chance: random.Random, seconds: float, statements: int) -> AtTime | AtStatement:
    """Draw a point of a night; where statements are counted, half of the points are such."""
    if statements and chance.random() < 0.5:
        return AtStatement(chance.randrange(statements))
    return AtTime(chance.uniform(0, seconds))


def _killed(url: str, start: forked.Start, seconds: float) -> bool:
    with Path(os.devnull).open("r+b") as nowhere:
        streams = (nowhere.fileno(),) * 3
        child = forked.begun(program, *line(url), streams=streams, start=start)
    child.join(seconds)
    child.kill()
    child.join(PATIENCE)
    with closing(child):
        assert child.exitcode in {0, -signal.SIGKILL}, child.exitcode
        return child.exitcode != 0


def _strike_at(number: int) -> None:
    numbers = count()

    def strike(_statement: str) -> None:
        if next(numbers) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    _trace(strike)


@contextmanager
def _traced(hear: Any) -> Iterator[None]:  # noqa: ANN401 - whatever it returns
    listen = _trace(hear)
    try:
        yield
    finally:
        event.remove(Engine, "connect", listen)


def _trace(hear: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's listener
    def listen(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(hear)

    event.listen(Engine, "connect", listen)
    return listen
