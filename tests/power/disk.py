"""A disk that loses its power: what of a trace of writes is there afterwards.

What was synced is there. Of the rest there is nothing, all, what came first, or any part: whole
writes or single sectors, in any order, or noise where a write was under way. A file's name comes
and goes with its folder, in order. Bytes that were not being written are left alone, as SQLite
expects of every disk (SQLITE_IOCAP_POWERSAFE_OVERWRITE).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random


class Kind(StrEnum):
    """What was done to a file, or that a commit had returned."""

    CREATE = "create"
    WRITE = "write"
    TRUNCATE = "truncate"
    SYNC = "sync"
    DELETE = "delete"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Op:
    """One step of a trace: `at` is an offset or a size; `data` what was written, or was told."""

    kind: Kind
    name: str = ""
    at: int = 0
    data: bytes = b""


class Lost(StrEnum):
    """What becomes of what was not synced."""

    ALL = "all of it"
    NOTHING = "nothing of it"
    THE_LAST = "what came last"
    WRITES = "some writes"
    SECTORS = "some sectors"
    NOISE = "some sectors, and noise in others"


@dataclass(frozen=True, slots=True)
class Crash:
    """Power that fails after so many steps; `seed` says what chance makes of it."""

    after: int
    lost: Lost
    sector: int
    seed: int


@dataclass(slots=True)
class _File:
    """What a file is sure to hold, and what was done to it since its last sync."""

    kept: bytearray
    pending: list[Op] = field(default_factory=list)


class Disk:
    """A folder's files while a trace is played; `lies` is a disk that calls synced what is not."""

    def __init__(self, before: dict[str, bytes], *, lies: bool = False) -> None:
        """Take what was there, and on disk, before the first step."""
        self._lies = lies
        self._now = {name: _File(bytearray(body)) for name, body in before.items()}
        self._kept = dict(self._now)
        self._names: list[tuple[str, _File | None]] = []
        """What became of names since the folder was last synced."""

    def play(self, ops: Sequence[Op]) -> None:
        """Play some steps of the trace."""
        for op in ops:
            if op.kind is Kind.CREATE:
                self._now[op.name] = _File(bytearray())
                self._names.append((op.name, self._now[op.name]))
            elif op.kind is Kind.DELETE:
                self._names.append((op.name, None))
                del self._now[op.name]
                if op.at:
                    self._sync_names()
            elif op.kind is Kind.SYNC:
                self._sync(self._now[op.name])
            elif op.kind is not Kind.TOLD:
                self._now[op.name].pending.append(op)

    def after(self, crash: Crash) -> dict[str, bytes]:
        """Return the files as they are when the power is back."""
        chance = Random(crash.seed)  # noqa: S311 - of a test
        names = dict(self._kept)
        for name, file in self._names[: self._so_many(crash.lost, len(self._names), chance)]:
            names.pop(name, None)
            if file is not None:
                names[name] = file
        return {name: _image(file, crash, chance) for name, file in names.items()}

    def _sync(self, file: _File) -> None:
        if self._lies:
            return
        for op in file.pending:
            _do(file.kept, op)
        file.pending.clear()
        # SQLite syncs the folder of a journal that it has made together with the journal.
        self._sync_names()

    def _sync_names(self) -> None:
        if not self._lies:
            self._kept = dict(self._now)
            self._names.clear()

    @staticmethod
    def _so_many(lost: Lost, names: int, chance: Random) -> int:
        known = {Lost.ALL: 0, Lost.NOTHING: names}
        return known[lost] if lost in known else chance.randint(0, names)


def save(files: dict[str, bytes], folder: Path) -> None:
    """Write the files into a folder, which holds no others then."""
    for path in folder.iterdir():
        path.unlink()
    for name, body in files.items():
        (folder / name).write_bytes(body)


def _image(file: _File, crash: Crash, chance: Random) -> bytes:
    image = bytearray(file.kept)
    for op in _survivors(file.pending, crash, chance):
        _do(image, op)
    return bytes(image)


def _survivors(pending: list[Op], crash: Crash, chance: Random) -> Iterator[Op]:
    if crash.lost is Lost.ALL:
        return
    if crash.lost in {Lost.NOTHING, Lost.THE_LAST}:
        many = len(pending)
        yield from pending[: many if crash.lost is Lost.NOTHING else chance.randint(0, many)]
        return
    share = chance.random()
    for op in pending:
        for part in [op] if crash.lost is Lost.WRITES else _sectors(op, crash.sector):
            if chance.random() < share:
                yield part
            elif crash.lost is Lost.NOISE and op.kind is Kind.WRITE and chance.random() < share:
                yield Op(Kind.WRITE, op.name, part.at, chance.randbytes(len(part.data)))


def _sectors(op: Op, size: int) -> Iterator[Op]:
    """Yield a write's parts, none of which reaches from one sector into the next."""
    if op.kind is not Kind.WRITE:
        yield op
        return
    begin, end = op.at, op.at + len(op.data)
    while begin < end:
        until = min(end, (begin // size + 1) * size)
        yield Op(Kind.WRITE, op.name, begin, op.data[begin - op.at : until - op.at])
        begin = until


def _do(body: bytearray, op: Op) -> None:
    if op.kind is Kind.TRUNCATE:
        del body[op.at :]
        body.extend(bytes(op.at - len(body)))
        return
    body.extend(bytes(max(0, op.at - len(body))))
    body[op.at : op.at + len(op.data)] = op.data
