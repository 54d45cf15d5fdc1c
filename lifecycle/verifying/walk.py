"""One pass over a log in the order of its leaves: numbers, chains, leaves, tiles and roots.

Each line must be its stream's next and cite the one before; each leaf must be what its tile keeps,
so that a line that was altered is named; the tree's root is taken wherever a checkpoint claims one.
What a line says beyond that is for replay. Memory grows with the streams, not with the lines.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

import msgspec

from lifecycle.replay import Finding
from lifecycle.sealing.keys import origin_of
from lifecycle.sealing.merkle import HASH_BYTES, Frontier, root_of, root_over, whole_root
from lifecycle.sealing.nodes import split
from lifecycle.sealing.ports import TILE
from lifecycle.verifying.evidence import Evidence


class _Link(msgspec.Struct, frozen=True, gc=False):
    """What of a line holds it in its place."""

    program: str
    agreement: str | None
    n: int
    prev: str | None


_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_decoder = msgspec.json.Decoder(_Link)


class Walk:
    """The pass itself; `roots` has the tree's root at each size that was asked for.

    `altered` tells afterwards of tiles and lines that differ from each other.
    """

    def __init__(self, evidence: Evidence, sizes: Iterable[int]) -> None:
        """Take the sizes at which a root is wanted."""
        self._evidence = evidence
        self._sizes = sorted(set(sizes), reverse=True)
        self._whole = Frontier()
        self._heads: dict[str | None, tuple[int, str]] = {}
        self.roots: dict[int, bytes] = {}
        self.sealed = self.waiting = 0
        self._first = ""
        self._differing: list[tuple[int, list[Finding] | None]] = []
        self._told = 0

    @property
    def origin(self) -> str:
        """The log's name, which follows from its first line."""
        return origin_of(self._evidence.code, self._first)

    def findings(self) -> Iterator[Finding]:
        """Go over all lines, and yield what is wrong with them."""
        lines = iter(self._evidence.sealed_lines())
        self._mark([])
        while found := list(islice(lines, TILE)):
            leaves = [sha256(b"\x00" + (line or b"")).digest() for line in found]
            yield from self._links(found, sealed=True)
            self._tile(found, leaves)
            self.sealed += len(found)
            self._mark(leaves)
            if len(leaves) == TILE:
                self._whole.append(whole_root(leaves))
        lines = iter(self._evidence.waiting_lines())
        while found := list(islice(lines, TILE)):
            yield from self._links(found, sealed=False)
            self.waiting += len(found)

    def _links(self, found: Sequence[bytes | None], *, sealed: bool) -> Iterator[Finding]:
        """Hold each line against the one before it in its stream."""
        batch = [line for line in found if line is not None]
        if len(batch) < len(found):
            yield from self._gone(found, sealed=sealed)
        heads, code = self._heads, self._evidence.code
        digests = [sha256(line).hexdigest() for line in batch]
        for link, digest in zip(_links_of(batch), digests, strict=True):
            if isinstance(link, str):
                yield Finding(code, None, "line.unreadable", link)
                continue
            stream = link.agreement
            n, prev = heads.get(stream, _BEGINNING)
            if link.n != n + 1 or link.prev != prev or link.program != code:
                yield from _unlinked(code, link, n, prev)
            if stream is None and link.n == 1:
                self._first = digest
            heads[stream] = (link.n, digest)

    def _gone(self, found: Sequence[bytes | None], *, sealed: bool) -> Iterator[Finding]:
        for at, line in enumerate(found, self.sealed):
            if line is None:
                where = (
                    f"the line that is leaf {at}" if sealed else "a line that waits for its seal"
                )
                yield Finding(self._evidence.code, None, "line.gone", f"{where} is gone")

    def altered(self, well: int) -> Iterator[Finding]:
        """Yield the lines that are not what was sealed, and the tiles that are not the tree's.

        `well` is how many lines are shown by a checkpoint's root to be as they were sealed: what
        differs from those is the tile.
        """
        code = self._evidence.code
        for index, lines in self._differing:
            if (index + 1) * TILE <= well or lines is None:
                message = f"tile {index} of level 0 is not made of its lines"
                yield Finding(code, None, "tile.differs", message)
            else:
                yield from lines

    def _tile(self, batch: Sequence[bytes | None], leaves: list[bytes]) -> None:
        """Note which lines are not what a full tile keeps; of many tiles no more than that."""
        index = self.sealed // TILE
        kept = self._evidence.tile(0, index) if len(leaves) == TILE else None
        if kept is None or kept == b"".join(leaves):
            return
        lines: list[Finding] | None = None
        if len(kept) == TILE * HASH_BYTES and self._told < _MOST_TOLD:
            was = zip(batch, leaves, split(kept), strict=True)
            lines = [
                _altered(self._evidence.code, line, self.sealed + at)
                for at, (line, leaf, then) in enumerate(was)
                if leaf != then and line is not None
            ]
            self._told += len(lines)
        self._differing.append((index, lines))

    def _mark(self, leaves: list[bytes]) -> None:
        """Take the root at each size that lies within the last lines."""
        begun = self.sealed - len(leaves)
        while self._sizes and self._sizes[-1] <= self.sealed:
            size = self._sizes.pop()
            rest = leaves[: size - begun]
            peaks = [*self._whole.peaks, root_of(rest)] if rest else self._whole.peaks
            self.roots[size] = root_over(peaks)


_MOST_TOLD = 10_000
"""Of how many lines it is told one by one that they differ from their tiles."""

_BEGINNING: tuple[int, str | None] = (0, None)


def _unlinked(code: str, link: _Link, n: int, prev: str | None) -> Iterator[Finding]:
    stream = link.agreement or code
    if link.program != code:
        message = f"line {link.n} of {stream} is of the program {link.program}"
        yield Finding(stream, link.n, "line.foreign", message)
    if link.n != n + 1:
        what = "is there twice" if link.n <= n else f"stands where line {n + 1} belongs"
        yield Finding(stream, link.n, "n.gap", f"line {link.n} of {stream} {what}")
    elif link.prev != prev:
        message = f"line {link.n} of {stream} cites another line {n} than is there"
        yield Finding(stream, link.n, "prev.broken", message)


def _links_of(batch: Sequence[bytes]) -> Sequence[_Link | str]:
    """Return what holds each line in its place, or why it is no line; all at once where all are."""
    try:
        links: Sequence[_Link | str] = _decoder.decode_lines(b"\n".join(batch))
    except _UNREADABLE:
        links = ()
    alike = len(links) == len(batch) and not any(b"\n" in line for line in batch)
    return links if alike else [_link_of(line) for line in batch]


def _link_of(line: bytes) -> _Link | str:
    try:
        return _decoder.decode(line)
    except _UNREADABLE as error:
        return f"{line[:40]!r} is no line of a log: {error}"


def _altered(code: str, line: bytes | None, leaf: int) -> Finding:
    """Return the finding on a leaf whose line is another one than was sealed."""
    link = _link_of(line or b"")
    if isinstance(link, str):
        return Finding(code, None, "line.altered", f"leaf {leaf} is not the line that was sealed")
    stream = link.agreement or code
    message = f"line {link.n} of {stream} (leaf {leaf}) is not what was sealed"
    return Finding(stream, link.n, "line.altered", message)
