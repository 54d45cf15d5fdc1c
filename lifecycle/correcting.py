"""Corrects a record or a sheet by a compensating entry: the wrong one stays, and counts no more.

A record is staff's, and so is its correction. Scores and an evaluation are what a decision stands
on: a corrected one answers to somebody else's approval of exactly it.
"""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from guards.conditions import Verdict
from guards.words import check_evaluation, check_scores
from lifecycle.advance import barred
from lifecycle.authority import Authority, authorise
from lifecycle.compose import Draft, refused, repeated, written
from lifecycle.labels import correction as labelled
from lifecycle.matter import Matter, locked
from lifecycle.order import Order, Receipt
from lifecycle.people import second_person
from lifecycle.ports import Beside, Unit
from lifecycle.sheets import check_fact, stamped
from lifecycle.subjects import of_sheet
from states.codec import decode
from states.deeds import CORRECT, MEND
from states.problem import InvalidInputError, Problem
from states.records import (
    DECIDED_KINDS,
    PRIORITY,
    PUBLISHED,
    RETRACTED,
    Evaluation,
    Record,
    ScoreSheet,
)
from states.ref import Ref
from states.vocabulary import Event

T = TypeVar("T")
Sheet = ScoreSheet | Evaluation
_KINDS = {"scores": ScoreSheet, "evaluation": Evaluation}


@dataclass(frozen=True, slots=True)
class _Correction:
    """What takes the place of what stood beside a line."""

    kind: str
    says: object
    year: int | None
    corrects: int


@dataclass(frozen=True, slots=True)
class Instead(Generic[T]):
    """What is to stand in the place of what line `entry` brought, and the file that says it."""

    entry: int
    content: T
    file: str | None = None


def correct_record(unit: Unit, order: Order, ref: Ref, instead: Instead[Record | None]) -> Receipt:
    """Put another record in the place of the one of a line, or none: then it is retracted.

    Raises InvalidInputError where the line has no record, or one that was corrected already.
    """
    n, fact, file = instead.entry, instead.content, instead.file
    if before := repeated(unit, order, Event.CORRECTED, ref):
        return before
    matter = locked(unit, order, ref)
    wrong = _record_of(matter, n)
    if decided := DECIDED_KINDS & {wrong.kind, fact.kind if fact else None}:
        kind = min(decided)
        message = f"line {n} can't be corrected: a {kind} is a decider's act, and stands"
        hint = f"let a decider decide, or record another one: lifecycle record REF {kind}"
        raise InvalidInputError([Problem(kind, message, file, None, "entry", (), hint)])
    if fact is not None and PUBLISHED in {wrong.kind, fact.kind}:
        message = f"line {n} can't be said anew: a publication is noted by publishing alone"
        hint = "retract it with --void, then: lifecycle publish DIR --record URL"
        raise InvalidInputError([Problem(PUBLISHED, message, file, None, "entry", (), hint)])
    authority = authorise(matter, MEND)
    if fact is None:
        kind, right = RETRACTED, replace(wrong, text=order.reason or wrong.text)
    else:
        kind, right = f"record.{fact.kind}", fact
        check_fact(right, unit.document(matter.held), matter.policy, order, file, wrong)
        if fact.kind != wrong.kind:
            message = f"line {n} is a record of kind {wrong.kind}, and so is its correction"
            hint = "retract it with --void, then record what is right"
            raise InvalidInputError([Problem("other_kind", message, file, None, "kind", (), hint)])
        _keeps_its_year(matter, wrong, fact, n)
    year = None if fact is None else right.year
    return _put(matter, authority, (), _Correction(kind, right, year, n))


def correct_sheet(unit: Unit, order: Order, ref: Ref, instead: Instead[Sheet]) -> Receipt:
    """Put another sheet in the place of the present one, which the line brought.

    Raises InvalidInputError where the line did not bring the sheet that counts now.
    """
    n, sheet, file = instead.entry, instead.content, instead.file
    if before := repeated(unit, order, Event.CORRECTED, ref):
        return before
    matter = locked(unit, order, ref)
    kind = _sheet_kind(matter, n)
    if not isinstance(sheet, _KINDS[kind]):
        message = f"line {n} brought {kind}, and this is another sheet"
        raise InvalidInputError([Problem("other_kind", message, file, None, "entry")])
    if isinstance(sheet, ScoreSheet):
        check_scores(sheet, matter.policy, file)
    else:
        check_evaluation(sheet, unit.document(matter.held), file)
    right = stamped(sheet, matter.policy)
    authority = authorise(matter, CORRECT, of_sheet(n, sheet))
    people = second_person(matter, authority)
    return _put(matter, authority, people, _Correction(kind, right, None, n))


def sheet_kind(unit: Unit, ref: Ref, n: int) -> str | None:
    """Return what stands beside a line: `scores`, `evaluation`, `record.KIND`, or None."""
    parts = unit.beside(ref.key, n)
    return next((part.kind for part in parts if part.part == "content"), None)


def _record_of(matter: Matter, n: int) -> Record:
    parts = matter.unit.beside(matter.held.key, n)
    found = next((p for p in parts if (p.kind or "").startswith("record.")), None)
    replaced = any(n == other for other in matter.unit.corrected(matter.held.key))
    if found is None or found.kind == RETRACTED or replaced:
        message = f"line {n} of {matter.ref} has no record that counts"
        hint = "lifecycle show REF --records lists them with their lines"
        raise InvalidInputError([Problem("no_record", message, key="entry", hint=hint)])
    return decode(Record, found.body)


def _keeps_its_year(matter: Matter, wrong: Record, fact: Record, n: int) -> None:
    """Refuse to move a priority into another year, whose places were not asked for (R13)."""
    limited = matter.policy.priority_partnerships_per_year is not None
    if fact.kind == PRIORITY and limited and fact.year != wrong.year:
        message = f"line {n} gives priority in {wrong.year}, and so does its correction"
        hint = f"retract it with --void, then record it for {fact.year}, if there is a place"
        raise InvalidInputError([Problem("other_year", message, None, None, "year", (), hint)])


def _sheet_kind(matter: Matter, n: int) -> str:
    standing = matter.held
    present = {standing.score_n: "scores", standing.evaluation_n: "evaluation"}
    if n not in present:
        message = f"line {n} of {matter.ref} did not bring the scores or evaluation of today"
        hint = "lifecycle log REF shows which line did"
        raise InvalidInputError([Problem("no_sheet", message, key="entry", hint=hint)])
    return present[n]


def _put(
    matter: Matter, authority: Authority, people: tuple[Verdict, ...], put: _Correction
) -> Receipt:
    if verdicts := barred(matter) or authority.refusal or people:
        return written(matter, refused(matter, authority, verdicts))
    content = Beside(
        "content",
        matter.unit.salt(),
        labelled(put.says, put.kind, put.corrects),
        put.kind,
        put.year,
        put.corrects,
    )
    draft = Draft(
        event=Event.CORRECTED, effective_on=matter.today, authority=authority, content=content
    )
    return written(matter, draft)
