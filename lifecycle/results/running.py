"""When which term of an agreement was in force, and by which document: out of its lines alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lifecycle.entry import Entry, lasting
from states.vocabulary import Event, Outcome, State

RUNS_IN = frozenset({State.ACTIVE, State.EVALUATION, State.RENEWAL})
"""States in which an agreement is there: it runs, or its term is judged and not decided on yet."""

_KEEPS = frozenset({Event.EDITED, Event.ERASED})


@dataclass(frozen=True, slots=True)
class Running:
    """One term in force from a day on, up to and with its last day; None where that is to come.

    `state` is the last one that it was in while it was in force; `began` and `ended` are the lines
    by which it came there and went.
    """

    term: int
    since: date
    began: int
    until: date | None = None
    ended: int | None = None
    state: State = State.ACTIVE

    def in_year(self, year: int) -> bool:
        """Whether it was in force on a day of the year."""
        return self.since.year <= year and (self.until is None or self.until.year >= year)


def running(lines: Iterable[Entry], day: date) -> tuple[Running, ...]:
    """Return the terms that were in force up to a day; a step that was taken back never was."""
    spans: tuple[Running, ...] = ()
    for line in lasting(lines):
        if line.to is not None and line.effective <= day:
            spans = _moved(spans, line)
    return spans


def _moved(spans: tuple[Running, ...], line: Entry) -> tuple[Running, ...]:
    last = spans[-1] if spans and spans[-1].until is None else None
    if line.to in RUNS_IN:
        kept = spans[:-1] if last else spans
        since = last or Running(line.term or 1, line.effective, line.n)
        return (*kept, replace(since, state=line.to))
    return (*spans[:-1], replace(last, until=line.effective, ended=line.n)) if last else spans


def document_line(lines: Sequence[Entry], term: int, day: date) -> Entry | None:
    """Return the line whose document said on a day what was agreed on for a term.

    What was corrected since is as corrected; what was amended since was not yet so.
    """
    found: Entry | None = None
    for line in lines:
        if line.document is None or line.term != term or line.outcome is Outcome.REFUSED:
            continue
        if line.effective <= day or (line.event is Event.CORRECTED and line.to is None):
            found = line
        elif line.event not in _KEEPS:
            break
    return found


def yearly_versions(lines: Sequence[Entry]) -> Sequence[int]:
    """Return the versions of the documents by which an agreement was in force in some year.

    Of a year each term counts by what its document said on the year's last day.
    """
    spans = running(lines, date.max)
    years = {year: date(year, 12, 31) for span in spans for year in _years(span, lines)}
    found = (
        document_line(lines, span.term, day)
        for span in spans
        for year, day in years.items()
        if span.in_year(year)
    )
    return sorted({line.version or 0 for line in found if line is not None})


def _years(span: Running, lines: Sequence[Entry]) -> Iterable[int]:
    last = span.until or max(line.effective for line in lines)
    return range(span.since.year, last.year + 1)
