"""The budget by year as JSON and CSV: every amount is text, each currency stands by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cli.output.shapes import Shape
from lifecycle.money.accounts import Account, Costs
from lifecycle.money.budget import YearBudget
from lifecycle.money.remedies import Remedies, Remedy
from states.money import Money

LINE_KEYS = (
    "year",
    "ref",
    "title",
    "partner",
    "country",
    "state",
    "project",
    "name",
    "currency",
    "committed",
    "spent",
    "left",
    "over",
)
"""The keys of a line, in the order in which they are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told: the years, what closes the gaps of those that are not over, what is undated."""

    code: str
    currency: str
    today: date
    years: Sequence[YearBudget]
    remedies: Mapping[int, Remedies]
    costs: Sequence[Costs]


def budget_shape(told: Told) -> Shape:
    """Return a budget as JSON: every amount as text."""
    return {
        "program": told.code,
        "today": told.today,
        "currency": told.currency,
        "years": [_year_shape(year, told) for year in told.years],
        "undated": list(undated_shapes(told)),
    }


def _year_shape(year: YearBudget, told: Told) -> Shape:
    found = told.remedies.get(year.year)
    return {
        "year": year.year,
        "budget": _plain(year.budget),
        "committed": year.committed.plain,
        "spent": year.spent.plain,
        "left": year.open.plain,
        "free": _plain(year.free),
        "gap": _plain(year.gap),
        "other_currencies": [
            {"currency": name, "committed": other.committed.plain, "spent": other.spent.plain}
            for name, other in year.others.items()
        ],
        "lines": [line_shape(year.year, cost, one) for cost, one in year.lines],
        "remedies": found and _remedies_shape(found),
    }


def line_shape(year: int, cost: Costs, one: Account) -> Shape:
    """Return what one project has committed and spent in a year."""
    values = (
        year,
        str(cost.ref),
        cost.title,
        cost.partner,
        cost.country,
        cost.state,
        one.project,
        one.name,
        one.currency,
        one.committed.plain,
        one.spent.plain,
        one.open.plain,
        one.over.plain,
    )
    return dict(zip(LINE_KEYS, values, strict=True))


def line_shapes(told: Told) -> list[Shape]:
    """Return every line of every year."""
    return [line_shape(year.year, *line) for year in told.years for line in year.lines]


def _remedies_shape(found: Remedies) -> Shape:
    return {
        "raise": _remedy_shape(found.raised),
        "end": _remedy_shape(found.ended),
        "both": _remedy_shape(found.mixed),
    }


def _remedy_shape(remedy: Remedy) -> Shape:
    return {
        "raise_by": remedy.raise_by.plain,
        "by_ending": remedy.by_ending.plain,
        "open": remedy.open.plain,
        "options": [
            {
                "by": list(option.choices),
                "frees": option.frees.plain,
                "end": [
                    {"ref": str(each.ref), "ends": each.ends, "frees": each.frees.plain}
                    for each in option.endings
                ],
            }
            for option in remedy.options
        ],
    }


def undated_shapes(told: Told) -> Iterator[Shape]:
    """Yield the funding that is counted in no year."""
    for cost in told.costs:
        for one in cost.undated:
            yield {
                "ref": str(cost.ref),
                "project": one.project,
                "amount": None if one.resource.amount is None else f"{one.resource.amount:f}",
                "currency": one.resource.currency,
                "year": one.resource.year,
                "lacks": one.lacks,
            }


def _plain(money: Money | None) -> str | None:
    return money.plain if money is not None else None
