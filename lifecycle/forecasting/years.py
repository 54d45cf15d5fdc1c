"""What becomes of the portfolio year by year: places, money, staff, decisions (R11, R50, R51).

One walk through the portfolio tells both cases: as things stand, and if something were otherwise.
The first figure is today's; those of a year are of its last day, but for the most places that are
held on any day of it. Money is counted as `portfolio budget` counts it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lifecycle.dossiers import Dossier
from lifecycle.forecasting.lives import Due, Life, Rules, Span, life_of
from lifecycle.money.budget import Tally as MoneyTally
from lifecycle.money.budget import YearBudget
from states.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many agreements are active on a day, hold a place, and were dormant today."""

    active: int
    held: int
    dormant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year: the count on its last day, the most places held, its money, staff and decisions."""

    year: int
    count: Count
    most: int
    money: YearBudget
    staff: Decimal
    due: Sequence[Due]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: its rules, today's count, the years, and what could be counted in none."""

    rules: Rules
    now: Count
    years: Sequence[Year]
    staff_undated: Decimal
    unknown: Sequence[Ref]

    @property
    def cap(self) -> int | None:
        """How many places there are; None without a cap."""
        cap = self.rules.policy.cap
        return cap.at_most if cap else None


def forecast(dossiers: Iterable[Dossier], cases: Sequence[Rules], years: int) -> Sequence[Case]:
    """Return what becomes of the portfolio in this year and those after, in each case."""
    tallies = [Tally(rules) for rules in cases]
    for dossier in dossiers:
        for tally in tallies:
            tally.add(life_of(dossier, tally.rules))
    return [tally.case(years) for tally in tallies]


@dataclass(slots=True)
class Tally:
    """What of the agreements seen so far counts, today and in any year: fed one by one."""

    rules: Rules
    active: Counter[Span] = field(default_factory=Counter)
    held: Counter[Span] = field(default_factory=Counter)
    dormant: Counter[Span] = field(default_factory=Counter)
    idle: int = 0
    staff: defaultdict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    staff_undated: Decimal = Decimal()
    due: list[Due] = field(default_factory=list)
    unknown: list[Ref] = field(default_factory=list)
    money: MoneyTally = field(init=False)

    def __post_init__(self) -> None:
        """Begin with no money counted, under the policy that is asked about."""
        self.money = MoneyTally(self.rules.policy.program)

    def add(self, life: Life) -> None:
        """Count an agreement in."""
        self.active.update(life.active)
        self.held.update(life.held)
        if life.dormant:
            self.idle += 1
            self.dormant.update(life.active)
        self.money.add(life.costs.accounts)
        for year, amount in life.staff.items():
            self.staff[year] += amount
        self.staff_undated += life.staff_undated
        if life.due:
            self.due.append(life.due)
        if life.unknown:
            self.unknown.append(life.ref)

    def case(self, years: int) -> Case:
        """Return what became of it all, for so many years from this one on."""
        first = self.rules.today.year
        count = self._count(self.rules.today)
        now = Count(active=count.active, held=count.held, dormant=self.idle)
        return Case(
            rules=self.rules,
            now=now,
            years=[self._year(year) for year in range(first, first + years)],
            staff_undated=self.staff_undated,
            unknown=self.unknown,
        )

    def _year(self, year: int) -> Year:
        today = self.rules.today
        begins, ends = max(date(year, 1, 1), today), date(year, 12, 31)
        days = {begins, *(span.since for span in self.held if begins <= span.since <= ends)}
        due = [one for one in self.due if max(one.day, today).year == year]
        return Year(
            year=year,
            count=self._count(ends),
            most=max(_covering(self.held, day) for day in days),
            money=self.money.year(year),
            staff=self.staff[year],
            due=sorted(due, key=lambda one: (one.day, one.ref.key)),
        )

    def _count(self, day: date) -> Count:
        return Count(
            active=_covering(self.active, day),
            held=_covering(self.held, day),
            dormant=_covering(self.dormant, day),
        )


def _covering(spans: Counter[Span], day: date) -> int:
    return sum(count for span, count in spans.items() if span.covers(day))
