"""What is read for people: the lines of a stream, terms and versions, and whether all agrees."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.sql.expression import BindParameter

from lifecycle.entry import digest_of, entry_of, is_erasing, salted
from lifecycle.errors import StoreError
from lifecycle.labels import Label, label_findings
from lifecycle.replay import Finding, beside_findings, chain_findings, findings, sources_in
from lifecycle.role_changes import change_cited, holdings
from lifecycle.watching import astray, watches
from states.notes import Erasure
from states.ref import Ref
from states.roles import Holdings
from states.standing import Standing
from states.terms import TermRow
from states.vocabulary import FINAL, Event
from states.watch import Watch
from store import listing
from store import statements as sql
from store.accounting import Accounting
from store.cited import Cited
from store.facts import PROGRAM_STREAM
from store.listing import Filters
from store.logbook import Logbook
from store.naming import Naming
from store.night import watch_of
from store.rows import PART, STANDING, TERM, standing_of, term_of
from store.streams import Streams
from store.tables import adoption, agreement, beside, document, entry, term, watch

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_KEY: BindParameter[Any] = bindparam("key")
_BATCH = 200


class Reader(Logbook, Cited, Accounting, Streams, Naming):
    """A unit in a read transaction: all that it returns is of one moment, and nothing is locked."""

    _locks = False

    def listed(self, wanted: Filters) -> Iterator[Mapping[str, Any]]:
        """Return the rows of the agreements that filters let through, as `list` reads them."""
        return listing.rows(self._connection, self._program.id, self._program.code, wanted)

    def replacing(self, key: int) -> Mapping[int, int]:
        """Return which line's record each correcting record stands in the place of."""
        return dict(self._rows(_REPLACING, key=key))

    def terms(self, key: int) -> Sequence[TermRow]:
        """Return an agreement's terms, the first one first."""
        return [term_of(row) for row in self._rows(_TERMS, key=key)]

    def dated(self, after: int, most: int) -> Sequence[tuple[Standing, datetime, Sequence[Watch]]]:
        """Return a batch of agreements after a key: when each last changed, what is watched of it.

        Those that are over or void are left out; the batch is empty only where none is left.
        """
        rows = self._rows(_CHANGED, after=after, most=most)
        if not rows:
            return []
        watches: defaultdict[int, list[Watch]] = defaultdict(list)
        for key, *values in self._rows(_WATCHES, first=rows[0][0], last=rows[-1][0]):
            watches[key].append(watch_of(values))
        return [
            (standing_of(row), entry_of(row[-1].encode()).recorded, watches[row[0]]) for row in rows
        ]

    def versions(self, key: int) -> Sequence[int]:
        """Return the versions at which an agreement's document changed."""
        return [row[0] for row in self._rows(_VERSIONS, key=key)]

    def policies(self) -> Sequence[tuple[str, date, int]]:
        """Return every adoption: the policy's digest, its first day, the line's n."""
        rows = self._rows(_ADOPTIONS)
        return [(digest, date.fromisoformat(day), n) for digest, day, n in rows]

    def verify(self) -> Iterator[Finding]:
        """Replay the whole program's log and yield whatever does not agree with it.

        What stands under a digest must still have it, every stream must be whole, and replaying it
        must give exactly the rows. That a stream was cut at its end together with its rows, only a
        seal can tell.
        """
        accused: set[str] = set()
        for finding in self._replayed():
            accused.add(finding.stream)
            yield finding
        # What is missing of a stream that is told as damaged would be told once more.
        yield from (one for one in self.unaccounted() if one.stream not in accused)

    def _replayed(self) -> Iterator[Finding]:
        lines = list(self.lines(None))
        broken = list(chain_findings(self.program.code, lines))
        yield from broken or self._program_findings(lines)
        in_force = self._row(sql.HEAD)[2]
        after = -1
        while batch := self.portfolio(after, _BATCH):
            after = batch[-1].key
            for standing in batch:
                yield from self._stream_findings(standing.key, standing, in_force)
        for (key,) in self._rows(_ORPHANS, key=PROGRAM_STREAM):
            yield from self._stream_findings(key, None, in_force)

    def recompute(self) -> Iterator[Finding]:
        """Judge every line of the program once more and yield where it says something else.

        Asked once `verify` has found nothing: of what is damaged it says only that it can't judge.
        """
        # Judging needs a third of the program, and who reads one agreement none of that.
        from lifecycle.recomputing.findings import judged_findings  # noqa: PLC0415 - see above
        from store.recomputing import StoredArchive  # noqa: PLC0415 - see above

        yield from judged_findings(StoredArchive(self))

    def _program_findings(self, lines: Sequence[bytes]) -> Iterator[Finding]:
        code = self.program.code
        yield from self._texts_findings(code, None, lines)
        adopted = [
            (line.policy, line.effective, line.n)
            for line in map(entry_of, lines)
            if line.event is Event.POLICY_ADOPTED
        ]
        said = (len(lines), digest_of(lines[-1]), adopted[-1][0]) if adopted else (0, None, None)
        if said != tuple(self._row(sql.HEAD))[:3] or adopted != self.policies():
            message = f"the row of {code} or its adoptions are not what its log says"
            yield Finding(code, None, "row.differs", message)
        if self._holdings_said(lines) != self.roles():
            message = f"who holds which role in {code} is not what its log says"
            yield Finding(code, None, "roles.differ", message)
        for digest in dict.fromkeys(digest for digest, _day, _n in adopted):
            try:
                self.policy_text(digest or "")
            except StoreError as error:
                yield Finding(code, None, "source.damaged", error.message)

    def _holdings_said(self, lines: Sequence[bytes]) -> Holdings:
        changes = (line for line in map(entry_of, lines) if line.event is Event.ROLE_CHANGED)
        told = ((line, change_cited(line, self.beside(None, line.n))) for line in changes)
        # What isn't what the line cites is told of as such.
        return holdings((line, change) for line, change in told if change)

    def _stream_findings(
        self, key: int, standing: Standing | None, in_force: str
    ) -> Iterator[Finding]:
        sources = sources_in(self, key, in_force)
        ref, lines = str(Ref.of(self.program.code, key)), list(self.lines(key))
        found = list(findings(ref, lines, standing, self.terms(key), sources))
        found = found or list(self._texts_findings(ref, key, lines))
        yield from found
        if standing is not None and not found:
            yield from self._watch_findings(ref, standing)
        if not found and any(entry_of(line).event is Event.ATTACHED for line in lines):
            yield from self._attachment_findings(key, ref)

    def _texts_findings(
        self, name: str, key: int | None, lines: Sequence[bytes]
    ) -> Iterator[Finding]:
        """Yield where other texts stand beside lines than they cite, or than erasing left there.

        What was erased is what the lines say of it: a row of the table that none of them tells of
        counts for nothing, and is told.
        """
        stream = PROGRAM_STREAM if key is None else key
        rows = self._rows(sql.ERASURES, key=stream)
        erased = self.erased(key) if rows else {}
        beside = self._rows(_ALL_BESIDE, key=stream)
        kept = {(n, part): salted(salt, body.encode()) for n, part, salt, body, *_label in beside}
        found = list(beside_findings(name, lines, kept, erased))
        yield from found
        if not found:
            labels = {
                n: (Label(*label), body.encode())
                for n, part, _salt, body, *label in beside
                if part == "content" and (n, part) not in erased
            }
            yield from label_findings(name, lines, labels)
        there = {(n, part, by) for n, part, by, _digest in rows}
        told = {(one.entry, one.part, by) for by, one in self._erasures_told(key, lines)}
        for n, part, by in sorted(there ^ told):
            message = f"what was erased of the {part} of line {n} is not what line {by} says"
            yield Finding(name, n, "erasure.differs", message)

    def _erasures_told(
        self, key: int | None, lines: Sequence[bytes]
    ) -> Iterator[tuple[int, Erasure]]:
        for n, line in enumerate(lines, 1):
            if is_erasing(line):
                yield from ((n, one) for one in self._said_erased(key, n))

    def _watch_findings(self, ref: str, standing: Standing) -> Iterator[Finding]:
        """Yield what the nightly check would miss, or tell without reason."""
        policy = self.policy(self.policy_in_force(date.max))
        records = [record for _n, record in self.records(standing.key)]
        try:
            wanted = watches(standing, self.document(standing), records, policy)
        except StoreError as error:
            yield Finding(ref, None, "source.damaged", error.message)
            return
        for rule, item in astray(wanted, self.watches(standing.key)):
            message = f"what is watched of {ref} is not what follows from it: {rule} {item}".strip()
            yield Finding(ref, None, "watch.differs", message)

    def _attachment_findings(self, key: int, ref: str) -> Iterator[Finding]:
        """Yield the attached files that are gone or were altered; holds one of them at a time."""
        seen: set[str] = set()
        for n, paper in self.attachments(key):
            if paper.sha256 in seen:
                continue
            seen.add(paper.sha256)
            try:
                self.attached(paper.sha256)
            except StoreError as error:
                if error.code == "erased":
                    continue
                message = f"{paper.name}, attached to {ref} on line {n}, is gone or was altered"
                yield Finding(ref, n, "attachment.damaged", message)


