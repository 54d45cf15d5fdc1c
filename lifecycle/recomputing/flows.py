"""Counts a quantity through time: what had surely been added up by a line, and what may have been.

It knows nothing of agreements. A change takes 16 bytes, and once it is asked for 24 more.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain

from lifecycle.recomputing.instants import Window

_MOST = 2**62


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that a quantity can have been."""

    low: int
    high: int


def _numbers() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class Changes:
    """The changes of one quantity, in any order."""

    times: "array[int]" = field(default_factory=_numbers)
    deltas: "array[int]" = field(default_factory=_numbers)

    def add(self, at: int, delta: int) -> None:
        """Note a change at an instant."""
        self.times.append(at)
        self.deltas.append(delta)


class Flow:
    """The sum of some quantities through time, which are not going to change any more."""

    def __init__(self, parts: Iterable[Changes]) -> None:
        """Put the changes of all parts in the order of their instants."""
        known = list(parts)
        times = array("q", chain.from_iterable(part.times for part in known))
        deltas = array("q", chain.from_iterable(part.deltas for part in known))
        order = sorted(range(len(times)), key=times.__getitem__)
        self._times = array("q", (times[place] for place in order))
        self._gains = _summed(max(0, deltas[place]) for place in order)
        self._losses = _summed(min(0, deltas[place]) for place in order)

    def within(self, window: Window, own: Sequence[tuple[int, int]]) -> Range:
        """Return what the sum can have been at a line, without its own stream's changes."""
        before = bisect_left(self._times, window.first)
        after = bisect_right(self._times, window.last)
        surely = self._gains[before] + self._losses[before]
        surely -= sum(delta for at, delta in own if at < window.first)
        open_ = [delta for at, delta in own if window.first <= at <= window.last]
        losses = self._losses[after] - self._losses[before] - sum(min(0, one) for one in open_)
        gains = self._gains[after] - self._gains[before] - sum(max(0, one) for one in open_)
        return Range(max(0, surely + losses), max(0, surely + gains))


def _summed(deltas: Iterable[int]) -> "array[int]":
    sums = accumulate(deltas, initial=0)
    return array("q", (max(-_MOST, min(one, _MOST)) for one in sums))
