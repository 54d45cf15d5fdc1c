"""The Merkle tree of RFC 9162, section 2.1, over SHA-256: roots, proofs, and their verification.

A leaf is SHA-256(00 || line), a node SHA-256(01 || left || right). A tree grows by `Frontier`,
which keeps one hash for each whole subtree that the tree consists of. Proofs are made of whole
subtrees that `Nodes` looks up, so that no line is read for one.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Nodes = Callable[[int, int], bytes]
"""Returns the root of a whole subtree: of level (its size is 2**level) and index on that level."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""

HASH_BYTES = 32


def leaf_hash(line: bytes) -> bytes:
    """Return the hash of a line as a leaf."""
    return sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows: the roots of the whole subtrees it consists of, the largest first."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Begin where a tree of some size was left; raises ValueError for peaks of another one."""
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            message = f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(self.peaks)}"
            raise ValueError(message)

    def append(self, leaf: bytes) -> None:
        """Add the hash of one more leaf."""
        size, peaks = self.size, self.peaks
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return root_over(self.peaks)


def root_over(peaks: Sequence[bytes]) -> bytes:
    """Return the root of the tree that consists of whole subtrees, the largest first."""
    if not peaks:
        return EMPTY_ROOT
    *larger, root = peaks
    for peak in reversed(larger):
        root = node_hash(peak, root)
    return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root of the tree over some leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root


def whole_root(hashes: list[bytes]) -> bytes:
    """Return the root over as many hashes as a whole subtree has."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return the inclusion proof of a leaf in a tree of some size (RFC 9162, 2.1.3.1).

    Raises ValueError for a leaf that is not in it.
    """
    if not 0 <= index < size:
        message = f"leaf {index} is not in a tree of {size}"
        raise ValueError(message)
    proof: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            proof.append(_range(middle, last, nodes))
            last = middle
        else:
            proof.append(_range(first, middle, nodes))
            first = middle
    return proof[::-1]


def consistency(old: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is the beginning of one of `size` (2.1.4.1).

    Raises ValueError unless 0 < old <= size.
    """
    if not 0 < old <= size:
        message = f"a tree of {old} is no beginning of one of {size}"
        raise ValueError(message)
    proof: list[bytes] = []
    first, last, whole = 0, size, True
    while old != last:
        middle = first + _split(last - first)
        if old <= middle:
            proof.append(_range(middle, last, nodes))
            last = middle
        else:
            proof.append(_range(first, middle, nodes))
            first, whole = middle, False
    if not whole:
        proof.append(_range(first, last, nodes))
    return proof[::-1]


def proves_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether a proof shows that a leaf is in the tree of this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(step, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(
    old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that one tree is the beginning of another (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    steps = list(proof)
    if old.bit_count() == 1:
        steps.insert(0, old_root)
    if not steps:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, step)
        at, last = at >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, root)


def _split(size: int) -> int:
    """Return the largest power of two that is smaller than a size above one."""
    return int(1 << ((size - 1).bit_length() - 1))


def _range(first: int, last: int, nodes: Nodes) -> bytes:
    """Return the root over the leaves from `first` up to `last`, which lie as the tree splits."""
    size = last - first
    level = size.bit_length() - 1
    if size == 1 << level:
        return nodes(level, first >> level)
    middle = first + _split(size)
    return node_hash(
        nodes((middle - first).bit_length() - 1, first // (middle - first)),
        _range(middle, last, nodes),
    )
