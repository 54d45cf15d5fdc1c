"""Counts a whole portfolio once, so that any policy's limits can be asked of it without the store.

The counts are those of `Unit.limit_others`, `projects_of_others` and `committed_by_others`; a test
holds the two against each other. It counts and judges nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from guards.activation import held_as
from guards.policy import Limit, Policy
from guards.resourced import funding_by_year
from states.agreement import Agreement
from states.standing import Standing
from states.vocabulary import State

COMMITTED = frozenset({State.SIGNED, State.ACTIVE})
"""States in which an agreement's funding counts against the year's budget."""

UNITS_OF_MONEY = 10_000
"""Commitments are kept as whole numbers of 1/10,000 of a currency's unit."""

MOST_UNITS = 10**17
"""The most that is kept of one commitment, so that a portfolio's sum is a whole number too."""


class Cell(msgspec.Struct, frozen=True):
    """What limits count agreements by; agreements of one cell are alike to every limit.

    `held` are the states that they are counted by; none where they count for nothing.
    """

    type: str
    held: tuple[State, ...]
    country: str | None
    year: int | None

    @classmethod
    def of(cls, standing: Standing) -> "Cell":
        """Return the cell that an agreement is in."""
        start = standing.term_start
        year = start.year if start else None
        return cls(standing.type, held_as(standing), standing.country, year)


class Place(msgspec.Struct, frozen=True):
    """Where a limit counts: in these countries (anywhere, where there are none), in this year."""

    countries: tuple[str, ...] = ()
    year: int | None = None


class Census(msgspec.Struct):
    """A portfolio's agreements by cell, the projects of active ones and what is committed."""

    cells: Counter[Cell] = msgspec.field(default_factory=Counter)
    projects: Counter[int] = msgspec.field(default_factory=Counter)
    funding: defaultdict[tuple[str, int], Decimal] = msgspec.field(
        default_factory=lambda: defaultdict(Decimal)
    )
    _known: dict[tuple[Limit, Place], int] = msgspec.field(default_factory=dict)

    def add(
        self, standing: Standing, document: Agreement | None, currencies: frozenset[str]
    ) -> None:
        """Count an agreement, whose funding is added up in some currencies."""
        self.cells[Cell.of(standing)] += 1
        if document is None:
            return
        if standing.state is State.ACTIVE:
            begun = (project.start or standing.term_start for project in document.projects)
            self.projects.update(day.year for day in begun if day is not None)
        if standing.state in COMMITTED:
            for currency in currencies:
                for year, amount in funding_by_year(document, currency).items():
                    self.funding[currency, year] += amount

    def committed(self, currency: str) -> Mapping[int, Decimal]:
        """Return the funding that signed and active agreements commit in each year."""
        sums = self.funding.items()
        return {year: amount for (money, year), amount in sums if money == currency}

    def others(self, limit: Limit, standing: Standing, policy: Policy, year: int) -> int:
        """Return how many other agreements a limit counts; `year` is the agreement's first."""
        place = place_of(limit, standing.country, policy, year)
        known = self._known.get((limit, place))
        if known is None:
            alike = (count for cell, count in self.cells.items() if counts(limit, cell, place))
            known = self._known[limit, place] = sum(alike)
        return known - counts(limit, Cell.of(standing), place)


def place_of(limit: Limit, country: str | None, policy: Policy, year: int | None) -> Place:
    """Return where a limit counts, seen from an agreement with a partner in a country."""
    if limit.per in {"country", "region"}:
        region = policy.region_of(country) if limit.per == "region" else None
        return Place(policy.regions[region] if region else (country or "",))
    return Place(year=year) if limit.per == "year" else Place()


def counts(limit: Limit, cell: Cell, place: Place) -> bool:
    """Whether a limit counts the agreements of a cell at a place."""
    return (
        (not limit.types or cell.type in limit.types)
        and any(state in limit.states for state in cell.held)
        and (not place.countries or cell.country in place.countries)
        and (place.year is None or cell.year == place.year)
    )
