"""Writes a sealed log as a bundle: whole or not at all, one batch of lines after the other.

It is written into a folder beside its name, its owner's alone, made durable, and then given the
name. What lies there is what the database holds, byte for byte; whether it agrees is for who
verifies it. Lines that no checkpoint covers yet are not in it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lifecycle.entry import Entry, entry_of, salted
from lifecycle.errors import StoreError
from lifecycle.picking import Logged
from lifecycle.ports import Beside
from lifecycle.sealing.merkle import consistency
from lifecycle.sealing.nodes import Kept
from lifecycle.sealing.notes import checkpoint_in
from lifecycle.sealing.ports import Seal
from lifecycle.sealing.proofs import Consistency
from states.attachment import Attachment
from states.canonical import sha256_hex
from states.codec import decode
from states.vocabulary import Event
from store.backup.drafts import digest_of_file, told
from store.bundle import layout
from store.files import synced
from store.reader import Reader

_BATCH = 1000
_MONTH = 7
_ERASED = '"event":"erased"'


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds: lines, the newest checkpoint, and how many lines came after that."""

    folder: str
    lines: int
    root: str
    sealed_at: str
    unsealed: int
    checkpoints: int
    files: int = 0


def planned(reader: Reader, folder: str) -> Bundle:
    """Return what would be written; raises StoreError where nothing can be."""
    newest = _newest(reader)
    _target(folder)
    return _told(reader, folder, newest)


def write_bundle(reader: Reader, folder: str) -> Bundle:
    """Write a bundle; raises StoreError, and leaves no folder then."""
    newest, target = _newest(reader), _target(folder)
    with told(target), _draft_of(target) as draft:
        _write(draft / layout.README, layout.readme())
        _write(draft / layout.VERIFIER, layout.verifier())
        _write(draft / layout.CHECKPOINT, newest.note)
        _key(reader, draft, newest)
        _older(reader, draft, newest)
        _Lines(reader, draft).write(newest.size)
        count = _sums(draft)
        # All of it at once: a sync for each of a million files would take an hour.
        os.sync()
        draft.replace(target)
        synced(target.parent)
    return _told(reader, str(target), newest, count)


class _Lines:
    """Writes the lines and everything that they cite, each thing once."""

    def __init__(self, reader: Reader, draft: Path) -> None:
        self._reader, self._draft = reader, draft
        self._shared: set[str] = set()

    def write(self, size: int) -> None:
        code = self._reader.program.code
        with (self._draft / layout.LOG).open("wb") as file:
            leaves = islice(self._reader.leaves(), size)
            while batch := list(islice(leaves, _BATCH)):
                lines = [_logged(code, *leaf) for leaf in batch]
                file.writelines(logged.line + b"\n" for logged in lines)
                self._cited(lines)
            file.flush()
            os.fsync(file.fileno())

    def _cited(self, lines: Sequence[Logged]) -> None:
        beside = self._reader.beside_of(lines)
        for logged in lines:
            entry = _entry(logged)
            for part in beside.get((logged.stream, logged.n), ()):
                self._text(part.salt, part.body)
                if entry.event is Event.ATTACHED and part.part == "content":
                    self._attached(part)
            document = entry.document and self._reader.document_bytes(logged.stream, entry.document)
            if document:
                self._text(*document)
            self._once(layout.definition_at(entry.definition), entry.definition)
            if entry.policy:
                self._once(layout.policy_at(entry.policy), entry.policy)

    def _text(self, salt: bytes, body: bytes) -> None:
        _write(self._draft / layout.text_at(salted(salt, body)), salt + body)

    def _once(self, path: str, digest: str) -> None:
        if path in self._shared:
            return
        self._shared.add(path)
        read = self._reader.policy_bytes if "policies" in path else self._reader.definition_bytes
        body = read(digest)
        if body is not None:
            _write(self._draft / path, body)

    def _attached(self, content: Beside) -> None:
        try:
            digest = decode(Attachment, content.body).sha256
        except ValueError:
            # Whoever verifies it sees that it is not what the line cites.
            return
        body = self._reader.attachment_bytes(digest)
        if body is not None:
            # What is erased lies under the digest that its `erased` line gives.
            _write(self._draft / layout.attachment_at(sha256_hex(body)), body)


