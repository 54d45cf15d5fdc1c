"""Writes down a refusal whose transaction was rolled back, as it was judged there.

Where an act brings files along and is refused, nothing of it is kept but that it was refused, with
the reasons that were found while the files were there.
"""

from msgspec.structs import replace

from lifecycle.authority import authorise
from lifecycle.compose import refused, written
from lifecycle.matter import locked
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from states.deeds import Deed
from states.ref import Ref


def refuse_as_judged(unit: Unit, order: Order, ref: Ref, deed: Deed, judged: Receipt) -> Receipt:
    """Write the line of a refusal that was judged, and rolled back, a moment ago.

    Raises ValueError for what was not refused.
    """
    if not judged.refused:
        message = "only what was refused is written down as refused"
        raise ValueError(message)
    matter = locked(unit, order, ref)
    draft = refused(matter, authorise(matter, deed), judged.verdicts)
    draft = replace(draft, trigger=judged.trigger, effective_on=judged.effective_on)
    return written(matter, draft)
