"""One agreement's report on a year: goals, summary, achievements, new investments (R39).

Goals are the activities agreed for the projects that ran in the year, its milestones and what was
recorded as its goals; the summary is the year's annual record with its activities; achievements are
actuals, milestones met and what was recorded as such; new investments are actuals of objectives
that attract investment, and those recorded. Of what is none of it, the part is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from guards.policy import Policy
from guards.words import is_currency
from lifecycle.dossiers import Dossier
from lifecycle.entry import Entry, digest_of, entry_of
from lifecycle.results.progress import (
    IndicatorProgress,
    MilestoneProgress,
    Recorded,
    indicators,
    milestones,
    of_term,
    year_of,
)
from lifecycle.results.running import Running, document_line, running
from states.agreement import Agreement, Project
from states.calendar import PartialDate
from states.records import ANNUAL_PARTS, Record, reported_year
from states.terms import TermRow

INVESTING = "attract_investment"
"""The kind of objective whose actuals are new investments (BP4)."""


@dataclass(frozen=True, slots=True)
class Covered:
    """An agreement that was in force in a year: its lines, and the terms in which it was.

    `written` is, by term, the line whose document then said what was agreed on.
    """

    dossier: Dossier
    lines: tuple[Entry, ...]
    spans: tuple[Running, ...]
    written: Mapping[int, Entry]

    @property
    def versions(self) -> Iterator[tuple[int, int]]:
        """The documents that are needed, by key and version."""
        return ((self.dossier.ref.key, line.version or 0) for line in self.written.values())


@dataclass(frozen=True, slots=True)
class Investment:
    """New investment of a year: what came in, in money or in another unit, and from where.

    `in_all` is what was measured up to the year's end; `lines` are those that it follows from.
    """

    what: str
    value: Decimal | None
    unit: str | None
    on: date
    source: str | None
    lines: tuple[int, ...]
    text: str = ""
    project: str | None = None
    in_all: Decimal | None = None

    @property
    def currency(self) -> str | None:
        """The currency, where it is money."""
        return self.unit if self.unit and is_currency(self.unit) else None


@dataclass(frozen=True, slots=True)
class TermYear:
    """What a term had in a year: the document of then, what ran, and how far it came.

    `line` is the one that brought the document; milestones are those due or met in the year, and
    those overdue at its end.
    """

    row: TermRow
    line: int
    agreement: Agreement
    projects: tuple[Project, ...]
    indicators: tuple[IndicatorProgress, ...]
    milestones: tuple[MilestoneProgress, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementYear:
    """One agreement in a year.

    `owed_by` is the day by which its report is owed; None where it owes none on this year.
    """

    covered: Covered
    year: int
    owed_by: date | None
    terms: tuple[TermYear, ...]
    goals: tuple[Recorded, ...]
    summary: tuple[Recorded, ...]
    activities: tuple[Recorded, ...]
    achievements: tuple[Recorded, ...]
    investments: tuple[Investment, ...]

    @property
    def ref(self) -> str:
        """The agreement's reference."""
        return str(self.covered.dossier.ref)

    @property
    def agreement(self) -> Agreement:
        """The document that it had at the end of the year."""
        return self.terms[-1].agreement

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts of its report for which nothing is on record, where it owes one."""
        there = {
            "goals": self.goals or any(term.projects or self._due(term) for term in self.terms),
            "summary": self.summary,
            "achievements": self.achievements or self._measured or self._met,
            "investments": self.investments,
        }
        return tuple(part for part in ANNUAL_PARTS if self.owed_by and not there[part])

    @property
    def cited(self) -> Iterator[int]:
        """The n of every line that the report rests on."""
        for term in self.terms:
            yield term.line
            yield from (n for one in term.indicators for n, _actual in one.actuals[-1:])
            yield from (step.met[0] for step in term.milestones if step.met)
        for n, _record in (*self.goals, *self.summary, *self.activities, *self.achievements):
            yield n
        for found in self.investments:
            yield from found.lines

    def digest(self, n: int) -> str:
        """Return the SHA-256 of one of its lines."""
        return digest_of(self.covered.dossier.lines[n - 1])

    def in_year(self, record: Record) -> bool:
        """Whether a record is about the year."""
        return year_of(record) == self.year

    def _due(self, term: TermYear) -> bool:
        days = (one.milestone.due for one in term.milestones)
        return any(day and day.year == self.year for day in days)

    @property
    def _measured(self) -> bool:
        every = (actual for term in self.terms for one in term.indicators for actual in one.actuals)
        return any(self.in_year(record) for _n, record in every)

    @property
    def _met(self) -> bool:
        met = (one.met for term in self.terms for one in term.milestones)
        return any(found and self.in_year(found[1]) for found in met)


def last_day(year: int, today: date) -> date:
    """Return the day on which a year is looked at: its last one, or today while it runs."""
    return min(date(year, 12, 31), today)


def covered(dossier: Dossier, year: int, today: date) -> Covered | None:
    """Return an agreement with the terms in which it was in force in a year; None if in none."""
    return _covered(dossier, tuple(map(entry_of, dossier.lines)), year, today)


def every_year(dossier: Dossier, today: date) -> Iterator[tuple[int, Covered]]:
    """Yield the years up to today's in which an agreement was in force, each with its terms."""
    lines = tuple(map(entry_of, dossier.lines))
    for span in running(lines, today)[:1]:
        for year in range(span.since.year, today.year + 1):
            if found := _covered(dossier, lines, year, today):
                yield year, found


