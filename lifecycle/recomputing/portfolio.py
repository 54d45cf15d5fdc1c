"""What the rest of the portfolio was at a line: places held, limits, projects, commitments.

The counts are those of `Unit.counted_others` and its neighbours, worked out from what all streams
say instead of from today's rows. Agreements that are alike to every policy of the log are counted
together, so that a portfolio of any size stays small. It judges nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from guards.activation import held_as
from guards.policy import Limit, Policy
from guards.resourced import funding_by_year
from lifecycle.census import COMMITTED, MOST_UNITS, UNITS_OF_MONEY, Cell, Place, counts
from lifecycle.choosing.partnerships import holds_priority
from lifecycle.evolve import holds_place
from lifecycle.matter import IN_FLIGHT, keeps_policy
from lifecycle.recomputing.flows import Changes, Flow, Range
from lifecycle.recomputing.instants import Window, instant_of
from lifecycle.recomputing.priorities import Years
from lifecycle.replay import Sources, Step
from states.agreement import Agreement
from states.standing import Standing
from states.vocabulary import State


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """What agreements are counted by that are alike to every policy; a portfolio has one of each.

    `like` is one of them.
    """

    cell: Cell
    like: Standing


@dataclass(frozen=True, slots=True)
class Starts:
    """Projects of active agreements that start in a year."""

    year: int


@dataclass(frozen=True, slots=True)
class Funds:
    """What signed and active agreements commit in a year, in 1/10,000 of a currency's unit."""

    currency: str
    year: int


@dataclass(frozen=True, slots=True)
class Priorities:
    """Agreements that have priority in a year."""

    year: int


Yearly = Starts | Funds | Priorities
Quantity = Mark | Yearly


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of a quantity by one line."""

    at: int
    of: Quantity
    delta: int


@dataclass(slots=True)
class Interests:
    """What the policies of a log ask of a portfolio; nothing else is counted."""

    places: bool = False
    countries: bool = False
    years: bool = False
    projects: bool = False
    priorities: bool = False
    funds: frozenset[Funds] = frozenset()

    def take(self, policy: Policy) -> None:
        """Count what a policy asks for as well."""
        per = {limit.per for limit in policy.limits}
        program = policy.program
        self.places |= policy.cap is not None or bool(per)
        self.countries |= bool(per & {"country", "region"})
        self.years |= "year" in per
        self.projects |= policy.projects_per_year is not None
        self.priorities |= policy.priority_partnerships_per_year is not None
        self.funds |= {Funds(program.currency, int(year)) for year in program.budget}

    def alike(self, standing: Standing) -> tuple[object, ...]:
        """Return in what agreements are alike to every policy: a cell, and the policy one keeps."""
        start = standing.term_start
        return (
            standing.type,
            held_as(standing),
            standing.country if self.countries else None,
            start.year if self.years and start else None,
            standing.policy if standing.state in IN_FLIGHT else None,
        )


@dataclass(slots=True)
class Portfolio:
    """The movements of all streams of a log; asked only once all of them are there."""

    interests: Interests
    policy: Callable[[str], Policy]
    _known: dict[Quantity, Changes] = field(default_factory=dict)
    _marks: dict[tuple[object, ...], Mark] = field(default_factory=dict)
    _answers: dict[object, tuple[Flow, frozenset[Quantity]]] = field(default_factory=dict)

    def movements(self, steps: Iterable[Step], sources: Sources) -> Iterator[Movement]:
        """Yield what the lines of one stream change."""
        before: Mapping[Quantity, int] = {}
        document, years = _Document(), Years()
        for step in steps:
            marked = self.interests.priorities and years.take(step.entry, sources)
            if step.brought.agreement is not None:
                document = self._document(step.brought.agreement, step.after)
            elif not (marked or _moves(step)):
                continue
            at, after = instant_of(step.entry), self._held(step.after, document, years)
            for quantity in before.keys() | after.keys():
                if delta := after.get(quantity, 0) - before.get(quantity, 0):
                    yield Movement(at, quantity, delta)
            before = after

    def add(self, movements: Iterable[Movement]) -> None:
        """Count what a stream changes."""
        for movement in movements:
            self._known.setdefault(movement.of, Changes()).add(movement.at, movement.delta)

    def counted(self, in_force: str, window: Window, own: Iterable[Movement]) -> Range:
        """Return how many others held a place under the cap while a policy was in force."""
        policy = self.policy(in_force)

        def holds(mark: Mark) -> bool:
            one = mark.like
            return holds_place(
                one, self.policy(one.policy) if keeps_policy(one, policy) else policy
            )

        return self._sum(("cap", in_force), holds, window, own)

    def limited(self, limit: Limit, place: Place, window: Window, own: Iterable[Movement]) -> Range:
        """Return how many others a limit counted at a place."""

        def holds(mark: Mark) -> bool:
            return counts(limit, mark.cell, place)

        return self._sum((limit, place), holds, window, own)

    def amount(self, of: Yearly, window: Window, own: Iterable[Movement]) -> Range:
        """Return how much of something others had in a year."""
        if of not in self._answers:
            flow = Flow([self._known[of]] if of in self._known else [])
            self._answers[of] = flow, frozenset({of})
        return self._answer(of, window, own)

    def _sum(
        self,
        question: object,
        holds: Callable[[Mark], bool],
        window: Window,
        own: Iterable[Movement],
    ) -> Range:
        if question not in self._answers:
            marks = frozenset(mark for mark in self._marks.values() if holds(mark))
            flow = Flow(changes for mark in marks if (changes := self._known.get(mark)))
            self._answers[question] = flow, frozenset(marks)
        return self._answer(question, window, own)

    def _answer(self, question: object, window: Window, own: Iterable[Movement]) -> Range:
        flow, asked = self._answers[question]
        return flow.within(window, [(one.at, one.delta) for one in own if one.of in asked])

    def _document(self, agreement: Agreement, standing: Standing) -> "_Document":
        begun = (project.start or standing.term_start for project in agreement.projects)
        starts = Counter[Quantity](Starts(day.year) for day in begun if day)
        funds: dict[Quantity, int] = {}
        if self.interests.funds:
            currency = self.policy(standing.policy).program.currency
            for year, amount in funding_by_year(agreement, currency).items():
                if (fund := Funds(currency, year)) in self.interests.funds:
                    units = int(amount * UNITS_OF_MONEY)
                    funds[fund] = max(-MOST_UNITS, min(units, MOST_UNITS))
        return _Document(starts if self.interests.projects else {}, funds)

    def _held(
        self, standing: Standing, document: "_Document", years: Years
    ) -> Mapping[Quantity, int]:
        if standing.voided:
            return {}
        held: dict[Quantity, int] = {}
        if self.interests.places and held_as(standing):
            held[self._mark(standing)] = 1
        if standing.state is State.ACTIVE:
            held |= document.starts
        if standing.state in COMMITTED:
            held |= document.funds
        if holds_priority(standing):
            held |= {Priorities(year): 1 for year in years.known}
        return held

    def _mark(self, standing: Standing) -> Mark:
        alike = self.interests.alike(standing)
        known = self._marks.get(alike)
        if known is None:
            known = self._marks[alike] = Mark(Cell.of(standing), standing)
        return known


def _moves(step: Step) -> bool:
    """Whether a line moves its agreement, or voids it."""
    return step.entry.to is not None or not (
        step.before and step.before.voided == step.after.voided
    )


@dataclass(frozen=True, slots=True)
class _Document:
    """What an agreement's present document adds while it is in force."""

    starts: Mapping[Quantity, int] = field(default_factory=dict)
    funds: Mapping[Quantity, int] = field(default_factory=dict)
