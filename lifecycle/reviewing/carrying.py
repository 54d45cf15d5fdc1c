"""Carries out what one row or answer of a review wants, and keeps what became of it."""

from dataclasses import dataclass, replace

from lifecycle.order import Order, Receipt
from lifecycle.ports import Ledger
from lifecycle.reviewing.deciding import decide
from lifecycle.reviewing.sheet import Wanted
from states.problem import InvalidInputError, Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one decision: its receipts, or the problems for which it was not tried."""

    wanted: Wanted
    receipts: tuple[Receipt, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether nothing of it was done."""
        return bool(self.problems) or any(receipt.refused for receipt in self.receipts)

    @property
    def repeated(self) -> bool:
        """Whether it had been carried out before."""
        return bool(self.receipts) and all(receipt.repeated for receipt in self.receipts)


def carry_out(ledger: Ledger, order: Order, wanted: Wanted) -> Outcome:
    """Carry out a decision as a whole; what can't be tried changes nothing, and says why.

    Raises UnknownRefError.
    """
    try:
        return Outcome(wanted, decide(ledger, order, wanted.ref, wanted.decision))
    except InvalidInputError as error:
        return Outcome(wanted, problems=tuple(_told(wanted, one) for one in error.problems))


def _told(wanted: Wanted, problem: Problem) -> Problem:
    """Return a problem in words for who never chose a key: a row's key is the row's own."""
    if problem.code != "key_reused":
        return problem
    message = "somebody else has carried this row out already"
    return replace(problem, message=message, hint=f"lifecycle log {wanted.ref} shows who, and when")
