"""The program through time, by its own lines: who held which role, and the policy in force."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lifecycle.entry import Entry, entry_of
from lifecycle.recomputing.instants import Instants, Window, instant_of
from lifecycle.replay import Sources
from lifecycle.role_changes import change_told
from states.roles import Holdings, changed
from states.vocabulary import Event


@dataclass(frozen=True, slots=True)
class Rules:
    """Who held which role, and which policy was in force; none at all before the first line."""

    holdings: Holdings = ()
    in_force: str | None = None


@dataclass(slots=True)
class History:
    """A program's lines, the rules before each of them, and the rules at any instant."""

    entries: list[Entry] = field(default_factory=list)
    before: list[Rules] = field(default_factory=list)
    _at: "array[int]" = field(default_factory=lambda: array("q"))
    _rules: list[Rules] = field(default_factory=lambda: [Rules()])

    def possible(self, window: Window, at: int) -> Sequence[Rules]:
        """Return the rules that a line of another stream can have been written under.

        Those that held at the line's own instant come first: as a rule it was under them.
        """
        first = bisect_left(self._at, window.first)
        last = bisect_right(self._at, window.last)
        likely = bisect_right(self._at, at)
        found = [
            self._rules[likely],
            *self._rules[first:likely],
            *self._rules[likely + 1 : last + 1],
        ]
        return [rules for rules in found if rules.in_force]

    def take(self, entry: Entry, rules: Rules, at: int) -> None:
        """Take the next line, the rules after it, and the latest instant so far."""
        self.entries.append(entry)
        self.before.append(self._rules[-1])
        if rules != self._rules[-1]:
            self._at.append(at)
            self._rules.append(rules)

    @property
    def policies(self) -> Sequence[str]:
        """The policies that were ever in force, by digest, the first one first."""
        return tuple(dict.fromkeys(one.in_force for one in self._rules if one.in_force))


def history(lines: Iterable[bytes], sources: Sources, instants: Instants) -> History:
    """Return the history that a program's lines tell.

    Raises ValueError for what is no line, and StoreError where a change of roles is gone.
    """
    told, rules = History(), Rules()
    latest: int | None = None
    for line in lines:
        entry = entry_of(line)
        latest = instants.follow(instant_of(entry), latest)
        match entry.event:
            case Event.POLICY_ADOPTED:
                rules = replace(rules, in_force=entry.policy)
            case Event.ROLE_CHANGED:
                change = change_told(entry, sources.beside(entry.n))
                day, at = entry.effective, entry.recorded_at
                rules = replace(rules, holdings=changed(rules.holdings, change, at, day))
            case _:
                pass
        told.take(entry, rules, latest)
    return told
