"""What a list is narrowed to, as it was asked for: said to the database, or held against a row.

The two say the same of everything that rows know; a day that has passed is in no row of the
database, so that there each row is asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from store.listing import Filters

Row = Mapping[str, Any]

SORTED_BY = (
    *("ref", "title", "type", "state", "partner", "country", "term_start", "term_end"),
    *("review", "due", "due_rule", "owner", "version"),
)
"""The keys of a row that a list can be sorted by."""

_ALL = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which agreements are asked for, in which order; what is empty or None takes all."""

    states: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    owner: str | None = None
    overdue: bool = False
    due_within: timedelta | None = None
    dormant: bool = False
    taken_over: bool = False
    partner: str | None = None
    division: str | None = None
    missing: str | None = None
    search: str | None = None
    sort: tuple[str, ...] = ()
    limit: int | None = None
    after: str | None = None

    @property
    def deep(self) -> bool:
        """Whether documents have to be read for it."""
        return any((self.partner, self.division, self.missing, self.search))

    def checked(self) -> None:
        """Raise click.UsageError for words that no agreement can have."""
        for state in self.states:
            _check_state(state)
        for word in self.sort:
            if word.removeprefix("-") not in SORTED_BY:
                message = f"no list is sorted by {word!r}; it may be by {', '.join(SORTED_BY)}."
                raise click.UsageError(message)
        if self.after and self.sort:
            message = "--after goes on from a reference, so it can't be sorted otherwise."
            raise click.UsageError(message)

    def filters(self, today: date, most: int | None = None) -> "Filters":
        """Return it as the database takes it; of no more than `most`, where it names no limit."""
        from store.listing import Filters

        return Filters(
            states=self.states,
            types=self.types,
            countries=codes_of(self.countries),
            owner=self.owner,
            due_by=self._due_by(today),
            dormant_on=today.isoformat() if self.dormant else None,
            taken_over=self.taken_over,
            sort=self.sort,
            after=_key(self.after),
            most=_ALL if self.deep else self.limit or most or _ALL,
        )

    def passed(self, rows: Iterable[Row], today: date) -> Iterator[Row]:
        """Yield those of some rows, which are in the order of references, that are asked for.

        Rows are held only where they are asked for in another order.
        """
        due_by, countries = self._due_by(today), codes_of(self.countries)
        owner, after = self.owner.lower() if self.owner else None, _key(self.after)
        found: Iterable[Row] = (
            row
            for row in rows
            if (not self.states or row["state"] in self.states)
            and (not self.types or row["type"] in self.types)
            and (not countries or row["country"] in countries)
            and (owner is None or row["owner"].lower() == owner)
            and (due_by is None or _is_due(row, due_by))
            and (row["taken_over"] or not self.taken_over)
            and _key(row["ref"]) > after
        )
        for word in reversed(self.sort):
            name, down = word.removeprefix("-"), word.startswith("-")
            every = list(found)
            said = [row for row in every if row[name] is not None]
            said.sort(key=lambda row: _sortable(row[name]), reverse=down)
            found = [*said, *(row for row in every if row[name] is None)]
        return islice(found, self.limit)

    def _due_by(self, today: date) -> str | None:
        days = [today - timedelta(days=1)] if self.overdue else []
        days += [today + self.due_within] if self.due_within is not None else []
        return min(days).isoformat() if days else None


def codes_of(countries: Sequence[str]) -> tuple[str, ...]:
    """Return countries, by code or by English name, as codes; raises click.UsageError."""
    return tuple(map(_code, countries))


def _code(text: str) -> str:
    if len(text) == len("CN") and text.isascii() and text.isalpha():
        return text.upper()
    from store.countries import TerritoryNames

    names = TerritoryNames()
    code = names.code(text)
    if code is None:
        close = names.close(text)
        hint = f"did you mean {close}?" if close else "give its English name, or two letters."
        message = f"{text!r} is not a known country; {hint}"
        raise click.UsageError(message)
    return code


def _check_state(state: str) -> None:
    from states.vocabulary import State

    if state not in tuple(State):
        message = f"there is no state {state!r}; there are {', '.join(State)}."
        raise click.UsageError(message)


def _key(ref: str | None) -> int:
    from states.ref import Ref

    if ref is None:
        return -1
    try:
        return Ref.parse(ref).key
    except ValueError as error:
        message = f"{error}."
        raise click.UsageError(message) from error


def _is_due(row: Row, by: str) -> bool:
    return row["due"] is not None and row["due"] <= by and not row["voided"]


def _sortable(value: Any) -> Any:  # noqa: ANN401 - text or a number, as the column has it
    return value.lower() if isinstance(value, str) else value
