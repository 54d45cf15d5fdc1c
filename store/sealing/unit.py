"""The Merkle tree, its checkpoints and its keys in the database; see `lifecycle.sealing.ports`."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, NoReturn

from lifecycle.errors import StoreError
from lifecycle.sealing.keys import public_key_of
from lifecycle.sealing.merkle import Frontier, leaf_hash
from lifecycle.sealing.nodes import split
from lifecycle.sealing.ports import KnownKey, Seal, Tile
from store.facts import PROGRAM_STREAM, Facts
from store.sealing import sql

_BATCH = 2000
# With the program's id the lock of its sealer; any number, as long as nobody else takes the same.
_SEALER_LOCK = 0x5EA1


class Seals(Facts):
    """What is read of the tree, by who seals and by who verifies."""

    def last_seal(self) -> Seal | None:
        """Return the newest checkpoint."""
        row = self._row(sql.LAST_SEAL)
        return seal_of(row) if row else None

    def seals(self) -> Iterator[Seal]:
        """Yield every checkpoint, in order of size."""
        return map(seal_of, self._rows(sql.SEALS))

    def seal_rows(self) -> Sequence[tuple[int, str, str, str, str]]:
        """Return the checkpoints as their rows have them, whatever those say: see `Seal`."""
        return self._rows(sql.SEALS)

    def seal_covering(self, leaf: int) -> Seal | None:
        """Return the first checkpoint that covers a leaf."""
        row = self._row(sql.SEAL_COVERING, leaf=leaf)
        return seal_of(row) if row else None

    def leaf_of(self, key: int | None, n: int) -> int | None:
        """Return which leaf a line is; None for one that no checkpoint covers yet."""
        row = self._row(sql.LEAF_OF, stream=PROGRAM_STREAM if key is None else key, n=n)
        return int(row[0]) if row else None

    def newest_leaf(self, key: int | None) -> tuple[int, int] | None:
        """Return the newest line of a stream that a checkpoint covers: its n and its leaf."""
        row = self._row(sql.NEWEST_LEAF, stream=PROGRAM_STREAM if key is None else key)
        return (row[0], row[1]) if row else None

    def unsealed_count(self) -> int:
        """Return how many lines wait for their first checkpoint."""
        return int(self._row(sql.COUNT_WAITING)[0])

    def leaf_count(self) -> int:
        """Return how many leaves the tree has."""
        return int(self._row(sql.COUNT_LEAVES)[0])

    def leaf_lines(self, first: int) -> Iterator[bytes]:
        """Yield the lines that are leaves from an index on; raises StoreError where one is gone."""
        for expected, (leaf, _stream, n, line) in enumerate(self.leaves(first), first):
            if leaf != expected:
                _damaged(f"leaf {expected} of the tree is gone")
            if line is None:
                _damaged(f"line {n}, leaf {leaf} of the tree, is gone")
            yield line.encode()

    def leaves(self, first: int = 0) -> Iterator[tuple[int, int, int, str | None]]:
        """Yield leaves from an index on: index, stream, n, and the line if it is there."""
        return chain.from_iterable(self.leaf_batches(first))

    def leaf_batches(self, first: int) -> Iterator[list[tuple[int, int, int, str | None]]]:
        """Yield leaves from an index on, as they are read."""
        while rows := self._rows(sql.LEAVES, first=first, most=_BATCH):
            yield rows
            first = rows[-1][0] + 1

    def waiting(self) -> Iterator[str | None]:
        """Yield the lines that no checkpoint covers yet, each stream's in their order."""
        after = (-1, 0)
        while rows := self._rows(sql.WAITING, stream_=after[0], n_=after[1], most=_BATCH):
            yield from (line for _stream, _n, line in rows)
            after = rows[-1][:2]

    def astray(self) -> Iterator[tuple[int, int]]:
        """Yield stream and n of the lines that are neither in the tree nor waiting for it."""
        return iter(self._rows(sql.ASTRAY))

    def leaf_hashes(self, first: int, last: int) -> Sequence[bytes]:
        """Return the hashes of leaves from an index up to another one; raises StoreError."""
        hashes = list(map(leaf_hash, islice(self.leaf_lines(first), last - first)))
        if len(hashes) != last - first:
            _damaged(f"leaf {first + len(hashes)} of the tree is gone")
        return hashes

    def tile(self, level: int, index: int) -> bytes | None:
        """Return the hashes of a full tile."""
        row = self._row(sql.TILE, level=level, tile=index)
        return bytes(row[0]) if row else None

    def public_keys(self) -> Sequence[KnownKey]:
        """Return the log's public keys; raises StoreError for one that can't be read."""
        try:
            return [KnownKey(n, public_key_of(key)) for n, key in self.key_rows()]
        except ValueError:
            _damaged("a public key of the log can't be read")

    def key_rows(self) -> Sequence[tuple[int, str]]:
        """Return the public keys as their rows have them, whatever those say."""
        return self._rows(sql.KEYS)

    def first_line(self) -> bytes:
        """Return the first line of the program's own stream; raises StoreError without one."""
        row = self._row(sql.FIRST_LINE)
        if row is None:
            _damaged("the first line of the program's own stream is gone")
        line: str = row[0]
        return line.encode()


class SealStore(Seals):
    """The sealer's part of a unit of work."""

    def lock_sealer(self) -> None:
        """Keep other sealers waiting; SQLite's writers have the whole database to themselves."""
        if self._row_locks:
            self._connection.command(
                f"SELECT pg_advisory_xact_lock({_SEALER_LOCK}, {self._program.id})"
            )

    def take_leaves(self, first: int, most: int) -> int:
        """Make leaves of lines that wait, and let them wait no more."""
        values = {"program": self._program.id, "first": first, "most": most}
        count = self._connection.run(sql.TAKE, program_id=self._program.id, **values)()
        if count:
            self._run(sql.UNQUEUE, first=first)
        return count

    def keep_tiles(self, tiles: Sequence[Tile]) -> None:
        """Keep full tiles."""
        self._many(
            sql.INSERT_TILE,
            [{"level": one.level, "tile": one.index, "hashes": one.hashes} for one in tiles],
        )

    def keep_seal(self, seal: Seal) -> None:
        """Keep a checkpoint."""
        self._run(
            sql.INSERT_SEAL,
            size=seal.size,
            root=seal.root.hex(),
            peaks=b"".join(seal.peaks).hex(),
            sealed_at=seal.sealed_at,
            note=seal.note.decode(),
        )

    def keep_key(self, known: KnownKey) -> None:
        """Keep a public key."""
        self._run(sql.INSERT_KEY, n=known.n, key=known.key.vkey)


def seal_of(row: Sequence[Any]) -> Seal:
    """Return the checkpoint of a row; raises StoreError where its columns don't agree."""
    size, root, peaks, sealed_at, note = row
    try:
        whole = Frontier(size, split(bytes.fromhex(peaks)))
    except ValueError:
        whole = Frontier()
    if (whole.size, whole.root.hex()) != (size, root):
        _damaged(f"the row of the checkpoint of {size} lines is not what it was")
    return Seal(size, whole.root, tuple(whole.peaks), sealed_at, note.encode())


def _damaged(what: str) -> NoReturn:
    raise StoreError(what, "damaged", "lifecycle log verify says more")
