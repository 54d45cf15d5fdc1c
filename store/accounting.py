"""Finds rows that no line accounts for: texts that none cites, and columns that say something else.

Replaying a stream asks for what its lines cite; who can write to a table past the program can also
add what nobody asks for, and readers would take it for what was recorded. Nothing is mended.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, tuple_
from sqlalchemy.sql.expression import BindParameter, Select

from lifecycle.entry import Entry, entry_of
from lifecycle.errors import StoreError
from lifecycle.replay import Finding
from states.canonical import sha256_hex
from states.ref import Ref
from states.vocabulary import Outcome
from store.facts import Facts
from store.tables import beside, definition, document, entry, program

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_BATCH = 1000
_PARTS = ("reason", "content")


class Accounting(Facts):
    """What verifying asks of the tables as a whole, a batch a statement."""

    def unaccounted(self) -> Iterator[Finding]:
        """Yield the rows that follow from no line."""
        yield from self._zone()
        yield from self._definitions()
        yield from self._keys()
        yield from self._texts()
        yield from self._documents()

    def _zone(self) -> Iterator[Finding]:
        code, (zone, digest) = self.program.code, self._row(_ZONE)
        try:
            wanted = self.policy(digest or "").program.time_zone
        except StoreError:
            # That the policy is gone or was altered is told as such.
            return
        if zone != wanted:
            message = f"the row of {code} counts days in {zone}, its policy in {wanted}"
            yield Finding(code, None, "row.differs", message)

    def _definitions(self) -> Iterator[Finding]:
        for digest, body in self._connection.rows(_DEFINITIONS):
            if sha256_hex(body.encode()) != digest:
                message = f"the transition table {digest} was altered"
                yield Finding(self.program.code, None, "definition.damaged", message)

    def _keys(self) -> Iterator[Finding]:
        """Yield the lines that would be taken for the answer to an order that they don't name."""
        for stream, n, key, line in self._paged(_ORDERED):
            said = _said(line)
            if said and key != (said.key if said.outcome is Outcome.OK else None):
                message = f"line {n} is kept under another idempotency key than it names"
                yield Finding(self._name(stream), n, "row.differs", message)

    def _texts(self) -> Iterator[Finding]:
        for stream, n, part in self._paged(_UNCITED):
            message = f"a text stands beside line {n} as its {part}, and no line cites it"
            yield Finding(self._name(stream), n, "beside.differs", message)

    def _documents(self) -> Iterator[Finding]:
        for key, version, digest, line in self._paged(_DOCUMENTS):
            said = _said(line) if line else None
            if said is None or (said.document, said.version) != (digest, version):
                message = f"no line cites the document that is kept as version {version}"
                yield Finding(self._name(key), None, "document.differs", message)

    def _paged(self, statement: Select[Any]) -> Iterator[Any]:
        """Yield a statement's rows, a batch at a time; by its first two columns it goes on."""
        first, second = -1, -1
        while rows := self._rows(statement, first=first, second=second, most=_BATCH):
            yield from rows
            first, second = rows[-1][:2]

    def _name(self, stream: int) -> str:
        return str(Ref.of(self.program.code, stream)) if stream > 0 else self.program.code


def _said(line: str) -> Entry | None:
    """Return what a line says; None for what is told as no line."""
    try:
        return entry_of(line.encode())
    except ValueError:
        return None


_LINE = and_(
    entry.c.program_id == beside.c.program_id,
    entry.c.stream == beside.c.stream,
    entry.c.n == beside.c.n,
)
_FIRST: BindParameter[int] = bindparam("first")
_SECOND: BindParameter[int] = bindparam("second")
_MOST: BindParameter[int] = bindparam("most")
_ZONE = select(program.c.time_zone, program.c.policy).where(program.c.id == _PROGRAM)
_DEFINITIONS = select(definition.c.digest, definition.c.body).order_by(definition.c.digest)
# Within a line's texts quotes are escaped: where this stands, it is the line's own key.
_ORDERED = (
    select(entry.c.stream, entry.c.n, entry.c.idempotency_key, entry.c.line)
    .where(
        entry.c.program_id == _PROGRAM,
        tuple_(entry.c.stream, entry.c.n) > tuple_(_FIRST, _SECOND),
        or_(entry.c.idempotency_key.is_not(None), entry.c.line.contains('"key":"')),
    )
    .order_by(entry.c.stream, entry.c.n)
    .limit(_MOST)
)
_AFTER = (
    beside.c.program_id == _PROGRAM,
    tuple_(beside.c.stream, beside.c.n) > tuple_(_FIRST, _SECOND),
)
_UNCITED = (
    select(beside.c.stream, beside.c.n, beside.c.part)
    .where(*_AFTER, or_(and_(*(beside.c.part != part for part in _PARTS)), ~exists().where(_LINE)))
    .order_by(beside.c.stream, beside.c.n)
    .limit(_MOST)
)
_DOCUMENTS = (
    select(
        document.c.key,
        document.c.version,
        document.c.digest,
        select(entry.c.line)
        .where(
            entry.c.program_id == document.c.program_id,
            entry.c.stream == document.c.key,
            entry.c.line.contains(document.c.digest),
        )
        .order_by(entry.c.n)
        .limit(1)
        .scalar_subquery(),
    )
    .where(
        document.c.program_id == _PROGRAM,
        tuple_(document.c.key, document.c.version) > tuple_(_FIRST, _SECOND),
    )
    .order_by(document.c.key, document.c.version)
    .limit(_MOST)
)
