"""Reclassifies what was signed as another type, which keeps its old type and date of signing (R31).

What the new type asks for and a taken-over agreement lacks is told, and a review date is set for
it; one that was signed under the program's guards has to satisfy the new type's, like any other.
"""

from dataclasses import replace
from datetime import date

import msgspec

from guards.conditions import Verdict
from guards.policy import Policy
from lifecycle.advance import barred, day_of_act, refusal
from lifecycle.amending import signing_verdicts, softened
from lifecycle.authority import Authority, authorise
from lifecycle.compose import Draft, refused, repeated, stored, written
from lifecycle.drafting import unchanged
from lifecycle.evolve import described
from lifecycle.matter import Matter, locked
from lifecycle.order import Order, Receipt
from lifecycle.places import place_refusals
from lifecycle.ports import Unit
from lifecycle.subjects import of_type
from states.agreement import Agreement
from states.calendar import add_months
from states.deeds import RECLASSIFY
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.vocabulary import IN_FORCE, Event


def reclassify(unit: Unit, order: Order, ref: Ref, type_: str) -> Receipt:
    """Make a signed agreement one of another type; raises InvalidInputError for a type that can't.

    The review date that is given lies the new type's interval ahead, else that of the take-over.
    """
    if before := repeated(unit, order, Event.RECLASSIFIED, ref):
        return before
    unit.lock_program()
    matter = locked(unit, order, ref)
    _check(matter, type_)
    day = day_of_act(matter)
    current = unit.document(matter.held)
    if current.type == type_:
        return unchanged(matter, Event.RECLASSIFIED)
    authority = authorise(matter, RECLASSIFY, of_type(type_))
    wanted = replace(current, type=type_, review=next_review(matter.policy, type_, matter.today))
    verdicts = _gate(matter, authority) or judged(matter, authority, wanted, day)
    if any(verdict.blocks for verdict in verdicts):
        return written(matter, refused(matter, authority, verdicts))
    draft = Draft(
        event=Event.RECLASSIFIED,
        effective_on=day,
        authority=authority,
        document=stored(unit, wanted),
        agreement=wanted,
        verdicts=verdicts,
    )
    return written(matter, draft)


def _check(matter: Matter, type_: str) -> None:
    known = matter.policy.reclassifiable
    if type_ not in known:
        message = f"no agreement is reclassified as {type_!r} under this policy"
        raise InvalidInputError([Problem("unknown_type", message, key="TYPE", allowed=known)])


def next_review(policy: Policy, type_: str, today: date) -> date:
    """Return the day by which an agreement of a type is looked at again."""
    kind = policy.types.get(type_)
    return add_months(today, (kind and kind.review_months) or policy.takeover_review_months)


def _gate(matter: Matter, authority: Authority) -> tuple[Verdict, ...]:
    if bars := barred(matter):
        return bars
    if matter.held.state not in IN_FORCE:
        return refusal(
            "not_in_this_state",
            f"It is in {matter.held.state}; reclassified is what was signed and has not ended.",
            "while it is drafted, set its type: lifecycle edit REF",
            "reclassification keeps the date of signing, so there must be one (R31)",
        ).verdicts
    return authority.refusal


def judged(
    matter: Matter, authority: Authority, wanted: Agreement, day: date
) -> tuple[Verdict, ...]:
    """Return what is said of an agreement as it would be: of its new type, and of its place."""
    standing = matter.held
    after = msgspec.structs.replace(described(standing, wanted), waivers=())
    changed = msgspec.structs.replace(matter, standing=after)
    verdicts = signing_verdicts(changed, authority, wanted, day)
    if standing.unsigned_origin:
        verdicts = tuple(map(softened, verdicts))
    return (*verdicts, *place_refusals(matter, after))
