"""Applies documents in one transaction: all of them, or none.

Where one of several is refused, the transaction is rolled back; the refusals are then written to
the log one by one, since attempts that were refused are on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from cli.inputs import Document
from cli.output.changes import Difference, differences
from cli.session import Session
from cli.settings import Writing
from lifecycle.advance import refusal
from lifecycle.drafting import apply, propose, with_ids
from lifecycle.errors import UnknownRefError
from lifecycle.order import Order, Receipt
from lifecycle.ports import Ledger, Unit
from states.agreement import Agreement
from states.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one document, and what it changes."""

    receipt: Receipt
    changes: Sequence[Difference] = ()


class _RefusedError(Exception):
    """One of several documents was refused: none of them is applied."""

    def __init__(self, applied: Sequence[Applied]) -> None:
        super().__init__()
        self.applied = applied


def apply_documents(
    session: Session, writing: Writing, documents: Sequence[Document]
) -> Sequence[Applied]:
    """Apply documents, all or none; returns what became of each."""
    orders = [
        _order(session, writing, document, place, len(documents))
        for place, document in enumerate(documents)
    ]
    pairs = list(zip(orders, documents, strict=True))
    with session.ledger(dry_run=writing.dry_run) as ledger:
        try:
            with ledger.unit() as unit:
                _lock(unit, documents)
                applied = [_apply(unit, order, document) for order, document in pairs]
                _insist(applied, all(not one.receipt.refused for one in applied) or len(pairs) == 1)
        except _RefusedError as error:
            for one, (order, document) in zip(error.applied, pairs, strict=True):
                if one.receipt.refused:
                    _write_refusal(ledger, order, document)
            return [_held_back(one) for one in error.applied]
    return applied


def _order(session: Session, writing: Writing, document: Document, place: int, count: int) -> Order:
    """Return the order for one document; of several, each gets an idempotency key of its own."""
    order = session.order(writing)
    key = f"{order.key}/{place + 1}" if order.key and count > 1 else order.key
    expected = order.expect_version or document.version
    return replace(order, key=key, expect_version=expected if document.ref else None)


def _apply(unit: Unit, order: Order, document: Document) -> Applied:
    if document.ref is None:
        receipt = propose(unit, order, document.agreement, file=document.file)
        return Applied(receipt, differences(Agreement("", ""), document.agreement))
    standing = unit.lock(document.ref.key)
    if standing is None or document.ref.code != unit.program.code:
        raise UnknownRefError(str(document.ref))
    before = unit.document(standing)
    receipt = apply(unit, order, document.ref, document.agreement, file=document.file)
    return Applied(receipt, differences(before, with_ids(document.agreement, before)))


def _lock(unit: Unit, documents: Sequence[Document]) -> None:
    """Take the locks of several documents in the one order: the program, then by reference.

    The documents are applied as they were given; nobody is then waited for in a circle.
    """
    if len(documents) == 1:
        return
    if any(document.ref is None for document in documents):
        unit.lock_program()
    for key in sorted({document.ref.key for document in documents if document.ref}):
        unit.lock(key)


def _write_refusal(ledger: Ledger, order: Order, document: Document) -> None:
    try:
        with ledger.unit() as unit:
            applied = _apply(unit, order, document)
            _insist([applied], applied.receipt.refused)
    except _RefusedError:
        pass


def _insist(applied: Sequence[Applied], holds: bool) -> None:  # noqa: FBT001 - an assertion
    """Roll the transaction back unless something holds."""
    if not holds:
        raise _RefusedError(applied)


def _held_back(applied: Applied) -> Applied:
    """Return the receipt of a document that was fine and is not applied because another was not."""
    receipt = applied.receipt
    if receipt.refused:
        return applied
    verdicts = refusal(
        "other_refused",
        "It was not applied, because another document was refused.",
        "mend that one, then apply all of them again",
        "several documents are applied together or not at all",
    ).verdicts
    new = receipt.outcome is Outcome.OK
    held = msgspec.structs.replace(
        receipt,
        outcome=Outcome.REFUSED,
        verdicts=verdicts,
        version=receipt.version - 1 if new else receipt.version,
        n=receipt.n - 1 if new else receipt.n,
        ref=receipt.ref if receipt.version > 1 or not new else "",
        entry="",
    )
    return replace(applied, receipt=held)
