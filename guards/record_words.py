"""Holds a record against what its kind asks for and what the agreement has, as it comes in."""

from collections.abc import Iterator, Mapping

from states.agreement import Agreement
from states.problem import InvalidInputError, Problem
from states.records import KINDS, OUTCOMES, Record

DIRECTIONS = ("sent", "received")
_YEARS = range(1900, 3000)


def check_record(record: Record, agreement: Agreement, file: str | None = None) -> None:
    """Refuse a record that lacks a key of its kind, or names what the agreement doesn't have."""
    problems = tuple(_problems(record, agreement, file))
    if problems:
        raise InvalidInputError(problems)


def _problems(record: Record, agreement: Agreement, file: str | None) -> Iterator[Problem]:
    if record.kind not in KINDS:
        message = f"{record.kind!r} is not a kind of record"
        yield Problem("not_allowed", message, file, None, "kind", tuple(KINDS))
        return
    for key in KINDS[record.kind]:
        if getattr(record, key) in {None, ""}:
            message = f"a record of kind {record.kind} states {key}"
            yield Problem("missing_key", message, file, None, key, KINDS[record.kind])
    for key, known in _known(record, agreement).items():
        word = getattr(record, key)
        if word is not None and word not in known:
            message = f"{word!r} is not one of these words"
            yield Problem("not_allowed", message, file, None, key, known)
    if record.year is not None and record.year not in _YEARS:
        yield Problem("out_of_range", f"{record.year} is not a year", file, None, "year")


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
    return known
