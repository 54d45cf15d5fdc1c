"""What the use cases ask of a store: one transaction, as a Protocol.

Everything read through a unit is read under the locks that it took, and everything written
through it is committed together or not at all. The unit opens with `lock` (or `lock_program`),
is judged outside, and closes with one `write`: lock, judge, write.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

import msgspec

from guards.policy import Limit, Policy
from lifecycle.entry import Entry
from lifecycle.intake.ports import IntakeUnit
from lifecycle.night import Digest, Night, Notice
from lifecycle.publishing.ports import PublishingUnit
from lifecycle.sealing.ports import SealUnit
from lifecycle.watching import Watches
from states.agreement import Agreement
from states.attachment import Attachment
from states.records import Evaluation, Record, ScoreSheet
from states.roles import Holdings
from states.standing import Standing
from states.terms import TermRow
from states.vocabulary import DueRule, Rule
from states.watch import Watch

T = TypeVar("T")


class ProgramRow(msgspec.Struct, frozen=True):
    """The program that a unit works in; `definition` is the transition table's digest."""

    id: int
    code: str
    sandbox: bool
    definition: str


class Beside(msgspec.Struct, frozen=True):
    """Bytes that stand beside a line, under the salted digest that the line cites.

    `part` is `reason` or `content`; `kind` says what the content is (`scores`, `evaluation`,
    `contacts`, `record.activity`, ...), `year` the year that an annual record is for, `corrects`
    the line of the record whose place it takes.
    """

    part: str
    salt: bytes
    body: bytes
    kind: str | None = None
    year: int | None = None
    corrects: int | None = None


class Stored(msgspec.Struct, frozen=True):
    """A document's new version: its bytes and salt, and what it says, for the projections."""

    salt: bytes
    body: bytes
    agreement: Agreement


class Change(msgspec.Struct, frozen=True):
    """One line with everything that is committed with it.

    `before` is None for a new agreement; `term` holds what changes on the row of `after.term`,
    `watches` what the nightly check watches from now on, None where that stays as it is.
    """

    before: Standing | None
    after: Standing
    entry: Entry
    line: bytes
    document: Stored | None = None
    beside: tuple[Beside, ...] = ()
    term: Mapping[str, str | None] | None = None
    watches: Watches | None = None


class Erased(msgspec.Struct, frozen=True):
    """What a line says stands in the place of an erased text: its digest, and that line's n."""

    digest: str
    by: int


class Piece(msgspec.Struct, frozen=True):
    """One text that is erased: the line that cites it, its part, and what stands there from now on.

    `cites` is what it is kept under: a document's digest on the line, a file's SHA-256.
    """

    n: int
    part: str
    salt: bytes
    body: bytes
    cites: str = ""


class CitedUnit(Protocol):
    """What replay asks of a transaction: what lines cite."""

    def policy(self, digest: str) -> Policy:
        """Return the policy stored under a digest."""

    def document_of(self, key: int, digest: str) -> Agreement:
        """Return an agreement's document of this digest; raises StoreError if it is damaged."""

    def beside(self, key: int | None, n: int) -> Sequence[Beside]:
        """Return what stands beside a line."""

    def erased(self, key: int | None) -> Mapping[tuple[int, str], Erased]:
        """Return what was erased beside a stream's lines, as far as its `erased` lines say so."""


class ErasingUnit(Protocol):
    """What erasing asks of a transaction beside what all use cases do."""

    def erase(self, key: int | None, by: int, pieces: Sequence[Piece]) -> None:
        """Put what stands there from now on in the place of texts; `by` is the stream's last line.

        The bytes and salts that stood there are gone.
        """

    def attaching(self, digest: str) -> Sequence[tuple[int, int]]:
        """Return the agreements and lines by which a file was attached, in order."""

    def reworded(
        self, standing: Standing, agreement: Agreement, swap: Callable[[str], str]
    ) -> None:
        """Restate what is kept of a document's ids: its projects, and which notices were given."""

    def reword_mail(self, swap: Callable[[str], str]) -> int:
        """Change the texts of digests that were written; returns how many were changed."""


