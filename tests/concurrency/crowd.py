"""A crowd of long-lived processes that each hold a store open and act when the gate opens.

Each is a fresh interpreter with connections of its own, as staff on one machine have them.
"""

import multiprocessing
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from multiprocessing.synchronize import Barrier
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from lifecycle.advance import advance
from lifecycle.entry import Actor
from lifecycle.nightly import nightly
from lifecycle.order import Order
from states.ref import Ref
from states.vocabulary import Trigger
from store.opening import open_store
from store.store import Store

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_CONTEXT = multiprocessing.get_context("spawn")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Task:
    """What one of the crowd is to do: pull a trigger on an agreement, or run the night."""

    day: date
    ref: str | None = None
    trigger: Trigger | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: the outcome's word, the codes and messages of what was unmet."""

    actor: str
    outcome: str
    codes: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()


class Crowd(AbstractContextManager["Crowd"]):
    """Several processes on one database; `at_once` lets all of them act at the same instant."""

    def __init__(self, path: str, size: int) -> None:
        """Start the processes; each opens the store before the first task."""
        self._barrier = _CONTEXT.Barrier(size)
        self._pipes: list[Connection[Any, Any]] = []
        self._processes = []
        for number in range(size):
            ours, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(
                target=_act, args=(path, f"person-{number}", theirs, self._barrier), daemon=True
            )
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def at_once(self, tasks: Sequence[Task]) -> list[Result]:
        """Give each process its task, let them begin together, and return what came of each."""
        for pipe, task in zip(self._pipes, tasks, strict=True):
            pipe.send(task)
        results = []
        for pipe in self._pipes:
            assert pipe.poll(_SECONDS), "a process did not answer"
            result = pipe.recv()
            assert isinstance(result, Result), result
            results.append(result)
        return results

    def __enter__(self) -> Self:
        """Return the crowd."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send everybody home."""
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            pipe.send(None)
            process.join(_SECONDS)
            pipe.close()


def _act(path: str, actor: str, pipe: "Connection[Any, Any]", barrier: Barrier) -> None:
    store = open_store(path)
    while (task := pipe.recv()) is not None:
        try:
            barrier.wait(_SECONDS)
            pipe.send(_result(store, actor, task))
        except Exception as error:  # noqa: BLE001 - told to the test, which fails on it
            pipe.send(f"{actor}: {error!r}")
    store.close()
    pipe.close()


def _result(store: Store, actor: str, task: Task) -> Result:
    now = datetime.combine(task.day, time(16), UTC)
    order = Order(actor=Actor(actor, "asserted"), now=now, run=actor, ground=task.ground)
    if task.ref is None or task.trigger is None:
        items = nightly(store, order).items
        return Result(actor, "ran", fired=tuple(i.ref for i in items if i.outcome == "fired"))
    with store.unit() as unit:
        receipt = advance(unit, order, Ref.parse(task.ref), task.trigger)
    unmet = [condition for _severity, condition in receipt.unmet]
    return Result(
        actor,
        receipt.outcome,
        tuple(condition.code for condition in unmet),
        tuple(condition.message for condition in unmet),
    )
