"""Puts together the public reports on all years, in one walk over the register (R39, R55).

A year is reported on once an agreement was in force in it or something was reported of it. Figures
are counts and sums, so that what each agreement adds to them is enough to know.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from guards.policy import Policy
from lifecycle.dossiers import Dossier, Part
from lifecycle.publishing.of_document import public_indicator, public_milestone
from lifecycle.publishing.public_agreement import PublicAgreement, PublicYear
from lifecycle.publishing.public_year import PublicFigure, PublicReport, PublicReported
from lifecycle.publishing.signed import PARTS as OF_SIGNED
from lifecycle.publishing.signed import last_signed
from lifecycle.results.program import ProgramYear, counted
from lifecycle.results.year import AgreementYear, every_year, year_report

PARTS = (*OF_SIGNED, Part.RECORDS, Part.LINES, Part.YEARLY)
"""The parts of a dossier that are read for it."""


@dataclass(slots=True)
class _Year:
    figures: defaultdict[tuple[str, str | None], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )
    agreements: list[PublicReported] = field(default_factory=list)


class YearsTally:
    """What of the agreements seen so far was reported, year by year: fed one by one."""

    def __init__(self, policy: Policy, day: date) -> None:
        """Take the policy in force and the day."""
        self._policy, self._day = policy, day
        self._years: defaultdict[int, _Year] = defaultdict(_Year)

    def add(self, dossier: Dossier, public: PublicAgreement) -> None:
        """Count an agreement of the register in; its dossier has `PARTS`."""
        told = {one.year: one for one in public.years}
        reports = dict(self._reports(dossier)) if public.signed else {}
        for year in {**reports, **told}:
            report, silent = reports.get(year), PublicYear(year=year)
            if report is not None:
                self._count(report)
            own = _reported(public, told.get(year, silent), report)
            if any((own.goals, own.summary, own.achievements, own.investments)) or any(
                (own.milestones, own.indicators)
            ):
                self._years[year].agreements.append(own)

    def reports(self) -> tuple[PublicReport, ...]:
        """Return the reports, the latest year first."""
        return tuple(
            PublicReport(
                year=year,
                over=year < self._day.year,
                figures=tuple(_told(found)),
                agreements=tuple(found.agreements),
            )
            for year, found in sorted(self._years.items(), reverse=True)
        )

    def _reports(self, dossier: Dossier) -> Iterator[tuple[int, AgreementYear]]:
        signed = last_signed(dossier)
        documents = {(signed.ref.key, at): each for at, each in signed.yearly.items()}
        for year, found in every_year(signed, self._day):
            yield year, year_report(found, documents, self._policy, year, self._day)

    def _count(self, report: AgreementYear) -> None:
        inside, outside = ((report,), ()) if report.owed_by else ((), (report,))
        alone = ProgramYear(year=report.year, today=self._day, agreements=inside, outside=outside)
        sums = self._years[report.year].figures
        for one in counted(alone):
            sums[one.code, one.unit] += one.value


def _told(year: _Year) -> Iterator[PublicFigure]:
    """Yield a year's figures in the order in which the annual report has them."""
    units = sorted(unit for _name, unit in year.figures if unit)
    for (name, unit), value in year.figures.items():
        if unit is None:
            yield PublicFigure(name=name, value=value)
    for unit in units:
        yield PublicFigure(name=_SUMS, value=year.figures[_SUMS, unit], unit=unit)


_SUMS = "new_investments"


def _reported(
    public: PublicAgreement, told: PublicYear, report: AgreementYear | None
) -> PublicReported:
    terms = report.terms if report else ()
    return PublicReported(
        ref=public.ref,
        title=public.title,
        partner=public.partner,
        goals=told.goals,
        summary=told.summary,
        achievements=told.achievements,
        investments=told.investments,
        milestones=tuple(public_milestone(one) for term in terms for one in term.milestones),
        indicators=tuple(
            public_indicator(one)
            for term in terms
            for one in term.indicators
            if report and any(report.in_year(actual) for _n, actual in one.actuals)
        ),
    )
