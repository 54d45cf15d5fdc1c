"""The budget of a year: what is committed and spent of it, and what is free (R33, R50).

`free` is the budget less what is bound: of each project what is committed, or what was spent where
that is more. Money in other currencies than the program's stands apart and is never added. It says
by how much a budget is exceeded; what to do about it is for `lifecycle.money.remedies`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guards.policy import Program
from lifecycle.money.accounts import Account, Costs
from states.money import Money, apart, total


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


def year_budget(costs: Iterable[Costs], program: Program, year: int) -> YearBudget:
    """Return a year's budget under a program's policy, and what some agreements cost of it."""
    lines = [(cost, one) for cost in costs for one in cost.accounts if one.year == year]
    currency, stated = program.currency, program.budget.get(str(year))
    own = [(cost, one) for cost, one in lines if one.currency == currency]
    foreign = [one for _cost, one in lines if one.currency != currency]
    committed, spent = apart(o.committed for o in foreign), apart(o.spent for o in foreign)
    return YearBudget(
        year=year,
        budget=None if stated is None else Money(stated, currency),
        committed=total((one.committed for _cost, one in own), currency),
        spent=total((one.spent for _cost, one in own), currency),
        bound=total((one.bound for _cost, one in own), currency),
        lines=lines,
        others={name: Other(committed=committed[name], spent=spent[name]) for name in committed},
    )


def years_of(costs: Iterable[Costs], program: Program, first: int) -> Sequence[int]:
    """Return the first year and every later one that has a budget, a commitment or expenditure."""
    budgeted = (int(year) for year in program.budget)
    told = (one.year for cost in costs for one in cost.accounts)
    return sorted({first, *(year for year in (*budgeted, *told) if year > first)})
