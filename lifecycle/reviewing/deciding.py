"""Carries out what a review decides on one agreement: keep it, reclassify it, or sunset it (R48).

Each decision is made of use cases that there are, in one transaction, so that it is done as a whole
or refused as a whole:

* keep: a new day for the next review where one is set, or where there is no term; then the
  decision itself: reinstated where it is in evaluation, else a record of kind `review`;
* reclassify: its new type, then the day of its next review where one is set;
* sunset: terminated first where it is in force, then sunset, on the same ground.

What is refused on the way takes back what came before it, and is written down as it was judged.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from guards.policy import Policy
from lifecycle.advance import Attempt, act_on, advance, day_of_act, refusal, transition
from lifecycle.authority import authorise
from lifecycle.compose import written
from lifecycle.drafting import apply
from lifecycle.matter import locked, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Ledger, Unit
from lifecycle.reclassifying import next_review, reclassify
from lifecycle.refusing import refuse_as_judged
from lifecycle.sheets import record
from states.deeds import RECLASSIFY, RESCHEDULE, REVIEW, Deed, pulling
from states.records import Record
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import RUNNING, Outcome, State, Trigger


class Choice(StrEnum):
    """What becomes of an agreement in a review (R48)."""

    KEEP = "keep"
    RECLASSIFY = "reclassify"
    SUNSET = "sunset"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: for `reclassify` the type, and the day of the next review where one is set.

    Its ground, its reason and who decided are the order's.
    """

    choice: Choice
    type: str | None = None
    next_review: date | None = None


class Step(StrEnum):
    """A use case that a decision may be made of; its name ends the idempotency key of its line."""

    SCHEDULE = "review-day"
    RECORD = "review"
    REINSTATE = "reinstate"
    RECLASSIFY = "reclassify"
    TERMINATE = "terminate"
    SUNSET = "sunset"


_DEEDS = {
    Step.SCHEDULE: RESCHEDULE,
    Step.RECORD: REVIEW,
    Step.REINSTATE: pulling(Trigger.REINSTATE),
    Step.RECLASSIFY: RECLASSIFY,
    Step.TERMINATE: pulling(Trigger.TERMINATE),
    Step.SUNSET: pulling(Trigger.SUNSET),
}

Carry = Callable[[Unit, Order, Ref, Decision], Receipt]


def under_review(standing: Standing) -> bool:
    """Whether a review comes to an agreement: to all that was signed and has not ended."""
    in_force = standing.state in _REVIEWED and standing.signed_term is not None
    return in_force and not standing.voided


_REVIEWED = RUNNING | {State.EVALUATION, State.RENEWAL, State.NEGOTIATION}


class _RefusedError(Exception):
    """A later step was refused: what came before it is taken back."""

    def __init__(self, deed: Deed, receipt: Receipt) -> None:
        super().__init__()
        self.deed, self.receipt = deed, receipt


def decide(ledger: Ledger, order: Order, ref: Ref, decision: Decision) -> tuple[Receipt, ...]:
    """Carry out a decision; returns the receipt of each step, or of the one that was refused.

    Raises UnknownRefError and InvalidInputError as the use cases do, with nothing done.
    """
    try:
        with ledger.unit() as unit:
            return tuple(_carried_out(unit, order, ref, decision))
    except _RefusedError as error:
        with ledger.unit() as unit:
            return (refuse_as_judged(unit, order, ref, error.deed, error.receipt),)


def _carried_out(unit: Unit, order: Order, ref: Ref, decision: Decision) -> Iterator[Receipt]:
    # A place under the cap may be taken, and the program is locked before any agreement.
    unit.lock_program()
    standing = locked(unit, order, ref).held
    steps = _known(unit, order) or _steps(standing, decision)
    if _needs_two_resolutions(unit, order, steps):
        yield _refused_at_once(unit, order, ref)
        return
    # Once a step has changed the agreement, it no longer is at the version that was looked at.
    expected = order.expect_version
    for place, step in enumerate(steps):
        key = f"{order.key}/{step}" if order.key else None
        own = replace(order, key=key, expect_version=expected)
        receipt = _STEPS[step](unit, own, ref, decision)
        if receipt.refused and place:
            raise _RefusedError(_DEEDS[step], receipt)
        yield receipt
        if receipt.refused:
            return
        expected = None if receipt.outcome is Outcome.OK else expected


