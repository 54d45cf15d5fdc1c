"""Whether like proposals were decided alike: decisions held against the rules, and against others.

A finding accuses nobody: it names where somebody should look, with what is on record.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from guards.policy import Criteria, Policy
from lifecycle.choosing.judged import Adoptions, Decision, Judged, decision_of, moves
from lifecycle.choosing.likes import Likes, likes
from lifecycle.choosing.weighing import Weighed, weigh
from lifecycle.dossiers import Dossier

NOT_SCORED = "not_scored"
OTHER_VERSION = "other_version"
MANDATORY_SKIPPED = "mandatory_skipped"
CRITERION_SKIPPED = "criterion_skipped"
EVIDENCE_MISSING = "evidence_missing"


@dataclass(frozen=True, slots=True)
class Consistency:
    """The decisions of a year, or all; `unjudged` were taken while a policy had no criteria.

    `margin` is what was stated; None where it is a part of each scale.
    """

    year: int | None
    margin: Fraction | None
    judged: tuple[Judged, ...]
    likes: Likes
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


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which year, which margin, and how many pairs at most; None for any."""

    year: int | None = None
    margin: Fraction | None = None
    most: int | None = None


def consistency(dossiers: Iterable[Dossier], rules: Rules, asked: Question) -> Consistency:
    """Hold decisions against each other, from dossiers with lines, scorings and reasons.

    With a year, those of that year; a pair then has at least one of them.
    """
    year = asked.year
    decisions = filter(None, (decision_of(one, moves(one)) for one in dossiers))
    judged = sorted((_judged(one, rules) for one in decisions), key=_day)
    wanted = [one for one in judged if year is None or one.decision.entry.effective.year == year]
    with_criteria = tuple(one for one in wanted if one.in_force.items)
    ours = {one.decision.dossier.ref for one in wanted}
    return Consistency(
        year=year,
        margin=asked.margin,
        judged=with_criteria,
        likes=likes(judged, ours, asked.margin, asked.most),
        unjudged=len(wanted) - len(with_criteria),
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
