"""What `lifecycle approve` does: shows what is approved, asks where it can, gives the order."""

from dataclasses import dataclass, replace
from datetime import date

from cli.asking import agreed, can_ask
from cli.output.receipts import REFUSED, give
from cli.output.streams import out, talk, width
from cli.output.text import one_line, paragraphs
from cli.refs import named
from cli.session import opened
from cli.settings import Settings, Writing
from cli.subjects import Asked, Subject, subject_of
from lifecycle.approving import approve
from lifecycle.order import Receipt
from lifecycle.ports import Unit
from states.standing import Approval


@dataclass(frozen=True, slots=True)
class Assenting:
    """For which body and as of which day something is approved, as it was typed."""

    on_behalf_of: str | None
    item: str | None
    effective: date | None


def approve_one(
    settings: Settings, writing: Writing, text: str, asked: Asked, act: Assenting
) -> int:
    """Approve a deed and print the receipt; returns the exit code."""
    with opened(settings) as session:
        agreement = named(session, text)
        ref = agreement.ref
        with session.store.reading() as reader:
            subject = subject_of(session, reader, agreement, asked)
        if not _agreed(settings, writing, subject):
            talk("Nothing was changed.\n")
            return REFUSED
        wanted = replace(writing, expect_version=writing.expect_version or subject.version)
        order = session.order(
            wanted, on_behalf_of=act.on_behalf_of, item=act.item, effective_on=act.effective
        )

        def use(unit: Unit) -> tuple[Receipt, Approval | None]:
            receipt = approve(unit, order, ref, asked.word, subject.digest)
            standing = unit.standing(ref.key)
            given = standing.approvals if standing else ()
            return receipt, next((one for one in given if one.n == receipt.n), None)

        receipt, approval = session.carry_out(writing, use)
    until = approval.until if approval else None
    code = give(
        settings,
        receipt,
        dry_run=writing.dry_run,
        said=_said(str(ref), asked.word, order.actor.id, until),
        deed=asked.word,
        until=until,
        subject=subject.digest,
        changes=[change.shape() for change in subject.changes],
    )
    if not (settings.json or receipt.refused):
        out(_what_next(subject, order.actor.id))
    return code


def _agreed(settings: Settings, writing: Writing, subject: Subject) -> bool:
    """Show what is approved where somebody looks at it, and ask where somebody can answer."""
    if not subject.told or settings.json:
        return True
    if writing.dry_run:
        out(subject.told)
        return True
    if writing.yes or not can_ask():
        return True
    talk(subject.told)
    return agreed("Approve exactly this?", usual=False)


def _said(ref: str, word: str, actor: str, until: date | None) -> str:
    good = f", good until {until}" if until else ""
    return one_line(f"{ref}: {word} is approved by {actor}{good}.")


def _what_next(subject: Subject, actor: str) -> str:
    other = f"somebody else than {actor}" if subject.digest else "staff"
    text = f"Nothing has changed yet. Next, by {other}: {subject.carry_out}"
    return paragraphs(one_line(text), width()) + "\n"
