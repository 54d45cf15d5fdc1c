"""Seals: makes leaves of the lines that no checkpoint covers yet, and signs the tree that results.

The order of steps, in one transaction a chunk:

1. lock the sealer, which keeps other sealers waiting and no writer;
2. take the lines of one moment as the next leaves;
3. grow the tree by their hashes, and keep the tiles that are full;
4. sign the checkpoint with the log's key, and keep it.

What it costs follows what is new. Nothing is written where nothing is new: the last checkpoint
stands. Lines are not written by sealing, so that it asks for the key and for no role.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lifecycle.entry import instant
from lifecycle.errors import StoreError
from lifecycle.ports import Ledger
from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.merkle import Frontier, leaf_hash
from lifecycle.sealing.nodes import full_tiles
from lifecycle.sealing.notes import Checkpoint, Note, Signature
from lifecycle.sealing.ports import KnownKey, Seal, SealUnit

CHUNK = 20_000
"""How many lines one transaction seals at most: what bounds memory, and how long it takes."""


class Signer(Protocol):
    """A private key."""

    @property
    def public(self) -> PublicKey:
        """The public key that goes with it."""

    def sign(self, text: bytes) -> bytes:
        """Return the key's Ed25519 signature of a text."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing came to: the newest checkpoint, and how many lines it is the first to cover."""

    seal: Seal | None
    new: int


def seal(
    ledger: Ledger,
    signer: Signer,
    clock: Callable[[], datetime],
    observe: Callable[[int], None] = lambda _lines: None,
) -> Sealed:
    """Seal every line there is, a chunk a transaction; `observe` is told of each chunk's lines.

    It ends with the first chunk that is not full: what is written meanwhile is for the next seal,
    or it would never end while people write. Raises StoreError where the log has no key, or
    another one than the signer's.
    """
    new = 0
    while True:
        with ledger.unit() as unit:
            unit.lock_sealer()
            _check_key(unit, signer)
            last = unit.last_seal()
            made = sealed_chunk(unit, (signer,), clock())
        added = _added(last, made)
        new += added
        observe(added)
        if added < CHUNK:
            return Sealed(made or last, new)


def seal_all(unit: SealUnit, signer: Signer, now: datetime) -> None:
    """Seal every line there is under the sealer's lock, in the transaction that is there."""
    last, full = unit.last_seal(), True
    while full:
        made = sealed_chunk(unit, (signer,), now)
        last, full = made, _added(last, made) == CHUNK


def _added(before: Seal | None, made: Seal | None) -> int:
    """Return how many lines a checkpoint covers that the one before it does not."""
    return made.size - (before.size if before else 0) if made else 0


def sealed_chunk(
    unit: SealUnit, signers: tuple[Signer, ...], now: datetime, next_key: PublicKey | None = None
) -> Seal | None:
    """Seal the next lines under the sealer's lock; None where there is none and no `next_key`."""
    last = unit.last_seal()
    frontier = last.frontier if last else Frontier()
    before = frontier.size
    if not unit.take_leaves(before, CHUNK) and next_key is None:
        return None
    leaves = [leaf_hash(line) for line in unit.leaf_lines(before)]
    for leaf in leaves:
        frontier.append(leaf)
    full_tiles(unit, before, leaves)
    at = instant(now)
    origin = signers[0].public.name
    text = Checkpoint(origin, frontier.size, frontier.root, at, next_key).text
    made = Seal(frontier.size, frontier.root, tuple(frontier.peaks), at, signed(text, signers).body)
    unit.keep_seal(made)
    return made


def signed(text: bytes, signers: tuple[Signer, ...]) -> Note:
    """Return a text with the signatures of some keys under it."""
    publics = [(one.public, one.sign(text)) for one in signers]
    return Note(text, tuple(Signature(key.name, key.id, made) for key, made in publics))


def current_key(unit: SealUnit) -> KnownKey | None:
    """Return the key that signs now; None where the log has none yet."""
    known = unit.public_keys()
    return known[-1] if known else None


def _check_key(unit: SealUnit, signer: Signer) -> None:
    known = current_key(unit)
    if known is None:
        message = "this log has no key yet"
        raise StoreError(message, "no_key", "an admin makes one: lifecycle log key create")
    if known.key != signer.public:
        message = f"this is the key {signer.public.id.hex()}, and the log's is {known.key.id.hex()}"
        raise StoreError(
            message, "wrong_key", "name the log's key in lifecycle.toml: [sealing] key"
        )
