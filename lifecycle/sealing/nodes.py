"""The tree as it is kept: full tiles of 256 hashes, of which roots and proofs are made.

A tile of level 0 holds leaf hashes, one of level L the roots of whole tiles of level L - 1 (C2SP's
tlog-tiles). What is not in a full tile yet is hashed anew from its lines, at most 255 of them.
"""

from collections.abc import Sequence

from lifecycle.errors import StoreError
from lifecycle.sealing.merkle import HASH_BYTES, whole_root
from lifecycle.sealing.ports import TILE, TILE_LEVELS, SealUnit, Tile


def split(hashes: bytes) -> list[bytes]:
    """Return the hashes that stand one after the other."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


class Kept:
    """Looks up roots of whole subtrees in a tree of some size; each tile is read once.

    Raises StoreError where what is kept is not what it was.
    """

    def __init__(self, unit: SealUnit, size: int) -> None:
        """Begin with nothing read."""
        self._unit, self._size = unit, size
        self._rows: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the root of the whole subtree at a place."""
        at, height = divmod(level, TILE_LEVELS)
        first = index << height
        return whole_root(
            self._tile(at, first // TILE)[first % TILE : (first % TILE) + (1 << height)]
        )

    def of_tile(self, level: int, index: int) -> bytes:
        """Return the root over a full tile, which is a hash of the level above."""
        return whole_root(self._tile(level, index))

    def _tile(self, level: int, index: int) -> list[bytes]:
        if (level, index) not in self._rows:
            full = self._unit.tile(level, index)
            whole = self._begun(level, index) if full is None else _whole(level, index, full)
            self._rows[level, index] = whole
        return self._rows[level, index]

    def _begun(self, level: int, index: int) -> list[bytes]:
        """Return what there is of a tile that is not full."""
        first = index * TILE
        if level == 0:
            return list(self._unit.leaf_hashes(first, min(first + TILE, self._size)))
        whole = self._size >> (TILE_LEVELS * level)
        return [self.of_tile(level - 1, at) for at in range(first, min(first + TILE, whole))]


def _whole(level: int, index: int, hashes: bytes) -> list[bytes]:
    """Return the hashes of a full tile; raises StoreError where it is no full one."""
    if len(hashes) != TILE * HASH_BYTES:
        message = f"tile {index} of level {level} is cut"
        raise StoreError(message, "damaged", "lifecycle log verify says more")
    return split(hashes)


def full_tiles(unit: SealUnit, before: int, leaves: Sequence[bytes]) -> None:
    """Keep every tile that is full once some leaf hashes are added to a tree of a size before."""
    first, size = before - before % TILE, before + len(leaves)
    row = [*unit.leaf_hashes(first, before), *leaves]
    whole = range(0, len(row) - TILE + 1, TILE)
    unit.keep_tiles([_tile(0, (first + at) // TILE, row[at : at + TILE]) for at in whole])
    kept, level = Kept(unit, size), 1
    while size >> (TILE_LEVELS * (level + 1)):
        for index in range(before >> TILE_LEVELS * (level + 1), size >> TILE_LEVELS * (level + 1)):
            places = range(index * TILE, (index + 1) * TILE)
            roots = [kept.of_tile(level - 1, place) for place in places]
            unit.keep_tiles([_tile(level, index, roots)])
        level += 1


def _tile(level: int, index: int, hashes: Sequence[bytes]) -> Tile:
    return Tile(level, index, b"".join(hashes))
