"""Judges the next step of agreements under two policies: the one that judges now, and a new one.

What the new policy leaves to the policy of its last decision is judged by that one; where both are
the same, nothing is judged at all. The actor is somebody who drafted nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guards.case import Act, Case, Facts
from guards.conditions import Unmet
from guards.policy import Policy
from guards.registry import guards_for, judge
from lifecycle.census import Census
from lifecycle.evolve import derived
from lifecycle.impact import StepChange
from lifecycle.matter import judging, keeps_policy
from lifecycle.order import flatten
from lifecycle.ports import Unit
from states.agreement import Agreement
from states.records import ScoreSheet
from states.ref import Ref
from states.standing import Standing
from states.table import BY_TRIGGER
from states.vocabulary import Severity, State, Trigger

STEPS: Mapping[State, Trigger] = {
    State.PROPOSAL: Trigger.SUBMIT,
    State.DECISION: Trigger.ACCEPT,
    State.NEGOTIATION: Trigger.SIGN,
    State.SIGNED: Trigger.ACTIVATE,
}
"""The next step of an agreement that is on its way into force."""

_SOMEBODY = ""
_BECOMES = {Severity.BLOCK: "refused", Severity.WARN: "warned"}

_Found = Mapping[tuple[str, str, str | None], tuple[str, Unmet]]


@dataclass(frozen=True, slots=True)
class _Papers:
    """An agreement on its way, with its document and its scores."""

    standing: Standing
    document: Agreement
    scores: ScoreSheet | None


def judging_then(unit: Unit, standing: Standing, policy: Policy) -> Policy:
    """Return the policy that would judge an agreement once `policy` was adopted."""
    return unit.policy(standing.policy) if keeps_policy(standing, policy) else policy


class Rehearsal:
    """The portfolio as it would be judged; `held` are the places held before and after."""

    def __init__(
        self, unit: Unit, policy: Policy, day: date, census: Census, held: tuple[int, int]
    ) -> None:
        """Keep what the facts of each case are taken from."""
        self._unit, self._policy, self._day = unit, policy, day
        self._census, self._held = census, held

    def changes(self, batch: Sequence[Standing]) -> Iterator[StepChange]:
        """Yield what would be judged otherwise of these agreements' next steps."""
        asked = [(standing, *self._judges(standing)) for standing in batch]
        asked = [(standing, was, now) for standing, was, now in asked if was is not now]
        standings = [standing for standing, _was, _now in asked]
        documents, sheets = self._unit.documents(standings), self._unit.score_sheets(standings)
        for standing, was, now in asked:
            papers = _Papers(standing, documents[standing.key], sheets.get(standing.key))
            before = self._unmet(papers, was, self._held[0])
            after = self._unmet(papers, now, self._held[1])
            yield from _compared(str(Ref.of(self._unit.program.code, standing.key)), before, after)

    def _judges(self, standing: Standing) -> tuple[Policy, Policy]:
        now = judging(self._unit, standing, self._day).policy
        return now, judging_then(self._unit, standing, self._policy)

    def _unmet(self, papers: _Papers, policy: Policy, held: int) -> "_Step":
        standing = derived(papers.standing, policy)
        trigger = STEPS[standing.state]
        waits = trigger is Trigger.ACTIVATE and standing.term_start is not None
        day = max(self._day, standing.term_start or self._day) if waits else self._day
        year = (standing.term_start or day).year
        facts = Facts(
            counted=held - standing.counted,
            limits={
                limit.code: self._census.others(limit, standing, policy, year)
                for limit in policy.limits
            },
            projects=self._census.projects,
            committed=self._census.committed(policy.program.currency),
            scores=papers.scores,
        )
        case = Case(standing, policy, Act(trigger, _SOMEBODY, day), papers.document, facts)
        verdicts = judge(guards_for(BY_TRIGGER[trigger], policy, standing.type), case)
        return _Step(trigger, {_name(u): (_BECOMES[s], u) for s, u in flatten(verdicts)})


@dataclass(frozen=True, slots=True)
class _Step:
    """What is unmet for a step under one policy, and what comes of that."""

    trigger: Trigger
    found: _Found


def _name(unmet: Unmet) -> tuple[str, str, str | None]:
    return unmet.guard, unmet.code, unmet.field


def _compared(ref: str, before: _Step, after: _Step) -> Iterator[StepChange]:
    for name, (becomes, unmet) in after.found.items():
        if name not in before.found or before.found[name][0] != becomes:
            yield _change(ref, after.trigger, unmet, becomes)
    for name, (_becomes, unmet) in before.found.items():
        if name not in after.found:
            yield _change(ref, before.trigger, unmet, "met")


def _change(ref: str, trigger: Trigger, unmet: Unmet, becomes: str) -> StepChange:
    return StepChange(
        ref,
        trigger,
        unmet.guard,
        unmet.code,
        unmet.field,
        becomes,
        unmet.message,
        unmet.fix,
    )
