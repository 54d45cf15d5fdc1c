"""Which column of a table says what of an agreement, by its heading and by the legend."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lifecycle.intake.fields import FIELDS, OF_REFUSED
from lifecycle.intake.legend import Legend
from lifecycle.intake.words import headed, short
from states.names import plain
from states.problem import InvalidInputError, Problem

_NO_FAULTS: Mapping[int, str] = {}
_MOST_TOLD = 12
_REMARK = "#"
_SAID = {"signed": "date of signing"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number as spreadsheets count, and its cells.

    `faults` says of cells, by their place, why what they say can't be read.
    """

    number: int
    cells: Sequence[str]
    faults: Mapping[int, str] = field(default_factory=lambda: _NO_FAULTS)

    @property
    def is_remark(self) -> bool:
        """Whether it explains something, as the rows of the template do, and is no agreement.

        An error such as `#REF!` explains nothing.
        """
        begins = bool(self.cells) and self.cells[0].lstrip().startswith(_REMARK)
        return begins and 0 not in self.faults


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each field stands, and the headings that say nothing to us.

    `constants` is what a row says that is silent about a field; `only` the places, headings and
    words (as `states.names.plain` has them) by which rows are meant.
    """

    header: tuple[str, ...]
    places: Mapping[str, tuple[tuple[str, int], ...]]
    unused: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    only: tuple[tuple[int, str, frozenset[str]], ...] = ()

    @property
    def width(self) -> int:
        """How many headings there are."""
        return len(self.header)

    def of(self, row: Row, name: str) -> Iterator[tuple[str, str]]:
        """Yield the heading and the text of each cell that says `name` and is not blank."""
        for heading, place in self.places.get(name, ()):
            text = row.cells[place].strip() if place < len(row.cells) else ""
            if text:
                yield heading, text

    def text(self, row: Row, name: str) -> str:
        """Return what the row says of `name`, else what the legend does; blank without either."""
        for _heading, text in self.of(row, name):
            return text
        return self.constants.get(name, "")

    def faults(self, row: Row) -> Iterator[tuple[str, str]]:
        """Yield the heading of each cell that is used and can't be read, and why."""
        for places in self.places.values():
            for heading, place in places:
                if place in row.faults:
                    yield heading, row.faults[place]

    def heading(self, name: str) -> str:
        """Return the heading under which `name` stands."""
        return next((heading for heading, _place in self.places.get(name, ())), name)

    def said(self, row: Row) -> Iterator[str]:
        """Yield what the row says where rows that are meant say something else."""
        return (row.cells[at] for at, _heading, _wanted in self.only if at < len(row.cells))

    def meant(self, row: Row) -> bool:
        """Whether the row is one of those that are to be taken."""
        return all(
            place < len(row.cells) and plain(row.cells[place]) in wanted
            for place, _heading, wanted in self.only
        )


def columns_of(header: Sequence[str], legend: Legend | None = None, line: int = 1) -> Columns:
    """Return where each column stands; `line` is the row that the headings stand in.

    Raises InvalidInputError with all missing and repeated columns.
    """
    legend = legend or Legend()
    found = _Headings(tuple(cell.strip() for cell in header), line)
    claimed = {headed(heading) for asked in legend.columns.values() for heading in asked}
    places = {
        name: tuple(
            found.those(
                name,
                legend.columns.get(name),
                tuple(word for word in one.headings if word not in claimed),
            )
        )
        for name, one in FIELDS.items()
    }
    places |= {name: tuple(found.those(name, None, (name,))) for name in OF_REFUSED}
    only = [
        (place, heading, wanted)
        for said, wanted in legend.only.items()
        for heading, place in found.those("--only", (said,), ())
    ]
    said = {name for name, known in places.items() if known}
    said |= {*legend.constants, *legend.columns}
    found.insist_on([name for name, one in FIELDS.items() if one.needed and name not in said])
    if found.problems:
        raise InvalidInputError(found.problems)
    used = {place for known in places.values() for _heading, place in known}
    used |= {place for place, _heading, _wanted in only}
    unused = [word for place, word in enumerate(found.header) if word and place not in used]
    stated = {name: known for name, known in places.items() if known}
    return Columns(found.header, stated, tuple(unused), legend.constants, tuple(only))


class _Headings:
    """The headings of a table, and what is wrong with them."""

    def __init__(self, header: tuple[str, ...], line: int) -> None:
        self.header, self.line = header, line
        self.words = [headed(cell) for cell in header]
        self.problems: list[Problem] = []

    def those(
        self, name: str, asked: tuple[str, ...] | None, usual: tuple[str, ...]
    ) -> Iterator[tuple[str, int]]:
        """Yield the headings that say a field, as the table writes them, with their places."""
        for heading in usual if asked is None else asked:
            word = headed(heading)
            count = self.words.count(word)
            if count:
                yield self.header[self.words.index(word)], self.words.index(word)
            if count > 1:
                message = f"two columns are called {word}"
                self.problems.append(Problem("repeated", message, line=self.line, key=word))
            if not count and asked is not None:
                message = f"no column is called {short(heading)}"
                self.wrong("missing_column", message, name, ())

    def insist_on(self, names: Sequence[str]) -> None:
        """Note the fields that no column and no constant says."""
        for name in names:
            said = _SAID.get(name, name)
            message = f"no column says the {said}"
            self.wrong("missing_column", message, name, FIELDS[name].headings)

    def wrong(self, code: str, message: str, name: str, wanted: tuple[str, ...]) -> None:
        known = [word for word in self.header if word]
        told = ", ".join(known[:_MOST_TOLD])
        more = f" and {len(known) - _MOST_TOLD} more" if len(known) > _MOST_TOLD else ""
        way = f"say which one it is: --map {name}=HEADING" if name in FIELDS else None
        found = f"the columns found: {told or 'none'}{more}"
        # What was found is told once, not for each column that was not.
        hint = way if self.problems and way else "; ".join(filter(None, (found, way)))
        self.problems.append(Problem(code, message, None, self.line, name, wanted, hint))
