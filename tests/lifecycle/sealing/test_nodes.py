"""The tree as it is kept in tiles gives the same roots and proofs as the tree of all lines."""

from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.sealing.merkle import consistency, inclusion, leaf_hash, root_of
from lifecycle.sealing.nodes import Kept, full_tiles, split
from lifecycle.sealing.ports import TILE, KnownKey, Seal, Tile


class Shelf:
    """Keeps leaf hashes and tiles, and knows nothing of lines: what sealing asks of a store."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """Take the leaves that there will be."""
        self.leaves = leaves
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.read: list[tuple[int, int]] = []

    def leaf_hashes(self, first: int, last: int) -> Sequence[bytes]:
        """Return some of the leaves."""
        return self.leaves[first:last]

    def tile(self, level: int, index: int) -> bytes | None:
        """Return a tile that was kept."""
        self.read.append((level, index))
        return self.tiles.get((level, index))

    def keep_tiles(self, tiles: Sequence[Tile]) -> None:
        """Keep tiles, each once."""
        for one in tiles:
            assert (one.level, one.index) not in self.tiles
            self.tiles[one.level, one.index] = one.hashes

    def lock_sealer(self) -> None:
        """Do nothing: nobody else is here."""

    def last_seal(self) -> Seal | None:
        """Return None."""
        return None

    def public_keys(self) -> Sequence[KnownKey]:
        """Return none."""
        return ()

    def keep_key(self, known: KnownKey) -> None:
        """Keep none."""

    def take_leaves(self, first: int, most: int) -> int:  # noqa: ARG002 - as a store does
        """Take none."""
        return 0

    def leaf_lines(self, first: int) -> Iterator[bytes]:  # noqa: ARG002 - as a store does
        """Return none."""
        return iter(())

    def keep_seal(self, seal: Seal) -> None:
        """Keep none."""

    def first_line(self) -> bytes:
        """Return nothing."""
        return b""


LEAVES = [leaf_hash(b"%d" % n) for n in range(TILE * TILE + 2 * TILE + 5)]


def grown(*sizes: int) -> Shelf:
    """Return a shelf on which the tree grew from size to size."""
    shelf, before = Shelf(LEAVES), 0
    for size in sizes:
        full_tiles(shelf, before, LEAVES[before:size])
        before = size
    return shelf


def plain(level: int, index: int) -> bytes:
    """Return the root of a whole subtree, of its leaves."""
    return root_of(LEAVES[index << level : (index + 1) << level])


@given(st.lists(st.integers(0, 3 * TILE), min_size=1, max_size=6).map(sorted))
def test_tiles_are_kept_as_soon_as_they_are_full(sizes: list[int]) -> None:
    """Whatever the steps in which the tree grows: each once, and none before."""
    tiles = grown(*sizes).tiles
    assert tiles == {
        (0, at): b"".join(LEAVES[at * TILE : (at + 1) * TILE]) for at in range(sizes[-1] // TILE)
    }


def test_tile_above_holds_the_roots_of_those_below() -> None:
    """Once 256 of them are full."""
    shelf = grown(TILE * TILE - 1, TILE * TILE, len(LEAVES))
    above = split(shelf.tiles[1, 0])
    assert above == [root_of(LEAVES[at * TILE : (at + 1) * TILE]) for at in range(TILE)]
    assert [place for place in shelf.tiles if place[0] > 0] == [(1, 0)]


@settings(max_examples=settings().max_examples // 4)
@given(st.integers(1, len(LEAVES)), st.data())
def test_proofs_made_of_tiles_are_those_of_the_tree(size: int, data: st.DataObject) -> None:
    """At each size, also one that lies behind."""
    shelf = grown(len(LEAVES))
    shelf.read.clear()
    index = data.draw(st.integers(0, size - 1))
    kept = Kept(shelf, size)
    assert inclusion(index, size, kept.node) == inclusion(index, size, plain)
    assert consistency(index + 1, size, kept.node) == consistency(index + 1, size, plain)
    assert len(set(shelf.read)) == len(shelf.read), "no tile is read twice"
