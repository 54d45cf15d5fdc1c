"""What parties were to do under their agreements, and what the record says they did (R24, R36).

A party answers for the objectives that name it as responsible; the latest actual of each indicator
says how far they came. Records that name it are told as they stand.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from lifecycle.dossiers import Dossier
from lifecycle.results.progress import actuals_of
from states.agreement import Indicator, Objective, Party, Project
from states.names import plain
from states.records import Record
from states.ref import Ref

TELLING = ("activity", "actual", "milestone", "correspondence", "note")
"""The kinds of records that may tell of somebody by name."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with its latest actual and that one's line, where there is one (R37)."""

    indicator: Indicator
    n: int | None = None
    actual: Record | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """An objective that somebody answers for, with what was measured of it."""

    ref: Ref
    project: Project
    objective: Objective
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A record that names somebody, with its line."""

    ref: Ref
    n: int
    record: Record


@dataclass(frozen=True, slots=True)
class Engaged:
    """A party of some agreements: which of them, what it answers for, where it is named."""

    party: Party
    refs: tuple[Ref, ...]
    tasks: tuple[Task, ...]
    mentions: tuple[Mention, ...]


def engaged(dossiers: Iterable[Dossier], party: Party, names: Collection[str] = ()) -> Engaged:
    """Return what a party had to do with some agreements; `names` are others that it goes by.

    The dossiers have documents and records.
    """
    known = frozenset(map(plain, (party.name, *names)))
    own = [one for one in dossiers if any(plain(p.name) in known for p in one.agreement.parties)]
    return Engaged(
        party,
        tuple(one.ref for one in own),
        tuple(task for one in own for task in _tasks(one, known)),
        tuple(mention for one in own for mention in _mentions(one, known)),
    )


def _tasks(dossier: Dossier, names: Collection[str]) -> Iterator[Task]:
    for project in dossier.agreement.projects:
        for objective in project.objectives:
            if plain(objective.responsible) in names:
                measured = (_measured(dossier, project, one) for one in objective.indicators)
                yield Task(dossier.ref, project, objective, tuple(measured))


def _measured(dossier: Dossier, project: Project, indicator: Indicator) -> Measured:
    """Return an indicator with its latest actual."""
    actuals = actuals_of(indicator, project.id, dossier.records)
    return Measured(indicator, *actuals[-1]) if actuals else Measured(indicator)


def _mentions(dossier: Dossier, names: Collection[str]) -> Iterator[Mention]:
    for n, record in dossier.records:
        if record.kind in TELLING:
            said = f" {plain(' '.join((record.text, record.source or '')))} "
            if any(f" {name} " in said for name in names):
                yield Mention(dossier.ref, n, record)
