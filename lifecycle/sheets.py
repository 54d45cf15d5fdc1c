"""Puts sheets and records beside an agreement: scores, evaluations, dated facts.

They move neither state nor version; each is a line of its own that cites what stands beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from guards.conditions import Verdict
from guards.policy import Policy
from guards.record_words import check_record
from guards.words import check_evaluation, check_scores
from lifecycle.advance import refusal, version_refusal
from lifecycle.compose import Draft, refused, repeated, written
from lifecycle.matter import Matter, locked
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Unit
from states.agreement import Agreement
from states.codec import encode
from states.problem import InvalidInputError, Problem
from states.records import Evaluation, Record, ScoreSheet
from states.ref import Ref
from states.vocabulary import FINAL, Event, State

_OPEN = frozenset(State) - FINAL


@dataclass(frozen=True, slots=True)
class _Note:
    """What is put beside the agreement, and in which states that may be done."""

    event: Event
    sheet: Any
    kind: str
    states: frozenset[State]
    check: Callable[[Agreement, Policy], None]
    year: int | None = None


def score(
    unit: Unit, order: Order, ref: Ref, sheet: ScoreSheet, *, file: str | None = None
) -> Receipt:
    """Score a proposal on the policy's present criteria (R7), and answer the factors (R9)."""
    states = frozenset({State.PROPOSAL, State.DECISION})

    def check(_agreement: Agreement, policy: Policy) -> None:
        check_scores(sheet, policy, file)

    return _put(unit, order, ref, _Note(Event.SCORED, sheet, "scores", states, check))


def evaluate(
    unit: Unit, order: Order, ref: Ref, sheet: Evaluation, *, file: str | None = None
) -> Receipt:
    """Evaluate the signed term of an agreement: its outcome, its projects, its value (R42)."""
    states = frozenset({State.ACTIVE, State.EVALUATION, State.RENEWAL})

    def check(agreement: Agreement, _policy: Policy) -> None:
        check_evaluation(sheet, agreement, file)

    return _put(unit, order, ref, _Note(Event.EVALUATED, sheet, "evaluation", states, check))


def record(unit: Unit, order: Order, ref: Ref, fact: Record, *, file: str | None = None) -> Receipt:
    """Record one dated fact about an agreement (R37 to R39, R45)."""

    def check(agreement: Agreement, policy: Policy) -> None:
        check_record(fact, agreement, file)
        if fact.on > order.today(policy.program.time_zone):
            message = f"{fact.on} is in the future; a record says what has happened"
            raise InvalidInputError([Problem("future", message, file, None, "on")])

    note = _Note(Event.RECORDED, fact, f"record.{fact.kind}", _OPEN, check, fact.year)
    return _put(unit, order, ref, note)


def _put(unit: Unit, order: Order, ref: Ref, note: _Note) -> Receipt:
    if before := repeated(unit, order, note.event, ref):
        return before
    matter = locked(unit, order, ref)
    note.check(unit.document(matter.held), matter.policy)
    if verdicts := _objections(matter, note):
        return written(matter, refused(matter, verdicts))
    body = encode(_stamped(note.sheet, matter.policy))
    content = Beside("content", unit.salt(), body, note.kind, note.year)
    return written(matter, Draft(event=note.event, effective_on=matter.today, content=content))


def _stamped(sheet: Any, policy: Policy) -> Any:  # noqa: ANN401 - any of the three sheets
    if isinstance(sheet, ScoreSheet):
        return replace(sheet, criteria=policy.criteria.version)
    return sheet


def _objections(matter: Matter, note: _Note) -> tuple[Verdict, ...]:
    if conflict := version_refusal(matter):
        return conflict.verdicts
    if matter.held.state in note.states:
        return ()
    states = " or ".join(sorted(note.states))
    return refusal(
        "not_in_this_state",
        f"It is in {matter.held.state}; this is done in {states}.",
        "see where it stands: lifecycle show REF",
        "scores precede a decision, an evaluation follows a signed term",
    ).verdicts