def _newest(reader: Reader) -> Seal:
    newest = reader.last_seal()
    if newest is None:
        code, has_key = reader.program.code, bool(reader.public_keys())
        message = (
            f"nothing of the log of {code} was ever sealed, so that a copy could prove nothing"
        )
        first = "" if has_key else "an admin makes a key: lifecycle log key create; then "
        raise StoreError(message, "not_sealed", f"{first}lifecycle log seal")
    if any(_ERASED in line for line in reader.waiting() if line):
        message = "texts were erased since the last checkpoint, and its lines don't say so yet"
        raise StoreError(message, "not_sealed", "seal that, too: lifecycle log seal")
    return newest


def _told(reader: Reader, folder: str, newest: Seal, files: int = 0) -> Bundle:
    unsealed, older = reader.unsealed_count(), sum(1 for _one in _kept(reader, newest))
    return Bundle(
        folder, newest.size, newest.root.hex(), newest.sealed_at, unsealed, older + 1, files
    )


def _kept(reader: Reader, newest: Seal) -> Iterator[Seal]:
    """Yield the older checkpoints that go along: the last of each month, and of each key."""
    before: Seal | None = None
    for one in reader.seals():
        if before and (before.sealed_at[:_MONTH] != one.sealed_at[:_MONTH] or _hands_over(before)):
            yield before
        if one.size == newest.size:
            return
        before = one


def _hands_over(one: Seal) -> bool:
    return checkpoint_in(one.note).next_key is not None


def _older(reader: Reader, draft: Path, newest: Seal) -> None:
    nodes = Kept(reader, newest.size).node
    for one in _kept(reader, newest):
        _write(draft / "checkpoints" / str(one.size), one.note)
        hashes = tuple(consistency(one.size, newest.size, nodes))
        proof = Consistency(one.size, hashes, newest.note)
        _write(draft / "proofs" / f"{one.size}.consistency", proof.file)


def _key(reader: Reader, draft: Path, newest: Seal) -> None:
    """Write the last key that a line within the tree names."""
    for known in reversed(reader.public_keys()):
        leaf = reader.leaf_of(None, known.n)
        if leaf is not None and leaf < newest.size:
            _write(draft / layout.KEY, known.key.file.encode())
            return


def _sums(draft: Path) -> int:
    """Write what `sha256sum -c` reads; returns how many files there are beside it."""
    count = 0
    with (draft / layout.SUMS).open("w", encoding="ascii", newline="\n") as sums:
        for path in layout.walk(draft):
            if path != layout.SUMS:
                sums.write(f"{digest_of_file(draft / path)}  {path}\n")
                count += 1
    return count


def _logged(code: str, leaf: int, stream: int, n: int, line: str | None) -> Logged:
    if line is None:
        message = f"line {n}, leaf {leaf} of the tree of {code}, is gone: no whole copy can be made"
        raise StoreError(message, "damaged", "lifecycle log verify says more")
    return Logged(stream, n, line.encode())


def _entry(logged: Logged) -> Entry:
    try:
        return entry_of(logged.line)
    except ValueError as error:
        message = f"line {logged.n} of stream {logged.stream} is no line of a log"
        raise StoreError(message, "damaged", "lifecycle log verify says more") from error


def _target(folder: str) -> Path:
    target = Path(folder).expanduser()
    with told(target):
        target = target.resolve()
        if not target.parent.is_dir():
            message = f"there is no folder {target.parent} in which {target.name} could be made"
            raise StoreError(message, "unwritable", f"make it: mkdir -p {target.parent}")
        if target.is_dir() and not any(target.iterdir()):
            return target
        if target.exists() or target.is_symlink():
            message = f"there is something at {target} already, and nothing is written over"
            raise StoreError(message, "exists", "name a folder that is new or empty")
    return target


@contextmanager
def _draft_of(target: Path) -> Iterator[Path]:
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
