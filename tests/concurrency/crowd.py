"""A crowd of long-lived processes that each hold a store open and act when the gate opens.

Each has an interpreter and connections of its own, as staff have them. They are started once for a
test run, out of a clean process that has read the program already, and go from test to test: what
they are to do, the deeds of `tests.concurrency.deeds`, reaches them by a pipe.
"""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

import msgspec

from lifecycle.entry import Actor
from lifecycle.errors import StoreError
from lifecycle.order import Order
from store.opening import open_store
from store.store import Store
from tests.forked import context

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_SECONDS = 150
_AT_HOME = {"XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME"}


class Result(msgspec.Struct, frozen=True):
    """What came of a deed: the outcome's word, the codes and messages of what was unmet.

    `n` is the number of the line that was written; `parts` are the results of a deed that consists
    of several, in their order.
    """

    outcome: str
    codes: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    n: int = 0
    parts: tuple["Result", ...] = ()
    actor: str = ""


class Deed(Protocol):
    """What somebody is to do; it is sent to the process that does it."""

    def __call__(self, hand: "Hand") -> Result:
        """Do it."""


class Hand:
    """One of the crowd: its name, its store, and the orders that it gives."""

    def __init__(self, number: int) -> None:
        """Begin with nothing open."""
        self.number = number
        self.name = f"person-{number}"
        self.url = ""
        self._store: Store | None = None

    @property
    def store(self) -> Store:
        """The store that it holds open."""
        assert self._store is not None
        return self._store

    def order(self, day: date, actor: str | None = None, **more: Any) -> Order:  # noqa: ANN401
        """Return an order of a day: its own, unless it acts under another name."""
        now = datetime.combine(day, time(16), UTC)
        return Order(actor=Actor(actor or self.name, "asserted"), now=now, run=self.name, **more)

    def come(self, url: str) -> None:
        """Open a store, unless it is open already."""
        if url == self.url:
            return
        self.leave()
        self.url, self._store = url, open_store(url)

    def leave(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()
        self.url, self._store = "", None


class Crowd:
    """Several processes on one database; `at_once` lets them act at the same instant."""

    def __init__(self, size: int, home: Path) -> None:
        """Start the processes; `home` is all that they have of a user's own."""
        self._barrier = context().Barrier(size)
        self._pipes: list[Connection[Any, Any]] = []
        self._processes = []
        self.sound = True
        for number in range(size):
            ours, theirs = context().Pipe()
            process = context().Process(
                target=_live, args=(number, theirs, self._barrier, str(home)), daemon=True
            )
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def at_once(self, url: str, deeds: Sequence[Deed]) -> list[Result]:
        """Give each a deed, let them begin together, and return what came of each.

        Those for whom there is no deed look on.
        """
        self.sound = False
        for place, pipe in enumerate(self._pipes):
            pipe.send((url, deeds[place] if place < len(deeds) else None))
        answers = [self._answer(pipe) for pipe in self._pipes]
        wrong = [answer for answer in answers if not isinstance(answer, Result)]
        assert not wrong, wrong
        self.sound = True
        return answers[: len(deeds)]

    def leave(self) -> None:
        """Let everybody close what they hold open."""
        for pipe in self._pipes:
            pipe.send(("", None))
        for pipe in self._pipes:
            self._answer(pipe)

    def end(self) -> None:
        """Send everybody home; those of whom one did not answer are not waited for."""
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            if self.sound:
                pipe.send(None)
            else:
                process.kill()
            process.join(_SECONDS)
            pipe.close()

    def __enter__(self) -> Self:
        """Return the crowd."""
        return self

    def __exit__(self, *_how: object) -> None:
        """Send everybody home."""
        self.end()

    def _answer(self, pipe: "Connection[Any, Any]") -> Any:  # noqa: ANN401 - a result, or a fault
        assert pipe.poll(_SECONDS), "a process did not answer"
        return pipe.recv()


def _live(number: int, pipe: "Connection[Any, Any]", barrier: Barrier, home: str) -> None:
    os.environ.update(dict.fromkeys(_AT_HOME, home))
    hand = Hand(number)
    while (said := pipe.recv()) is not None:
        url, deed = said
        try:
            pipe.send(_result(hand, url, deed, barrier))
        except Exception as error:  # noqa: BLE001 - told to the test, which fails on it
            barrier.abort()
            pipe.send(f"{hand.name}: {error!r}")
    hand.leave()
    pipe.close()


def _result(hand: Hand, url: str, deed: Deed | None, barrier: Barrier) -> Result:
    if not url:
        hand.leave()
        return Result("left")
    hand.come(url)
    barrier.wait(_SECONDS)
    result = done(hand, deed) if deed is not None else Result("looked on")
    return msgspec.structs.replace(result, actor=hand.name)


def done(hand: Hand, deed: Deed) -> Result:
    """Do a deed; what could not be done is a result too."""
    try:
        return deed(hand)
    except StoreError as error:
        return Result("could not", (error.code,), (error.message, error.hint or ""))
