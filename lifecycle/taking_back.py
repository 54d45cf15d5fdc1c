"""Takes the last transition back: the one way in which a state goes back, and only along it.

What the transition did is set to what it was before; what was written since stays written. It
answers to somebody else's approval of exactly this line, and once it is taken back, there is
nothing more to take back before the next transition.
"""

from msgspec.structs import replace

from guards.case import Act
from guards.conditions import Verdict
from guards.registry import judge
from lifecycle.advance import barred, day_of_act
from lifecycle.authority import authorise
from lifecycle.cases import build
from lifecycle.compose import Draft, refused, repeated, stored, written
from lifecycle.errors import StoreError
from lifecycle.matter import Matter, locked
from lifecycle.order import Order, Receipt
from lifecycle.people import second_person
from lifecycle.places import place_refusals
from lifecycle.ports import Beside, Stored, Unit
from lifecycle.replay import Past, before_last_move, sources_in
from lifecycle.subjects import of_note
from states.codec import encode
from states.deeds import CORRECT
from states.notes import TakenBack
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Event, Guard, State, Trigger


def take_back(unit: Unit, order: Order, ref: Ref, n: int) -> Receipt:
    """Take back the transition of line `n`, which is the last one that stands.

    Raises UnknownRefError, and InvalidInputError for another line.
    """
    if before := repeated(unit, order, Event.CORRECTED, ref):
        return before
    unit.lock_program()
    matter = locked(unit, order, ref)
    day = day_of_act(matter)
    if n != matter.held.moved_n or not n:
        last = matter.held.moved_n
        message = f"line {n} of {ref} is not the transition that can be taken back"
        hint = f"that is line {last}" if last else "the last one was taken back already"
        raise InvalidInputError([Problem("not_last", message, key="entry", hint=hint)])
    authority = authorise(matter, CORRECT, of_note(TakenBack(n)))
    left = _past(matter)
    past, trigger = left.standing, left.trigger
    verdicts = (
        barred(matter)
        or authority.refusal
        or second_person(matter, authority)
        or in_force_again(matter, past, trigger)
    )
    if verdicts:
        return written(matter, refused(matter, authority, verdicts))
    document = _document_of(matter, past) if trigger is Trigger.RENEGOTIATE else None
    draft = Draft(
        event=Event.CORRECTED,
        effective_on=day,
        authority=authority,
        to=past.state,
        content=Beside("content", unit.salt(), encode(TakenBack(n)), "taken_back"),
        document=document,
        agreement=document.agreement if document else None,
        term=past.term,
        past=past,
        past_term=left.term,
    )
    return written(matter, draft)


def _past(matter: Matter) -> Past:
    unit, key = matter.unit, matter.held.key
    found = before_last_move(unit.lines(key), sources_in(unit, key, matter.judging.digest))
    if found is None:
        message = f"the log of {matter.ref} has no transition to take back"
        raise StoreError(message, "damaged", "lifecycle db check says more")
    return found


def _document_of(matter: Matter, past: Standing) -> Stored:
    """Return the document that a renegotiation had replaced, with today's contacts."""
    return stored(matter.unit, matter.unit.document_of(past.key, past.document))


def _as_it_would_be(matter: Matter, past: Standing, trigger: Trigger | None) -> Standing:
    """Return the agreement back where it was, with what has been written since."""
    if trigger is Trigger.RENEGOTIATE:
        return past
    return replace(matter.held, state=past.state, term=past.term, activated=past.activated)


def in_force_again(matter: Matter, past: Standing, trigger: Trigger | None) -> tuple[Verdict, ...]:
    """Return what stands against its being in force again: its term, and a place for it."""
    after = _as_it_would_be(matter, past, trigger)
    if after.state is not State.ACTIVE:
        return place_refusals(matter, after)
    act = Act(Trigger.REINSTATE, matter.order.actor.id, matter.today)
    guards = (Guard.TERM_RUNNING,)
    verdicts = judge(guards, build(matter, act, guards))
    return tuple(v for v in verdicts if v.blocks) or place_refusals(matter, after)
