"""Advance: pull one trigger on one agreement.

The order of steps, all in one transaction:

1. an order carried out under its idempotency key before is answered with that receipt;
2. lock - the program, where a portfolio limit may refuse, then the agreement;
3. the day of the act, the ground and the body are held against the policy (bad input);
4. judge - the version expected, by what right it is pulled, then the machine with its guards;
5. write - one line, and with it the new state and everything that goes with it. A refusal takes
   the same path: its line is written, state and version stay.
"""

from dataclasses import replace
from datetime import date, timedelta

import msgspec

from guards.case import Act
from guards.conditions import Unmet, Verdict
from guards.policy import TAKES_PLACE
from guards.registry import guards_for, judge
from lifecycle.authority import Authority, authorise
from lifecycle.cases import build
from lifecycle.compose import Draft, repeated, stored, written
from lifecycle.entry import Entry
from lifecycle.evolve import IN_ERROR
from lifecycle.machine import Decision, decide
from lifecycle.matter import Matter, locked
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from states.agreement import Agreement
from states.deeds import pulling
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.table import BY_TRIGGER
from states.vocabulary import Event, Outcome, Role, Severity, Trigger

GATE = "transition"
"""The name under which the gate before the guards is reported: version, state, who."""


def advance(unit: Unit, order: Order, ref: Ref, trigger: Trigger) -> Receipt:
    """Pull `trigger` on the agreement `ref` for a person; returns what became of it.

    Raises UnknownRefError, and InvalidInputError for a day, ground or body that can't be.
    """
    if before := repeated(unit, order, Event.TRANSITIONED, ref, trigger):
        return before
    if trigger in TAKES_PLACE:
        unit.lock_program()
    matter = locked(unit, order, ref)
    day = day_of_act(matter)
    authority = authorise(matter, pulling(trigger))
    attempt = Attempt(act_on(order, trigger, day, authority), authority)
    decision = _gate(matter, trigger, authority) or decided(matter, attempt.act)
    return written(matter, transition(matter, attempt, decision))


class Attempt(msgspec.Struct, frozen=True):
    """An act with the right by which it is done; the system's own has a rule and its due day."""

    act: Act
    authority: Authority
    rule: str | None = None
    due: date | None = None


def decided(matter: Matter, act: Act) -> Decision:
    """Let the machine decide, with the guards of the trigger's row."""
    standing = matter.held
    guards = guards_for(BY_TRIGGER[act.trigger], matter.policy, standing.type)

    def ask() -> tuple[Verdict, ...]:
        return judge(guards, build(matter, act, guards))

    decision = decide(standing.state, act.trigger, ask)
    return decision if decision.legal else _not_from_here(matter, act.trigger)


def transition(matter: Matter, attempt: Attempt, decision: Decision) -> Draft:
    """Return the draft of a decision: the transition, or its refusal."""
    act = attempt.act
    standing, moved = matter.held, decision.target is not None
    opens_term = moved and act.trigger is Trigger.RENEGOTIATE
    fresh = _next_term(matter.unit.document(standing)) if opens_term else None
    return Draft(
        event=Event.TRANSITIONED if moved else Event.REFUSED,
        effective_on=act.effective_on,
        authority=attempt.authority,
        trigger=act.trigger,
        to=decision.target,
        outcome=Outcome.OK if moved else Outcome.REFUSED,
        verdicts=decision.verdicts,
        document=stored(matter.unit, fresh) if fresh else None,
        agreement=fresh,
        rule=attempt.rule,
        due=attempt.due,
        term=standing.term + 1 if fresh else None,
    )


def refusal(code: str, message: str, fix: str, rule: str) -> Decision:
    """Return a decision that refuses at the gate, before any guard is asked."""
    unmet = Unmet(GATE, code, message, fix, rule, "R57")
    return Decision(None, (Verdict(GATE, Severity.BLOCK, (unmet,)),))


def version_refusal(matter: Matter) -> Decision | None:
    """Return the refusal for an agreement that changed since it was read; None if it did not."""
    expected, version = matter.order.expect_version, matter.held.version
    if expected in {None, version}:
        return None
    last = matter.unit.last_change(matter.held.key)
    return refusal(
        "version_conflict",
        f"It was changed meanwhile: version {version}, not {expected}{_by(last)}.",
        "look at it again, then repeat the order if it still holds",
        "nobody's change is overwritten unseen",
    )


