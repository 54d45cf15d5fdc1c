"""How each proposal was decided, as its log tells: the decision that stands, and on which scores.

What was taken back is no decision any more, and what was scored afterwards changes none.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from guards.policy import Criteria
from lifecycle.choosing.weighing import Weighed
from lifecycle.dossiers import Dossier
from lifecycle.entry import Entry, entry_of
from states.records import ScoreSheet
from states.vocabulary import Event, Outcome, Trigger

DECIDING = frozenset({Trigger.ACCEPT, Trigger.DECLINE})
"""Triggers by which a proposal is decided on."""


@dataclass(frozen=True, slots=True)
class Move:
    """A transition that stands: its line, and that of the scores that stood then, if any did."""

    entry: Entry
    scored: Entry | None


@dataclass(frozen=True, slots=True)
class Decision:
    """How a proposal was decided: its line, the scores that stood then, and the stated reason."""

    dossier: Dossier
    entry: Entry
    scored: Entry | None
    sheet: ScoreSheet | None

    @property
    def accepted(self) -> bool:
        """Whether it was accepted; else, it was declined."""
        return self.entry.trigger is Trigger.ACCEPT

    @property
    def reason(self) -> str | None:
        """The reason as it was given, from a dossier read with reasons."""
        return self.dossier.reasons.get(self.entry.n)

    @property
    def decider(self) -> str:
        """Who decided: the body, else who approved it, else who acted."""
        line = self.entry
        return line.on_behalf_of or line.approver or line.actor.id


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision with its scores, held against the criteria that were in force (R8)."""

    decision: Decision
    in_force: Criteria
    weighed: Weighed | None
    findings: tuple[str, ...]


def moves(dossier: Dossier) -> Sequence[Move]:
    """Return the transitions of an agreement that stand, from a dossier with lines and scorings."""
    found: list[Move] = []
    scored: Entry | None = None
    for entry in map(entry_of, dossier.lines):
        if entry.outcome is Outcome.REFUSED:
            continue
        if entry.n in dossier.scorings:
            scored = entry
        if entry.event is Event.TRANSITIONED:
            found.append(Move(entry, scored))
            scored = None if entry.trigger is Trigger.RENEGOTIATE else scored
        elif entry.takes_back and found:
            scored = found.pop().scored
    return found


def decision_of(dossier: Dossier, course: Sequence[Move]) -> Decision | None:
    """Return how a proposal was decided, or None while it waits or where it was withdrawn."""
    decided = [move for move in course if move.entry.trigger in DECIDING]
    if not decided:
        return None
    last = decided[-1]
    sheet = dossier.scorings[last.scored.n] if last.scored else None
    return Decision(dossier, last.entry, last.scored, sheet)


@dataclass(frozen=True, slots=True)
class Adoptions:
    """Which policy was in force when: the lines by which policies were adopted, in order."""

    _instants: Sequence[str] = ()
    _digests: Sequence[str] = field(default=())

    @classmethod
    def told_by(cls, lines: Iterable[bytes]) -> "Adoptions":
        """Return what a program's own lines tell."""
        said = (entry_of(line) for line in lines if b'"event":"policy_adopted"' in line)
        adopted = [one for one in said if one.event is Event.POLICY_ADOPTED and one.policy]
        return cls([one.recorded_at for one in adopted], [one.policy or "" for one in adopted])

    def at(self, entry: Entry) -> str | None:
        """Return the digest of the policy in force when a line was written."""
        place = bisect_right(self._instants, entry.recorded_at)
        return self._digests[place - 1] if place else None
