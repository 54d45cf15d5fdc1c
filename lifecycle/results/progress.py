"""Indicators with their actuals against targets, and milestones met and late (R37, R38).

Progress is (last actual - baseline) / (target - baseline), exact, so that a target below its
baseline is worked towards as well. What was never measured has no progress, which is not 0.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

import msgspec

from states.agreement import Agreement, Indicator, Milestone
from states.calendar import PartialDate
from states.records import Record
from states.terms import TermRow

Recorded = tuple[int, Record]
"""A record that counts, with the n of its line."""


class IndicatorProgress(msgspec.Struct, frozen=True):
    """One indicator: of which project and kind of objective, and its actuals in order of days."""

    project: str
    objective: str
    indicator: Indicator
    actuals: tuple[Recorded, ...] = ()

    @property
    def last(self) -> Recorded | None:
        """The last actual; None where it was not measured."""
        return self.actuals[-1] if self.actuals else None

    @property
    def progress(self) -> Fraction | None:
        """How much of the way to the target is done: 1 is all of it, below 0 the wrong way.

        None where it was not measured, or where baseline and target say no way.
        """
        baseline, target = self.indicator.baseline, self.indicator.target
        value = self.last[1].value if self.last else None
        if value is None or baseline is None or target is None or baseline == target:
            return None
        return (Fraction(value) - Fraction(baseline)) / (Fraction(target) - Fraction(baseline))

    @property
    def reached(self) -> bool:
        """Whether the target is reached or passed; downwards only from a baseline above it."""
        baseline, target = self.indicator.baseline, self.indicator.target
        value = self.last[1].value if self.last else None
        if value is None or target is None:
            return False
        falls = baseline is not None and target < baseline
        return value <= target if falls else value >= target


class MilestoneProgress(msgspec.Struct, frozen=True):
    """One milestone on a day: when it was met, if it was, and by how many days it is late.

    `days` counts from the due day to the one on which it was met, or to the day that is asked
    about; 0 for what is in time or has no due day.
    """

    milestone: Milestone
    met: Recorded | None
    days: int

    @property
    def status(self) -> str:
        """`met`, `met_late`, `overdue` or `ahead`."""
        if self.met is not None:
            return "met_late" if self.days else "met"
        return "overdue" if self.days else "ahead"


class Progress(msgspec.Struct, frozen=True):
    """An agreement's term on a day: its indicators and its milestones."""

    indicators: tuple[IndicatorProgress, ...]
    milestones: tuple[MilestoneProgress, ...]


def progress_of(agreement: Agreement, records: Sequence[Recorded], today: date) -> Progress:
    """Return how far a term is on a day; `records` are that term's (`of_term`)."""
    return Progress(
        tuple(indicators(agreement, records)), tuple(milestones(agreement, records, today))
    )


def of_term(
    records: Sequence[Recorded], terms: Sequence[TermRow], term: int
) -> tuple[Recorded, ...]:
    """Return the records of one term: a renewal starts fresh (R43).

    A later term's are those from its signing or its start on, whichever comes first.
    """
    first, after = _first_day(terms, term), _first_day(terms, term + 1)
    return tuple((n, record) for n, record in records if first <= record.on < after)


def _first_day(terms: Sequence[TermRow], term: int) -> date:
    if term == 1:
        return date.min
    row = next((row for row in terms if row.term == term), None)
    signed = PartialDate.parse(row.signed_on).earliest() if row and row.signed_on else None
    days = [day for day in (signed, row.starts if row else None) if day is not None]
    return min(days, default=date.max)


def year_of(record: Record) -> int:
    """Return the year that a record is about: the one that it names, else that of its day."""
    return record.on.year if record.year is None else record.year


def indicators(agreement: Agreement, records: Iterable[Recorded]) -> Iterator[IndicatorProgress]:
    """Yield every indicator with its actuals, the last one last."""
    found = [(n, record) for n, record in records if record.kind == "actual"]
    for project, objective, indicator in agreement.indicators():
        actuals = actuals_of(indicator, project.id, found)
        yield IndicatorProgress(project.id or "", objective.kind, indicator, actuals)


def actuals_of(
    indicator: Indicator, project: str | None, records: Iterable[Recorded]
) -> tuple[Recorded, ...]:
    """Return the actuals of an indicator of a project, the last one last: by year, day and line."""
    found = (
        (n, record)
        for n, record in records
        if record.kind == "actual"
        and record.item == indicator.name
        and record.project in {None, project}
    )
    return tuple(sorted(found, key=lambda one: (year_of(one[1]), one[1].on, one[0])))


def milestones(
    agreement: Agreement, records: Iterable[Recorded], today: date
) -> Iterator[MilestoneProgress]:
    """Yield every milestone as it stands on a day; what was met later is not met yet."""
    met: dict[str, Recorded] = {}
    for n, record in sorted(records, key=lambda one: (one[1].on, one[0])):
        if record.kind == "milestone" and record.item and record.on <= today:
            met.setdefault(record.item, (n, record))
    for milestone in agreement.milestones:
        found = met.get(milestone.id or "")
        until = found[1].on if found else today
        late = max(0, (until - milestone.due).days) if milestone.due else 0
        yield MilestoneProgress(milestone, found, late)
