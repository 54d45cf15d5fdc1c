"""Receipts of writing commands, as people read them and as JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from cli.output.conditions import conditions
from cli.output.shapes import json_text, receipt_shape
from cli.output.streams import out, out_data, style, width
from cli.output.text import one_line, paragraphs
from cli.settings import Settings
from lifecycle.order import Receipt
from states.vocabulary import Event, Outcome

REFUSED = 1

_DONE = {
    Event.CREATED: "proposed",
    Event.EDITED: "document changed",
    Event.SCORED: "scored",
    Event.EVALUATED: "evaluated",
    Event.RECORDED: "recorded",
    Event.TAKEN_OVER: "taken over",
    Event.POLICY_ADOPTED: "policy adopted",
    Event.APPROVED: "approved",
    Event.WAIVED: "waived",
    Event.AMENDED: "amended",
    Event.CORRECTED: "corrected",
    Event.VOIDED: "voided",
    Event.RECLASSIFIED: "reclassified",
    Event.ATTACHED: "attached",
    Event.PUBLISHED: "publication noted",
    Event.ROLE_CHANGED: "role changed",
    Event.RESTORED: "restored",
    Event.ERASED: "erased",
}


def give(
    settings: Settings,
    receipt: Receipt,
    *,
    dry_run: bool,
    said: str | None = None,
    **more: Any,  # noqa: ANN401
) -> int:
    """Print one receipt, with what the command adds to its JSON; returns the exit code.

    `said` is how the command itself says what was done, where it was.
    """
    if settings.json:
        out_data(json_text(receipt_shape(receipt, dry_run=dry_run, **more)))
    else:
        out(text(receipt, dry_run=dry_run, said=said))
    return REFUSED if receipt.refused else 0


def give_all(settings: Settings, receipts: Sequence[Receipt], *, dry_run: bool) -> int:
    """Print several receipts, in JSON as an array; returns the exit code."""
    if settings.json:
        shapes = [receipt_shape(receipt, dry_run=dry_run) for receipt in receipts]
        out_data(json_text(shapes))
    else:
        out("".join(text(receipt, dry_run=dry_run) for receipt in receipts))
    return REFUSED if any(receipt.refused for receipt in receipts) else 0


def text(receipt: Receipt, *, dry_run: bool, said: str | None = None) -> str:
    """Return a receipt as people read it."""
    if receipt.refused:
        said = _refused(receipt)
    else:
        said = f"{said or _done(receipt)}{_by_whose_word(receipt)}"
    if receipt.repeated:
        said += " It had been done before under this idempotency key; nothing was done again."
    head = paragraphs(said, width(), rest="  ")
    if dry_run:
        note = "Dry run: this is what would be; nothing was stored."
        head = f"{style(note, fg='cyan')}\n{head}"
    return f"{head}\n{conditions(receipt.unmet, receipt.ref)}"


def _done(receipt: Receipt) -> str:
    at = f"version {receipt.version}"
    if receipt.outcome is Outcome.UNCHANGED:
        return f"{receipt.ref}: unchanged{'' if _of_program(receipt) else f', {at}'}."
    if receipt.event is Event.POLICY_ADOPTED:
        since = "the beginning" if receipt.effective_on == date.min else receipt.effective_on
        return f"{receipt.ref}: policy adopted, in force from {since}."
    if receipt.trigger is not None:
        move = f"{receipt.from_} → {receipt.to} ({receipt.trigger})"
        return f"{receipt.ref}: {move}, {at}, effective {receipt.effective_on}."
    return f"{receipt.ref}: {_DONE.get(receipt.event, receipt.event)}, {at}."


def _refused(receipt: Receipt) -> str:
    head = f"{receipt.ref}: {receipt.trigger or receipt.deed or 'the change'} was refused."
    if _of_program(receipt):
        return f"{head} Nothing was changed."
    stays = f"It stays in {receipt.from_}," if receipt.from_ else "It stays at"
    return f"{head} {stays} version {receipt.version}."


def _by_whose_word(receipt: Receipt) -> str:
    """Return who approved it, and for which body it was decided."""
    approved = f" Approved by {one_line(receipt.approver)}." if receipt.approver else ""
    item = f", {one_line(receipt.item)}" if receipt.item else ""
    body = f" On behalf of {one_line(receipt.on_behalf_of)}{item}." if receipt.on_behalf_of else ""
    return f"{approved}{body}"


def _of_program(receipt: Receipt) -> bool:
    """Whether the line stands on the program's own stream, which has no version."""
    return "-" not in receipt.ref
