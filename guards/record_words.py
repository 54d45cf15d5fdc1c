"""Holds a record against what its kind asks for and what the agreement has, as it comes in."""

from collections.abc import Iterator, Mapping
from functools import partial

from guards.words import is_currency
from states.agreement import Agreement, Indicator
from states.problem import InvalidInputError, Problem
from states.records import (
    ANNUAL_PARTS,
    KINDS,
    OF_A_PUBLICATION,
    OUTCOMES,
    PUBLISHED,
    Record,
)

DIRECTIONS = ("sent", "received")
_YEARS = range(1900, 3000)
_OF_AN_AMOUNT = ("currency", "source")


def check_record(
    record: Record, agreement: Agreement, file: str | None = None, wrong: Record | None = None
) -> None:
    """Refuse a record that lacks a key of its kind, or names what the agreement doesn't have.

    Where it corrects a `wrong` one, what that named is taken still: it may be of an earlier term.
    """
    problems = tuple(_problems(record, agreement, file, wrong))
    if problems:
        raise InvalidInputError(problems)


def _problems(
    record: Record, agreement: Agreement, file: str | None, wrong: Record | None
) -> Iterator[Problem]:
    if record.kind == PUBLISHED:
        message = "that something was published is noted by publishing, and not by hand"
        hint = "lifecycle publish DIR --record URL"
        yield Problem("not_by_hand", message, file, None, "kind", (), hint)
        return
    if record.kind not in KINDS:
        message = f"{record.kind!r} is not a kind of record"
        yield Problem("not_allowed", message, file, None, "kind", tuple(KINDS))
        return
    for key in OF_A_PUBLICATION:
        if getattr(record, key) is not None:
            message = f"only what publishing notes has {key}"
            yield Problem("not_allowed", message, file, None, key)
    yield from _lacking(record, file)
    for key, known in _known(record, agreement).items():
        word = getattr(record, key)
        if word not in {None, *known, getattr(wrong, key, None)}:
            message = f"{word!r} is not one of these words"
            yield Problem("not_allowed", message, file, None, key, known)
    if record.year is not None and record.year not in _YEARS:
        yield Problem("out_of_range", f"{record.year} is not a year", file, None, "year")
    if record.currency and not is_currency(record.currency):
        message = f'{record.currency!r} is not a currency code like "CAD"'
        yield Problem("not_a_code", message, file, None, "currency")
    if record.kind == "actual":
        yield from _measured(record, agreement, file)


def _lacking(record: Record, file: str | None) -> Iterator[Problem]:
    """Yield the keys that a record of its kind can't do without, and lacks."""
    amount = record.kind == "annual" and record.value is not None
    keys = (*KINDS[record.kind], *(_OF_AN_AMOUNT if amount else ()))
    for key in keys:
        if getattr(record, key) in {None, ""}:
            message = f"a record of kind {record.kind} states {key}"
            yield Problem("missing_key", message, file, None, key, keys)


def _known(record: Record, agreement: Agreement) -> Mapping[str, tuple[str, ...]]:
    known = {
        "direction": DIRECTIONS,
        "project": tuple(project.id or "" for project in agreement.projects),
    }
    if record.kind == "milestone":
        known["item"] = tuple(milestone.id or "" for milestone in agreement.milestones)
    if record.kind == "obligation":
        known["item"] = tuple(obligation.id for obligation in agreement.obligations)
        known["outcome"] = OUTCOMES
    if record.kind == "annual":
        known["item"] = ANNUAL_PARTS
    if record.kind == "actual":
        named = (one.name for project, one in _indicators(record, agreement) if one.name)
        known["item"] = tuple(dict.fromkeys(named))
    return known


def _indicators(record: Record, agreement: Agreement) -> Iterator[tuple[str, Indicator]]:
    """Yield the indicators that an actual may be of, each with its project's id."""
    for project, _objective, indicator in agreement.indicators():
        if record.project in {None, project.id}:
            yield project.id or "", indicator


def _measured(record: Record, agreement: Agreement, file: str | None) -> Iterator[Problem]:
    """Yield why an actual is of no one indicator, or counts something else than that does."""
    problem = partial(Problem, file=file, line=None)
    found = [(id_, one) for id_, one in _indicators(record, agreement) if one.name == record.item]
    projects = tuple(dict.fromkeys(id_ for id_, _one in found))
    if len(projects) > 1:
        message = f"{record.item!r} is an indicator of {len(projects)} projects; say of which"
        yield problem("ambiguous", message, key="project", allowed=projects)
        return
    for unit in sorted({one.unit for _id, one in found if one.unit}):
        if record.unit not in {None, unit}:
            message = f"{record.item} is counted in {unit}, and not in {record.unit}"
            yield problem("other_unit", message, key="unit", allowed=(unit,))
        elif is_currency(unit) and record.currency not in {None, unit}:
            message = f"{record.item} is money in {unit}, and {record.currency} is not added to it"
            yield problem("other_currency", message, key="currency", allowed=(unit,))
