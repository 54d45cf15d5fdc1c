"""The program's report on a year: every agreement's, what is missing, and the figures (R39).

Figures are counts, and sums of money by currency, which are never added up. Each names the lines
that it follows from, so that anybody can look them up in the log.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from guards.policy import Policy
from lifecycle.dossiers import Dossier, Part, dossiers
from lifecycle.ports import PortfolioUnit
from lifecycle.results.year import AgreementYear, Covered, covered, year_report
from states.standing import Standing
from states.vocabulary import Event

_BATCH = 200

Source = tuple[str, int, str]
"""Where a figure comes from: a reference, the n of a line, and that line's SHA-256."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, its value in a unit (none is a count), and where it comes from.

    `code` is what it is called in every year, `name` what people call it in its own.
    """

    code: str
    name: str
    value: int | Decimal
    sources: tuple[Source, ...]
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramYear:
    """A program in a year, as of a day: the agreements that report, and those that do not."""

    year: int
    today: date
    agreements: tuple[AgreementYear, ...]
    outside: tuple[AgreementYear, ...]

    @property
    def over(self) -> bool:
        """Whether the year is over."""
        return self.today.year > self.year

    @property
    def lacking(self) -> tuple[AgreementYear, ...]:
        """The agreements whose report lacks a part."""
        return tuple(one for one in self.agreements if one.missing)


def program_year(
    unit: PortfolioUnit,
    policy: Policy,
    year: int,
    today: date,
    wanted: Callable[[Standing], bool],
) -> ProgramYear:
    """Return the report of those agreements of a program that are wanted."""
    found = dossiers(unit, Part.RECORDS, Part.TERMS, Part.LINES, wanted=wanted)
    reports = [
        year_report(each, documents, policy, year, today)
        for batch in _batches(found, year, today)
        for documents in [unit.documents_at([at for each in batch for at in each.versions])]
        for each in batch
    ]
    return ProgramYear(
        year=year,
        today=today,
        agreements=tuple(one for one in reports if one.owed_by is not None),
        outside=tuple(one for one in reports if one.owed_by is None),
    )


def _batches(found: Iterator[Dossier], year: int, today: date) -> Iterator[list[Covered]]:
    inside = (one for dossier in found if (one := covered(dossier, year, today)))
    while batch := list(islice(inside, _BATCH)):
        yield batch


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure before anybody asks where it comes from: its lines, each with whose it is."""

    code: str
    name: str
    value: int | Decimal
    lines: Sequence[tuple[AgreementYear, int]]
    unit: str | None = None


def figures(report: ProgramYear) -> tuple[Figure, ...]:
    """Return the figures of a program's year, each with the lines that it follows from."""
    return tuple(
        Figure(one.code, one.name, one.value, _once(_source(*line) for line in one.lines), one.unit)
        for one in counted(report)
    )


def counted(report: ProgramYear) -> Iterator[Counted]:
    """Yield the figures of a program's year as they are counted: all are counts or sums."""
    yield from _agreements(report)
    yield from _indicators(report.agreements, report.year)
    yield from _milestones(report.agreements, report.year)
    yield from _investments(report.agreements)


def _agreements(report: ProgramYear) -> Iterator[Counted]:
    every = (*report.agreements, *report.outside)
    spans = [(one, span) for one in every for span in one.covered.spans]
    since = [(one, span.began) for one, span in spans if span.since.year == report.year]
    begun = [(one, n) for one, n in since if not _was_there(one, n)]
    taken = [(one, n) for one, n in since if _was_there(one, n)]
    ended = [(one, span.ended) for one, span in spans if span.ended is not None]
    owed = [(one, one.terms[-1].line) for one in report.agreements]
    complete = [one for one in report.agreements if not one.missing]
    whole = [(one, n) for one in complete for n in one.cited]
    in_force = [(one, one.covered.spans[-1].began) for one in every]
    yield Counted("agreements_in_force", "agreements in force", len(every), in_force)
    yield Counted("terms_begun", "terms begun", len(begun), begun)
    yield Counted("terms_ended", "terms ended", len(ended), ended)
    yield Counted("taken_over", "agreements taken over, signed before", len(taken), taken)
    yield Counted("reports_owed", "reports owed", len(owed), owed)
    yield Counted("reports_complete", "reports with all four parts", len(complete), whole)


def _was_there(one: AgreementYear, n: int) -> bool:
    """Whether a line only takes over what was in force before."""
    return one.covered.lines[n - 1].event is Event.TAKEN_OVER


def _indicators(agreements: Iterable[AgreementYear], year: int) -> Iterator[Counted]:
    every = [
        (one, term, each) for one in agreements for term in one.terms for each in term.indicators
    ]
    measured = [(one, each.actuals) for one, _term, each in every if each.actuals]
    in_year = [
        (one, [(n, actual) for n, actual in actuals if one.in_year(actual)])
        for one, actuals in measured
    ]
    within = [(one, actuals) for one, actuals in in_year if actuals]
    reached = [(one, each.actuals[-1:]) for one, _term, each in every if each.reached]
    agreed = [(one, term.line) for one, term, _each in every]
    yield Counted("indicators_agreed", "indicators agreed", len(every), agreed)
    for code, name, found in (
        ("indicators_measured", f"indicators measured in {year}", within),
        ("indicators_at_target", f"indicators at their target by the end of {year}", reached),
    ):
        lines = [(one, n) for one, actuals in found for n, _actual in actuals]
        yield Counted(code, name, len(found), lines)
    never = [(one, term.line) for one, term, each in every if not each.actuals]
    yield Counted("indicators_never_measured", "indicators never measured", len(never), never)


def _milestones(agreements: Iterable[AgreementYear], year: int) -> Iterator[Counted]:
    every = [
        (one, step, step.met[0] if step.met else term.line)
        for one in agreements
        for term in one.terms
        for step in term.milestones
    ]
    for code, name, statuses in (
        ("milestones_met", f"milestones met in {year}", {"met", "met_late"}),
        ("milestones_met_late", f"milestones met late in {year}", {"met_late"}),
        ("milestones_overdue", f"milestones overdue at the end of {year}", {"overdue"}),
    ):
        found = [
            (one, n)
            for one, step, n in every
            if step.status in statuses and (step.met is None or step.met[1].on.year == year)
        ]
        yield Counted(code, name, len(found), found)


def _investments(agreements: Iterable[AgreementYear]) -> Iterator[Counted]:
    """Yield new investments by currency or unit; currencies are not added up."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    lines: defaultdict[str, list[tuple[AgreementYear, int]]] = defaultdict(list)
    for one in agreements:
        for found in one.investments:
            if found.value is not None and found.unit:
                sums[found.unit] += found.value
                lines[found.unit] += ((one, n) for n in found.lines)
    for unit, value in sorted(sums.items()):
        yield Counted("new_investments", "new investments", value, lines[unit], unit)


def _source(one: AgreementYear, n: int) -> Source:
    return one.ref, n, one.digest(n)


def _once(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(sources))


def sources_of(one: AgreementYear, lines: Iterable[int]) -> tuple[Source, ...]:
    """Return where something comes from that follows from some lines of an agreement."""
    return _once(_source(one, n) for n in lines)


def every_source(report: ProgramYear) -> tuple[Source, ...]:
    """Return every log entry that a report rests on, in order of references and entries."""
    cited = {source for one in report.agreements for source in sources_of(one, one.cited)}
    return tuple(sorted(cited | {source for one in figures(report) for source in one.sources}))
