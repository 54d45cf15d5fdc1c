"""Proofs as files: that a line is in the log, and that one checkpoint is the beginning of another.

That a line is in it is C2SP's tlog-proof, with the line itself as its `extra`, so that the file is
all that is needed beside a public key. The other one is as C2SP's tlog-witness asks for it: `old`
with the size of the older tree, the hashes, an empty line, the newer checkpoint.
"""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass

from lifecycle.sealing.merkle import (
    HASH_BYTES,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
)
from lifecycle.sealing.notes import Checkpoint, checkpoint_in

_FORMAT = "c2sp.org/tlog-proof@v1"
_EXTRA, _INDEX, _OLD = "extra ", "index ", "old "


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Proof that a line is leaf `index` of the tree that a checkpoint is of."""

    line: bytes
    index: int
    hashes: tuple[bytes, ...]
    note: bytes

    @property
    def file(self) -> bytes:
        """The proof's exact bytes."""
        head = [_FORMAT, f"{_EXTRA}{_code(self.line)}", f"{_INDEX}{self.index}"]
        return _written(head, self.hashes, self.note)

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that it leads to; raises ValueError."""
        return checkpoint_in(self.note)

    @property
    def holds(self) -> bool:
        """Whether it proves what it says; whether to believe the checkpoint is for its key."""
        said = self.checkpoint
        leaf = leaf_hash(self.line)
        return proves_inclusion(leaf, self.index, said.size, self.hashes, said.root)


@dataclass(frozen=True, slots=True)
class Consistency:
    """Proof that a tree of `old` leaves is the beginning of the one that a checkpoint is of."""

    old: int
    hashes: tuple[bytes, ...]
    note: bytes

    @property
    def file(self) -> bytes:
        """The proof's exact bytes."""
        return _written([f"{_OLD}{self.old}"], self.hashes, self.note)

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that it leads to; raises ValueError."""
        return checkpoint_in(self.note)

    def holds(self, before: Checkpoint) -> bool:
        """Whether it proves that nothing was changed since an older checkpoint."""
        after = self.checkpoint
        return (before.origin, before.size) == (after.origin, self.old) and proves_consistency(
            self.old, before.root, after.size, after.root, self.hashes
        )


def proof_of(body: bytes) -> Inclusion | Consistency:
    """Return what a proof's bytes say; raises ValueError for bytes that are no proof."""
    try:
        head, gap, note = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        message = "it is not UTF-8 text"
        raise ValueError(message) from error
    lines = head.split("\n")
    made = _consistency(lines, note) if head.startswith(_OLD) else _inclusion(lines, note)
    if not gap or made.file != body:
        message = "it is not written as a proof is"
        raise ValueError(message)
    checkpoint_in(made.note)
    return made


def _inclusion(lines: Sequence[str], note: str) -> Inclusion:
    form, extra, index, *hashes = [*lines, "", ""]
    if form != _FORMAT or not (extra.startswith(_EXTRA) and index.startswith(_INDEX)):
        message = f"it is no proof: {_FORMAT}, extra, index; or old"
        raise ValueError(message)
    line = _bytes(extra.removeprefix(_EXTRA))
    number = _number(index.removeprefix(_INDEX))
    return Inclusion(line, number, _hashes(hashes), note.encode())


def _consistency(lines: Sequence[str], note: str) -> Consistency:
    old, *hashes = lines
    return Consistency(_number(old.removeprefix(_OLD)), _hashes(hashes), note.encode())


def _written(head: Sequence[str], hashes: Sequence[bytes], note: bytes) -> bytes:
    lines = [*head, *map(_code, hashes)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + note


def _code(body: bytes) -> str:
    return b64encode(body).decode()


def _bytes(code: str) -> bytes:
    try:
        return b64decode(code, validate=True)
    except (Error, ValueError) as error:
        message = f"{code[:20]!r} is not base64"
        raise ValueError(message) from error


def _hashes(codes: Sequence[str]) -> tuple[bytes, ...]:
    hashes = tuple(_bytes(code) for code in codes if code)
    if any(len(one) != HASH_BYTES for one in hashes):
        message = "one of its hashes is no SHA-256"
        raise ValueError(message)
    return hashes


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(2**63))):
        message = f"{text[:20]!r} is no number"
        raise ValueError(message)
    return int(text)
