"""Picks lines of the log: by who, what, how and when, and as a sample that can be drawn again.

Works on lines in the order in which each stream was written, one at a time, and keeps none of
them; only a sample keeps as many as it is to have.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from heapq import nsmallest

import msgspec

from lifecycle.entry import Entry, entry_of
from states.person import folded
from states.vocabulary import Event, Outcome, State, Trigger

WAIVED = "waived"
"""The result of a guard whose unmet condition was waived."""


class Logged(msgspec.Struct, frozen=True):
    """One line of the log: its stream (an agreement's key, 0 for the program's), n and bytes."""

    stream: int
    n: int
    line: bytes


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What lines are asked for; what is not said takes all, and what is said narrows down.

    `states` are lines that led into such a state or out of it, and whatever was written while the
    agreement was in it. `since` and `until` are days on which lines were recorded, in the program's
    `time_zone`; both are included. `waivers` are lines that waive a condition, and lines on which
    a guard let one pass that was waived.
    """

    actors: frozenset[str] = frozenset()
    triggers: frozenset[Trigger] = frozenset()
    states: frozenset[State] = frozenset()
    events: frozenset[Event] = frozenset()
    outcome: Outcome | None = None
    since: date = date.min
    until: date = date.max
    waivers: bool = False
    time_zone: str = "UTC"

    def takes(self, entry: Entry) -> bool:
        """Whether a line is asked for, whichever state its agreement was in."""
        return _wanted(entry, self, frozenset(map(folded, self.actors)))

    @property
    def takes_all(self) -> bool:
        """Whether every line is asked for, so that none of them has to be understood."""
        return self == Search(time_zone=self.time_zone)


def picked(lines: Iterable[Logged], search: Search) -> Iterator[Logged]:
    """Yield the lines that are asked for; each stream's come together, in their order."""
    if search.takes_all:
        yield from lines
        return
    people = frozenset(map(folded, search.actors))
    stream, state = -1, None
    for logged in lines:
        entry = entry_of(logged.line)
        if logged.stream != stream:
            stream, state = logged.stream, None
        if _wanted(entry, search, people) and _there(entry, search.states, state):
            yield logged
        state = entry.to or state


def _wanted(entry: Entry, search: Search, people: frozenset[str]) -> bool:
    return (
        (not people or folded(entry.actor.id) in people)
        and (not search.triggers or entry.trigger in search.triggers)
        and (not search.events or entry.event in search.events)
        and search.outcome in {None, entry.outcome}
        and (not search.waivers or waives(entry))
        and _recorded_then(entry, search)
    )


def _recorded_then(entry: Entry, search: Search) -> bool:
    if (search.since, search.until) == (date.min, date.max):
        return True
    return search.since <= entry.recorded_day(search.time_zone) <= search.until


def _there(entry: Entry, states: frozenset[State], state: State | None) -> bool:
    return not states or not states.isdisjoint({state, entry.from_, entry.to})


def waives(entry: Entry) -> bool:
    """Whether a line waives a condition, or a guard on it let a waived one pass."""
    return entry.event is Event.WAIVED or any(g.outcome == WAIVED for g in entry.guards)


def sample(lines: Iterable[Logged], count: int, seed: str) -> list[Logged]:
    """Return so many lines, drawn by the seed alone, in their order.

    Drawn are the lines of which SHA-256 over the seed (UTF-8), one line feed and the line's exact
    bytes is smallest. So whoever has the same lines draws the same ones, by whatever means.
    """
    first = seed.encode() + b"\n"
    drawn = nsmallest(count, lines, key=lambda logged: sha256(first + logged.line).digest())
    return sorted(drawn, key=lambda logged: (logged.stream, logged.n))
