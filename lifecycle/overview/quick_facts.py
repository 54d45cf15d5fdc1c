"""The quick facts of a program, as the report prints Toronto's (R59): what its record can show.

Whatever was never entered can't be counted, and what was entered without a date is not given one.
What can't be shown is said as such, with what would show it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from guards.policy import Policy
from states.standing import Standing
from states.vocabulary import FINAL, State


@dataclass(frozen=True, slots=True)
class Signed:
    """One agreement with the day that it was signed, as precisely as that is known."""

    key: int
    signed_on: str
    title: str


@dataclass(frozen=True, slots=True)
class Unshown:
    """A quick fact that the record can't show, and what would be needed for it."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickFacts:
    """The facts; agreements that were voided are in none of them.

    In force is what was signed and is not over. `signed` counts those whose year of signing is
    known by type and year, whether or not they are over; `undated` are signed without one.
    """

    agreements: int
    in_force: int
    by_state: Mapping[State, int]
    by_type: Mapping[str, int]
    in_force_by_type: Mapping[str, int]
    signed: Mapping[tuple[str, int], int]
    oldest: Signed | None
    newest: Signed | None
    undated: int
    taken_over: int
    countries: int
    held: int
    cap: int | None
    budget: Mapping[int, Decimal]
    goals: Mapping[str, str]
    unshown: tuple[Unshown, ...]


@dataclass(slots=True)
class Tally:
    """What of the agreements seen so far counts: fed one by one, told at the end."""

    states: Counter[State] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    running: Counter[str] = field(default_factory=Counter)
    years: Counter[tuple[str, int]] = field(default_factory=Counter)
    countries: set[str] = field(default_factory=set)
    oldest: Signed | None = None
    newest: Signed | None = None
    undated: int = 0
    taken_over: int = 0
    held: int = 0

    def add(self, standing: Standing) -> None:
        """Count an agreement in, unless it was voided."""
        if standing.voided:
            return
        self.states[standing.state] += 1
        self.types[standing.type] += 1
        self.taken_over += standing.taken_over
        self.held += standing.counted
        if standing.signed_term is None:
            return
        if standing.state not in FINAL:
            self.running[standing.type] += 1
            self.countries.update([standing.country] if standing.country else [])
        if not standing.signed_on:
            self.undated += 1
            return
        self.years[standing.type, int(standing.signed_on[:4])] += 1
        one = Signed(standing.key, standing.signed_on, standing.title)
        self.oldest = min(self.oldest or one, one, key=_day)
        self.newest = max(one, self.newest or one, key=_day)

    def told(self, policy: Policy) -> QuickFacts:
        """Return the quick facts under the policy in force."""
        program = policy.program
        return QuickFacts(
            agreements=self.states.total(),
            in_force=self.running.total(),
            by_state={state: self.states[state] for state in State if self.states[state]},
            by_type=dict(sorted(self.types.items())),
            in_force_by_type=dict(sorted(self.running.items())),
            signed=dict(sorted(self.years.items())),
            oldest=self.oldest,
            newest=self.newest,
            undated=self.undated,
            taken_over=self.taken_over,
            countries=len(self.countries),
            held=self.held,
            cap=policy.cap.at_most if policy.cap else None,
            budget={int(year): amount for year, amount in sorted(program.budget.items())},
            goals=program.goals,
            unshown=tuple(_unshown(self, policy)),
        )


def quick_facts(standings: Iterable[Standing], policy: Policy) -> QuickFacts:
    """Return the quick facts of a portfolio under the policy in force."""
    tally = Tally()
    for standing in standings:
        tally.add(standing)
    return tally.told(policy)


_YEARS_COMPARED = 2


def _unshown(count: Tally, policy: Policy) -> Iterator[Unshown]:
    yield Unshown(
        "agreements that nobody entered",
        "only what is on record is counted; take the others over: lifecycle import",
    )
    if count.undated:
        yield Unshown(
            f"when {count.undated} signed agreements were signed",
            "their date of signing is not on record, so they are in no year",
        )
    if not policy.program.goals:
        yield Unshown(
            "how many goals the program has", "the policy names none: [program.goals] would"
        )
    yield Unshown(
        "how many objectives the policy framework has",
        "a policy holds goals; objectives stand in the agreements' projects",
    )
    if policy.cap is None:
        yield Unshown("the cap", "the policy has none: [cap] would set it")
    if len(policy.program.budget) < _YEARS_COMPARED:
        yield Unshown(
            "how the budget has changed",
            "the policy has the budget of fewer than two years: [program.budget] would name more",
        )


def _day(signed: Signed) -> str:
    """Return by what the oldest and the newest are told; a year alone counts as its beginning."""
    return signed.signed_on
