"""Waives one unmet condition, for one trigger at one version, with a reason (R13, R57).

What SMART asks for is never waived, nor a plain fact; and never by somebody for an act of theirs.
"""

from dataclasses import dataclass, replace

from guards.conditions import Unmet, Verdict
from guards.registry import guards_for, judge
from guards.texts import listed
from lifecycle.advance import act_on, barred, day_of_act, refusal
from lifecycle.authority import authorise
from lifecycle.cases import build
from lifecycle.compose import Draft, refused, repeated, written
from lifecycle.matter import Matter, locked
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Unit
from states.codec import encode
from states.deeds import WAIVE, pulling
from states.notes import Leave
from states.person import among
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.table import BY_TRIGGER
from states.vocabulary import Event, Guard, Trigger


@dataclass(frozen=True, slots=True)
class Condition:
    """The unmet condition that is meant; `field` only where the code names several."""

    guard: str
    code: str
    field: str | None = None

    def __str__(self) -> str:
        """Return the condition as it is written on the command line."""
        return ":".join(part for part in (self.guard, self.code, self.field) if part)


def waive(unit: Unit, order: Order, ref: Ref, condition: Condition, trigger: Trigger) -> Receipt:
    """Let one unmet condition pass; raises InvalidInputError for one that is not unmet."""
    if before := repeated(unit, order, Event.WAIVED, ref):
        return before
    matter = locked(unit, order, ref)
    day_of_act(matter)
    _check(matter, condition)
    deed = replace(WAIVE, by=(matter.policy.waivers.by,))
    authority = authorise(matter, deed)
    verdicts = authority.refusal or _objections(matter, condition, trigger)
    if verdicts:
        return written(matter, refused(matter, authority, verdicts))
    _insist_unmet(matter, condition, trigger)
    leave = Leave(condition.guard, condition.code, trigger, condition.field)
    draft = Draft(
        event=Event.WAIVED,
        effective_on=matter.today,
        authority=authority,
        content=Beside("content", unit.salt(), encode(leave), "waiver"),
    )
    return written(matter, draft)


def _check(matter: Matter, condition: Condition) -> None:
    guards, problems = matter.policy.waivers.guards, []
    if condition.guard not in set(Guard):
        message = f"{condition.guard!r} is no guard"
        problems.append(Problem("unknown_guard", message, key="GUARD:CODE", allowed=guards))
    if not matter.order.reason:
        message = "a waiver states its reason"
        problems.append(Problem("missing_key", message, key="reason", hint="add -m REASON"))
    if problems:
        raise InvalidInputError(problems)


def _objections(matter: Matter, condition: Condition, trigger: Trigger) -> tuple[Verdict, ...]:
    standing = matter.held
    if bars := barred(matter):
        return bars
    if condition.guard not in matter.policy.waivers.guards:
        return refusal(
            "waiver.never",
            f"Under this policy nobody waives a condition of {condition.guard}.",
            f"what may be waived: {listed(matter.policy.waivers.guards)}",
            "what SMART asks for, a second person and plain facts are never waived",
        ).verdicts
    if standing.state not in BY_TRIGGER[trigger].sources:
        return refusal(
            "not_from_here",
            f"It is in {standing.state}, from where {trigger} does not lead.",
            "see what may be done next: lifecycle check REF",
            "what is waived stands in the way of a step from here",
        ).verdicts
    if among(matter.order.actor.id, standing.drafters):
        return refusal(
            "person.same",
            f"{matter.order.actor.id} drafted this agreement and waives nothing for it.",
            "let somebody else decide on it",
            "nothing is waived for an own act",
        ).verdicts
    return ()


def _insist_unmet(matter: Matter, condition: Condition, trigger: Trigger) -> None:
    found = [unmet for unmet in _unmet(matter, trigger) if _is(unmet, condition)]
    if len(found) == 1:
        return
    if found:
        message = f"{condition} names {len(found)} conditions; one is waived at a time"
        names = [str(Condition(condition.guard, condition.code, one.field)) for one in found]
    else:
        message = f"{condition} is not unmet for {trigger}"
        names = [str(Condition(one.guard, one.code)) for one in _unmet(matter, trigger)]
        names = [name for name in names if name.partition(":")[0] in matter.policy.waivers.guards]
    allowed = tuple(dict.fromkeys(names))
    hint = "lifecycle check REF shows what is unmet"
    raise InvalidInputError(
        [Problem("not_unmet", message, key="GUARD:CODE", allowed=allowed, hint=hint)]
    )


def _is(unmet: Unmet, condition: Condition) -> bool:
    named = (unmet.guard, unmet.code) == (condition.guard, condition.code)
    return named and condition.field in {None, unmet.field}


def _unmet(matter: Matter, trigger: Trigger) -> tuple[Unmet, ...]:
    """Return what would stand in the way of the trigger today."""
    guards = guards_for(BY_TRIGGER[trigger], matter.policy, matter.held.type)
    authority = authorise(matter, pulling(trigger))
    act = act_on(matter.order, trigger, matter.today, authority)
    verdicts = judge(guards, build(matter, act, guards))
    return tuple(unmet for verdict in verdicts for unmet in verdict.unmet if not unmet.passes)