class NightUnit(Protocol):
    """What the nightly check asks of a transaction beside what all use cases do."""

    def due(
        self,
        rule: DueRule,
        day: date,
        after: tuple[date, int] | None,
        most: int,
    ) -> Sequence[Standing]:
        """Lock and return a batch of what is due under a rule, in the order of (due, key).

        What somebody else has locked is left out.
        """

    def still_due(
        self, rule: DueRule, day: date, after: tuple[date, int] | None, most: int
    ) -> Sequence[Standing]:
        """Return a batch of what is due, whoever has it locked, without locking it."""

    def starts(self, day: date) -> Sequence[date]:
        """Return the due days of terms that begin by a day, but for those refused before."""

    def watched(self, day: date, most: int) -> Sequence[tuple[Standing, Watch]]:
        """Lock and return a batch of watches of which somebody is to be told by a day.

        What somebody else has locked is left out.
        """

    def still_watched(self, day: date, most: int) -> Sequence[tuple[Standing, Watch]]:
        """Return a batch of such watches, whoever has them locked, without locking them."""

    def watch_now(self, key: int, watch: Watch) -> tuple[Standing, Watch] | None:
        """Lock one watch and return it as it is now, with where its agreement stands."""

    def watch_on(self, marks: Sequence[tuple[int, Watch]]) -> None:
        """Keep when somebody is told of watches next."""

    def given(self, keys: Sequence[int]) -> Mapping[tuple[int, Rule, str], Sequence[Notice]]:
        """Return which notices were given of some agreements, by key, rule and item."""

    def give(self, notices: Sequence[Notice]) -> None:
        """Keep that notices are given; each once only."""

    def notice_given(self, standing: Standing, rule: Rule) -> date | None:
        """Return the day on which people were first told that this rule's due date had come."""

    def claim_notices(self, run: str) -> None:
        """Take all notices of which no digest tells yet for those of a run."""

    def claimed(
        self, run: str, after: int, most: int
    ) -> Sequence[tuple[Standing, Sequence[Notice]]]:
        """Return what a run has claimed: a batch of agreements after a key with their notices."""

    def post(self, digests: Sequence[Digest]) -> None:
        """Put digests into the outbox."""

    def alerts(self, day: date, most: int) -> Sequence[tuple[Standing, Watch]]:
        """Return what is late on a day and not done, the latest first."""

    def count_alerts(self, day: date) -> Mapping[Rule, int]:
        """Return how much is late on a day and not done, by rule."""

    def last_night(self) -> date | None:
        """Return the latest run date for which a nightly check was completed."""

    def annul_nights(self, after: date, cause: str) -> None:
        """Let runs that were completed for later days count no more, and keep why."""

    def keep_night(self, night: Night) -> None:
        """Keep a run's record as it is now."""


class PortfolioUnit(Protocol):
    """What going through a portfolio asks of a transaction: many agreements with a statement."""

    @property
    def program(self) -> ProgramRow:
        """The program that this unit works in."""

    def portfolio(self, after: int, most: int) -> Sequence[Standing]:
        """Return a batch of the program's agreements after a key, in order of keys.

        A unit that writes locks them.
        """

    def documents(self, standings: Sequence[Standing]) -> Mapping[int, Agreement]:
        """Return the current documents of several agreements by key, contacts left out."""

    def score_sheets(self, standings: Sequence[Standing]) -> Mapping[int, ScoreSheet]:
        """Return the score sheets of those of several agreements that are scored, by key."""

    def scorings_of(self, standings: Sequence[Standing]) -> Mapping[int, Mapping[int, ScoreSheet]]:
        """Return all score sheets that several agreements ever had, by key and the line's n."""

    def evaluations(self, standings: Sequence[Standing]) -> Mapping[int, Evaluation]:
        """Return the last evaluations of those of several agreements that have one, by key."""

    def evaluations_of(
        self, standings: Sequence[Standing]
    ) -> Mapping[int, Mapping[int, Evaluation]]:
        """Return all evaluations that several agreements ever had, by key and the line's n."""

    def attachments_of(
        self, standings: Sequence[Standing]
    ) -> Mapping[int, Sequence[tuple[int, Attachment]]]:
        """Return what is attached to several agreements by key, each with its line's n.

        Files that were erased are left out.
        """

    def records_of(
        self, standings: Sequence[Standing]
    ) -> Mapping[int, Sequence[tuple[int, Record]]]:
        """Return the records that count of several agreements by key, each with its line's n."""

    def lines_of(self, standings: Sequence[Standing]) -> Mapping[int, Sequence[bytes]]:
        """Return the exact lines of several agreements' streams, by key."""

    def reasons_of(self, standings: Sequence[Standing]) -> Mapping[int, Mapping[int, str]]:
        """Return the reasons beside the lines of several agreements, by key and the line's n."""

    def terms_of(self, standings: Sequence[Standing]) -> Mapping[int, Sequence[TermRow]]:
        """Return the terms of several agreements by key, the first one first."""

    def documents_at(
        self, versions: Sequence[tuple[int, int]]
    ) -> Mapping[tuple[int, int], Agreement]:
        """Return the documents that were written at versions, by key and version.

        Contacts are left out.
        """


