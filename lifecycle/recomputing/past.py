"""A unit of the past: what a transaction would have read at the moment of a line.

It answers what judging asks of a unit, and nothing else: there is nothing here that writes. What
another stream had done by then is known within bounds; `high` says which of them is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

from guards.policy import Limit, Policy
from lifecycle.census import UNITS_OF_MONEY, place_of
from lifecycle.entry import Entry
from lifecycle.errors import StoreError
from lifecycle.ports import Beside, ProgramRow, Unit
from lifecycle.recomputing.archive import Archive
from lifecycle.recomputing.flows import Range
from lifecycle.recomputing.instants import Instants, Window
from lifecycle.recomputing.portfolio import Funds, Movement, Portfolio, Priorities, Starts, Yearly
from lifecycle.recomputing.program import History, Rules
from lifecycle.recomputing.tables import Tables
from lifecycle.replay import Sources, beside_cited
from states.agreement import Agreement
from states.attachment import Attachment
from states.codec import decode
from states.records import PUBLISHED, Record, reported_year
from states.roles import Holdings
from states.standing import Standing
from states.vocabulary import Event, Rule

T = TypeVar("T")


class GoneError(LookupError):
    """What a guard would read was erased since, so that its result can't be held against it."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that was found out about a log before its lines are judged.

    `by` judges every line, in the place of the policy that each names; `portfolio` counts as it
    does.
    """

    archive: Archive
    instants: Instants
    history: History
    portfolio: Portfolio
    tables: Tables
    by: Policy | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream: its lines by n, what they cite, and what they changed in the portfolio."""

    name: str
    sources: Sources
    entries: Mapping[int, Entry]
    movements: Sequence[Movement] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment of a line, and the document that its agreement had before it."""

    known: Known
    stream: Stream
    entry: Entry
    window: Window
    document: Agreement | None = None


class PastUnit:
    """Reads as a unit did at a moment, under rules; `bounded` once it told one of two bounds."""

    def __init__(self, moment: Moment, rules: Rules, *, high: bool = False) -> None:
        """Look back from a moment; `high` tells the most that others can have taken."""
        self.rules, self._moment, self._high = rules, moment, high
        self._portfolio = moment.known.portfolio
        self.bounded = False

    def as_unit(self) -> Unit:
        """Return this as what judging takes; it asks for no more than is here."""
        return cast("Unit", self)

    @property
    def program(self) -> ProgramRow:
        """The program."""
        return self._moment.known.archive.program

    def roles(self) -> Holdings:
        """Return who held which role."""
        return self.rules.holdings

    def policy_in_force(self, day: date) -> str:  # noqa: ARG002 - the latest adopted is in force
        """Return the digest of the policy then in force."""
        return self.rules.in_force or ""

    def policy(self, digest: str) -> Policy:
        """Return the policy of a digest."""
        return self._moment.stream.sources.policy(digest)

    def document(self, standing: Standing) -> Agreement:
        """Return the document as it stood, without its contacts."""
        if self._moment.document is None:
            message = f"{standing.key} had no document then"
            raise StoreError(message, "damaged")
        return self._moment.document

    def counted_others(self, key: int) -> int:  # noqa: ARG002 - a moment is one agreement's
        """Return how many others held a place."""
        digest = self.policy_in_force(date.max)
        return self._one_of(self._portfolio.counted(digest, *self._here))

    def limit_others(self, limit: Limit, standing: Standing, policy: Policy, day: date) -> int:
        """Return how many others a limit counted."""
        year = (standing.term_start or day).year
        place = place_of(limit, standing.country, policy, year)
        return self._one_of(self._portfolio.limited(limit, place, *self._here))

    def projects_of_others(self, key: int, years: Sequence[int]) -> Mapping[int, int]:  # noqa: ARG002
        """Return how many projects of others started in each year."""
        return {year: self._amount(Starts(year)) for year in years}

    def committed_by_others(
        self,
        key: int,  # noqa: ARG002
        currency: str,
        years: Sequence[int],
    ) -> Mapping[int, Decimal]:
        """Return what others committed in each year."""
        sums = {year: self._amount(Funds(currency, year)) for year in years}
        return {year: Decimal(units) / UNITS_OF_MONEY for year, units in sums.items()}

    def priorities_of_others(self, key: int, year: int) -> int:  # noqa: ARG002
        """Return how many others had priority in a year."""
        return self._amount(Priorities(year))

    def sheet(self, cls: type[T], key: int, n: int) -> T:  # noqa: ARG002
        """Return the sheet beside a line; raises GoneError where it is not there any more."""
        content = self.content(n)
        if content is None:
            message = f"the sheet beside line {n} is not there"
            raise GoneError(message)
        return decode(cls, content.body)

    def annual_years(self, key: int) -> frozenset[int]:  # noqa: ARG002
        """Return the years that had an annual report."""
        years = map(reported_year, self._records("record.annual"))
        return frozenset(year for year in years if year is not None)

    def publications_of(self, standings: Sequence[Standing]) -> Mapping[int, Sequence[Record]]:
        """Return the publications that counted."""
        found = self._records(f"record.{PUBLISHED}")
        return {standing.key: found for standing in standings}

    def attachments(self, key: int) -> Sequence[tuple[int, Attachment]]:  # noqa: ARG002
        """Return what was attached by then."""
        contents = [(n, self.content(n)) for n in self._before(_ATTACHED)]
        return [(n, decode(Attachment, c.body)) for n, c in contents if c]

    def notice_given(self, standing: Standing, rule: Rule) -> date | None:  # noqa: ARG002 - lapses
        """Return the day on which the notice of a lapse was given."""
        return self._moment.known.archive.lapse_notice(standing)

    def lines_back(self) -> Iterator[Entry]:
        """Yield the stream's lines before this one, the last one first."""
        n = self._moment.entry.n
        return (self._moment.stream.entries[before] for before in range(n - 1, 0, -1))

    def beside(self, key: int | None, n: int) -> Sequence[Beside]:  # noqa: ARG002
        """Return what stands beside one of the stream's lines."""
        return self._moment.stream.sources.beside(n)

    def content(self, n: int) -> Beside | None:
        """Return the content beside a line, or None where it is not the one that it cites."""
        stream = self._moment.stream
        return beside_cited(stream.entries[n], "content", stream.sources)

    def _records(self, kind: str) -> Sequence[Record]:
        """Return the records of a kind that counted."""
        parts = [(n, part) for n in self._before(_RECORDS) for part in self.beside(None, n)]
        corrected = {part.corrects for _n, part in parts}
        kept = (part for n, part in parts if part.kind == kind and n not in corrected)
        return [decode(Record, part.body) for part in kept]

    @property
    def _here(self) -> tuple[Window, Sequence[Movement]]:
        return self._moment.window, self._moment.stream.movements

    def _amount(self, of: Yearly) -> int:
        return self._one_of(self._portfolio.amount(of, *self._here))

    def _one_of(self, found: Range) -> int:
        self.bounded |= found.low != found.high
        return found.high if self._high else found.low

    def _before(self, events: frozenset[Event]) -> Iterator[int]:
        for n, entry in self._moment.stream.entries.items():
            if n < self._moment.entry.n and entry.event in events:
                yield n


_RECORDS = frozenset({Event.RECORDED, Event.PUBLISHED, Event.CORRECTED})
_ATTACHED = frozenset({Event.ATTACHED})