def _known(unit: Unit, order: Order) -> Sequence[Step]:
    """Return the steps that were carried out under this order's key before."""
    if order.key is None:
        return ()
    return [step for step in Step if unit.line_by_key(f"{order.key}/{step}") is not None]


def _steps(standing: Standing, decision: Decision) -> Sequence[Step]:
    """Return what a decision is made of, from where an agreement stands."""
    match decision.choice:
        case Choice.KEEP:
            last = Step.REINSTATE if standing.state is State.EVALUATION else Step.RECORD
            open_ended = standing.term_end is None and standing.state is not State.NEGOTIATION
            sets = decision.next_review is not None or open_ended
            return (Step.SCHEDULE, last) if sets else (last,)
        case Choice.RECLASSIFY:
            sets = decision.next_review is not None
            return (Step.RECLASSIFY, Step.SCHEDULE) if sets else (Step.RECLASSIFY,)
        case _:
            runs = standing.state in RUNNING
            return (Step.TERMINATE, Step.SUNSET) if runs else (Step.SUNSET,)


def _needs_two_resolutions(unit: Unit, order: Order, steps: Sequence[Step]) -> bool:
    """Whether a body decided that has its resolution attached anew for each of two transitions."""
    body = _policy(unit, order).body(order.on_behalf_of)
    return body is not None and body.resolution and Step.TERMINATE in steps


def _refused_at_once(unit: Unit, order: Order, ref: Ref) -> Receipt:
    matter = locked(unit, order, ref)
    authority = authorise(matter, pulling(Trigger.TERMINATE))
    attempt = Attempt(act_on(order, Trigger.TERMINATE, day_of_act(matter), authority), authority)
    verdict = refusal(
        "two_resolutions",
        f"{order.on_behalf_of} has its resolution attached to each of the two steps.",
        "take them one by one: lifecycle advance REF terminate --attach FILE, then sunset",
        "a body's decision is shown by its resolution (R57)",
    )
    return written(matter, transition(matter, attempt, verdict))


def _schedule(unit: Unit, order: Order, ref: Ref, decision: Decision) -> Receipt:
    standing = locked(unit, order, ref).held
    policy, today = _policy(unit, order), today_of(unit, order)
    day = decision.next_review or next_review(policy, standing.type, today)
    document = replace(unit.document(standing), review=day)
    # A review's ground is the decision's; of its day, the reason is enough.
    return apply(unit, replace(order, ground=None, effective_on=None), ref, document)


def _record(unit: Unit, order: Order, ref: Ref, _decision: Decision) -> Receipt:
    on = order.effective_on or today_of(unit, order)
    fact = Record("review", on, text=order.reason or "")
    return record(unit, replace(order, ground=None), ref, fact)


def _reclassify(unit: Unit, order: Order, ref: Ref, decision: Decision) -> Receipt:
    return reclassify(unit, order, ref, decision.type or "")


def _pulls(trigger: Trigger) -> Carry:
    def pull(unit: Unit, order: Order, ref: Ref, _decision: Decision) -> Receipt:
        return advance(unit, order, ref, trigger)

    return pull


_STEPS: Mapping[Step, Carry] = {
    Step.SCHEDULE: _schedule,
    Step.RECORD: _record,
    Step.REINSTATE: _pulls(Trigger.REINSTATE),
    Step.RECLASSIFY: _reclassify,
    Step.TERMINATE: _pulls(Trigger.TERMINATE),
    Step.SUNSET: _pulls(Trigger.SUNSET),
}


def _policy(unit: Unit, order: Order) -> Policy:
    return unit.policy(unit.policy_in_force(today_of(unit, order)))