class Unit(
    PortfolioUnit,
    CitedUnit,
    NightUnit,
    SealUnit,
    ErasingUnit,
    IntakeUnit,
    PublishingUnit,
    Protocol,
):
    """One transaction on one program."""

    def salt(self) -> bytes:
        """Return 16 random bytes."""

    def lock(self, key: int) -> Standing | None:
        """Lock an agreement against other writers and return where it stands now."""

    def standing(self, key: int) -> Standing | None:
        """Return where an agreement stands; another writer may be about to change it."""

    def lock_program(self) -> None:
        """Lock the program, so that portfolio limits are counted without a race."""

    def roles(self) -> Holdings:
        """Return who holds which role in the program; none at all before the first grant."""

    def policy_in_force(self, day: date) -> str:
        """Return the digest of the policy in force on a day."""

    def document(self, standing: Standing) -> Agreement:
        """Return the agreement's current document, contacts included."""

    def sheet(self, cls: type[T], key: int, n: int) -> T:
        """Return the sheet that stands beside line `n` of an agreement's stream."""

    def document_at(self, key: int, version: int) -> Agreement | None:
        """Return the document as it stood at a version, without its contacts."""

    def lines(self, key: int | None, after: int = 0) -> Iterator[bytes]:
        """Yield the exact lines of an agreement's stream, or of the program's own (None)."""

    def attachments(self, key: int) -> Sequence[tuple[int, Attachment]]:
        """Return what was attached to an agreement, each with its line's n."""

    def corrected(self, key: int) -> frozenset[int]:
        """Return the lines of an agreement whose records were corrected."""

    def keep(self, digest: str, body: bytes) -> None:
        """Keep an attached file's bytes under their SHA-256, once."""

    def last_act(self) -> date | None:
        """Return the latest day on which a transition took effect in the program."""

    def counted_others(self, key: int) -> int:
        """Return how many other agreements hold a place under the cap."""

    def limit_others(self, limit: Limit, standing: Standing, policy: Policy, day: date) -> int:
        """Return how many other agreements one of the policy's limits counts."""

    def projects_of_others(self, key: int, years: Sequence[int]) -> Mapping[int, int]:
        """Return how many projects of other running agreements start in each year."""

    def committed_by_others(
        self, key: int, currency: str, years: Sequence[int]
    ) -> Mapping[int, Decimal]:
        """Return the funding that other signed or active agreements commit in each year."""

    def priorities_of_others(self, key: int, year: int) -> int:
        """Return how many other agreements have priority in a year."""

    def records(self, key: int) -> Sequence[tuple[int, Record]]:
        """Return the records of an agreement that count, each with its line's n."""

    def watch(self, changes: Sequence[tuple[int, Watches]]) -> None:
        """Write what is watched of agreements from now on."""

    def annual_years(self, key: int) -> frozenset[int]:
        """Return the years for which an annual report is on record."""

    def last_move(self, key: int) -> Entry | None:
        """Return the line of the agreement's last transition, or None before the first."""

    def last_change(self, key: int) -> Entry:
        """Return the line that made the agreement's present version."""

    def line_by_key(self, key: str) -> bytes | None:
        """Return the line that was written under an idempotency key."""

    def next_number(self, year: int) -> int:
        """Return the next free number of a year's references."""

    def write(self, changes: Sequence[Change]) -> None:
        """Write changes of agreements: lines, rows, documents and what stands beside them."""

    def program_head(self) -> tuple[int, str | None]:
        """Return the program stream's last n (0 where there is none) and its line's digest."""

    def lines_back(self) -> Iterator[Entry]:
        """Yield the entries of the program's own stream, the last one first."""

    def hold(self, holdings: Holdings) -> None:
        """Keep who holds which role from now on."""

    def write_program(self, entry: Entry, line: bytes, beside: Sequence[Beside] = ()) -> None:
        """Write a line of the program's own stream."""

    def adopt(self, policy: bytes, digest: str, effective_on: date, n: int) -> None:
        """Keep a policy's bytes under its digest, in force from a day on."""

    def restate(self, standings: Sequence[tuple[Standing, Standing]]) -> None:
        """Write back what a policy derives (due, counted) without a line: before and after."""


class Ledger(Protocol):
    """Opens units; each `with` block is one transaction, rolled back if it raises."""

    def unit(self) -> AbstractContextManager[Unit]:
        """Return a context manager of one unit: it commits if the block ends well."""
