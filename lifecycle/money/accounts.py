"""What each agreement has committed and spent, by project, year and currency (R20, R33, R50).

Commitments are the funding that the document states, where the agreement is in a state that
commits; expenditure is what is on record, in whatever state. It adds up nothing across agreements.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lifecycle.census import COMMITTED
from lifecycle.dossiers import Dossier, Part
from states.agreement import Project, Resource
from states.money import Money, total
from states.ref import Ref
from states.vocabulary import State

PARTS = (Part.DOCUMENT, Part.RECORDS)
"""The parts of a dossier that are read for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one project has committed and spent in a year, in one currency.

    `project` is its id, as records name it; `name` what people call it.
    """

    project: str
    name: str
    year: int
    committed: Money
    spent: Money

    @property
    def currency(self) -> str:
        """The currency that it is in."""
        return self.committed.currency

    @property
    def bound(self) -> Money:
        """What is no longer free: what is committed, or spent where that is more."""
        return max(self.committed, self.spent)

    @property
    def over(self) -> Money:
        """What was spent beyond the commitment."""
        return self.bound - self.committed

    @property
    def open(self) -> Money:
        """What is committed and not spent: what ending the agreement would free."""
        return self.bound - self.spent


@dataclass(frozen=True, slots=True)
class Undated:
    """Funding that no year or no currency is stated for, so that it is counted in none."""

    project: str
    resource: Resource

    @property
    def lacks(self) -> str:
        """What is not stated: `year`, `currency`, or both."""
        stated = {"year": self.resource.year, "currency": self.resource.currency}
        return " and ".join(name for name, value in stated.items() if not value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one agreement costs. `commits` says whether its funding counts as committed."""

    ref: Ref
    title: str
    partner: str | None
    country: str | None
    state: State
    ends: date | None
    commits: bool
    accounts: Sequence[Account]
    undated: Sequence[Undated]

    def open_in(self, year: int, currency: str) -> Money:
        """Return what ending the agreement would free in a year."""
        own = (one for one in self.accounts if (one.year, one.currency) == (year, currency))
        return total((one.open for one in own), currency)


def costs_of(dossier: Dossier, *, commits: bool | None = None) -> Costs:
    """Return what an agreement costs; `commits` says otherwise than its state does."""
    standing, projects = dossier.standing, dossier.agreement.projects
    counts = standing.state in COMMITTED if commits is None else commits
    funding = list(_funding(projects)) if counts else []
    return Costs(
        ref=dossier.ref,
        title=standing.title,
        partner=standing.partner,
        country=standing.country,
        state=standing.state,
        ends=standing.term_end,
        commits=counts,
        accounts=tuple(_accounts(dossier, funding)),
        undated=tuple(
            Undated(project.name, resource)
            for project, resource in funding
            if resource.year is None or not resource.currency
        ),
    )


def _funding(projects: Sequence[Project]) -> Iterator[tuple[Project, Resource]]:
    for project in projects:
        for resource in project.resources:
            if resource.kind == "funding" and resource.amount:
                yield project, resource


_Lines = defaultdict[tuple[int, str, str], list[Money]]


def _accounts(dossier: Dossier, funding: Sequence[tuple[Project, Resource]]) -> Iterator[Account]:
    names = {project.id: project.name for project in dossier.agreement.projects}
    committed, spent = _Lines(list), _Lines(list)
    for project, stated in funding:
        if stated.amount and stated.currency and stated.year is not None:
            money = Money(stated.amount, stated.currency)
            committed[stated.year, project.id or "", stated.currency].append(money)
    for _n, record in dossier.of_kind("expenditure"):
        if record.value is not None and record.currency and record.year is not None:
            money = Money(record.value, record.currency)
            spent[record.year, record.project or "", record.currency].append(money)
    for at in sorted({*committed, *spent}):
        year, id_, currency = at
        yield Account(
            project=id_,
            name=names.get(id_) or id_,
            year=year,
            committed=total(committed[at], currency),
            spent=total(spent[at], currency),
        )
