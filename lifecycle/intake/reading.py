"""Reads one row of a table as an agreement to be taken over (R30, R47).

The table's header says which column is what; a row becomes an agreement with the state it stands
in, or the list of everything that keeps it from that. Nothing is guessed: what the row does not
say and the record can't do without is a problem like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from guards.policy import Policy
from lifecycle.intake.columns import COLUMNS, Columns, Row
from lifecycle.intake.words import plain, short
from states.agreement import Agreement
from states.calendar import PartialDate
from states.problem import InvalidInputError, Problem
from states.records import Record
from states.schema import read
from states.table import ENTRY_STATES
from states.vocabulary import State

_COLUMN_OF = {
    "parties[0].name": "partner",
    "taken_over.signed": "signed",
    "taken_over.source": "source",
    "term.start": "term_start",
    "term.end": "term_end",
    "text": "note",
}
_LONGEST_TITLE = 300


class Countries(Protocol):
    """The names of countries."""

    def code(self, text: str) -> str | None:
        """Return the two-letter code of a country's name or code, or None for an unknown one."""

    def close(self, text: str) -> str | None:
        """Return the name that comes closest, or None where none does."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agreement that a row states in full; `key` tells the same one again in a later file."""

    row: int
    agreement: Agreement
    state: State
    key: str
    note: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that can't be taken, with everything that is wrong with it; `key` is the heading."""

    row: int
    partner: str | None
    source: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one table, under one policy."""

    file: str
    columns: Columns
    policy: Policy
    countries: Countries
    today: date

    def read(self, row: Row) -> Candidate | Refused:
        """Return the agreement that a row states, or everything that is wrong with it."""
        reading = _Reading(self, row)
        partner, country, kind = reading.partner(), reading.country(), reading.type()
        signed, state = reading.signed(), reading.state()
        origin = reading.text("source") or f"{self.file}, row {row.number}"
        stated: dict[str, Any] = {
            "type": kind or "unknown",
            "title": reading.text("title") or "untitled",
            "owner": reading.text("owner"),
            "review": reading.day("review"),
            "term": reading.term(),
            "parties": [{"side": "partner", "name": partner, "country": country}],
            "taken_over": {"signed": str(signed or ""), "source": origin},
        }
        note = reading.read(
            Record, {"kind": "note", "on": self.today, "text": reading.text("note")}
        )
        agreement = reading.read(Agreement, _without_blanks(stated))
        if reading.problems or state is None or kind is None:
            source = reading.text("source") or None
            return Refused(row.number, partner or None, source, tuple(reading.problems))
        if not reading.text("title"):
            title = f"{self.policy.types[kind].title} with {agreement.partner.name}"
            agreement = replace(agreement, title=title[:_LONGEST_TITLE])
        key = f"taken_over:{country}:{kind}:{signed}:{plain(partner)}"
        return Candidate(row.number, agreement, state, key, note.text)


def refused_by(error: InvalidInputError, row: Row, columns: Columns) -> Refused:
    """Return what a use case said against a row, under the row's own headings."""
    partner, source = columns.text(row, "partner"), columns.text(row, "source")
    problems = tuple(_under_heading(problem, columns) for problem in error.problems)
    return Refused(row.number, partner or None, source or None, problems)


