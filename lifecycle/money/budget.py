"""The budget of a year: what is committed and spent of it, and what is free (R33, R50).

`free` is the budget less what is bound: of each project what is committed, or what was spent where
that is more. Money in other currencies than the program's stands apart and is never added. It says
by how much a budget is exceeded; what to do about it is for `lifecycle.money.remedies`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from guards.policy import Program
from lifecycle.money.accounts import Account, Costs
from states.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """What is committed and spent in a currency that the budget is not in."""

    committed: Money
    spent: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBudget:
    """A year's money in the program's currency; `budget` is None where the policy sets none.

    `lines` are the accounts it is made of, each with whose it is; `others` the currencies apart.
    """

    year: int
    budget: Money | None
    committed: Money
    spent: Money
    bound: Money
    lines: Sequence[tuple[Costs, Account]]
    others: Mapping[str, Other]

    @property
    def open(self) -> Money:
        """What is committed and not spent."""
        return self.bound - self.spent

    @property
    def free(self) -> Money | None:
        """What of the budget is free; below zero where it is exceeded."""
        return None if self.budget is None else self.budget - self.bound

    @property
    def gap(self) -> Money | None:
        """By how much the budget is exceeded; None where it is not, or none is set."""
        over = None if self.budget is None else self.bound - self.budget
        return over if over is not None and over.amount > 0 else None


@dataclass(frozen=True, slots=True)
class _Sums:
    committed: Money
    spent: Money
    bound: Money

    def with_one(self, one: Account) -> "_Sums":
        return _Sums(self.committed + one.committed, self.spent + one.spent, self.bound + one.bound)


class Tally:
    """The money of the agreements seen so far, by year and currency: fed one by one."""

    def __init__(self, program: Program) -> None:
        """Take what the policy says of the program: its currency, its budgets."""
        self._program = program
        self._sums: dict[tuple[int, str], _Sums] = {}

    def add(self, accounts: Iterable[Account]) -> None:
        """Count accounts in."""
        for one in accounts:
            at = one.year, one.currency
            self._sums[at] = self._of(*at).with_one(one)

    def year(self, year: int, lines: Sequence[tuple[Costs, Account]] = ()) -> YearBudget:
        """Return a year's budget; of the accounts that it is made of it tells those of `lines`."""
        currency, stated = self._program.currency, self._program.budget.get(str(year))
        own = self._of(year, currency)
        return YearBudget(
            year=year,
            budget=None if stated is None else Money(stated, currency),
            committed=own.committed,
            spent=own.spent,
            bound=own.bound,
            lines=lines,
            others={
                name: Other(committed=sums.committed, spent=sums.spent)
                for (each, name), sums in sorted(self._sums.items(), key=itemgetter(0))
                if each == year and name != currency
            },
        )

    def years(self, first: int) -> Sequence[int]:
        """Return the first year and every later one that has a budget or an account."""
        told = {*map(int, self._program.budget), *(year for year, _currency in self._sums)}
        return sorted({first, *(year for year in told if year > first)})

    def _of(self, year: int, currency: str) -> _Sums:
        none = Money.none(currency)
        return self._sums.get((year, currency)) or _Sums(none, none, none)


def year_budget(costs: Iterable[Costs], program: Program, year: int) -> YearBudget:
    """Return a year's budget under a program's policy, and what some agreements cost of it."""
    lines = [(cost, one) for cost in costs for one in cost.accounts if one.year == year]
    tally = Tally(program)
    tally.add(one for _cost, one in lines)
    return tally.year(year, lines)


def years_of(costs: Iterable[Costs], program: Program, first: int) -> Sequence[int]:
    """Return the first year and every later one that has a budget, a commitment or expenditure."""
    tally = Tally(program)
    tally.add(one for cost in costs for one in cost.accounts)
    return tally.years(first)
