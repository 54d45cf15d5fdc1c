"""What the use cases read in a transaction: the reading half of `lifecycle.ports.Unit`.

Reads no more than it is asked for; a use case opens with
`lock`, which brings the standing, its document and the policy in force in one statement.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from guards.policy import Limit, Policy
from lifecycle.census import UNITS_OF_MONEY
from lifecycle.entry import Entry, entry_of, is_erasing, salted
from lifecycle.errors import StoreError
from lifecycle.ports import Beside, Erased, ProgramRow
from states.agreement import Agreement, Contact
from states.attachment import Attachment
from states.canonical import sha256_hex
from states.codec import decode
from states.notes import Erasure
from states.records import Record, reported_year
from states.ref import Ref
from states.roles import Holdings
from states.standing import Standing
from states.vocabulary import Event, Outcome
from store import statements as sql
from store.connection import Connection
from store.policies import Policies
from store.rows import NOBODY, STANDING, holdings_of, part_of, standing_of
from store.several import Several

T = TypeVar("T")

PROGRAM_STREAM = 0
"""The stream of the program's own events; agreements' streams have their keys."""

_BATCH = 200

_BACK = 20
_BEYOND = 2**62


class Facts(Several):
    """What is read on a connection; see `lifecycle.ports.Unit` for what each method promises."""

    _locks: ClassVar[bool] = True
    """Whether what is read to be written is locked, where the database locks rows."""

    def __init__(self, connection: Connection, program: ProgramRow, policies: Policies) -> None:
        """Begin with nothing read; `policies` are the parsed ones that this process knows."""
        self._connection = connection
        self._program = program
        self._policies = policies
        self._bodies: dict[tuple[int, int], str] = {}
        self._decoded: dict[tuple[int, int], Agreement] = {}
        self._in_force: str | None = None
        self._stands_at: str | None = None
        self._roles: str | None = None

    @property
    def program(self) -> ProgramRow:
        """The program that this unit works in."""
        return self._program

    def lock(self, key: int) -> Standing | None:
        """Lock an agreement and return where it stands; brings its document along."""
        locks = self._locks and self._connection.row_locks
        row = self._row(sql.LOCK_ROW if locks else sql.LOCK, key=key)
        if row is None:
            return None
        standing = standing_of(row)
        body, self._in_force, self._stands_at, self._roles = row[len(STANDING) :]
        if body is not None:
            self._bodies[(key, standing.document_version)] = body
        return standing

    def lock_many(self, keys: Sequence[int]) -> Sequence[Standing]:
        """Lock several agreements and return where they stand."""
        statement = sql.LOCK_MANY if self._row_locks else sql.MANY
        return [standing_of(row) for row in self._of_many(statement, keys)]

    def standing(self, key: int) -> Standing | None:
        """Return where an agreement stands, without a lock."""
        row = self._row(sql.ROW, key=key)
        return standing_of(row) if row else None

    def lock_program(self) -> None:
        """Lock the program; SQLite's writers have the whole database to themselves already.

        It is a statement of its own, so that what is read after it is what the last one who held
        the lock left behind.
        """
        if self._connection.row_locks:
            row = self._row(sql.LOCK_PROGRAM)
            self._in_force, self._roles = row[2:] if row else (None, None)

    def policy_in_force(self, day: date) -> str:  # noqa: ARG002 - the latest adopted is in force
        """Return the digest of the policy in force."""
        if self._in_force is None:
            self._in_force, self._roles = self._row(sql.HEAD)[2:]
        if self._in_force is None:
            message = f"the program {self._program.code} has no policy"
            raise StoreError(message, "no_policy", "lifecycle policy adopt FILE")
        return self._in_force

    def roles(self) -> Holdings:
        """Return who holds which role."""
        if self._roles is None:
            self._in_force, self._roles = self._row(sql.HEAD)[2:]
        return holdings_of(self._roles or NOBODY)

    def policy(self, digest: str) -> Policy:
        """Return the policy stored under a digest."""
        return self._policies.parsed(digest, lambda: self.policy_text(digest))

    def policy_text(self, digest: str) -> bytes:
        """Return a policy's bytes as they were adopted."""
        row = self._row(sql.POLICY, digest=digest)
        body = str(row[0]).encode() if row else b""
        if sha256_hex(body) != digest:
            message = f"the policy {digest} is gone or was altered"
            raise StoreError(message, "damaged", "lifecycle db check says more")
        return body

    def document(self, standing: Standing) -> Agreement:
        """Return the agreement's current document, contacts included."""
        where = (standing.key, standing.document_version)
        agreement = self._decoded.get(where)
        if agreement is None:
            agreement = decode(Agreement, self._body(*where).encode())
            # The last one alone: whoever walks a portfolio would have all of it in memory.
            self._decoded = {where: agreement}
        if standing.contacts_n is None:
            return agreement
        contacts = self.sheet(tuple[Contact, ...], standing.key, standing.contacts_n)
        return replace(agreement, contacts=contacts)

    def _body(self, key: int, version: int) -> str:
        """Return a document as it is stored; one that came with its row is not read again."""
        if (key, version) in self._bodies:
            return self._bodies.pop((key, version))
        row = self._row(sql.BODY, key=key, version=version)
        if row is None:
            message = f"version {version} of the document of an agreement is gone"
            raise StoreError(message, "damaged", "lifecycle db check says more")
        return str(row[0])

    def sheet(self, cls: type[T], key: int, n: int) -> T:
        """Return the sheet that stands beside a line."""
        return decode(cls, self._row(sql.BESIDE, key=key, n=n)[0].encode())

    def document_at(self, key: int, version: int) -> Agreement | None:
        """Return the document as it stood at a version, without its contacts."""
        row = self._row(sql.DOCUMENT_AT, key=key, version=version)
        return decode(Agreement, row[0].encode()) if row else None

    def document_of(self, key: int, digest: str) -> Agreement:
        """Return the document of this digest, looked up among the agreement's own."""
        row = self._row(sql.BY_DIGEST, key=key, digest=digest)
        there = salted(row[0], row[1].encode()) if row else None
        if there is None or (there != digest and not self._erased_as(key, digest, there)):
            message = f"the document {digest} is gone or was altered"
            raise StoreError(message, "damaged", "lifecycle db check says more")
        return decode(Agreement, row[1].encode())

    def lines(self, key: int | None, after: int = 0) -> Iterator[bytes]:
        """Yield the exact lines of an agreement's stream, or of the program's own."""
        return self._stored_lines(key, after)

    def _stored_lines(self, key: int | None, after: int = 0) -> Iterator[bytes]:
        """Yield a stream's lines, whatever day is asked about (`store.past`)."""
        stream = PROGRAM_STREAM if key is None else key
        while rows := self._rows(sql.LINES, key=stream, after=after, most=_BATCH):
            yield from (line.encode() for _n, line in rows)
            after = rows[-1][0]

    def lines_back(self) -> Iterator[Entry]:
        """Yield the entries of the program's own stream, the last one first."""
        return self._back(PROGRAM_STREAM)

    def beside(self, key: int | None, n: int) -> Sequence[Beside]:
        """Return what stands beside a line."""
        stream = PROGRAM_STREAM if key is None else key
        rows = self._rows(sql.ALL_BESIDE, key=stream, n=n)
        return list(map(part_of, rows))

    def attachments(self, key: int) -> Sequence[tuple[int, Attachment]]:
        """Return what was attached to an agreement."""
        rows = self._rows(sql.ATTACHMENTS, key=key)
        return [(n, decode(Attachment, body.encode())) for n, body in rows]

    def attached(self, digest: str) -> bytes:
        """Return an attached file's bytes; raises StoreError if they are gone or were altered."""
        row = self._row(sql.ATTACHED, digest=digest)
        body = bytes(row[0]) if row else b""
        if sha256_hex(body) != digest:
            if row is not None and (where := self._file_erased(digest, sha256_hex(body))):
                message = f"the attached file {digest} was erased on {where}"
                raise StoreError(message, "erased", "its name and its SHA-256 stay on the record")
            message = f"the attached file {digest} is gone or was altered"
            raise StoreError(message, "damaged", "lifecycle db check says more")
        return body

    def erased(self, key: int | None) -> Mapping[tuple[int, str], Erased]:
        """Return what was erased beside a stream's lines, as far as its `erased` lines say so."""
        stream = PROGRAM_STREAM if key is None else key
        rows = self._rows(sql.ERASURES, key=stream)
        said = {by: self._said_erased(key, by) for by in dict.fromkeys(row[2] for row in rows)}
        return {
            (n, part): Erased(digest, by)
            for n, part, by, digest in rows
            if Erasure(n, part, digest) in said[by]
        }

    def attaching(self, digest: str) -> Sequence[tuple[int, int]]:
        """Return the agreements and lines by which a file was attached."""
        rows = self._rows(sql.ATTACHING, pattern=f'%"sha256":"{digest}"%')
        return [(key, n) for key, n in rows]

    def _said_erased(self, key: int | None, by: int) -> tuple[Erasure, ...]:
        """Return what a line says was erased; nothing unless it cites what stands beside it."""
        line = next(self._stored_lines(key, by - 1), b"")
        found = [part for part in self.beside(key, by) if part.kind == "erasure"]
        cited = [entry_of(line).content] if is_erasing(line) else []
        if [salted(part.salt, part.body) for part in found] != cited or not cited:
            return ()
        try:
            return decode(tuple[Erasure, ...], found[0].body)
        except ValueError:
            return ()

    def _erased_as(self, key: int, digest: str, there: str) -> bool:
        """Whether lines say that `there` stands in the place of the document of a digest."""
        for (n, part), known in self.erased(key).items():
            if part == "document" and known.digest == there:
                line = next(self._stored_lines(key, n - 1), None)
                if line is not None and entry_of(line).document == digest:
                    return True
        return False

    def _file_erased(self, digest: str, there: str) -> str | None:
        """Return by which line a file was erased, if `there` stands in its place since."""
        for key, n in self.attaching(digest):
            known = self.erased(key).get((n, "attachment"))
            if known is not None and known.digest == there:
                return f"line {known.by} of {Ref.of(self._program.code, key)}"
        return None

    def corrected(self, key: int) -> frozenset[int]:
        """Return the lines of an agreement whose records were corrected."""
        return frozenset(row[0] for row in self._rows(sql.CORRECTED, key=key))

    def last_act(self) -> date | None:
        """Return the latest day on which a transition took effect."""
        day = self._row(sql.LAST_ACT)[0]
        return date.fromisoformat(day) if day else None

    def counted_others(self, key: int) -> int:
        """Return how many other agreements hold a place under the cap."""
        return int(self._row(sql.COUNTED, key=key)[0])

    def limit_others(self, limit: Limit, standing: Standing, policy: Policy, day: date) -> int:
        """Return how many other agreements a limit counts."""
        countries: tuple[str, ...] = ()
        if limit.per in {"country", "region"}:
            region = policy.region_of(standing.country) if limit.per == "region" else None
            countries = policy.regions[region] if region else (standing.country or "",)
        year = (standing.term_start or day).year
        years = {"first": f"{year}-01-01", "last": f"{year}-12-31"} if limit.per == "year" else {}
        return int(self._row(sql.limit(limit, countries), key=standing.key, **years)[0])

    def projects_of_others(self, key: int, years: Sequence[int]) -> Mapping[int, int]:
        """Return how many projects of other active agreements start in each year."""
        return {year: int(self._row(sql.PROJECTS, key=key, year=year)[0]) for year in years}

    def committed_by_others(
        self, key: int, currency: str, years: Sequence[int]
    ) -> Mapping[int, Decimal]:
        """Return the funding that other signed or active agreements commit in each year."""
        sums = {
            year: self._row(sql.COMMITTED, key=key, currency=currency, year=year)[0]
            for year in years
        }
        return {year: Decimal(amount) / UNITS_OF_MONEY for year, amount in sums.items()}

    def priorities_of_others(self, key: int, year: int) -> int:
        """Return how many other agreements have priority in a year."""
        return int(self._row(sql.PRIORITIES, key=key, year=year)[0])

    def records(self, key: int) -> Sequence[tuple[int, Record]]:
        """Return the records that count, each with its line's n."""
        corrected = self.corrected(key)
        rows = self._rows(sql.RECORDS, key=key)
        return [(n, decode(Record, body.encode())) for n, body in rows if n not in corrected]

    def annual_years(self, key: int) -> frozenset[int]:
        """Return the years for which an annual report is on record."""
        corrected = self.corrected(key)
        rows = self._rows(sql.ANNUAL, key=key)
        records = (decode(Record, body.encode()) for n, body in rows if n not in corrected)
        return frozenset(year for year in map(reported_year, records) if year is not None)

    def last_move(self, key: int) -> Entry | None:
        """Return the line of the agreement's last transition, or None before the first."""
        moves = (entry for entry in self._back(key) if entry.event is Event.TRANSITIONED)
        return next(moves, None)

    def last_change(self, key: int) -> Entry:
        """Return the line that made the agreement's present version."""
        changes = (entry for entry in self._back(key) if entry.outcome is Outcome.OK)
        return next(e for e in changes if e.to or e.document or e.event is Event.VOIDED)

    def line_by_key(self, key: str) -> bytes | None:
        """Return the line that was written under an idempotency key."""
        row = self._row(sql.BY_IDEMPOTENCY_KEY, idempotency_key=key)
        return row[0].encode() if row else None

    def next_number(self, year: int) -> int:
        """Return the next free number of a year's references."""
        code = self._program.code
        key = self._row(sql.LAST_KEY, before=Ref(code, year + 1, 0).key)[0]
        last = Ref.of(code, key or 0)
        return last.number + 1 if last.year == year else 1

    def portfolio(self, after: int, most: int) -> Sequence[Standing]:
        """Return a batch of agreements after a key."""
        locks = self._locks and self._connection.row_locks
        statement = sql.LOCK_PORTFOLIO if locks else sql.PORTFOLIO
        return [standing_of(row) for row in self._rows(statement, after=after, most=most)]

    def program_head(self) -> tuple[int, str | None]:
        """Return the program stream's last n and its line's digest."""
        n, head, *_rest = self._row(sql.HEAD)
        return n, head

    @property
    def _row_locks(self) -> bool:
        return self._locks and self._connection.row_locks

    def _back(self, key: int) -> Iterator[Entry]:
        before = _BEYOND
        while rows := self._rows(sql.LINES_BACK, key=key, before=before, most=_BACK):
            yield from (entry_of(line.encode()) for _n, line in rows)
            before = rows[-1][0]

    def _row(self, statement: Any, **values: Any) -> Any:  # noqa: ANN401
        return self._connection.row(statement, program_id=self._program.id, **values)

    def _rows(self, statement: Any, **values: Any) -> list[Any]:  # noqa: ANN401
        return self._connection.rows(statement, program_id=self._program.id, **values)

    def _run(self, statement: Any, **values: Any) -> None:  # noqa: ANN401
        self._connection.run(statement, program_id=self._program.id, **values)

    def _many(self, statement: Any, rows: Iterable[dict[str, Any]]) -> int:  # noqa: ANN401
        with_program = [{"program_id": self._program.id, **row} for row in rows]
        return self._connection.run_many(statement, with_program)() if with_program else 0
