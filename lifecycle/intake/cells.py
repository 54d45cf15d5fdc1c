"""Reads the cells of one row: each method returns a value, or None after noting what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from guards.policy import Policy
from lifecycle.intake.columns import Columns, Row
from lifecycle.intake.dates import ISO, UnreadableDateError, read_date
from lifecycle.intake.legend import Legend, explained
from lifecycle.intake.words import Countries, short
from states.agreement import UNKNOWN
from states.calendar import PartialDate
from states.names import plain
from states.problem import Problem
from states.table import ENTRY_STATES
from states.vocabulary import State

_STATES: Mapping[str, State] = MappingProxyType(
    {
        **{state.value: state for state in ENTRY_STATES},
        **dict.fromkeys(("ended", "expired", "terminated"), State.EVALUATION),
    }
)
"""The words for a state that every table may use; what has ended is to be evaluated."""

_STATUSES = ("signed", "active", "ended")


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Words of a column that mean nothing yet, and what they probably mean."""

    field: str
    words: str
    suggestion: str | None = None


class Cells:
    """One row's reading."""

    def __init__(
        self, columns: Columns, row: Row, policy: Policy, countries: Countries, legend: Legend
    ) -> None:
        """Begin with what is wrong with the row as a whole."""
        self.row, self.columns = row, columns
        self.policy, self.countries, self.legend = policy, countries, legend
        self.problems: list[Problem] = []
        self.unexplained: list[Unexplained] = []
        if any(cell.strip() for cell in row.cells[columns.width :]):
            message = f"the row has {len(row.cells)} cells, the heading {columns.width}"
            hint = "put cells with commas in double quotes"
            self.problems.append(Problem("too_many_cells", message, hint=hint))
        for heading, why in columns.faults(row):
            hint = "put the value itself into the cell"
            self.problems.append(Problem("unreadable_cell", why, key=heading, hint=hint))

    def text(self, name: str) -> str:
        """Return what the row says of a field; blank where it says nothing."""
        return self.columns.text(self.row, name)

    def wrong(
        self, code: str, name: str, message: str, hint: str, allowed: tuple[str, ...] = ()
    ) -> None:
        """Note what is wrong with a field."""
        key = self.columns.heading(name)
        if not any(problem.key == key for problem in self.problems):
            self.problems.append(Problem(code, message, None, None, key, allowed, hint))

    def partner(self) -> str:
        """Return the partner's name."""
        text = self.text("partner")
        if not text:
            self.wrong("missing", "partner", "no partner is named", "name the other side")
        return text

    def country(self, name: str) -> str | None:
        """Return the code of a country."""
        text = self.text(name)
        if not text:
            self.wrong("missing", name, "no country is stated", self._named_country())
            return None
        code = self.countries.code(explained(self.legend.countries, text) or text)
        if code is None:
            close = self.countries.close(text)
            hint = f"did you mean {close}?" if close else "its English name, or two letters like CN"
            self.wrong("unknown_country", name, f"{short(text)} is not a known country", hint)
            self.unexplained.append(Unexplained("country", text, close))
        return code

    def _named_country(self) -> str:
        """Return what to do where no country is stated: the partner's cell may name one."""
        before, comma, last = self.text("partner").rpartition(",")
        if comma and self.countries.code(last.strip()):
            return f"put {last.strip()} into this column, and {before.strip()} into the partner's"
        return "state the partner's country"

    def type(self) -> str | None:
        """Return the code of the agreement's type."""
        text, types = self.text("type"), self.policy.types
        known = tuple(types)
        hint = f"one of the policy's types: {', '.join(known)}"
        if not text:
            self.wrong("missing", "type", "no type is stated", hint, known)
            return None
        if code := explained(self.legend.types, text):
            return code
        for code, kind in types.items():
            if plain(text) in {plain(code), plain(kind.title)}:
                return code
        self.wrong("unknown_type", "type", f"the policy has no type {short(text)}", hint, known)
        self.unexplained.append(Unexplained("type", text))
        return None

    def signed(self) -> str | None:
        """Return the date of signing as exactly as the row knows it, or `UNKNOWN`."""
        stated = [(heading, *self._date(heading, text)) for heading, text in self._signings()]
        dates = [(heading, found) for heading, found, read in stated if read]
        if not stated:
            hint = f"a year is enough (1986); if nobody knows it: --set signed={UNKNOWN}"
            self.wrong("missing", "signed", "no date of signing is stated", hint)
        dates.sort(key=lambda one: len(str(one[1] or "")), reverse=True)
        for heading, less in dates[1:]:
            most = dates[0][1]
            if not str(most or "").startswith(str(less or "")):
                message = f"{dates[0][0]} says {most}, and {heading} says {less}"
                hint = "find out which is right, and clear the other one"
                self.problems.append(Problem("contradiction", message, key=heading, hint=hint))
        return str(dates[0][1] or UNKNOWN) if dates else None

    def _signings(self) -> list[tuple[str, str]]:
        """Return the cells that say a date of signing; else what the legend says."""
        constant = self.columns.constants.get("signed", "")
        stated = list(self.columns.of(self.row, "signed"))
        return stated or ([(self.columns.heading("signed"), constant)] if constant else [])

    def _date(self, heading: str, text: str) -> tuple[PartialDate | None, bool]:
        """Return a date, None for an unknown one, and whether it could be read at all."""
        if plain(text) == UNKNOWN:
            return None, True
        try:
            return read_date(text, self.legend.dates), True
        except UnreadableDateError as error:
            message = f"{short(text)} is not a date"
            self.problems.append(Problem("not_a_date", message, key=heading, hint=error.hint))
        return None, False

    def state(self, *, over: bool) -> State | None:
        """Return the state to take over in; what is `over` by its term is to be evaluated."""
        text = self.text("status")
        hint = f"one of {', '.join(_STATUSES)}"
        if over and not text:
            return State.EVALUATION
        if not text:
            self.wrong("missing", "status", "no status is stated", hint, _STATUSES)
            return None
        said = explained(self.legend.states, text)
        found = State(said) if said else _STATES.get(plain(text))
        if found is None:
            message = f"{short(text)} is no state to take over in"
            self.wrong("unknown_status", "status", message, hint, _STATUSES)
            self.unexplained.append(Unexplained("status", text))
        return State.EVALUATION if found and over else found

    def day(self, name: str) -> date | None:
        """Return a day of the calendar."""
        text = self.text(name)
        if not text:
            return None
        try:
            found = read_date(text, self.legend.dates)
        except UnreadableDateError as error:
            hint = error.hint if error.hint != ISO else "a day like 2027-01-01"
        else:
            if found.day is not None:
                return found.earliest()
            hint = "a day like 2027-01-01"
        self.wrong("not_a_day", name, f"{short(text)} is not a day", hint)
        return None

    def term(self) -> dict[str, date] | None:
        """Return the first and the last day of the term."""
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