_OF_STREAM = and_(beside.c.program_id == _PROGRAM, beside.c.stream == _KEY)
_REPLACING = select(beside.c.n, beside.c.corrects).where(
    _OF_STREAM, beside.c.kind.like("record.%"), beside.c.corrects.is_not(None)
)
_TERMS = (
    select(*TERM)
    .where(term.c.program_id == _PROGRAM, term.c.key == _KEY)
    # One that was opened and taken back counts no more, until it is opened again.
    .where(
        term.c.term
        <= select(agreement.c.term)
        .where(agreement.c.program_id == _PROGRAM, agreement.c.key == _KEY)
        .scalar_subquery()
    )
    .order_by(term.c.term)
)
_CHANGED = (
    select(*STANDING, entry.c.line)
    .join(
        entry,
        and_(
            entry.c.program_id == agreement.c.program_id,
            entry.c.stream == agreement.c.key,
            entry.c.n == agreement.c.n,
        ),
    )
    .where(
        agreement.c.program_id == _PROGRAM,
        agreement.c.key > bindparam("after"),
        *(agreement.c.state != state for state in sorted(FINAL)),
        agreement.c.voided.is_(None),
    )
    .order_by(agreement.c.key)
    .limit(bindparam("most"))
)
_WATCHES = (
    select(watch.c.key, watch.c.rule, watch.c.item, watch.c.due, watch.c.next_on)
    .where(
        watch.c.program_id == _PROGRAM,
        watch.c.key.between(bindparam("first"), bindparam("last")),
    )
    .order_by(watch.c.key)
)
_OF_DOCUMENT = and_(document.c.program_id == _PROGRAM, document.c.key == _KEY)
_VERSIONS = select(document.c.version).where(_OF_DOCUMENT).order_by(document.c.version)
_ALL_BESIDE = select(beside.c.n, *PART).where(_OF_STREAM)
_ORPHANS = (
    select(entry.c.stream)
    .where(
        entry.c.program_id == _PROGRAM,
        entry.c.stream != _KEY,
        ~exists().where(
            agreement.c.program_id == entry.c.program_id, agreement.c.key == entry.c.stream
        ),
    )
    .distinct()
    .order_by(entry.c.stream)
)
_ADOPTIONS = (
    select(adoption.c.digest, adoption.c.effective_on, adoption.c.n)
    .where(adoption.c.program_id == _PROGRAM)
    .order_by(adoption.c.n)
)
