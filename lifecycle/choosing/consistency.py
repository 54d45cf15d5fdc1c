"""Whether like proposals were decided alike: decisions held against the rules, and against others.

A finding accuses nobody: it names where somebody should look, with what is on record.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guards.policy import Criteria, Policy
from lifecycle.choosing.judged import Adoptions, Decision, decision_of, moves
from lifecycle.choosing.weighing import Weighed, weigh
from lifecycle.dossiers import Dossier

NOT_SCORED = "not_scored"
OTHER_VERSION = "other_version"
MANDATORY_SKIPPED = "mandatory_skipped"
CRITERION_SKIPPED = "criterion_skipped"
EVIDENCE_MISSING = "evidence_missing"

PARTS_OF_THE_SCALE = 20
"""Totals that differ by less than this part of their scale are alike, where nothing is said."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision with its scores, held against the criteria that were in force (R8)."""

    decision: Decision
    in_force: Criteria
    weighed: Weighed | None
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two proposals of like totals on the same criteria, one accepted and one declined."""

    accepted: Judged
    declined: Judged
    apart: Fraction


@dataclass(frozen=True, slots=True)
class Consistency:
    """The decisions of a year, or all; `unjudged` were taken while a policy had no criteria.

    `margin` is what was stated; None where it is a part of each scale.
    """

    year: int | None
    margin: Fraction | None
    judged: tuple[Judged, ...]
    pairs: tuple[Pair, ...]
    unjudged: int

    @property
    def found(self) -> tuple[Judged, ...]:
        """The decisions of which something is to be said."""
        return tuple(one for one in self.judged if one.findings)


@dataclass(frozen=True, slots=True)
class Rules:
    """Which policy was in force when, and what each of them says."""

    adoptions: Adoptions
    policy: Callable[[str], Policy]

    def in_force(self, decision: Decision) -> Criteria:
        """Return the criteria that were in force when something was decided."""
        digest = self.adoptions.at(decision.entry)
        return self.policy(digest).criteria if digest else Criteria()


def consistency(
    dossiers: Iterable[Dossier], rules: Rules, year: int | None, margin: Fraction | None
) -> Consistency:
    """Hold decisions against each other, from dossiers with lines, scorings and reasons.

    With a year, those of that year; a pair then has at least one of them.
    """
    decisions = filter(None, (decision_of(one, moves(one)) for one in dossiers))
    judged = sorted((_judged(one, rules) for one in decisions), key=_day)
    asked = [one for one in judged if year is None or one.decision.entry.effective.year == year]
    with_criteria = tuple(one for one in asked if one.in_force.items)
    return Consistency(
        year=year,
        margin=margin,
        judged=with_criteria,
        pairs=tuple(sorted(_pairs(judged, asked, margin), key=lambda pair: pair.apart)),
        unjudged=len(asked) - len(with_criteria),
    )


def _day(one: Judged) -> tuple[str, str]:
    return one.decision.entry.effective_on, str(one.decision.dossier.ref)


def _judged(decision: Decision, rules: Rules) -> Judged:
    in_force, scored, sheet = rules.in_force(decision), decision.scored, decision.sheet
    weighed = None
    if sheet is not None and scored is not None and scored.policy:
        weighed = weigh(sheet, rules.policy(scored.policy).criteria)
    findings = tuple(_findings(weighed, in_force)) if in_force.items else ()
    return Judged(decision, in_force, weighed, findings)


def _findings(weighed: Weighed | None, in_force: Criteria) -> Iterator[str]:
    if weighed is None or weighed.total is None:
        yield NOT_SCORED
        return
    if weighed.version != in_force.version:
        yield OTHER_VERSION
    if weighed.missing:
        yield MANDATORY_SKIPPED
    if weighed.skipped:
        yield CRITERION_SKIPPED
    if weighed.unproved:
        yield EVIDENCE_MISSING


def _pairs(
    judged: Sequence[Judged], asked: Sequence[Judged], margin: Fraction | None
) -> Iterator[Pair]:
    """Yield like proposals that were decided differently; totals are compared on one scale."""
    alike: defaultdict[Criteria, list[tuple[Fraction, Judged]]] = defaultdict(list)
    for one in judged:
        if one.weighed is not None and one.weighed.total is not None:
            alike[one.weighed.criteria].append((one.weighed.total, one))
    wanted = {one.decision.dossier.ref for one in asked}
    for criteria, scored in alike.items():
        least = margin or Fraction(criteria.highest - criteria.lowest, PARTS_OF_THE_SCALE)
        for pair in _within(scored, least):
            refs = {pair.accepted.decision.dossier.ref, pair.declined.decision.dossier.ref}
            if refs & wanted:
                yield pair


def _within(scored: Sequence[tuple[Fraction, Judged]], margin: Fraction) -> Iterator[Pair]:
    declined = sorted(
        ((total, one) for total, one in scored if not one.decision.accepted),
        key=lambda pair: pair[0],
    )
    totals = [total for total, _one in declined]
    for total, one in scored:
        if one.decision.accepted:
            first, last = bisect_right(totals, total - margin), bisect_left(totals, total + margin)
            for other, against in declined[first:last]:
                yield Pair(one, against, abs(total - other))
