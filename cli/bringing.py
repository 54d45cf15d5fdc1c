"""Carries out an act together with the files that it brings: all of it, or nothing but a refusal.

The files are attached first, in the same transaction, so that an act which asks for a resolution
finds it. Where the act is refused, the transaction is rolled back: nothing is attached, and the
refusal alone is written to the log, with the reasons as they were judged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cli.output.shapes import Shape
from cli.output.streams import talk
from cli.output.text import one_line
from cli.session import Session
from cli.settings import Writing
from lifecycle.attaching import Paper, attach
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.refusing import refuse_as_judged
from states.deeds import ATTACH, Deed
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.vocabulary import Outcome

Act = Callable[[Unit, Order, Ref], Receipt]


@dataclass(frozen=True, slots=True)
class Bringing:
    """An order on an agreement, the deed that it is, and the files that come with it."""

    ref: Ref
    order: Order
    deed: Deed
    papers: Sequence[Paper] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of one file: its receipt; a file that was attached before is unchanged."""

    paper: Paper
    receipt: Receipt

    def shape(self) -> Shape:
        """Return the file as JSON, with the line that attached it."""
        paper = self.paper
        return {
            "n": self.receipt.n,
            "kind": paper.kind,
            "name": paper.name,
            "size": len(paper.body),
            "public": paper.public,
            "outcome": self.receipt.outcome,
        }


class _RefusedError(Exception):
    """The act was refused, or a file was: nothing of it is stored."""

    def __init__(self, deed: Deed, receipt: Receipt) -> None:
        super().__init__()
        self.deed, self.receipt = deed, receipt


def brought(
    session: Session, writing: Writing, bringing: Bringing, act: Act
) -> tuple[Receipt, list[Attached]]:
    """Attach the files and do the act; returns its receipt, and what became of the files.

    Of an act that is refused no file is attached, and none is returned.
    """
    ref, order, papers = bringing.ref, bringing.order, bringing.papers
    with session.ledger(dry_run=writing.dry_run) as ledger:
        try:
            with ledger.unit() as unit:
                if papers:
                    # Attaching locks the agreement; locks are taken in one order, program first.
                    unit.lock_program()
                attached = attach_all(unit, order, ref, papers)
                receipt = act(unit, order, ref)
                _insist(bringing.deed, receipt, attached)
        except _RefusedError as error:
            with ledger.unit() as unit:
                receipt = refuse_as_judged(unit, order, ref, error.deed, error.receipt)
            attached = []
    return receipt, attached


def _insist(deed: Deed, receipt: Receipt, attached: Sequence[Attached]) -> None:
    """Roll everything back where files came with an act and not all of it was done."""
    denied = next((one.receipt for one in attached if one.receipt.refused), None)
    if receipt.refused and attached:
        raise _RefusedError(deed, receipt)
    if denied is not None:
        raise _RefusedError(ATTACH, denied)


def attach_all(
    unit: Unit, order: Order, ref: Ref, papers: Sequence[Paper], *, alone: bool = False
) -> list[Attached]:
    """Attach files to an agreement, each under an idempotency key of its own, up to a refusal.

    `alone` says that one file is all of the order, and has its key. Raises InvalidInputError
    with the problems of all of them.
    """
    # It is the act that a body decided, on some day and ground; a file is only attached.
    plain = replace(order, on_behalf_of=None, item=None, ground=None, effective_on=None)
    attached: list[Attached] = []
    problems: list[Problem] = []
    for place, paper in enumerate(papers, 1):
        own = plain if alone or not order.key else replace(plain, key=f"{order.key}/{place}")
        try:
            attached.append(Attached(paper, attach(unit, own, ref, paper)))
        except InvalidInputError as error:
            problems += error.problems
        if attached and attached[-1].receipt.refused:
            break
    if problems:
        raise InvalidInputError(problems)
    return attached


def tell(bringing: Bringing, receipt: Receipt, attached: Sequence[Attached]) -> None:
    """Say which files were attached, or that none was because the act was refused."""
    names = ", ".join(one_line(paper.name) for paper in bringing.papers)
    if names and receipt.refused:
        talk(f"Not attached, since it was refused: {names}. Give the file again next time.\n")
    for one in attached:
        before = " before" if one.receipt.outcome is Outcome.UNCHANGED else ""
        line = "" if before else f", line {one.receipt.n}"
        talk(f"Attached{before}: {one_line(one.paper.name)} ({one.paper.kind}{line})\n")
