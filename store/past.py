"""What was so on a day that has passed: a reader of the log as it was, folded and never stored.

`lifecycle.history` says what that means; here is only where its lines, documents and policies come
from. What a whole program was is read in batches of agreements, each with a fixed number of
statements.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from lifecycle.entry import Entry, entry_of
from lifecycle.errors import StoreError
from lifecycle.history import Moment, Then, known, then
from lifecycle.ports import ProgramRow
from lifecycle.replay import sources_in
from lifecycle.role_changes import change_told, holdings
from states.agreement import Agreement, Contact
from states.attachment import Attachment
from states.records import Record
from states.roles import Holdings
from states.standing import Standing
from states.terms import TermRow
from states.vocabulary import Event
from store.connection import Connection
from store.policies import Policies
from store.reader import Reader

_BATCH = 200


class Past(Reader):
    """A reader to whom it is another day; of an agreement, `then` says where it stood."""

    def __init__(
        self, connection: Connection, program: ProgramRow, policies: Policies, moment: Moment
    ) -> None:
        """Take the day that is asked about, and until when what was recorded is known."""
        super().__init__(connection, program, policies)
        self.moment = moment
        self._then: dict[int, Then | None] = {}

    @property
    def began(self) -> bool:
        """Whether the program had begun: whether a policy was in force."""
        return any(map(_adopts, self._program_lines))

    def then(self, key: int) -> Standing | None:
        """Return where an agreement stood; None where it was not on record."""
        found = self._of(key)
        return found.standing if found else None

    def all_then(self) -> Iterator[Standing]:
        """Yield where every agreement stood that was on record, in order of keys."""
        after = -1
        while batch := self.portfolio(after, _BATCH):
            after = batch[-1].key
            yield from self._batch([standing.key for standing in batch])

    def policy_in_force(self, day: date) -> str:  # noqa: ARG002 - the day is the moment's
        """Return the digest of the policy that was in force."""
        adopted = [line.policy for line in self._program_lines if _adopts(line)]
        if not adopted or adopted[-1] is None:
            message = f"no policy was in force in {self.program.code} on that day"
            raise StoreError(message, "no_policy", "lifecycle policy list shows since when one is")
        return adopted[-1]

    def policies(self) -> Sequence[tuple[str, date, int]]:
        """Return every adoption there was."""
        lines = {line.n for line in self._program_lines if _adopts(line)}
        return [adoption for adoption in super().policies() if adoption[2] in lines]

    def roles(self) -> Holdings:
        """Return who held which role."""
        return self._holdings

    def lines_back(self) -> Iterator[Entry]:
        """Yield what the program's own stream had, the last line first."""
        return reversed(self._program_lines)

    def lines(self, key: int | None, after: int = 0) -> Iterator[bytes]:
        """Yield the lines of a stream that were in effect."""
        if key is None:
            there = frozenset(line.n for line in self._program_lines)
        else:
            there = self._lines_then(key)
        for n, line in enumerate(super().lines(key), 1):
            if n > after and n in there:
                yield line

    def terms(self, key: int) -> Sequence[TermRow]:
        """Return the terms that an agreement had."""
        found = self._of(key)
        return found.terms if found else ()

    def document(self, standing: Standing) -> Agreement:
        """Return the document that an agreement had, as corrected since; contacts included."""
        found = self._of(standing.key)
        if found is None or found.document is None:
            return super().document(standing)
        if standing.contacts_n is None:
            return found.document
        contacts = self.sheet(tuple[Contact, ...], standing.key, standing.contacts_n)
        return replace(found.document, contacts=contacts)

    def records(self, key: int) -> Sequence[tuple[int, Record]]:
        """Return the records of what had happened, as corrected since."""
        last = self._known(key)
        found = super().records(key)
        return [(n, record) for n, record in found if n <= last and record.on <= self.moment.day]

    def corrected(self, key: int) -> frozenset[int]:
        """Return the lines whose records are known to be corrected."""
        last = self._known(key)
        return frozenset(old for new, old in super().replacing(key).items() if new <= last)

    def attachments(self, key: int) -> Sequence[tuple[int, Attachment]]:
        """Return what was attached to an agreement."""
        there = self._lines_then(key)
        return [(n, paper) for n, paper in super().attachments(key) if n in there]

    @cached_property
    def _program_lines(self) -> list[Entry]:
        lines = map(entry_of, known(super().lines(None), self.moment.before))
        return [line for line in lines if line.effective <= self.moment.day]

    @cached_property
    def _holdings(self) -> Holdings:
        changes = [line for line in self._program_lines if line.event is Event.ROLE_CHANGED]
        return holdings((line, change_told(line, self.beside(None, line.n))) for line in changes)

    def _known(self, key: int) -> int:
        found = self._of(key)
        return found.known if found else 0

    def _lines_then(self, key: int) -> frozenset[int]:
        found = self._of(key)
        return found.lines if found else frozenset()

    def _of(self, key: int) -> Then | None:
        if key not in self._then:
            lines = super().lines(key)
            sources = sources_in(self, key, self.policy_in_force(self.moment.day))
            self._then[key] = then(lines, self.moment, sources)
        return self._then[key]

    def _batch(self, keys: Sequence[int]) -> Iterator[Standing]:
        """Yield where a batch of agreements stood, out of one reading of lines and texts."""
        in_force = self.policy_in_force(self.moment.day)
        for _key, lines, sources in self.streams_of(keys, in_force, records=False):
            found = then(lines, self.moment, sources)
            if found is not None:
                yield found.standing


def _adopts(line: Entry) -> bool:
    return line.event is Event.POLICY_ADOPTED
