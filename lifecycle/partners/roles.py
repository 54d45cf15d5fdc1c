"""The City's role in its agreements and the share of each role, year by year (R52, R53).

A year counts the agreements that were in force on any day of it, each with the role that its
document stated at the end of that term. Who states no role is counted apart, and so is each
currency; no share is guessed from either.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lifecycle.dossiers import Dossier, Part
from states.agreement import Agreement
from states.calendar import PartialDate
from states.money import Money
from states.standing import Standing
from states.terms import TermRow
from states.vocabulary import State

PARTS = (Part.DOCUMENT, Part.TERMS, Part.EARLIER)
"""The parts of a dossier that are read for it."""

CATALYST = "catalyst"
"""The role of who brings others together and lets them carry it out (BP5)."""

IMPLEMENTER = "implementer"
"""The role of who carries it out."""

_TENTH = Decimal("0.1")

Role = str | None
"""A word of the policy's vocabulary; None where no role is stated."""


@dataclass(frozen=True, slots=True)
class RoleYear:
    """The agreements in force in a year by role, and the funding that they name for it.

    `funding` is by currency, then by role.
    """

    year: int
    agreements: Mapping[Role, int]
    funding: Mapping[str, Mapping[Role, Money]]

    @property
    def in_force(self) -> int:
        """How many agreements were in force."""
        return sum(self.agreements.values())

    @property
    def stated(self) -> int:
        """How many of them state a role."""
        return self.in_force - self.agreements.get(None, 0)

    def share(self, role: str) -> Decimal | None:
        """Return the percentage of a role among the agreements that state one, to a tenth."""
        return _percent(Decimal(self.agreements.get(role, 0)), Decimal(self.stated))

    def funding_share(self, role: str, currency: str) -> Decimal | None:
        """Return the percentage of a role in the funding, of agreements that state a role."""
        amounts = self.funding.get(currency, {})
        stated = sum((money.amount for one, money in amounts.items() if one), Decimal())
        own = amounts.get(role)
        return _percent(own.amount if own else Decimal(), stated)


def roles_by_year(dossiers: Iterable[Dossier], day: date) -> tuple[RoleYear, ...]:
    """Return every year from the first in which an agreement was in force to that of `day`.

    The dossiers have `PARTS`.
    """
    tally = Tally(day)
    for dossier in dossiers:
        tally.add(dossier)
    return tally.years()


class Tally:
    """The roles of the agreements seen so far: fed one by one, told at the end."""

    def __init__(self, day: date) -> None:
        """Take the day that it is."""
        self._day = day
        self._agreements: defaultdict[int, Counter[Role]] = defaultdict(Counter)
        self._funding: defaultdict[int, dict[tuple[str, Role], Money]] = defaultdict(dict)

    def add(self, dossier: Dossier) -> None:
        """Count an agreement in; its dossier has `PARTS`."""
        for year, document in _in_force(dossier, self._day).items():
            self._agreements[year][document.role] += 1
            funding = self._funding[year]
            for money in _funding(document, year):
                at = (money.currency, document.role)
                funding[at] = funding.get(at, Money.none(money.currency)) + money

    def years(self) -> tuple[RoleYear, ...]:
        """Return every year from the first in which one was in force to that of the day."""
        if not self._agreements:
            return ()
        return tuple(
            RoleYear(year, self._agreements[year], _by_currency(self._funding[year]))
            for year in range(min(self._agreements), self._day.year + 1)
        )


def _in_force(dossier: Dossier, day: date) -> Mapping[int, Agreement]:
    """Return the years in which an agreement was in force, each with its document of then."""
    standing = dossier.standing
    found: dict[int, Agreement] = {}
    documents = {**dossier.earlier, standing.term: dossier.agreement}
    for term in dossier.terms:
        first = _first_year(standing, term)
        if first is not None and term.term in documents:
            last = min(_last_day(standing, term, day), day).year
            found |= dict.fromkeys(range(first, last + 1), documents[term.term])
    return found


def _first_year(standing: Standing, term: TermRow) -> int | None:
    """Return the year from which a term was in force; None where it never was."""
    if term.activated_on is not None:
        return term.activated_on.year
    taken_over = standing.taken_over and standing.activated and term.term == 1
    return PartialDate.parse(term.signed_on).year if taken_over and term.signed_on else None


def _last_day(standing: Standing, term: TermRow, day: date) -> date:
    """Return the last day on which a term was in force."""
    if term.concluded_on is not None:
        return term.concluded_on
    if term.term == standing.term and standing.state is State.ACTIVE:
        return day
    # It was taken over when it had ended already.
    return min(term.ends or date.max, standing.opened_on or standing.entered_on)


def _funding(document: Agreement, year: int) -> Iterator[Money]:
    for project in document.projects:
        for resource in project.resources:
            known = resource.kind == "funding" and resource.amount and resource.currency
            if known and resource.year == year:
                yield Money(resource.amount or Decimal(), resource.currency or "")


def _by_currency(
    amounts: Mapping[tuple[str, Role], Money],
) -> Mapping[str, Mapping[Role, Money]]:
    found: defaultdict[str, dict[Role, Money]] = defaultdict(dict)
    for (currency, role), money in sorted(amounts.items(), key=lambda pair: pair[0][0]):
        found[currency][role] = money
    return found


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (100 * part / whole).quantize(_TENTH) if whole > 0 else None
