"""People who write while the primary dies: each goes on under the key of the order that it was at.

Each is a process of its own with a store of its own, whose URL names both servers. What is told as
done goes to the campaign by a pipe, with when it was told.
"""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from multiprocessing.connection import wait
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from lifecycle.advance import advance
from lifecycle.drafting import propose
from lifecycle.errors import StoreError, UnknownRefError
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.sheets import record
from states.records import Record
from states.ref import Ref
from states.vocabulary import Trigger
from tests.builders import complete_agreement
from tests.concurrency.crowd import Hand

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PASSING = {"unreachable", "connection_lost", "unknown_outcome", "shutting_down", "read_only"}
"""What a writer is told while there is no primary; it repeats its order."""

_CONTEXT = multiprocessing.get_context("forkserver")
_SECONDS = 60
_Use = Callable[[Unit, Order], Receipt]


@dataclass(frozen=True)
class Told:
    """An order that was told as done: whose, under which key, and the line's digest."""

    writer: int
    key: str
    entry: str
    at: float


@dataclass
class Writers:
    """Several writers at work, and all that they were told."""

    told: list[Told] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    """The codes of what they were told instead."""

    def start(self, url: str, day: date, many: int) -> None:
        """Let so many write into a database."""
        self._pipes: list[Connection[Any, Any]] = []
        self._processes = []
        for number in range(many):
            ours, theirs = _CONTEXT.Pipe(duplex=False)
            process = _CONTEXT.Process(target=_write, args=(number, url, day, theirs), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def listen(self, seconds: float) -> None:
        """Hear what they are told for so long."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self._hear(left)

    def listen_until_each_wrote(self, lines: int, after: float = 0) -> None:
        """Hear them until each was told so many more lines as done after a moment."""
        patience = monotonic() + _SECONDS
        while any(self.written(n, after) < lines for n in range(len(self._pipes))):
            assert monotonic() < patience, "a writer did not go on"
            self._hear(1)

    def written(self, number: int, after: float) -> int:
        """Return how many lines one was told as done after a moment."""
        return sum(one.writer == number and one.at > after for one in self.told)

    def stop(self) -> None:
        """End them, wherever they are, and hear what they still had to tell."""
        for process in self._processes:
            process.kill()
            process.join(_SECONDS)
        while self._pipes:
            self._hear(0)

    def _hear(self, seconds: float) -> None:
        ready = wait(self._pipes, seconds)
        for pipe in [one for one in self._pipes if one in ready]:
            try:
                said = pipe.recv()
            except EOFError:
                self._pipes.remove(pipe)
                continue
            if isinstance(said, Told):
                self.told.append(said)
            else:
                assert said in PASSING, said
                self.waits.append(said)


def _write(number: int, url: str, day: date, pipe: "Connection[Any, Any]") -> None:
    hand = Hand(number)
    while not hand.url:
        with suppress(StoreError):
            hand.come(url)
    ref: Ref | None = None
    for turn in count():
        key = f"{hand.name}-{turn}"
        receipt = _until_told(
            hand, hand.order(day, key=key, ground="needs_changed"), _use(turn, ref, day), pipe
        )
        ref = Ref.parse(receipt.ref)
        pipe.send(Told(number, key, receipt.entry, monotonic()))


def _propose(unit: Unit, order: Order) -> Receipt:
    return propose(unit, order, complete_agreement())


def _use(turn: int, ref: Ref | None, day: date) -> _Use:
    """Return what is done at a turn: a proposal is submitted, returned and noted, and so on."""
    if ref is None or turn % 12 == 0:
        return _propose
    if turn % 3 == 0:
        return lambda unit, order: record(unit, order, ref, Record("note", day, "They called."))
    trigger = Trigger.SUBMIT if turn % 3 == 1 else Trigger.RETURN
    return lambda unit, order: advance(unit, order, ref, trigger)


def _until_told(hand: Hand, order: Order, use: _Use, pipe: "Connection[Any, Any]") -> Receipt:
    while True:
        try:
            with hand.store.unit() as unit:
                receipt = use(unit, order)
        except StoreError as error:
            pipe.send(error.code)
            sleep(0.02)
        except UnknownRefError:
            # The agreement is lost: what was told of it is found missing. They propose another.
            use = _propose
        else:
            return receipt
