"""Reads one row of a table as an agreement to be taken over (R30, R47).

The table's header says which column is what; a row becomes an agreement with the state it stands
in, or the list of everything that keeps it from that. Nothing is guessed: what the row does not
say and the record can't do without is a problem like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from guards.policy import Policy
from lifecycle.intake.cells import Cells, Unexplained
from lifecycle.intake.columns import Columns, Row
from lifecycle.intake.fields import FIELDS, NEW, REFUSED_IN, REFUSED_ROW
from lifecycle.intake.homes import is_own, other_home
from lifecycle.intake.legend import Legend
from lifecycle.intake.words import Countries, keyed
from states.agreement import Agreement
from states.names import plain
from states.problem import InvalidInputError, Problem
from states.records import Record
from states.schema import read
from states.vocabulary import State

_COLUMN_OF = {
    "parties[0].name": "partner",
    "parties[0].kind": "kind",
    "parties[1].name": "home",
    "taken_over.signed": "signed",
    "taken_over.source": "source",
    "term.start": "term_start",
    "term.end": "term_end",
    "text": "note",
}
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An agreement that a row states in full, with the partner as the row calls it.

    `home` is the other home side that the row names, with its country; blank where it is the
    program's own. `same_as` is the partner that the row itself says it is.
    """

    row: int
    agreement: Agreement
    state: State
    titled: bool
    note: str
    home: str = ""
    same_as: str = ""

    @property
    def key(self) -> str:
        """The key by which the same agreement is known again in a later file."""
        of = f":of:{self.home}" if self.home else ""
        told = (self.country, self.agreement.type, self.signed, keyed(self.partner))
        return f"taken_over:{':'.join(told)}{of}"

    @property
    def partner(self) -> str:
        """The partner's name."""
        return self.agreement.parties[0].name

    @property
    def country(self) -> str:
        """The code of the partner's country."""
        return self.agreement.parties[0].country or ""

    @property
    def signed(self) -> str:
        """The date of signing as exactly as it is known."""
        return self.agreement.taken_over.signed if self.agreement.taken_over else ""

    def called(self, partner: str, policy: Policy) -> "Candidate":
        """Return the same with the partner's name on record, its own kept as an alias."""
        agreement, own = self.agreement, self.partner
        changed: dict[str, Any] = {}
        if partner != own:
            party, *others = agreement.parties
            changed["aliases"] = tuple(dict.fromkeys((*agreement.aliases, own)))
            changed["parties"] = (replace(party, name=partner), *others)
        if not self.titled:
            title = f"{policy.types[agreement.type].title} with {partner}"
            changed["title"] = title[:_LONGEST_TITLE]
        return replace(self, agreement=replace(agreement, **changed)) if changed else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that can't be taken, with everything that is wrong with it.

    Its problems' `key` is the heading; `unexplained` are the words that an option could explain.
    """

    row: int
    cells: tuple[str, ...]
    partner: str | None
    source: str | None
    problems: tuple[Problem, ...]
    unexplained: tuple[Unexplained, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one table, under one policy."""

    file: str
    columns: Columns
    policy: Policy
    countries: Countries
    today: date
    legend: Legend

    def read(self, row: Row) -> Candidate | Refused:
        """Return the agreement that a row states, or everything that is wrong with it."""
        cells = Cells(self.columns, row, self.policy, self.countries, self.legend)
        partner, country, kind = cells.partner(), cells.country("country"), cells.type()
        signed, term = cells.signed(), cells.term()
        state = cells.state(over=term is not None and term["end"] < self.today)
        home = cells.text("home")
        home_country = cells.country("home_country") if cells.text("home_country") else None
        stated: dict[str, Any] = {
            "type": kind or "unknown",
            "title": cells.text("title") or "untitled",
            "owner": cells.text("owner"),
            "division": cells.text("division"),
            "review": cells.day("review"),
            "aliases": [name for name in map(str.strip, cells.text("aliases").split(";")) if name],
            "term": term,
            "taken_over": {"signed": signed or "", "source": self._origin(cells, row)},
        }
        parties = [{"side": "partner", "name": partner, "country": country}]
        parties[0]["kind"] = cells.text("kind")
        if home:
            parties.append({"side": "home", "name": home, "country": home_country})
        stated["parties"] = [_without_blanks(party) for party in parties]
        agreement = _read(cells, Agreement, _without_blanks(stated))
        note = cells.text("note")
        if note:
            record = _read(cells, Record, {"kind": "note", "on": self.today, "text": note})
            note = record.text if record else ""
        same_as = cells.text("same_as")
        if partner and country and (same_as or self.legend.partners.get(plain(partner))) != NEW:
            self._other_than_home(cells, (partner, country), (home, home_country))
        if cells.problems or state is None:
            return self._refused(cells, row)
        return Candidate(
            row=row.number,
            agreement=agreement,
            state=state,
            titled=bool(cells.text("title")),
            note=note,
            home=other_home(self.policy.program, home, home_country),
            same_as=same_as,
        )

    def refused(self, row: Row, *problems: Problem) -> Refused:
        """Return a row that was read, as refused by what else is wrong with it."""
        told = tuple(_under_heading(problem, self.columns) for problem in problems)
        partner, source = self.columns.text(row, "partner"), self.columns.text(row, "source")
        return Refused(
            row=row.number,
            cells=tuple(row.cells),
            partner=partner or None,
            source=source or None,
            problems=told,
        )

    def _refused(self, cells: Cells, row: Row) -> Refused:
        refused = self.refused(row)
        unexplained = tuple(cells.unexplained)
        return replace(refused, problems=tuple(cells.problems), unexplained=unexplained)

    def _origin(self, cells: Cells, row: Row) -> str:
        """Return where the row is known from: its source, or the table that it first stood in."""
        file, number = cells.text(REFUSED_IN), cells.text(REFUSED_ROW)
        return cells.text("source") or f"{file or self.file}, row {number or row.number}"

    def _other_than_home(
        self, cells: Cells, partner: tuple[str, str], home: tuple[str, str | None]
    ) -> None:
        """Refuse a city as its own partner."""
        name, country = partner
        if not home[0]:
            same = is_own(self.policy.program, name, country)
        else:
            # A country that could not be read is none to compare.
            same = plain(name) == plain(home[0]) and home[1] == (
                country if cells.text("home_country") else None
            )
        if same:
            message = f"{name} is the home side itself"
            hint = f'name the other side; or is this another {name}? --partner "{name}={NEW}"'
            cells.wrong("self_pair", "partner", message, hint)


def _read(cells: Cells, cls: Any, stated: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as schema
    try:
        return read(cls, stated)
    except InvalidInputError as error:
        cells.problems += [_under_heading(found, cells.columns) for found in error.problems]
    return None


def _under_heading(problem: Problem, columns: Columns) -> Problem:
    """Return a problem of a document's key under the heading of the column that says it."""
    name = _COLUMN_OF.get(problem.key or "", (problem.key or "").partition("[")[0])
    if name not in FIELDS:
        return replace(problem, file=None, hint=problem.hint or "correct the cell")
    heading = columns.heading(name)
    hint = problem.hint or "correct the cell"
    if problem.allowed:
        hint = f"one of {', '.join(problem.allowed)}"
    return replace(
        problem, message=f"{heading}: {problem.message}", file=None, key=heading, hint=hint
    )


def _without_blanks(stated: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in stated.items() if value}
