"""Puts the open proposals side by side: who comes first by the criteria in force (R6, R7, R9).

Ranked are those that were scored on the version in force with every mandatory criterion; equal
totals share a rank. All others stand apart, with why: a total on other criteria says nothing about
one on these. The ranking is evidence for who decides, and decides nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from guards.policy import Criteria, Policy, Priority
from guards.priorities import serves
from guards.texts import said
from lifecycle.choosing.weighing import Weighed, criteria_of, weigh
from lifecycle.dossiers import Dossier
from lifecycle.entry import Entry, entry_of
from states.records import FACTORS
from states.standing import Standing
from states.vocabulary import State

OPEN = frozenset({State.PROPOSAL, State.DECISION})
"""States in which a proposal waits for its decision."""

NOT_SCORED, MANDATORY_MISSING, OTHER_VERSION = "not_scored", "mandatory_missing", "other_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One open proposal: what it scored, what lacks, whom it serves, since when it waits.

    `received` is the day that its document states, else the one on which it was entered; `apart`
    says why it is not ranked, `scored` is the line that brought its scores.
    """

    dossier: Dossier
    weighed: Weighed | None
    factors_missing: tuple[str, ...]
    serves: tuple[Priority, ...]
    received: date
    scored: Entry | None
    apart: str | None
    rank: int | None = None

    @property
    def total(self) -> Fraction | None:
        """The weighted total; None where nothing is scored."""
        return self.weighed.total if self.weighed else None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The open proposals on a day: the ranked ones first, and among them the best."""

    day: date
    criteria: Criteria
    candidates: tuple[Candidate, ...]


def waits(standing: Standing) -> bool:
    """Whether an agreement is a proposal that waits for its decision."""
    return standing.state in OPEN and not standing.voided


def received_on(dossier: Dossier) -> date:
    """Return when a request came in: as its document says, else the day on which it was entered."""
    return dossier.agreement.received or dossier.standing.opened_on or dossier.standing.entered_on


def ranked(
    dossiers: Iterable[Dossier], in_force: Policy, policy: Callable[[str], Policy], day: date
) -> Ranking:
    """Rank proposals, read with document, scores and lines; `policy` finds one by its digest."""
    found = [_candidate(dossier, in_force, policy, day) for dossier in dossiers]
    ranks: dict[Fraction | None, int] = {}
    for place, total in enumerate(sorted(_totals(found), reverse=True), 1):
        ranks.setdefault(total, place)
    placed = (one if one.apart else replace(one, rank=ranks[one.total]) for one in found)
    return Ranking(day, in_force.criteria, tuple(sorted(placed, key=_place)))


def _totals(found: Iterable[Candidate]) -> Iterator[Fraction]:
    return (one.total for one in found if one.total is not None and not one.apart)


def _candidate(
    dossier: Dossier, in_force: Policy, policy: Callable[[str], Policy], day: date
) -> Candidate:
    sheet, line = dossier.scores, _scoring(dossier)
    scored_under = policy(line.policy) if line and line.policy else in_force
    weighed = weigh(sheet, criteria_of(sheet, scored_under, in_force)) if sheet else None
    answers = sheet.factors if sheet else {}
    return Candidate(
        dossier=dossier,
        weighed=weighed,
        factors_missing=tuple(factor for factor in FACTORS if not said(answers.get(factor))),
        serves=serves(dossier.agreement, in_force, day),
        received=received_on(dossier),
        scored=line,
        apart=_apart(weighed, in_force.criteria),
    )


def _scoring(dossier: Dossier) -> Entry | None:
    n = dossier.standing.score_n
    return entry_of(dossier.lines[n - 1]) if n is not None else None


def _apart(weighed: Weighed | None, criteria: Criteria) -> str | None:
    """Return why a proposal is not ranked, or None where it is."""
    if weighed is None or weighed.total is None:
        return NOT_SCORED
    if weighed.version != criteria.version:
        return OTHER_VERSION
    return MANDATORY_MISSING if weighed.missing else None


def _place(one: Candidate) -> tuple[int, int, Fraction, date]:
    order = (None, MANDATORY_MISSING, NOT_SCORED, OTHER_VERSION).index(one.apart)
    return order, one.rank or 0, -(one.total or Fraction()), one.received
