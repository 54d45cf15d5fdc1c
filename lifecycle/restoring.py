"""Writes down that a program's database was restored from a backup.

A restored database is an older one: what was recorded after its newest line is gone from it, and
roles that were revoked since are held again. Each program in it says so, on its own stream, before
anything else is written. No role is asked for, since the roles in a backup are the past's, and who
can put a file in its place can't be stopped by the file: the line names who it was (ADR 0018).
"""

from lifecycle.authority import operating
from lifecycle.compose import Draft, written_for_program
from lifecycle.matter import today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Unit
from states.codec import encode
from states.notes import Restoration
from states.vocabulary import Event


def tell_restored(unit: Unit, order: Order, restoration: Restoration) -> Receipt:
    """Write the line that says from which backup the program goes on, and who put it there."""
    unit.lock_program()
    today = today_of(unit, order)
    draft = Draft(
        event=Event.RESTORED,
        effective_on=today,
        authority=operating(),
        content=Beside("content", unit.salt(), encode(restoration), "restoration"),
    )
    return written_for_program(unit, order, unit.policy_in_force(today), draft)
