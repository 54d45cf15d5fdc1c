"""What sealing asks of a store; a part of `lifecycle.ports.Unit`."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.merkle import Frontier

TILE = 256
"""How many hashes a full tile of the tree holds."""

TILE_LEVELS = TILE.bit_length() - 1
"""How many levels of the tree lie between a hash of a tile and one of the tile above it."""


class Seal(msgspec.Struct, frozen=True):
    """One checkpoint as it is kept: the tree then, when it was made (UTC), and the note's bytes."""

    size: int
    root: bytes
    peaks: tuple[bytes, ...]
    sealed_at: str
    note: bytes

    @property
    def frontier(self) -> Frontier:
        """The tree from which the next seal goes on."""
        return Frontier(self.size, self.peaks)


class Tile(msgspec.Struct, frozen=True):
    """256 hashes of one level of the tree, one after the other; `level` counts tiles, not nodes."""

    level: int
    index: int
    hashes: bytes


class KnownKey(msgspec.Struct, frozen=True):
    """A public key of the log, and the line of the program's own stream that named it."""

    n: int
    key: PublicKey


class SealUnit(Protocol):
    """The sealer's part of a transaction."""

    def lock_sealer(self) -> None:
        """Keep other sealers of the program waiting, and no writer."""

    def last_seal(self) -> Seal | None:
        """Return the newest checkpoint; None where there is none yet."""

    def public_keys(self) -> Sequence[KnownKey]:
        """Return the log's public keys, the first one first."""

    def keep_key(self, known: KnownKey) -> None:
        """Keep a public key."""

    def take_leaves(self, first: int, most: int) -> int:
        """Make leaves of lines that no seal covers yet, from index `first` on; return how many.

        What is taken is of one moment: a stream's lines in their order, none left out between.
        """

    def leaf_lines(self, first: int) -> Iterator[bytes]:
        """Yield the lines that are leaves from an index on, in the order of leaves."""

    def leaf_hashes(self, first: int, last: int) -> Sequence[bytes]:
        """Return the hashes of leaves from an index up to another one, taken of their lines."""

    def tile(self, level: int, index: int) -> bytes | None:
        """Return the hashes of a full tile; None where it is not full yet."""

    def keep_tiles(self, tiles: Sequence[Tile]) -> None:
        """Keep full tiles."""

    def keep_seal(self, seal: Seal) -> None:
        """Keep a checkpoint."""

    def first_line(self) -> bytes:
        """Return the first line of the program's own stream."""
