"""Holds what lines cite against what lies in a bundle: nothing missing, nothing altered, no more.

A text that was erased is not there. A later line of the stream says so, and by which digest what
stands in its place is there instead. Digests are kept as bytes, 33 each, so that a million lines
need little memory.
"""

from collections.abc import Iterator

from lifecycle.entry import Entry, entry_of
from lifecycle.replay import Finding
from states.attachment import Attachment
from states.canonical import is_canonical
from states.codec import decode
from states.notes import Erasure
from states.vocabulary import Event
from store.bundle import layout
from store.bundle.reading import UNREADABLE, BundleLog

_PLACES = {
    "t": layout.text_at,
    "p": layout.policy_at,
    "d": layout.definition_at,
    "a": layout.attachment_at,
}
_BUCKETS = 256
_WIDTH = 33
_ERASED = b'"event":"erased"'


Where = tuple[str | None, int, str]
"""A stream's reference (None: the program's own), a line's n, and the part beside it."""


class Citations:
    """One pass over the lines; `erased` is how many texts lines say are gone."""

    def __init__(self, log: BundleLog) -> None:
        """Take the bundle."""
        self._log = log
        self._there = [bytearray() for _ in range(_BUCKETS)]
        self._cited = [bytearray() for _ in range(_BUCKETS)]
        self._erased: dict[Where, str] = {}

    @property
    def erased(self) -> int:
        """How many texts the lines say were erased."""
        return len(self._erased)

    def there(self, path: str, digest: str) -> None:
        """Take note of a file under its digest."""
        _put(self._there, path[0], digest)

    def findings(self) -> Iterator[Finding]:
        """Yield what is cited and not there, and what is there and not cited."""
        yield from self._erasures()
        yield from self._lines()
        missing: set[str] = set()
        for cited, there in zip(self._cited, self._there, strict=True):
            wanted, found = _split(cited), _split(there)
            missing |= wanted - found
            for path in sorted(found - wanted):
                yield _finding(self._log, None, "file.uncited", f"no line cites {path}")
        if missing:
            yield from self._missing(missing)

    def _erasures(self) -> Iterator[Finding]:
        for line in self._log.sealed_lines():
            if _ERASED not in line:
                continue
            try:
                entry = entry_of(line)
                content = self._log.text(entry.content or "")
                erased = decode(tuple[Erasure, ...], content[1] if content else b"")
            except UNREADABLE as error:
                message = f"what a line says was erased can't be read: {error}"
                yield _finding(self._log, None, "erasure.unreadable", message)
                continue
            for one in erased:
                self._erased[entry.agreement, one.entry, one.part] = one.digest

    def _lines(self) -> Iterator[Finding]:
        for leaf, line in enumerate(self._log.sealed_lines()):
            try:
                canonical, entry = is_canonical(line), entry_of(line)
            except UNREADABLE as error:
                message = f"the line that is leaf {leaf} is no line of a log: {error}"
                yield _finding(self._log, None, "line.unreadable", message)
                continue
            if not canonical:
                message = f"line {entry.n} is not written as canonical JSON (RFC 8785)"
                yield _finding(self._log, entry, "line.not_canonical", message)
            for part, kind, digest in self._cites(entry):
                if not _is_digest(digest):
                    message = f"the {part} that line {entry.n} cites is no SHA-256"
                    yield _finding(self._log, entry, "digest.unreadable", message)
                else:
                    _put(self._cited, kind, digest)

    def _cites(self, entry: Entry) -> Iterator[tuple[str, str, str]]:
        """Yield what is to be there for a line: the part, where it lies, and its digest."""
        parts = {"reason": entry.reason, "document": entry.document, "content": entry.content}
        for part, digest in parts.items():
            if digest is not None:
                yield part, "t", self._instead(entry, part, digest)
        if entry.policy is not None:
            yield "policy", "p", entry.policy
        yield "definition", "d", entry.definition
        if entry.event is Event.ATTACHED and entry.content is not None:
            content = self._log.text(self._instead(entry, "content", entry.content))
            try:
                paper = decode(Attachment, content[1] if content else b"").sha256
            except UNREADABLE:
                # That what it cites is gone or altered is told as such.
                return
            yield "attachment", "a", self._instead(entry, "attachment", paper)

    def _instead(self, entry: Entry, part: str, digest: str) -> str:
        return self._erased.get((entry.agreement, entry.n, part), digest)

    def _missing(self, missing: set[str]) -> Iterator[Finding]:
        """Yield which lines cite what is gone."""
        for line in self._log.sealed_lines():
            try:
                entry = entry_of(line)
            except UNREADABLE:
                continue
            for part, kind, digest in self._cites(entry):
                if _PLACES[kind](digest) in missing:
                    message = (
                        f"the {part} that line {entry.n} cites is not in the bundle, and no line"
                        f" says that it was erased: {_PLACES[kind](digest)}"
                    )
                    yield _finding(self._log, entry, "file.gone", message)


def _finding(log: BundleLog, entry: Entry | None, code: str, message: str) -> Finding:
    stream = (entry.agreement if entry else None) or log.code
    return Finding(stream, entry.n if entry else None, code, message)


def _is_digest(digest: str) -> bool:
    return layout.named_digest(layout.attachment_at(digest)) is not None


def _put(buckets: list[bytearray], kind: str, digest: str) -> None:
    body = bytes.fromhex(digest)
    buckets[body[0]] += kind.encode() + body


def _split(many: bytearray) -> set[str]:
    """Return the paths of what was put into a bucket."""
    found = (many[at : at + _WIDTH] for at in range(0, len(many), _WIDTH))
    return {_PLACES[chr(one[0])](one[1:].hex()) for one in found}
