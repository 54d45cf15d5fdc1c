"""What a database holds: its programs, how many lines, the newest one, and whether they chain.

Reads what every released form has, so that an older database can be looked at too. Every line's
form, number, place in its chain and move along the table are checked, and that the last line of
each stream is the one that its row names; what the lines cite, `lifecycle db check` replays.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.sql.expression import BindParameter, Select

from lifecycle.entry import digest_of, entry_of
from lifecycle.replay import chain_findings
from states.ref import Ref
from store.connection import Connection
from store.facts import PROGRAM_STREAM
from store.programs import programs
from store.tables import agreement, entry, program

MOST_FINDINGS = 100
_BATCH = 5000

_Head = tuple[int, int, str | None]
"""A stream, with the n and the digest of its last line as a row names them."""

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_HEAD: Select[Any] = select(program.c.n, program.c.head).where(program.c.id == _PROGRAM)
_HEADS: Select[Any] = (
    select(agreement.c.key, agreement.c.n, agreement.c.head)
    .where(agreement.c.program_id == _PROGRAM, agreement.c.key > bindparam("key_"))
    .order_by(agreement.c.key)
    .limit(bindparam("most"))
)
_LINES: Select[Any] = (
    select(entry.c.stream, entry.c.n, entry.c.line)
    .where(
        entry.c.program_id == _PROGRAM,
        tuple_(entry.c.stream, entry.c.n) > tuple_(bindparam("stream_"), bindparam("n_")),
    )
    .order_by(entry.c.stream, entry.c.n)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class ProgramContents:
    """One program: the head of its own stream, and how many lines all of its streams have."""

    code: str
    sandbox: bool
    n: int
    head: str | None
    entries: int
    newest: str | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database of one moment holds; `findings` are told up to `MOST_FINDINGS`."""

    schema: str
    programs: tuple[ProgramContents, ...]
    findings: tuple[str, ...] = ()

    @property
    def entries(self) -> int:
        """How many lines all programs have."""
        return sum(one.entries for one in self.programs)

    @property
    def newest(self) -> str | None:
        """When the newest line was recorded."""
        return max((one.newest for one in self.programs if one.newest), default=None)


def contents_of(connection: Connection, schema: str) -> Contents:
    """Return what a database of this form holds."""
    found: list[str] = []
    held = []
    for facts in programs(connection):
        walk = _Walk(facts.code, _heads(connection, facts.id))
        walk.go(_lines(connection, facts.id))
        n, head = connection.row(_HEAD, program_id=facts.id)
        held.append(ProgramContents(facts.code, facts.sandbox, n, head, walk.entries, walk.newest))
        found += walk.findings
    more = len(found) - MOST_FINDINGS
    told = [*found[:MOST_FINDINGS], f"and {more} more"] if more > 0 else found
    return Contents(schema, tuple(held), tuple(told))


def _heads(connection: Connection, id_: int) -> Iterator[_Head]:
    """Yield what rows name as their streams' last lines, in the order of streams."""
    yield PROGRAM_STREAM, *connection.row(_HEAD, program_id=id_)
    key = PROGRAM_STREAM
    while rows := connection.rows(_HEADS, program_id=id_, key_=key, most=_BATCH):
        yield from map(tuple, rows)
        key = rows[-1][0]


def _lines(connection: Connection, id_: int) -> Iterator[tuple[int, bytes]]:
    """Yield every line of a program with its stream, in order, never many at once."""
    stream, n = -1, 0
    while True:
        values = {"program_id": id_, "stream_": stream, "n_": n, "most": _BATCH}
        rows = connection.rows(_LINES, **values)
        if not rows:
            return
        for stream, n, line in rows:  # noqa: B007 - the last ones are where the next batch begins
            yield stream, line.encode()


class _Walk:
    """One pass over a program's lines, and over what its rows say of them."""

    def __init__(self, code: str, heads: Iterator[_Head]) -> None:
        self.findings: list[str] = []
        self.entries = 0
        self.newest: str | None = None
        self._code = code
        self._heads = heads
        self._last: bytes | None = None

    def go(self, lines: Iterable[tuple[int, bytes]]) -> None:
        without: list[_Head] = []
        head = next(self._heads, None)
        for stream, group in groupby(lines, key=itemgetter(0)):
            while head and head[0] < stream:
                without.append(head)
                head = next(self._heads, None)
            name = self._name(stream)
            before = self.entries
            own = self._noted(line for _stream, line in group)
            broken = list(chain_findings(name, own))
            # What follows an unreadable line is counted all the same.
            deque(own, maxlen=0)
            self.findings += [f"{name}: {finding.message}" for finding in broken]
            own_head = head if head and head[0] == stream else None
            if not broken:
                self._end(name, own_head, self.entries - before)
            if own_head:
                head = next(self._heads, None)
        for stream, n, _digest in (*without, *([head] if head else ()), *self._heads):
            if n:
                self.findings.append(
                    f"{self._name(stream)}: its row names line {n}, and it has none"
                )

    def _name(self, stream: int) -> str:
        return self._code if stream == PROGRAM_STREAM else str(Ref.of(self._code, stream))

    def _noted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self.entries += 1
            self._last = line
            yield line

    def _end(self, name: str, head: _Head | None, count: int) -> None:
        last = self._last or b""
        self.newest = max(entry_of(last).recorded_at, self.newest or "")
        if head is None or head[1:] != (count, digest_of(last)):
            self.findings.append(f"{name}: its row does not name its last line, line {count}")
