"""A database as evidence of its own log; see `lifecycle.verifying.evidence`."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from lifecycle.entry import entry_of, salted
from lifecycle.replay import Finding
from lifecycle.sealing.merkle import Frontier
from lifecycle.sealing.nodes import Kept
from lifecycle.sealing.notes import checkpoint_of, note_of
from lifecycle.sealing.ports import TILE
from states.codec import decode
from states.notes import KeyChange
from states.ref import Ref
from states.vocabulary import Event
from store.reader import Reader

_LEVELS = TILE.bit_length() - 1


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
                there = {leaf: _bytes(line) for leaf, *_place, line in rows}
                yield [there.get(leaf) for leaf in range(expected, last + 1)]
            expected = last + 1

    def waiting_lines(self) -> Iterator[bytes | None]:
        """Yield the lines that no checkpoint covers yet."""
        return (None if line is None else line.encode() for line in self.reader.waiting())

    def tile(self, level: int, index: int) -> bytes | None:
        """Return the hashes of a full tile."""
        return self.reader.tile(level, index)

    def checkpoints(self) -> Iterator[tuple[str, bytes]]:
        """Yield every checkpoint, the smallest tree first."""
        return ((f"the checkpoint of {one.size} lines", one.note) for one in self.reader.seals())

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
        for one in self.reader.seals():
            try:
                said = checkpoint_of(note_of(one.note).text)
                same = (said.size, said.root, said.sealed_at) == (one.size, one.root, one.sealed_at)
                if same and Frontier(one.size, one.peaks).root == one.root:
                    continue
            except ValueError:
                # What can't be read of it, verifying the checkpoint says.
                continue
            message = f"the row of the checkpoint of {one.size} lines is not what its note says"
            yield Finding(self.code, None, "seal.differs", message)

    def _tiles(self) -> Iterator[Finding]:
        """Yield the tiles above the lowest that are not made of the ones below, and missing ones.

        Those of leaves are held against the lines by the walk.
        """
        last = self.reader.last_seal()
        size, level = last.size if last else 0, 0
        while size >> (_LEVELS * (level + 1)):
            for index in range(size >> (_LEVELS * (level + 1))):
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
        made = b"".join(kept.of_tile(level - 1, place) for place in places)
        return None if hashes == made else "is not made of those below it"

    def _keys(self) -> Iterator[Finding]:
        said = []
        for entry in map(entry_of, self.reader.lines(None)):
            if entry.event is Event.KEY_CHANGED:
                said += [
                    (entry.n, decode(KeyChange, part.body).key)
                    for part in self.reader.beside(None, entry.n)
                    if part.kind == "key" and salted(part.salt, part.body) == entry.content
                ]
        known = self.reader.public_keys()
        if said != [(one.n, one.key.vkey) for one in known]:
            message = f"the public keys of {self.code} are not those that its log names"
            yield Finding(self.code, None, "key.differs", message)


def _bytes(line: str | None) -> bytes | None:
    return None if line is None else line.encode()
