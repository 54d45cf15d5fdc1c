"""Between a standing and its row: days as ISO text, names as JSON, words as their enums."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from lifecycle.errors import StoreError
from lifecycle.ports import Beside
from states.agreement import Agreement
from states.codec import encode
from states.roles import Holdings
from states.standing import Approval, Standing, Waiver
from states.terms import TermRow
from states.vocabulary import DueRule, State, Trigger
from store.tables import agreement, beside, term

_FIELDS = tuple(field.name for field in msgspec.structs.fields(Standing))
_DAYS = frozenset(
    {
        "term_start",
        "term_end",
        "review",
        "due",
        "entered_on",
        "acted_on",
        "deferred",
        "opened_on",
    }
)
_NONE = "[]"
_holdings = msgspec.json.Decoder(Holdings).decode
_approvals = msgspec.json.Decoder(tuple[Approval, ...]).decode
_waivers = msgspec.json.Decoder(tuple[Waiver, ...]).decode
_FLAGS = frozenset({"counted", "taken_over", "activated"})

STANDING = tuple(agreement.c[name] for name in _FIELDS)
"""The columns of a standing, in the order of its fields."""

PART = tuple(beside.c[name] for name in ("part", "salt", "body", "kind", "year", "corrects"))
"""The columns of a part that stands beside a line, in the order of its fields."""

TERM = tuple(term.c[name] for name in TermRow.__struct_fields__)
"""The columns of a term, in the order of its fields."""


def part_of(values: Sequence[Any]) -> Beside:
    """Return what a row of `PART` holds."""
    part, salt, body, *label = values
    return Beside(part, salt, body.encode(), *label)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


_DUE_RULES: Mapping[str | None, DueRule | None] = {None: None, **{rule: rule for rule in DueRule}}
_READ: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_DAYS, _day),
    **dict.fromkeys(_FLAGS, bool),
    "state": {state.value: state for state in State}.__getitem__,
    "due_rule": _DUE_RULES.__getitem__,
    "drafters": lru_cache(maxsize=1024)(lambda text: tuple(json.loads(text))),
    "approvals": lambda text: () if text == _NONE else _approvals(text),
    "waivers": lambda text: () if text == _NONE else _waivers(text),
}
_READERS = tuple((index, _READ[name]) for index, name in enumerate(_FIELDS) if name in _READ)


def standing_of(row: Sequence[Any]) -> Standing:
    """Return the standing that a row of `STANDING` (and perhaps more columns) holds."""
    values = list(row[: len(_FIELDS)])
    try:
        for index, read in _READERS:
            values[index] = read(values[index])
    except (KeyError, TypeError, ValueError) as error:
        message = f"the row of the agreement {values[0]} was altered: {error}"
        raise StoreError(message, "damaged", "lifecycle db check says more") from error
    return Standing(*values)


def row_of(standing: Standing) -> dict[str, Any]:
    """Return a standing as the values of its row."""
    return {name: _stored(getattr(standing, name)) for name in _FIELDS}


def changes_of(before: Standing, after: Standing) -> dict[str, Any]:
    """Return the values of a row that differ from where the agreement stood before."""
    old, new = msgspec.structs.astuple(before), msgspec.structs.astuple(after)
    return {
        name: _stored(now)
        for name, was, now in zip(_FIELDS, old, new, strict=True)
        if was is not now and was != now
    }


def _stored(value: Any) -> Any:  # noqa: ANN401 - a field's value, as the driver takes it
    if isinstance(value, date):
        return value.isoformat()
    return encode(value).decode() if isinstance(value, tuple) else value


def projects_of(standing: Standing, agreement: Agreement) -> Iterator[dict[str, Any]]:
    """Yield the rows of an agreement's projects, each in the year in which it starts."""
    for item in agreement.projects:
        begun = item.start or standing.term_start
        yield {"key": standing.key, "project": item.id, "year": begun.year if begun else None}


NOBODY = "[]"
"""What the program's row holds before the first grant."""


@lru_cache(maxsize=16)
def holdings_of(text: str) -> Holdings:
    """Return who holds which role, as the program's row has it; raises StoreError."""
    try:
        return _holdings(text)
    except ValueError as error:
        message = "what the program's row says of roles can't be read"
        raise StoreError(message, "damaged", "lifecycle db check says more") from error


def term_of(row: Sequence[Any]) -> TermRow:
    """Return the term that a row of `TERM` holds; raises StoreError."""
    number, starts, ends, signed_on, activated_on, concluded_on, concluded_by = row
    try:
        return TermRow(
            term=number,
            starts=_day(starts),
            ends=_day(ends),
            signed_on=signed_on,
            activated_on=_day(activated_on),
            concluded_on=_day(concluded_on),
            concluded_by=None if concluded_by is None else Trigger(concluded_by),
        )
    except (TypeError, ValueError) as error:
        message = f"the row of a term {number} was altered: {error}"
        raise StoreError(message, "damaged", "lifecycle db check says more") from error
