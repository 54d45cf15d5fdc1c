"""What became of the requests for partnerships: by year, origin, type, market and sector (R5).

A request is a proposal that was made to the program or by it; what was taken over, signed before,
is none. It counts in the year in which it was received, else in that in which it was entered.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from guards.policy import Policy, Priority
from guards.priorities import serves
from lifecycle.choosing.judged import DECIDING, Move, moves
from lifecycle.choosing.ranking import OPEN, received_on
from lifecycle.dossiers import Dossier
from lifecycle.entry import Entry
from states.standing import Standing
from states.vocabulary import State, Trigger

ACCEPTED, DECLINED, WITHDRAWN, RETURNED, STILL_OPEN = OUTCOMES = (
    "accepted",
    "declined",
    "withdrawn",
    "returned",
    "open",
)
"""What may have become of a request, each one thing: returned is open again, to be worked on."""

UNSTATED = "not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: when it was received, what became of it, and by which line.

    `days` are from received to accepted or declined, `age` those that it waits for that; `serves`
    are the priorities of the day of that line, or of today.
    """

    dossier: Dossier
    received: date
    outcome: str
    entry: Entry | None
    days: int | None
    age: int | None
    serves: tuple[Priority, ...]

    @property
    def reason(self) -> str | None:
        """The reason as it was given, from a dossier read with reasons."""
        return self.dossier.reasons.get(self.entry.n) if self.entry else None


@dataclass(frozen=True, slots=True)
class Tally:
    """Some requests counted: what became of them, and after how many days they were decided.

    `median` is the lower one of two in the middle; both are None where none was decided.
    """

    received: int
    outcomes: Mapping[str, int]
    median: int | None
    longest: int | None


def is_request(standing: Standing) -> bool:
    """Whether an agreement began as a request: it was neither taken over nor voided."""
    return not (standing.taken_over or standing.voided)


def requests(
    dossiers: Iterable[Dossier], in_force: Policy, policy: Callable[[str], Policy], day: date
) -> Iterator[Request]:
    """Yield requests, from dossiers with document, lines, scorings and reasons."""
    for dossier in dossiers:
        outcome, entry = _outcome(dossier, moves(dossier))
        received = received_on(dossier)
        decided = entry is not None and entry.trigger in DECIDING
        judging = policy(entry.policy) if decided and entry and entry.policy else in_force
        on = entry.effective if decided and entry else day
        yield Request(
            dossier=dossier,
            received=received,
            outcome=outcome,
            entry=entry,
            days=(on - received).days if decided else None,
            age=(day - received).days if outcome in {RETURNED, STILL_OPEN} else None,
            serves=serves(dossier.agreement, judging, on),
        )


def _outcome(dossier: Dossier, course: Sequence[Move]) -> tuple[str, Entry | None]:
    """Return what became of a request, and the line that says so."""
    state = dossier.standing.state
    lines = [move.entry for move in course]
    decided = [line for line in lines if line.trigger in DECIDING]
    if decided:
        accepted = decided[-1].trigger is Trigger.ACCEPT
        return (ACCEPTED if accepted else DECLINED), decided[-1]
    last = lines[-1] if lines else None
    if state not in OPEN:
        return WITHDRAWN, last
    returned = state is State.PROPOSAL and last is not None
    return (RETURNED, last) if returned else (STILL_OPEN, None)


BY: Mapping[str, Callable[[Request], Sequence[str]]] = {
    "year": lambda one: (str(one.received.year),),
    "origin": lambda one: (one.dossier.agreement.origin or UNSTATED,),
    "type": lambda one: (one.dossier.standing.type,),
    "market": lambda one: one.dossier.agreement.markets or _countries(one),
    "sector": lambda one: one.dossier.agreement.sectors or (UNSTATED,),
}
"""What requests are counted by; one of several markets or sectors counts under each of them."""


def _countries(one: Request) -> Sequence[str]:
    return (one.dossier.standing.country or UNSTATED,)


class Tallies:
    """What became of the requests seen so far, all and by each group: fed one by one."""

    def __init__(self) -> None:
        """Begin with none."""
        self._all = _Counted()
        self._groups: Mapping[str, dict[str, _Counted]] = {by: {} for by in BY}

    def add(self, one: Request) -> None:
        """Count a request in."""
        self._all.add(one)
        for by, names in BY.items():
            for name in dict.fromkeys(names(one)):
                self._groups[by].setdefault(name, _Counted()).add(one)

    @property
    def whole(self) -> Tally:
        """The tally of all requests."""
        return self._all.told()

    def by(self, by: str) -> Mapping[str, Tally]:
        """Return the tally of each group, by the group's name."""
        groups = self._groups[by]
        return {name: groups[name].told() for name in sorted(groups)}


class _Counted:
    """Some requests, counted by what became of them and by the days until they were decided."""

    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._days: Counter[int] = Counter()

    def add(self, one: Request) -> None:
        self._outcomes[one.outcome] += 1
        if one.days is not None:
            self._days[one.days] += 1

    def told(self) -> Tally:
        return Tally(
            received=self._outcomes.total(),
            outcomes={outcome: self._outcomes[outcome] for outcome in OUTCOMES},
            median=median_low(self._days.elements()) if self._days else None,
            longest=max(self._days, default=None),
        )
