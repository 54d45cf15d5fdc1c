"""Processes that die in the middle of a deed: before its n-th statement, or at any time.

They are started out of the same clean process as the crowd of `tests.concurrency`, since there are
many of them.
"""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from states.ref import Ref
from states.vocabulary import Trigger
from store.migrating import upgrade
from tests.concurrency.crowd import Deed, Hand
from tests.concurrency.deeds import Pull
from tests.forked import context

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_SECONDS = 120


def dies_before(url: str, deed: Deed, number: int) -> bool:
    """Let a process do a deed on an SQLite file; return whether it came so far and was killed."""
    process = context().Process(target=_die_before, args=(url, deed, number))
    process.start()
    process.join(_SECONDS)
    assert process.exitcode in {0, -signal.SIGKILL}, process.exitcode
    return process.exitcode != 0


def dies_upgrading(url: str, number: int) -> bool:
    """Let a process upgrade a database; return whether it came so far and was killed."""
    process = context().Process(target=_die_upgrading, args=(url, number))
    process.start()
    process.join(_SECONDS)
    assert process.exitcode in {0, -signal.SIGKILL}, process.exitcode
    return process.exitcode != 0


@contextmanager
def going_on(url: str, day: date, ref: Ref) -> Iterator["Connection[Any, Any]"]:
    """Let a process submit and return an agreement for ever; what it has done, it tells by n.

    It is killed when the block ends, wherever it is then.
    """
    ours, theirs = context().Pipe(duplex=False)
    process = context().Process(target=_go_on, args=(url, day, str(ref), theirs))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.kill()
        process.join(_SECONDS)


def _die_before(url: str, deed: Deed, number: int) -> None:
    hand = Hand(0)
    hand.come(url)
    hand.store.database.close()
    numbers = count()

    def strike(_statement: str) -> None:
        if next(numbers) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(hand.store.database.engine, "connect")
    def _listen(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(strike)

    result = deed(hand)
    assert result.outcome == "ok", result


def _go_on(url: str, day: date, ref: str, pipe: "Connection[Any, Any]") -> None:
    hand = Hand(0)
    hand.come(url)
    while True:
        for trigger in (Trigger.SUBMIT, Trigger.RETURN):
            pipe.send(Pull(day, ref, trigger, "needs_changed")(hand).n)


def _die_upgrading(url: str, number: int) -> None:
    numbers = count()

    @event.listens_for(Engine, "before_cursor_execute")
    def _strike(*_statement: object) -> None:
        if next(numbers) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    upgrade(url)
