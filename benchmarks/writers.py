"""Writer processes: each does its own share of a round, and all begin at the same moment."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.measure import Way

Step = Callable[[], None]
"""Does one transition."""

Maker = Callable[..., Step]
"""Makes a step, in the process that is going to do it."""

_PATIENCE = 300


class Writer:
    """One process, told how many steps to do."""

    def __init__(self, maker: Maker, arguments: Sequence[Any]) -> None:
        """Start the process and wait until it is ready."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, maker, arguments), daemon=True)
        self._process.start()
        theirs.close()
        self.done()

    def go(self, steps: int) -> None:
        """Let it begin."""
        self._pipe.send(steps)

    def done(self) -> None:
        """Wait for its end; raises EOFError where the process failed."""
        if not self._pipe.poll(_PATIENCE):
            raise TimeoutError
        self._pipe.recv()

    def end(self) -> None:
        """Let the process end, unless it has failed already."""
        with suppress(BrokenPipeError):
            self._pipe.send(0)
        self._process.join()


@contextmanager
def writers(maker: Maker, shares: Sequence[Sequence[Any]]) -> Iterator[Sequence[Writer]]:
    """Run one writer a share; a share is the arguments that its step is made of."""
    with ExitStack() as stack:
        started = []
        for share in shares:
            writer = Writer(maker, share)
            stack.callback(writer.end)
            started.append(writer)
        yield started


def together(some: Sequence[Writer], each: int) -> Way:
    """Return the way in which some writers do so many steps each."""

    def run(_number: int) -> None:
        for writer in some:
            writer.go(each)
        for writer in some:
            writer.done()

    return run


def _work(pipe: Connection, maker: Maker, arguments: Sequence[Any]) -> None:
    step = maker(*arguments)
    pipe.send(None)
    while steps := pipe.recv():
        for _ in range(steps):
            step()
        pipe.send(None)
