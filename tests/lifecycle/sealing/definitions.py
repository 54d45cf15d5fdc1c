"""The definitions of RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1, as they stand there: recursive.

Written from the RFC alone, without a look at `lifecycle.sealing.merkle`, and as slow as they read.
"""

from collections.abc import Sequence
from hashlib import sha256


def mth(lines: Sequence[bytes]) -> bytes:
    """MTH(D[n]): the root over some lines."""
    if not lines:
        return sha256(b"").digest()
    if len(lines) == 1:
        return sha256(b"\x00" + lines[0]).digest()
    k = split(len(lines))
    return sha256(b"\x01" + mth(lines[:k]) + mth(lines[k:])).digest()


def path(m: int, lines: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]): the inclusion proof of a line."""
    if len(lines) == 1:
        return []
    k = split(len(lines))
    if m < k:
        return [*path(m, lines[:k]), mth(lines[k:])]
    return [*path(m - k, lines[k:]), mth(lines[:k])]


def proof(m: int, lines: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]): that the tree of the first m lines is the beginning of that of all."""
    return subproof(m, lines, known=True)


def subproof(m: int, lines: Sequence[bytes], *, known: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b)."""
    if m == len(lines):
        return [] if known else [mth(lines)]
    k = split(len(lines))
    if m <= k:
        return [*subproof(m, lines[:k], known=known), mth(lines[k:])]
    return [*subproof(m - k, lines[k:], known=False), mth(lines[:k])]


def split(n: int) -> int:
    """Return k, the largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k
