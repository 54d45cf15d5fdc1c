"""What every division of the City does with one partner, together (R35).

Projects stand in the year in which they begin, records in the year that they are for. Work whose
division nobody has stated is told as such, and given to none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lifecycle.dossiers import Dossier
from states.agreement import Project
from states.names import plain
from states.records import Record
from states.ref import Ref

KINDS = ("activity", "actual", "expenditure")
"""The kinds of records that are work done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One project, or one record of work with the n of its line; the year where it is known."""

    division: str | None
    year: int | None
    ref: Ref
    project: Project | None = None
    n: int | None = None
    record: Record | None = None

    @property
    def kind(self) -> str:
        """What it is: `project`, or the record's kind."""
        return self.record.kind if self.record else "project"


@dataclass(frozen=True, slots=True)
class Division:
    """One division's work, year by year; without a name, that of which none is stated."""

    name: str | None
    work: tuple[Work, ...]


def divisions(dossiers: Iterable[Dossier]) -> tuple[Division, ...]:
    """Return the work under some agreements by division, by name; that of none comes last.

    The dossiers have documents and records. A record is of the division that it names, else of its
    project's, else of its agreement's.
    """
    found: defaultdict[str, list[Work]] = defaultdict(list)
    for dossier in dossiers:
        for work in _work(dossier):
            found[plain(work.division or "")].append(work)
    return tuple(
        Division(works[0].division, tuple(sorted(works, key=_in_time)))
        for _name, works in sorted(found.items(), key=lambda pair: (not pair[0], pair[0]))
    )


def _work(dossier: Dossier) -> Iterator[Work]:
    agreement, start = dossier.agreement, dossier.standing.term_start
    projects = {project.id: project for project in agreement.projects}
    for project in agreement.projects:
        begun = project.start or start
        yield Work(
            division=_stated(project.division, agreement.division),
            year=begun.year if begun else None,
            ref=dossier.ref,
            project=project,
        )
    for n, record in dossier.records:
        if record.kind in KINDS:
            of = projects.get(record.project) if record.project else None
            yield Work(
                division=_stated(record.division, of.division if of else None, agreement.division),
                year=record.year or record.on.year,
                ref=dossier.ref,
                project=of,
                n=n,
                record=record,
            )


def _stated(*divisions: str | None) -> str | None:
    return next((name.strip() for name in divisions if name and name.strip()), None)


def _in_time(work: Work) -> tuple[int, int, Ref, int]:
    """Return the place of work: by year, projects first, then as it was done."""
    on = work.record.on.toordinal() if work.record else 0
    return (work.year or 0, on, work.ref, work.n or 0)
