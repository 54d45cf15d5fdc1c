"""Approves: a decider's standing assent to one deed, which somebody else may then carry out (R57).

It stands until what was agreed on changes, the agreement moves on, another policy judges, the
giver's role ends, or the policy's days have passed; never for what the giver drafted.
"""

from datetime import timedelta

from guards.conditions import Verdict
from lifecycle.advance import barred, day_of_act, refusal
from lifecycle.authority import authorise
from lifecycle.compose import Draft, refused, repeated, written
from lifecycle.matter import Matter, locked
from lifecycle.order import Order, Receipt
from lifecycle.people import second_person
from lifecycle.ports import Beside, Unit
from states.codec import encode
from states.deeds import APPROVABLE, APPROVE, Deed
from states.notes import Assent
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.table import BY_TRIGGER
from states.vocabulary import FINAL, Event


def approve(unit: Unit, order: Order, ref: Ref, word: str, subject: str | None = None) -> Receipt:
    """Approve one deed on an agreement, bound to `subject` where the deed brings content.

    `word` is a trigger of the deciders, or amend, correct, void, reclassify, which all bring
    content. Raises UnknownRefError and InvalidInputError.
    """
    deed = APPROVABLE.get(word)
    if deed is None:
        message = f"{word!r} is nothing that a decider approves"
        raise InvalidInputError(
            [Problem("unknown_trigger", message, key="TRIGGER", allowed=tuple(APPROVABLE))]
        )
    if deed.bound and subject is None:
        message = f"{word} is approved for exactly one content, and none is given"
        raise InvalidInputError([Problem("no_subject", message, key="TRIGGER")])
    trigger = deed.trigger
    if before := repeated(unit, order, Event.APPROVED, ref, trigger):
        return before
    matter = locked(unit, order, ref)
    day = day_of_act(matter)
    authority = authorise(matter, APPROVE)
    objections = authority.refusal or _objections(matter, deed)
    if verdicts := objections or second_person(matter, authority):
        return written(matter, refused(matter, authority, verdicts))
    until = matter.today + timedelta(days=matter.policy.approval_days)
    draft = Draft(
        event=Event.APPROVED,
        effective_on=day,
        authority=authority,
        trigger=trigger,
        content=Beside("content", unit.salt(), encode(Assent(word, until, subject)), "approval"),
    )
    return written(matter, draft)


def _objections(matter: Matter, deed: Deed) -> tuple[Verdict, ...]:
    if bars := barred(matter):
        return bars
    if not _may_come(matter, deed):
        return refusal(
            "not_from_here",
            f"It is in {matter.held.state}, where {deed.name} is not done.",
            "see what may be done next: lifecycle check REF",
            "what is approved can be done from where the agreement stands",
        ).verdicts
    return ()


def _may_come(matter: Matter, deed: Deed) -> bool:
    state = matter.held.state
    if deed.trigger is None:
        return state not in FINAL or deed.name in {"correct", "void"}
    return state in BY_TRIGGER[deed.trigger].sources
