"""The rows of the public register's table: what of each agreement is kept until all are walked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cli.publishing.language import Language
from lifecycle.publishing.public_agreement import PublicAgreement
from states.vocabulary import DueRule, State

_STATES = list(State)
_YEAR = 4


class Row(NamedTuple):
    """One agreement in the table."""

    ref: str
    title: str
    type: str
    type_title: str
    partner: str | None
    country: str | None
    state: State
    signed_on: str | None
    next_decision: date | None
    next_rule: DueRule | None

    @property
    def place(self) -> int:
        """Where its state stands on the way, to sort by."""
        return _STATES.index(self.state)

    @property
    def year(self) -> str | None:
        """The year in which it was signed, where that is known."""
        known = self.signed_on and self.signed_on[:_YEAR].isdecimal()
        return self.signed_on[:_YEAR] if self.signed_on and known else None


def row_of(it: PublicAgreement) -> Row:
    """Return an agreement's row."""
    return Row(*(getattr(it, name) for name in Row._fields))


Options = Sequence[tuple[str, str, int]]


def filters_of(rows: Sequence[Row], words: Language) -> Iterator[tuple[str, str, Options]]:
    """Yield each filter: its name, its label, and its values with how many rows have each.

    A filter of which all rows have the same value is left out, since it would show nothing less.
    """
    _ = words.gettext
    types = {row.type: row.type_title for row in rows}
    states = Counter(row.state for row in rows)
    yield from _filter("state", _("State"), [(s, words.word(s), states[s]) for s in _STATES])
    kinds = Counter(row.type for row in rows)
    yield from _filter("type", _("Type"), _by_name((t, types[t], n) for t, n in kinds.items()))
    countries = Counter(row.country for row in rows if row.country)
    named = _by_name((code, words.country(code), n) for code, n in countries.items())
    yield from _filter("country", _("Country"), named)
    years = Counter(row.year for row in rows if row.year)
    newest = sorted(years, reverse=True)
    yield from _filter("year", _("Year of signing"), [(year, year, years[year]) for year in newest])


def _by_name(options: Iterator[tuple[str, str, int]]) -> Options:
    return sorted(options, key=lambda option: option[1].casefold())


def _filter(name: str, label: str, options: Options) -> Iterator[tuple[str, str, Options]]:
    there = [option for option in options if option[2]]
    if len(there) > 1:
        yield name, label, there