class _Reading:
    """One row's reading: each method returns a value, or None after noting what is wrong."""

    def __init__(self, reader: Reader, row: Row) -> None:
        self.row, self.columns = row, reader.columns
        self.policy, self.countries = reader.policy, reader.countries
        self.problems: list[Problem] = []
        if any(cell.strip() for cell in row.cells[self.columns.width :]):
            message = f"the row has {len(row.cells)} cells, the heading {self.columns.width}"
            self.problems.append(
                Problem("too_many_cells", message, hint="put cells with commas in double quotes")
            )

    def text(self, name: str) -> str:
        return self.columns.text(self.row, name)

    def wrong(
        self, code: str, name: str, message: str, hint: str, allowed: tuple[str, ...] = ()
    ) -> None:
        self.problems.append(
            Problem(code, message, None, None, self.columns.heading(name), allowed, hint)
        )

    def partner(self) -> str:
        text = self.text("partner")
        if not text:
            self.wrong("missing", "partner", "no partner is named", "name the other side")
        return text

    def country(self) -> str | None:
        text = self.text("country")
        code = self.countries.code(text) if text else None
        if not text:
            self.wrong("missing", "country", "no country is stated", "state the partner's country")
        elif code is None:
            close = self.countries.close(text)
            hint = f"did you mean {close}?" if close else "its English name, or two letters like CN"
            self.wrong("unknown_country", "country", f"{short(text)} is not a known country", hint)
        return code

    def type(self) -> str | None:
        text, types = self.text("type"), {code.casefold(): code for code in self.policy.types}
        known = tuple(types.values())
        hint = f"one of the policy's types: {', '.join(known)}"
        if not text:
            self.wrong("missing", "type", "no type is stated", hint, known)
        elif text.casefold() not in types:
            message = f"the policy has no type {short(text)}"
            self.wrong("unknown_type", "type", message, hint, known)
        return types.get(text.casefold())

    def signed(self) -> PartialDate | None:
        dates: list[tuple[str, PartialDate]] = []
        for heading, text in self.columns.of(self.row, "signed"):
            try:
                dates.append((heading, PartialDate.parse(text)))
            except ValueError:
                message = f"{short(text)} is not a date"
                hint = "a year, a month or a day: 1986, 2002-04 or 2013-10-03"
                self.problems.append(Problem("not_a_date", message, key=heading, hint=hint))
        dates.sort(key=lambda found: len(str(found[1])), reverse=True)
        for heading, less in dates[1:]:
            if not str(dates[0][1]).startswith(str(less)):
                message = f"{dates[0][0]} says {dates[0][1]}, and {heading} says {less}"
                hint = "find out which is right, and clear the other one"
                self.problems.append(Problem("contradiction", message, key=heading, hint=hint))
        if not any(self.columns.of(self.row, "signed")):
            hint = "a year is enough: 1986, 2002-04 or 2013-10-03"
            self.wrong("missing", "signed", "no date of signing is stated", hint)
        return dates[0][1] if dates else None

    def state(self) -> State | None:
        text, words = self.text("status").casefold(), tuple(map(str, ENTRY_STATES))
        hint = f"one of {', '.join(words)}; what has ended is not taken over"
        if not text:
            self.wrong("missing", "status", "no status is stated", hint, words)
        elif text not in words:
            message = f"{short(self.text('status'))} is no state to take over in"
            self.wrong("unknown_status", "status", message, hint, words)
        return State(text) if text in words else None

    def day(self, name: str) -> date | None:
        text = self.text(name)
        try:
            return _day(text) if text else None
        except ValueError:
            message = f"{short(text)} is not a day"
            self.wrong("not_a_day", name, message, "a day like 2027-01-01")
        return None

    def term(self) -> dict[str, date] | None:
        start, end = self.day("term_start"), self.day("term_end")
        stated = [name for name in ("term_start", "term_end") if self.text(name)]
        if len(stated) == 1:
            other = "term_end" if stated == ["term_start"] else "term_start"
            message = f"{self.columns.heading(stated[0])} is stated without {other}"
            self.wrong("half_a_term", stated[0], message, "state both, or neither")
        if start is None or end is None:
            return None
        if end < start:
            message = f"the term ends on {end}, before it starts on {start}"
            self.wrong("term_order", "term_end", message, "the last day of the term, included")
        return {"start": start, "end": end}

    def read(self, cls: Any, stated: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as states.schema
        try:
            return read(cls, stated)
        except InvalidInputError as error:
            self.problems += [_under_heading(found, self.columns) for found in error.problems]
        return None


def _under_heading(problem: Problem, columns: Columns) -> Problem:
    name = _COLUMN_OF.get(problem.key or "", problem.key or "")
    heading = columns.heading(name) if name in COLUMNS else None
    message = f"{heading}: {problem.message}" if heading else problem.message
    hint = problem.hint or "correct the cell"
    return replace(problem, message=message, file=None, key=heading, hint=hint)


def _day(text: str) -> date:
    if PartialDate.parse(text).day is None:
        raise ValueError(text)
    return date.fromisoformat(text)


def _without_blanks(stated: dict[str, Any]) -> dict[str, Any]:
    party = {key: value for key, value in stated["parties"][0].items() if value}
    return {key: value for key, value in stated.items() if value} | {"parties": [party]}
