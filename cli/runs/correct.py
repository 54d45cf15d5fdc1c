"""What `lifecycle correct` does: finds out what is meant, and puts what is right in its place.

Which of the corrections it is follows from what is said: what a line brought, or none of a line. A
line that can't be corrected is told with those that can.
"""

from dataclasses import dataclass

import click

from cli.acting import Acting
from cli.asking import confirmed
from cli.carrying import Carrying, Telling
from cli.changing import Changing, Way
from cli.correctable import TRANSITION, Line, correctable_line
from cli.output.receipts import REFUSED, give
from cli.output.streams import talk
from cli.refs import named
from cli.restating import Restating
from cli.session import opened
from cli.settings import Settings, Writing
from lifecycle.amending import correct
from lifecycle.compose import repeated
from lifecycle.order import Receipt
from lifecycle.taking_back import take_back
from lifecycle.voiding import void
from states.deeds import CORRECT, VOID
from states.vocabulary import Event

_DOCUMENT = Way(CORRECT, correct, "evidence")


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be corrected, as it was typed."""

    entry: int | None
    pairs: tuple[str, ...]
    file: str | None
    void: bool
    same_as: str | None
    acting: Acting


def correct_one(settings: Settings, writing: Writing, text: str, said: Said) -> int:
    """Correct what is meant and print the receipt; returns the exit code."""
    with opened(settings) as session:
        agreement = named(session, text)
        if said.entry is None and not said.void:
            changing = Changing(session, writing, agreement, said.acting, _DOCUMENT)
            return changing.from_file(said.file)
        carrying = Carrying(session, writing, agreement, said.acting)
        if said.entry is None:
            return _void(carrying, said.same_as)
        return _entry(carrying, said, said.entry)


def _before(carrying: Carrying) -> Receipt | None:
    """Print and return the receipt of what was corrected before under the idempotency key."""
    session, writing = carrying.session, carrying.writing
    with session.store.reading() as reader:
        receipt = repeated(reader, session.order(writing), Event.CORRECTED, carrying.agreement.ref)
    if receipt is not None:
        give(session.settings, receipt, dry_run=writing.dry_run)
    return receipt


def _entry(carrying: Carrying, said: Said, n: int) -> int:
    if before := _before(carrying):
        return _code(before)
    with carrying.session.store.reading() as reader:
        line = correctable_line(reader, carrying.agreement, n)
    if line.kind == TRANSITION:
        if said.void or said.pairs or said.file:
            message = f"line {n} is {line.words}: it is taken back, with --entry alone."
            raise click.UsageError(message)
        return _take_back(carrying, line)
    if said.acting.effective is not None:
        message = "--effective is the day of a decision, and this has none; a record has on=DATE."
        raise click.UsageError(message)
    restating = Restating(carrying, line)
    if said.void:
        return _code(restating.retract())
    if line.record is not None:
        return _code(restating.record(line.record, said.pairs, said.file))
    if said.pairs:
        message = f"line {n} is {line.words}: give the whole sheet with --file, or leave it out."
        raise click.UsageError(message)
    return _code(restating.sheet(said.file))


def _take_back(carrying: Carrying, line: Line) -> int:
    question = (
        f"Take back line {line.n} of {carrying.agreement.ref}, {line.words}? It stands again where"
        " it stood before; what was written since stays."
    )
    if not _agreed(carrying, question, "taking a transition back asks first"):
        return REFUSED
    receipt = carrying.out(
        CORRECT,
        lambda unit, order, ref: take_back(unit, order, ref, line.n),
        Telling(
            ("--entry", str(line.n)),
            lambda receipt: f"Line {line.n} is taken back: it is in {receipt.to} again.\n",
        ),
    )
    return _code(receipt)


def _void(carrying: Carrying, other: str | None) -> int:
    ref, standing = carrying.agreement.ref, carrying.agreement.standing
    same_as = named(carrying.session, other).ref if other is not None else None
    of = f" as a duplicate of {same_as}" if same_as else ""
    question = (
        f"Void {ref} ({standing.title}, in {standing.state}){of}? It counts for nothing any more,"
        " and nothing is done with it again."
    )
    if not _agreed(carrying, question, "voiding asks first"):
        return REFUSED
    receipt = carrying.out(
        VOID,
        lambda unit, order, ref: void(unit, order, ref, same_as),
        Telling(
            ("--same-as", str(same_as)) if same_as else (),
            lambda _receipt: "It counts for nothing any more; what it was stays on the log.\n",
        ),
    )
    return _code(receipt)


def _agreed(carrying: Carrying, question: str, what: str) -> bool:
    writing = carrying.writing
    otherwise = f"{what}, and nobody can answer here: say --yes to do it."
    if confirmed(question, yes=writing.yes or writing.dry_run, otherwise=otherwise):
        return True
    talk("Nothing was changed.\n")
    return False


def _code(receipt: Receipt | None) -> int:
    return REFUSED if receipt is not None and receipt.refused else 0
