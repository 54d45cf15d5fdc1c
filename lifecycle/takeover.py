"""Takes over agreements that were signed before the program went live (R30, R32, R46, R47).

They enter in their real state, flagged for good, with their source. One without a term gets a
review date from the policy, so that none is without a juncture. The cap is not asked: a portfolio
over its cap can be taken over, and says so; only new activations are refused.
"""

from dataclasses import replace
from datetime import date

from guards.policy import Policy
from lifecycle.compose import Draft, repeated, written
from lifecycle.drafting import entered
from lifecycle.matter import Matter, entering
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from states.agreement import UNKNOWN, Agreement
from states.calendar import PartialDate, add_months
from states.deeds import TAKE_OVER
from states.problem import InvalidInputError, Problem
from states.table import ENTRY_STATES
from states.vocabulary import Event, State


def take_over(
    unit: Unit, order: Order, agreement: Agreement, state: State, *, file: str | None = None
) -> Receipt:
    """Enter a signed agreement in its real state; raises InvalidInputError for what can't be."""
    if before := repeated(unit, order, Event.TAKEN_OVER):
        return before
    matter = entering(unit, order)
    return written(matter, taken_over(matter, agreement, state, file))


def taken_over(
    matter: Matter, agreement: Agreement, state: State, file: str | None = None
) -> Draft:
    """Return the draft that enters a signed agreement; raises InvalidInputError for what can't."""
    origin = agreement.taken_over
    if origin is None or state not in ENTRY_STATES:
        message = f"an agreement is taken over with its date of signing, and not in {state}"
        raise InvalidInputError([Problem("not_signed", message, file, None, "state", ENTRY_STATES)])
    if origin.signed != UNKNOWN and _signed(origin.signed, file).earliest() > matter.today:
        message = f"it was signed on {origin.signed}, which is in the future"
        raise InvalidInputError([Problem("future", message, file, None, "signed")])
    whole = _with_juncture(agreement, matter.policy, matter.today, file)
    return entered(matter, TAKE_OVER, state, whole, file)


def _signed(text: str, file: str | None) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise InvalidInputError([Problem("bad_date", str(error), file, None, "signed")]) from error


def _with_juncture(
    agreement: Agreement, policy: Policy, today: date, file: str | None
) -> Agreement:
    if agreement.term is not None:
        return agreement
    if agreement.review is None:
        return replace(agreement, review=add_months(today, policy.takeover_review_months))
    kind = policy.types.get(agreement.type)
    months = (kind.review_months if kind else None) or policy.takeover_review_months
    latest = add_months(today, months)
    if agreement.review > latest:
        message = f"without a term it is reviewed by {latest}, and {agreement.review} is later"
        hint = "state an earlier review date, or none: then the policy's interval sets it"
        raise InvalidInputError(
            [Problem("review_too_late", message, file, None, "review", (), hint)]
        )
    return agreement
