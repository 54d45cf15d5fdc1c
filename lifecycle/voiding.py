"""Voids an agreement that was entered in error, or twice.

It stays on the log and counts for nothing. No state is left for it and none entered: its state is
told as it was, and nothing leads on.
"""

from lifecycle.advance import barred, day_of_act
from lifecycle.authority import authorise
from lifecycle.compose import Draft, refused, repeated, written
from lifecycle.errors import UnknownRefError
from lifecycle.matter import locked
from lifecycle.order import Order, Receipt
from lifecycle.people import second_person
from lifecycle.ports import Beside, Unit
from lifecycle.subjects import of_note
from states.codec import encode
from states.deeds import VOID
from states.notes import Voiding
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.vocabulary import Event


def void(unit: Unit, order: Order, ref: Ref, same_as: Ref | None = None) -> Receipt:
    """Void an agreement, as a duplicate of another one where that is said.

    Raises UnknownRefError for either, and InvalidInputError for a duplicate of itself or of a void
    one.
    """
    if before := repeated(unit, order, Event.VOIDED, ref):
        return before
    if same_as is not None:
        _check(unit, ref, same_as)
    matter = locked(unit, order, ref)
    day = day_of_act(matter)
    note = Voiding(str(same_as) if same_as else None)
    authority = authorise(matter, VOID, of_note(note))
    if verdicts := barred(matter) or authority.refusal or second_person(matter, authority):
        return written(matter, refused(matter, authority, verdicts))
    draft = Draft(
        event=Event.VOIDED,
        effective_on=day,
        authority=authority,
        content=Beside("content", unit.salt(), encode(note), "voiding"),
    )
    return written(matter, draft)


def _check(unit: Unit, ref: Ref, same_as: Ref) -> None:
    other = unit.standing(same_as.key) if same_as.code == unit.program.code else None
    if other is None:
        raise UnknownRefError(str(same_as))
    if same_as == ref or other.voided:
        message = f"{same_as} is {'itself' if same_as == ref else 'void'}, so it can't stand for it"
        raise InvalidInputError([Problem("same_as", message, key="same-as")])
