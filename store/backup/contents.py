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

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_HEAD: Select[Any] = select(program.c.n, program.c.head).where(program.c.id == _PROGRAM)
_HEADS: Select[Any] = select(agreement.c.key, agreement.c.n, agreement.c.head).where(
    agreement.c.program_id == _PROGRAM
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
        walk = _Walk(facts.code, dict(_rows_as_heads(connection, facts.id)))
        walk.go(_lines(connection, facts.id))
        n, head = connection.row(_HEAD, program_id=facts.id)
        held.append(ProgramContents(facts.code, facts.sandbox, n, head, walk.entries, walk.newest))
        found += walk.findings
    more = len(found) - MOST_FINDINGS
    told = [*found[:MOST_FINDINGS], f"and {more} more"] if more > 0 else found
    return Contents(schema, tuple(held), tuple(told))


def _rows_as_heads(connection: Connection, id_: int) -> Iterator[tuple[int, tuple[int, str]]]:
    yield PROGRAM_STREAM, tuple(connection.row(_HEAD, program_id=id_))
    for key, n, head in connection.rows(_HEADS, program_id=id_):
        yield key, (n, head)


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
    """One pass over a program's lines."""

    def __init__(self, code: str, heads: dict[int, tuple[int, str]]) -> None:
        self.findings: list[str] = []
        self.entries = 0
        self.newest: str | None = None
        self._code = code
        self._heads = heads
        self._last: bytes | None = None

    def go(self, lines: Iterable[tuple[int, bytes]]) -> None:
        for stream, group in groupby(lines, key=itemgetter(0)):
            name = self._code if stream == PROGRAM_STREAM else str(Ref.of(self._code, stream))
            before = self.entries
            own = self._noted(line for _stream, line in group)
            broken = list(chain_findings(name, own))
            # What follows an unreadable line is counted all the same.
            deque(own, maxlen=0)
            self.findings += [f"{name}: {finding.message}" for finding in broken]
            if not broken:
                self._end(name, self._heads.get(stream), self.entries - before)
            self._heads.pop(stream, None)
        for stream, (n, _head) in self._heads.items():
            if n:
                name = self._code if stream == PROGRAM_STREAM else str(Ref.of(self._code, stream))
                self.findings.append(f"{name}: its row names line {n}, and it has none")

    def _noted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self.entries += 1
            self._last = line
            yield line

    def _end(self, name: str, head: tuple[int, str] | None, count: int) -> None:
        last = self._last or b""
        self.newest = max(entry_of(last).recorded_at, self.newest or "")
        if head != (count, digest_of(last)):
            self.findings.append(f"{name}: its row does not name its last line, line {count}")
