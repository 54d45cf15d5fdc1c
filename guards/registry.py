"""Maps each guard's name to its predicate and to the parts of the case that it reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from guards import activation, conclusion, decision, proposal, signing
from guards.case import Case, Need
from guards.conditions import Unmet, Verdict
from guards.policy import Policy
from guards.resourced import resourced
from guards.smart import smart_complete
from guards.time_bound import time_bound
from states.person import among
from states.standing import Waiver
from states.table import Transition
from states.vocabulary import Guard, Severity, Trigger

Predicate = Callable[[Case], Iterator[Unmet]]

PREDICATES: Mapping[Guard, Predicate] = {
    Guard.PROPOSAL_COMPLETE: proposal.proposal_complete,
    Guard.TYPE_ALLOWED: proposal.type_allowed,
    Guard.GROUNDS_STATED: decision.grounds_stated,
    Guard.NEVER_SIGNED: decision.never_signed,
    Guard.CRITERIA_SCORED: decision.criteria_scored,
    Guard.FACTORS_ANSWERED: decision.factors_answered,
    Guard.CAP_AVAILABLE: activation.cap_available,
    Guard.SECOND_PERSON: decision.second_person,
    Guard.SMART_COMPLETE: smart_complete,
    Guard.RESOURCED: resourced,
    Guard.TIME_BOUND: time_bound,
    Guard.GUIDELINES_STATED: signing.guidelines_stated,
    Guard.ENDORSED: signing.endorsed,
    Guard.EFFECTIVE: activation.effective,
    Guard.PROJECT_FOCUS: activation.project_focus,
    Guard.PUBLISHED: activation.published,
    Guard.EVALUATION_OPEN: conclusion.evaluation_open,
    Guard.TERM_OVER: conclusion.term_over,
    Guard.REVIEW_DUE: conclusion.review_due,
    Guard.TERM_RUNNING: conclusion.term_running,
    Guard.EVALUATED: conclusion.evaluated,
    Guard.REPORTS_COMPLETE: conclusion.reports_complete,
    Guard.WAS_SIGNED: decision.was_signed,
    Guard.DECISION_OVERDUE: conclusion.decision_overdue,
    Guard.CONDITIONS_MET: decision.conditions_met,
}

NEEDS: Mapping[Guard, frozenset[Need]] = {
    Guard.PROPOSAL_COMPLETE: frozenset({Need.DOCUMENT}),
    Guard.CRITERIA_SCORED: frozenset({Need.SCORES}),
    Guard.FACTORS_ANSWERED: frozenset({Need.SCORES}),
    Guard.CAP_AVAILABLE: frozenset({Need.PORTFOLIO}),
    Guard.SMART_COMPLETE: frozenset({Need.DOCUMENT}),
    Guard.RESOURCED: frozenset({Need.DOCUMENT, Need.COMMITMENTS}),
    Guard.TIME_BOUND: frozenset({Need.DOCUMENT}),
    Guard.GUIDELINES_STATED: frozenset({Need.DOCUMENT}),
    Guard.ENDORSED: frozenset({Need.DOCUMENT}),
    Guard.PROJECT_FOCUS: frozenset({Need.DOCUMENT, Need.PROJECTS}),
    Guard.PUBLISHED: frozenset({Need.PUBLICATIONS}),
    Guard.EVALUATED: frozenset({Need.DOCUMENT, Need.EVALUATION}),
    Guard.REPORTS_COMPLETE: frozenset({Need.REPORTS}),
    Guard.DECISION_OVERDUE: frozenset({Need.NOTICE}),
    Guard.CONDITIONS_MET: frozenset({Need.DOCUMENT}),
}
"""What each guard reads beside the standing; the rest of the case is not fetched for it."""


def guards_for(row: Transition, policy: Policy, agreement_type: str) -> tuple[Guard, ...]:
    """Return the row's guards, and `conditions_met` where the policy has conditions for it."""
    asked = any(
        condition.trigger is row.trigger
        and (not condition.types or agreement_type in condition.types)
        for condition in policy.conditions
    )
    return (*row.guards, Guard.CONDITIONS_MET) if asked else row.guards


def asked(
    guards: Iterable[Guard], policy: Policy, agreement_type: str, trigger: Trigger
) -> tuple[Guard, ...]:
    """Return those of some guards that are not off for this type at this trigger."""
    return tuple(
        guard
        for guard in guards
        if policy.severity(guard, agreement_type, trigger) is not Severity.OFF
    )


def needs_of(guards: Iterable[Guard]) -> frozenset[Need]:
    """Return every part of the case that these guards read."""
    return frozenset().union(*(NEEDS.get(guard, frozenset()) for guard in guards))


def judge(guards: Iterable[Guard], case: Case) -> tuple[Verdict, ...]:
    """Return one verdict a guard, in their order; a guard that is off is not asked."""
    return tuple(_verdict(guard, case) for guard in guards)


def _verdict(guard: Guard, case: Case) -> Verdict:
    severity = case.policy.severity(guard, case.standing.type, case.act.trigger)
    if severity is Severity.OFF:
        return Verdict(guard, severity)
    unmet = tuple(PREDICATES[guard](case))
    if unmet and case.standing.waivers:
        unmet = tuple(_waived(one, case) for one in unmet)
    return Verdict(guard, severity, unmet)


def _waived(unmet: Unmet, case: Case) -> Unmet:
    """Return a condition as waived by somebody who does not decide here, where it was."""
    waivers = (w for w in case.standing.waivers if _covers(w, unmet, case))
    waiver = next(waivers, None)
    return replace(unmet, waived_by=waiver.by) if waiver else unmet


def _covers(waiver: Waiver, unmet: Unmet, case: Case) -> bool:
    standing, act, rules = case.standing, case.act, case.policy.waivers
    own = {act.actor, *standing.drafters, *((act.approver,) if act.approver else ())}
    return (
        (waiver.guard, waiver.code) == (unmet.guard, unmet.code)
        and waiver.field in {None, unmet.field}
        and (waiver.trigger, waiver.version) == (act.trigger, standing.version)
        and waiver.guard in rules.guards
        and not among(waiver.by, own)
    )
