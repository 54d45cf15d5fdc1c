"""A database as evidence of its own log; see `lifecycle.verifying.evidence`.

Whatever its rows say, asking it ends: what can't be read is told, and nothing is believed of how
large the tree is said to be.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

from lifecycle.entry import entry_of, salted
from lifecycle.errors import StoreError
from lifecycle.replay import Finding
from lifecycle.sealing.keys import PublicKey, public_key_of
from lifecycle.sealing.nodes import Kept
from lifecycle.sealing.notes import Checkpoint, checkpoint_in
from lifecycle.sealing.ports import TILE, TILE_LEVELS
from states.codec import decode
from states.notes import KeyChange
from states.ref import Ref
from states.vocabulary import Event
from store.reader import Reader
from store.sealing.unit import seal_of

_MOST_GONE = 10_000
"""How many leaves in a row are told one by one as gone."""


@dataclass(frozen=True, slots=True)
class StoredLog:
    """The log of a program in a database, all of one moment."""

    reader: Reader

    @property
    def code(self) -> str:
        """The program's code."""
        return self.reader.program.code

    def sealed_lines(self) -> Iterator[bytes | None]:
        """Yield the lines that are leaves; None for a leaf, or for a line, that is gone."""
        return chain.from_iterable(self._batches())

    def _batches(self) -> Iterator[list[bytes | None]]:
        expected = 0
        for rows in self.reader.leaf_batches(0):
            last = rows[-1][0]
            if last - expected + 1 == len(rows):
                yield [_bytes(line) for *_place, line in rows]
            else:
                yield list(_with_gaps(expected, rows))
            expected = last + 1

    def waiting_lines(self) -> Iterator[bytes | None]:
        """Yield the lines that no checkpoint covers yet."""
        return map(_bytes, self.reader.waiting())

    def tile(self, level: int, index: int) -> bytes | None:
        """Return the hashes of a full tile."""
        return self.reader.tile(level, index)

    def checkpoints(self) -> Iterator[tuple[str, bytes]]:
        """Yield every checkpoint, the smallest tree first."""
        return ((_name(size), note.encode()) for size, *_, note in self.reader.seal_rows())

    def keys(self) -> Sequence[PublicKey]:
        """Return the keys that nobody vouches for: the first one, and those after a lost one."""
        return [key for _n, key, change in self._changes() if not change.signed]

    def findings(self) -> Iterator[Finding]:
        """Yield where the rows of the tree don't agree with lines and checkpoints."""
        yield from self._astray()
        yield from self._seals()
        yield from self._tiles()
        yield from self._keys()

    def _astray(self) -> Iterator[Finding]:
        for key, n in self.reader.astray():
            stream = str(Ref.of(self.code, key)) if key else self.code
            message = f"line {n} of {stream} is neither sealed nor waiting for it"
            yield Finding(stream, n, "line.astray", message)

    def _seals(self) -> Iterator[Finding]:
        for row in self.reader.seal_rows():
            try:
                said = checkpoint_in(row[-1].encode())
            except ValueError:
                # What can't be read of it, verifying the checkpoint says.
                continue
            if not _says(row, said):
                message = f"the row of {_name(row[0])} is not what its note says"
                yield Finding(self.code, None, "seal.differs", message)

    def _tiles(self) -> Iterator[Finding]:
        """Yield the tiles above the lowest that are not made of the ones below, and missing ones.

        Those of leaves are held against the lines by the walk.
        """
        size, level = self.reader.leaf_count(), 0
        while size >> (TILE_LEVELS * (level + 1)):
            for index in range(size >> (TILE_LEVELS * (level + 1))):
                if (wrong := self._wrong(level, index, size)) is not None:
                    message = f"tile {index} of level {level} {wrong}"
                    yield Finding(self.code, None, "tile.differs", message)
            level += 1

    def _wrong(self, level: int, index: int, size: int) -> str | None:
        hashes = self.reader.tile(level, index)
        if hashes is None:
            return "is gone"
        if level == 0:
            return None
        kept, places = Kept(self.reader, size), range(index * TILE, (index + 1) * TILE)
        try:
            made = b"".join(kept.of_tile(level - 1, place) for place in places)
        except StoreError as error:
            return f"can't be held against those below it: {error.message}"
        return None if hashes == made else "is not made of those below it"

    def _keys(self) -> Iterator[Finding]:
        said = [(n, key.vkey) for n, key, _change in self._changes()]
        if said != [tuple(row) for row in self.reader.key_rows()]:
            message = f"the public keys of {self.code} are not those that its log names"
            yield Finding(self.code, None, "key.differs", message)

    def _changes(self) -> Iterator[tuple[int, PublicKey, KeyChange]]:
        """Yield what the log says of its keys; what can't be read of it is told elsewhere."""
        for line in self.reader.lines(None):
            with suppress(ValueError):
                entry = entry_of(line)
                if entry.event is Event.KEY_CHANGED:
                    for part in self.reader.beside(None, entry.n):
                        if part.kind == "key" and salted(part.salt, part.body) == entry.content:
                            change = decode(KeyChange, part.body)
                            yield entry.n, public_key_of(change.key), change


def _with_gaps(
    expected: int, rows: Sequence[tuple[int, int, int, str | None]]
) -> Iterator[bytes | None]:
    """Yield lines with what is missing between them, of large gaps no more than shows them."""
    for leaf, _stream, _n, line in rows:
        yield from (None for _gone in range(min(leaf - expected, _MOST_GONE)))
        yield _bytes(line)
        expected = leaf + 1


def _bytes(line: str | None) -> bytes | None:
    return None if line is None else line.encode()


def _name(size: int) -> str:
    return f"the checkpoint of {size} lines"


def _says(row: Sequence[Any], said: Checkpoint) -> bool:
    try:
        seal = seal_of(row)
    except StoreError:
        return False
    return (seal.size, seal.root, seal.sealed_at) == (said.size, said.root, said.sealed_at)
