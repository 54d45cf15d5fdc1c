"""Puts sheets and records beside an agreement: scores, evaluations, dated facts.

They move neither state nor version; each is a line of its own that cites what stands beside it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from guards.conditions import Verdict
from guards.policy import Policy
from guards.record_words import check_record
from guards.words import check_evaluation, check_scores
from lifecycle.advance import barred, refusal
from lifecycle.authority import Authority, authorise
from lifecycle.choosing.prioritising import Placing, placing
from lifecycle.compose import Draft, refused, repeated, written
from lifecycle.matter import Matter, locked
from lifecycle.order import Order, Receipt
from lifecycle.people import second_person
from lifecycle.ports import Beside, Unit
from states.agreement import Agreement
from states.codec import encode
from states.deeds import DEFER, EVALUATE, RECORD, REVIEW, SCORE, Deed
from states.problem import InvalidInputError, Problem
from states.records import PRIORITY, Evaluation, Record, ScoreSheet
from states.ref import Ref
from states.vocabulary import FINAL, State

_OPEN = frozenset(State) - FINAL
_DECIDED = frozenset({State.DECISION, State.NEGOTIATION, State.EVALUATION, State.RENEWAL})
_REVIEWED = frozenset({State.SIGNED, State.ACTIVE, State.RENEWAL, State.NEGOTIATION})
_OF_KIND = {"deferral": (DEFER, _DECIDED), "review": (REVIEW, _REVIEWED)}
"""Whose deed a record of a kind is, and in which states, where it is not anybody's at any time."""


@dataclass(frozen=True, slots=True)
class _Note:
    """What is put beside the agreement, and in which states that may be done."""

    deed: Deed
    sheet: Any
    kind: str
    states: frozenset[State]
    check: Callable[[Agreement, Policy], None]
    year: int | None = None
    due: date | None = None


def score(
    unit: Unit, order: Order, ref: Ref, sheet: ScoreSheet, *, file: str | None = None
) -> Receipt:
    """Score a proposal on the policy's present criteria (R7), and answer the factors (R9)."""
    states = frozenset({State.PROPOSAL, State.DECISION})

    def check(_agreement: Agreement, policy: Policy) -> None:
        check_scores(sheet, policy, file)

    return _put(unit, order, ref, _Note(SCORE, sheet, "scores", states, check))


def evaluate(
    unit: Unit, order: Order, ref: Ref, sheet: Evaluation, *, file: str | None = None
) -> Receipt:
    """Evaluate the signed term of an agreement: its outcome, its projects, its value (R42)."""
    states = frozenset({State.ACTIVE, State.EVALUATION, State.RENEWAL})

    def check(agreement: Agreement, _policy: Policy) -> None:
        check_evaluation(sheet, agreement, file)

    return _put(unit, order, ref, _Note(EVALUATE, sheet, "evaluation", states, check))


def record(unit: Unit, order: Order, ref: Ref, fact: Record, *, file: str | None = None) -> Receipt:
    """Record one dated fact about an agreement (R37 to R39, R45).

    A deferral is a decider's: the decision that is owed is put off to its `until`, no further than
    the policy lets it (R57). So is a review: what was signed is kept as it is (R48). Of priority
    partnerships there are as many a year as the policy says (R13).
    """
    if fact.kind == PRIORITY:
        unit.lock_program()
    return _put(unit, order, ref, _of(fact, order, file))


def recorded(matter: Matter, fact: Record, agreement: Agreement) -> Draft:
    """Return the draft that records a fact of an agreement whose document is at hand."""
    return _draft(matter, _of(fact, matter.order), agreement)


def _of(fact: Record, order: Order, file: str | None = None) -> _Note:
    defers = fact.kind == "deferral"
    deed, states = _OF_KIND.get(fact.kind, (RECORD, _OPEN))
    return _Note(
        deed,
        fact,
        f"record.{fact.kind}",
        states,
        lambda agreement, policy: check_fact(fact, agreement, policy, order, file),
        fact.year,
        fact.until if defers else None,
    )


def check_fact(  # noqa: PLR0913, PLR0917 - what a fact is held against
    fact: Record,
    agreement: Agreement,
    policy: Policy,
    order: Order,
    file: str | None,
    wrong: Record | None = None,
) -> None:
    """Hold a fact against its kind, the agreement and the calendar; raises InvalidInputError.

    `wrong` is the one that it corrects.
    """
    check_record(fact, agreement, file, wrong)
    today = order.today(policy.program.time_zone)
    problems = []
    if fact.on > today:
        message = f"{fact.on} is in the future; a record says what has happened"
        problems.append(Problem("future", message, file, None, "on"))
    if fact.kind == "deferral":
        problems += put_off_too_far(fact.until or today, policy, today, file)
    if problems:
        raise InvalidInputError(problems)


def put_off_too_far(
    until: date, policy: Policy, today: date, file: str | None = None
) -> Iterator[Problem]:
    """Yield why a decision is not put off to a day: the policy lets it no further (R57)."""
    latest = today + timedelta(days=policy.deferral_days)
    if not today < until <= latest:
        message = f"a decision is put off to a day after {today} and no later than {latest}"
        yield Problem("out_of_range", message, file, None, "until")


def _put(unit: Unit, order: Order, ref: Ref, note: _Note) -> Receipt:
    if before := repeated(unit, order, note.deed.event, ref):
        return before
    matter = locked(unit, order, ref)
    return written(matter, _draft(matter, note, unit.document(matter.held)))


def _draft(matter: Matter, note: _Note, agreement: Agreement) -> Draft:
    note.check(agreement, matter.policy)
    placed = _placing(matter, note)
    authority = placed.authority
    if verdicts := authority.refusal or _objections(matter, note, authority) or placed.refusal:
        return refused(matter, authority, verdicts)
    body = encode(stamped(note.sheet, matter.policy))
    return Draft(
        event=note.deed.event,
        effective_on=matter.today,
        authority=authority,
        verdicts=placed.verdicts,
        content=Beside("content", matter.unit.salt(), body, note.kind, note.year),
        due=note.due,
    )


def _placing(matter: Matter, note: _Note) -> Placing:
    if note.kind == f"record.{PRIORITY}" and note.year is not None:
        return placing(matter, note.year)
    return Placing(authorise(matter, note.deed), ())


def stamped(sheet: Any, policy: Policy) -> Any:  # noqa: ANN401 - any of the three sheets
    """Return a sheet with what the policy adds to it: the version that scores were given on."""
    if isinstance(sheet, ScoreSheet):
        return replace(sheet, criteria=policy.criteria.version)
    return sheet


def _objections(matter: Matter, note: _Note, authority: Authority) -> tuple[Verdict, ...]:
    if bars := barred(matter):
        return bars
    if matter.held.state in note.states:
        return second_person(matter, authority) if note.deed is REVIEW else ()
    states = " or ".join(sorted(note.states))
    return refusal(
        "not_in_this_state",
        f"It is in {matter.held.state}; this is done in {states}.",
        "see where it stands: lifecycle show REF",
        "scores precede a decision, an evaluation follows a signed term",
    ).verdicts
