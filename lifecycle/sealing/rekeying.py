"""Gives a log its first key, or another one: a line of the program's stream, and who vouches.

The old key's last checkpoint covers the line and names the new key in the text that it signs, so
that whoever has the old key from elsewhere can go on to the new one. Where the old one is lost,
nobody vouches: auditors have to be given the new one.
"""

from lifecycle.authority import authorise_program
from lifecycle.compose import Draft, refused_for_program, repeated, written_for_program
from lifecycle.entry import digest_of
from lifecycle.errors import StoreError
from lifecycle.matter import judging, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Unit
from lifecycle.sealing.keys import origin_of
from lifecycle.sealing.ports import KnownKey
from lifecycle.sealing.seal import Signer, current_key, seal_all, sealed_chunk
from states.codec import encode
from states.deeds import CHANGE_KEY
from states.notes import KeyChange


def name_of(unit: Unit) -> str:
    """Return the name of the log, and so of its keys."""
    return origin_of(unit.program.code, digest_of(unit.first_line()))


def change_key(
    unit: Unit, order: Order, new: Signer, old: Signer | None = None, *, lost: bool = False
) -> Receipt:
    """Make `new` the log's key: the first one, or in place of `old` (or of one that is `lost`).

    What was written so far is sealed by the old key, best most of it before: this is one
    transaction. Raises StoreError where the old key is missing or another one than the log's.
    """
    if before := repeated(unit, order, CHANGE_KEY.event):
        return before
    unit.lock_program()
    unit.lock_sealer()
    today = today_of(unit, order)
    rules = judging(unit, None, today)
    authority = authorise_program(unit, order, CHANGE_KEY, today, rules)
    if authority.refusal:
        return refused_for_program(unit, order, today, rules.digest, authority)
    known = current_key(unit)
    _check_old(known, old, lost=lost)
    if old:
        seal_all(unit, old, order.now)
    change = KeyChange(new.public.vkey, known.key.vkey if known else None, signed=old is not None)
    draft = Draft(
        event=CHANGE_KEY.event,
        effective_on=today,
        authority=authority,
        content=Beside("content", unit.salt(), encode(change), "key"),
    )
    receipt = written_for_program(unit, order, rules.digest, draft)
    unit.keep_key(KnownKey(receipt.n, new.public))
    if old:
        sealed_chunk(unit, (old, new), order.now, next_key=new.public)
    return receipt


def _check_old(known: KnownKey | None, old: Signer | None, *, lost: bool) -> None:
    if known is None:
        if old is not None or lost:
            message = "this log has no key yet, so that none can be replaced"
            raise StoreError(message, "no_key", "make its first one: lifecycle log key create")
        return
    if old is None and not lost:
        message = f"this log has the key {known.key.id.hex()} already"
        raise StoreError(message, "has_key", "replace it: lifecycle log key rotate")
    if old is not None and old.public != known.key:
        message = f"the old key is {old.public.id.hex()}, and the log's is {known.key.id.hex()}"
        raise StoreError(message, "wrong_key", "name the log's key with --key-file")
