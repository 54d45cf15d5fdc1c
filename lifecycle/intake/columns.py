"""Which column of a table says what of an agreement, by its heading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lifecycle.intake.words import short
from states.problem import InvalidInputError, Problem

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "partner": ("partner", "city"),
    "country": ("country",),
    "type": ("type",),
    "title": ("title",),
    "signed": ("signed", "date_signed", "year_signed"),
    "status": ("status", "status_2018"),
    "term_start": ("term_start",),
    "term_end": ("term_end",),
    "review": ("review",),
    "owner": ("owner",),
    "source": ("source",),
    "note": ("note",),
}
"""What a table may say of an agreement, and the headings under which it is found."""

REQUIRED = ("partner", "country", "type", "signed", "status")
"""What every table needs a column for; the rest may be left out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number, the heading being row 1, and its cells."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each of `COLUMNS` stands, and the headings that say nothing to us."""

    places: Mapping[str, tuple[tuple[str, int], ...]]
    width: int
    unused: tuple[str, ...]

    def of(self, row: Row, name: str) -> Iterator[tuple[str, str]]:
        """Yield the heading and the text of each cell that says `name` and is not blank."""
        for heading, place in self.places.get(name, ()):
            text = row.cells[place].strip() if place < len(row.cells) else ""
            if text:
                yield heading, text

    def text(self, row: Row, name: str) -> str:
        """Return what the row says of `name`; blank where it says nothing."""
        return next((text for _heading, text in self.of(row, name)), "")

    def heading(self, name: str) -> str:
        """Return the heading under which `name` stands."""
        return next((heading for heading, _place in self.places.get(name, ())), name)


def columns_of(header: Sequence[str]) -> Columns:
    """Return where each column stands; raises InvalidInputError for missing and repeated ones."""
    headings = ["_".join(cell.casefold().split()) for cell in header]
    places = {
        name: tuple((word, headings.index(word)) for word in words if word in headings)
        for name, words in COLUMNS.items()
    }
    known = {word for words in COLUMNS.values() for word in words}
    problems = [
        Problem("repeated", f"two columns are called {word}", line=1, key=word)
        for word in sorted(known)
        if headings.count(word) > 1
    ]
    found = f"the columns found: {short(', '.join(filter(None, headings)))}"
    problems += [
        Problem("missing_column", f"no column says the {name}", None, 1, name, COLUMNS[name], found)
        for name in REQUIRED
        if not places[name]
    ]
    if problems:
        raise InvalidInputError(problems)
    unused = tuple(word for word in headings if word and word not in known)
    return Columns({k: v for k, v in places.items() if v}, len(headings), unused)
