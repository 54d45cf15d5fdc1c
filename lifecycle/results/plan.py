"""What agreements ask of each division in a year, for its business plan (R40).

The division is the project's, else the agreement's; what none is stated for stands apart. In the
plan is what is signed or in force, and what is being negotiated, told as such and added up apart.
Amounts of two currencies are never added up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lifecycle.dossiers import Dossier, Part, dossiers
from lifecycle.ports import PortfolioUnit
from lifecycle.results.progress import (
    IndicatorProgress,
    MilestoneProgress,
    Recorded,
    indicators,
    milestones,
    of_term,
    year_of,
)
from lifecycle.results.year import runs_in
from states.agreement import Agreement, Project
from states.names import plain
from states.ref import Ref
from states.standing import Standing
from states.terms import TermRow
from states.vocabulary import IN_FORCE, State

_PLANNED = IN_FORCE | {State.NEGOTIATION}

Key = tuple[int | None, str, str | None, bool]
"""What resources are added up by: year, kind, currency, and whether that is agreed."""


@dataclass(frozen=True, slots=True)
class Work:
    """A project that runs in the year, or a part of it, with its agreement."""

    dossier: Dossier
    project: Project


@dataclass(slots=True)
class DivisionPlan:
    """What a year asks of one division; without a name, that of which none is stated."""

    name: str | None
    agreements: dict[Ref, Dossier] = field(default_factory=dict)
    work: list[Work] = field(default_factory=list)
    goals: list[tuple[Dossier, Recorded]] = field(default_factory=list)
    milestones: list[tuple[Dossier, MilestoneProgress]] = field(default_factory=list)
    indicators: list[tuple[Dossier, Project, IndicatorProgress]] = field(default_factory=list)
    resources: defaultdict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, dossier: Dossier) -> None:
        """Name an agreement once."""
        self.agreements[dossier.ref] = dossier

    @property
    def totals(self) -> Sequence[tuple[Key, Decimal]]:
        """Resources by year, kind and currency; those without a year last, what is agreed first."""
        return sorted(
            self.resources.items(),
            key=lambda one: (one[0][0] or 9999, one[0][1], one[0][2] or "", not one[0][3]),
        )


def is_agreed(dossier: Dossier) -> bool:
    """Whether what an agreement says is signed, and not only negotiated."""
    return dossier.standing.state in IN_FORCE


def plan_of(unit: PortfolioUnit, year: int, today: date) -> tuple[DivisionPlan, ...]:
    """Return the plan of each division for a year, by name; that of none comes last."""
    plans: dict[str, DivisionPlan] = {}
    parts = (Part.DOCUMENT, Part.RECORDS, Part.TERMS)
    for dossier in dossiers(unit, *parts, wanted=_is_planned):
        _Planning(dossier, year, today, plans).plan()
    named = sorted(plans.items(), key=lambda one: (not one[0], one[0]))
    return tuple(plan for _name, plan in named)


def _is_planned(standing: Standing) -> bool:
    return standing.state in _PLANNED and not standing.voided


class _Planning:
    """Puts one agreement into the plans of the divisions that it asks something of."""

    def __init__(
        self, dossier: Dossier, year: int, today: date, plans: dict[str, DivisionPlan]
    ) -> None:
        self.dossier, self.year, self.today, self.plans = dossier, year, today, plans
        agreement, term = dossier.agreement, dossier.standing.term
        self.agreement: Agreement = agreement
        self.projects = {project.id: project for project in agreement.projects}
        self.records = of_term(dossier.records, dossier.terms, term)
        self.row = next((row for row in dossier.terms if row.term == term), TermRow(term=term))
        if agreement.term:
            self.row = TermRow(term=term, starts=agreement.term.start, ends=agreement.term.end)

    def plan(self) -> None:
        """Put it into the plan of its own division and of those of its projects."""
        own = self._of(None)
        own.add(self.dossier)
        own.goals += [(self.dossier, one) for one in self._goals()]
        for project in self._running():
            plan = self._of(project)
            plan.add(self.dossier)
            plan.work.append(Work(self.dossier, project))
        for step in self._steps():
            at = self.projects.get(step.milestone.project)
            plan = self._of(at)
            plan.add(self.dossier)
            plan.milestones.append((self.dossier, step))
        for one in indicators(self.agreement, self.records):
            at = self.projects.get(one.project)
            if at and runs_in(at, self.row, self.year):
                self._of(at).indicators.append((self.dossier, at, one))
        self._add_resources()

    def _of(self, project: Project | None) -> DivisionPlan:
        names = (project.division if project else None, self.agreement.division)
        name = next((name.strip() for name in names if name and name.strip()), None)
        return self.plans.setdefault(plain(name or ""), DivisionPlan(name))

    def _running(self) -> Iterator[Project]:
        return (one for one in self.agreement.projects if runs_in(one, self.row, self.year))

    def _goals(self) -> Iterable[Recorded]:
        for n, record in self.dossier.records:
            if (record.kind, record.item, year_of(record)) == ("annual", "goals", self.year):
                yield n, record

    def _steps(self) -> Iterator[MilestoneProgress]:
        """Yield the milestones due in the year, and those overdue from before it."""
        for step in milestones(self.agreement, self.records, self.today):
            due = step.milestone.due
            late = due is not None and due.year < self.year and step.met is None
            if late or (due is not None and due.year == self.year):
                yield step

    def _add_resources(self) -> None:
        """Add up what is stated for the year and for those after it, or for no year at all."""
        agreed = is_agreed(self.dossier)
        for project in self.agreement.projects:
            for given in project.resources:
                if given.amount and (given.year is None or given.year >= self.year):
                    key = (given.year, given.kind, given.currency, agreed)
                    self._of(project).resources[key] += given.amount