def day_of_act(matter: Matter) -> date:
    """Return the day of the act; raises InvalidInputError for an impossible day, ground or body."""
    order, policy, today = matter.order, matter.policy, matter.today
    day = order.effective_on or today
    earliest = max(matter.held.acted_on, today - timedelta(days=policy.backdating_days))
    problems = []
    if not earliest <= day <= today:
        message = f"{day} can't be the day of the act: it lies between {earliest} and {today}"
        hint = "not in the future, not before the last transition, not too far back"
        problems.append(Problem("effective_on", message, key="effective", hint=hint))
    grounds = policy.vocabulary.grounds
    if order.ground and order.ground not in grounds:
        message = f"{order.ground!r} is not a ground of the policy"
        problems.append(Problem("unknown_ground", message, key="ground", allowed=grounds))
    if order.on_behalf_of and policy.body(order.on_behalf_of) is None:
        message = f"{order.on_behalf_of!r} is not a body of the policy"
        names = tuple(body.name for body in policy.bodies)
        problems.append(Problem("unknown_body", message, key="on-behalf-of", allowed=names))
    if problems:
        raise InvalidInputError(problems)
    return day


def act_on(order: Order, trigger: Trigger, day: date, authority: Authority) -> Act:
    """Return the act that an order states, on a day, by the right that it is done."""
    return Act(
        trigger,
        order.actor.id,
        day,
        ground=order.ground,
        reason=order.reason,
        on_behalf_of=order.on_behalf_of or authority.body,
        item=order.item or authority.item,
        approver=authority.approver,
        writes=authority.deed.writes,
    )


def _gate(matter: Matter, trigger: Trigger, authority: Authority) -> Decision | None:
    if bars := barred(matter):
        return Decision(None, bars)
    row = BY_TRIGGER[trigger]
    if row.by == (Role.SCHEDULER,) and matter.held.state in row.sources:
        return refusal(
            "system_only",
            f"{trigger} is the nightly check's, not a person's.",
            "let lifecycle nightly do it when it is due",
            "the system alone fires what the calendar demands",
        )
    mine = bool(authority.deed.by)
    return Decision(None, authority.refusal) if mine and authority.refusal else None


def barred(matter: Matter) -> tuple[Verdict, ...]:
    """Return what bars whatever is ordered: another version than expected, or a void agreement."""
    if conflict := version_refusal(matter):
        return conflict.verdicts
    return _voided(matter).verdicts if matter.held.voided else ()


def _voided(matter: Matter) -> Decision:
    """Return the refusal of whatever is done with an agreement that was voided."""
    of = "" if matter.held.voided == IN_ERROR else f", as a duplicate of {matter.held.voided}"
    return refusal(
        "agreement.void",
        f"{matter.ref} was voided{of}, and nothing is done with it any more.",
        "work with the agreement that stands: lifecycle list",
        "what was entered in error stays on the log and counts for nothing",
    )


def _not_from_here(matter: Matter, trigger: Trigger) -> Decision:
    standing = matter.held
    last = matter.unit.last_move(standing.key)
    if last is not None and last.trigger is trigger:
        return refusal(
            "version_conflict",
            f"Somebody was first: it is in {standing.state} already{_by(last)}.",
            "look at it again: lifecycle show REF",
            "one decision is taken once",
        )
    sources = " or ".join(BY_TRIGGER[trigger].sources)
    return refusal(
        "not_from_here",
        f"It is in {standing.state}, and {trigger} leads only from {sources}.",
        "see what may be done next: lifecycle check REF",
        "an agreement moves along the transition table",
    )


def _by(line: Entry) -> str:
    return f" ({line.actor.id}, {line.trigger or line.event}, {line.recorded_at})"


def _next_term(agreement: Agreement) -> Agreement:
    """Return the document that the next term starts from: fresh objectives, no term yet (R43)."""
    return replace(
        agreement, term=None, projects=(), milestones=(), endorsement=None, signatures=()
    )