def _covered(dossier: Dossier, lines: tuple[Entry, ...], year: int, today: date) -> Covered | None:
    day = last_day(year, today)
    spans = tuple(span for span in running(lines, day) if span.in_year(year))
    written = {span.term: document_line(lines, span.term, day) for span in spans}
    found = {term: line for term, line in written.items() if line is not None}
    return Covered(dossier, lines, spans, found) if found else None


def year_report(
    found: Covered,
    documents: Mapping[tuple[int, int], Agreement],
    policy: Policy,
    year: int,
    today: date,
) -> AgreementYear:
    """Return an agreement's report on a year; `documents` are those of `found.versions`."""
    dossier = found.dossier
    terms = tuple(
        _term(dossier, term, line, documents[dossier.ref.key, line.version or 0], year, today)
        for term, line in sorted(found.written.items())
    )
    about = [(n, record) for n, record in dossier.records if year_of(record) == year]
    parts = [(n, record) for n, record in about if record.kind == "annual"]
    return AgreementYear(
        covered=found,
        year=year,
        owed_by=_owed_by(found, terms, policy, year),
        terms=terms,
        goals=_part(parts, "goals"),
        summary=tuple((n, record) for n, record in parts if reported_year(record) is not None),
        activities=tuple((n, record) for n, record in about if record.kind == "activity"),
        achievements=_part(parts, "achievements"),
        investments=(*_recorded(parts), *_gained(terms, year)),
    )


def _part(parts: Sequence[Recorded], item: str) -> tuple[Recorded, ...]:
    return tuple((n, record) for n, record in parts if record.item == item)


def _term(  # noqa: PLR0913, PLR0917 - a term, its document, and the year
    dossier: Dossier, term: int, line: Entry, agreement: Agreement, year: int, today: date
) -> TermYear:
    row = next((row for row in dossier.terms if row.term == term), TermRow(term=term))
    records = of_term(dossier.records, dossier.terms, term)
    known = [(n, record) for n, record in records if year_of(record) <= year]
    projects = tuple(one for one in agreement.projects if runs_in(one, row, year))
    steps = milestones(agreement, known, last_day(year, today))
    return TermYear(
        row,
        line.n,
        agreement,
        projects,
        tuple(indicators(agreement, known)),
        tuple(step for step in steps if _concerns(step, year)),
    )


def runs_in(project: Project, row: TermRow, year: int) -> bool:
    """Whether a project runs in a year; without a start it runs from the term's on."""
    start, end = project.start or row.starts, project.end or row.ends
    return (start is None or start.year <= year) and (end is None or end.year >= year)


def _concerns(step: MilestoneProgress, year: int) -> bool:
    due = step.milestone.due is not None and step.milestone.due.year == year
    met = step.met is not None and step.met[1].on.year == year
    return due or met or step.status == "overdue"


def _owed_by(found: Covered, terms: Sequence[TermYear], policy: Policy, year: int) -> date | None:
    """Return the day by which the report is owed: of types that count, for years of a term (R32).

    As the nightly check counts: from the signing, or from the day on which it was taken over.
    """
    kind = policy.types.get(terms[-1].agreement.type)
    if kind is None or not kind.counts:
        return None
    if not any(_reports_on(found, term.row, year) for term in terms):
        return None
    return date(year + 1, 1, 1) + timedelta(days=policy.annual_report_days)


def _reports_on(found: Covered, row: TermRow, year: int) -> bool:
    signed = PartialDate.parse(row.signed_on).earliest() if row.signed_on else None
    if signed is None or (found.dossier.standing.taken_over and row.term == 1):
        signed = found.lines[0].effective
    began = max(signed, row.starts or signed)
    return began.year <= year and (row.ends is None or year <= row.ends.year)


def _recorded(parts: Sequence[Recorded]) -> Iterator[Investment]:
    for n, record in _part(parts, "investments"):
        yield Investment(
            what="recorded",
            value=record.value,
            unit=record.currency or record.unit,
            on=record.on,
            source=record.source,
            lines=(n,),
            text=record.text,
            project=record.project,
        )


def _gained(terms: Sequence[TermYear], year: int) -> Iterator[Investment]:
    """Yield what indicators of investment rose by in a year: from the last level before it."""
    for one in (each for term in terms for each in term.indicators):
        within = [(n, actual) for n, actual in one.actuals if year_of(actual) == year]
        if one.objective != INVESTING or not within:
            continue
        before = [(n, actual) for n, actual in one.actuals if year_of(actual) < year]
        level = before[-1][1].value if before else one.indicator.baseline
        n, last = within[-1]
        value = None if last.value is None else last.value - (level or Decimal())
        yield Investment(
            what=one.indicator.name,
            value=value,
            unit=last.currency or one.indicator.unit or last.unit,
            on=last.on,
            source=last.source,
            lines=(*(n for n, _actual in before[-1:]), n),
            text=last.text,
            project=one.project,
            in_all=last.value,
        )
