"""What can be said of the order in which lines of different streams were written.

A line's `recorded_at` is the clock at the start of its command; it was committed a little later,
when the questions that a person was asked were answered, an editor was closed and the locks were
free. So whatever was recorded close by may have come before or after. Where a clock was set back,
as a stream whose instants run backwards shows, the same holds of everything between the two. In a
sandbox people choose the day, so that a whole day is open; that somebody chose an earlier one for
another agreement shows in no stream.
"""

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lifecycle.entry import Entry

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)
NEARBY = timedelta(hours=1) // _MICROSECOND
"""How far apart two instants are, in microseconds, where one line surely came before the other."""

NEARBY_IN_A_SANDBOX = timedelta(days=1) // _MICROSECOND


def instant_of(entry: Entry) -> int:
    """Return the instant at which a line's order began, in microseconds."""
    return (entry.recorded - _EPOCH) // _MICROSECOND


@dataclass(frozen=True, slots=True)
class Window:
    """What was recorded from `first` to `last` may have come before a line, or after it."""

    first: int
    last: int


@dataclass(slots=True)
class Instants:
    """A log's instants, as far as they tell what came before what.

    `follow` is told of each sequence of lines whose order is known, before the first window is
    asked for.
    """

    nearby: int
    _set_back: list[tuple[int, int]] = field(default_factory=list)
    _firsts: "array[int]" = field(default_factory=lambda: array("q"))
    _lasts: "array[int]" = field(default_factory=lambda: array("q"))

    def follow(self, at: int, latest: int | None) -> int:
        """Note the instant of a line, after a sequence's latest; returns the latest from now on."""
        if latest is None or at >= latest:
            return at
        if latest - at > self.nearby:
            self._set_back.append((at, latest))
        return latest

    def settle(self) -> None:
        """Put together what was seen of clocks that were set back."""
        for first, last in sorted(self._set_back):
            if self._lasts and first <= self._lasts[-1]:
                self._lasts[-1] = max(last, self._lasts[-1])
            else:
                self._firsts.append(first)
                self._lasts.append(last)
        self._set_back.clear()

    def window(self, at: int) -> Window:
        """Return what may have come before or after a line of an instant."""
        first, last = at - self.nearby, at + self.nearby
        place = bisect_right(self._firsts, last) - 1
        while place >= 0 and self._lasts[place] >= first:
            first = min(first, self._firsts[place])
            last = max(last, self._lasts[place])
            place -= 1
        return Window(first, last)
