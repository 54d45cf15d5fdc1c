"""Signed notes and checkpoints, after C2SP's signed-note and tlog-checkpoint.

    lifecycle/TOR/0123456789abcdef
    1027
    <root, base64>
    sealed_at 2026-11-22T06:45:09.000000Z

    — lifecycle/TOR/0123456789abcdef <base64 of key id || Ed25519 signature>

The text ends before the empty line and is what is signed. `next_key VKEY` on a line of its own
says which key signs from then on: it stands under the old key's signature, for
`lifecycle.sealing.trust` to follow. Other lines below the root are passed over.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass

from lifecycle.sealing.keys import PublicKey, public_key_of

_DASH = "— "
_ID_BYTES = 4
_HASH_BYTES = 32
_LEAST_LINES = 3
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_SEALED_AT, _NEXT_KEY = "sealed_at ", "next_key "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature under a note: of which key it says it is, and the 64 bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it; `text` is what is signed, its last newline included."""

    text: bytes
    signatures: tuple[Signature, ...]

    @property
    def body(self) -> bytes:
        """The note's exact bytes."""
        lines = (
            f"{_DASH}{one.name} {b64encode(one.key_id + one.signature).decode()}\n"
            for one in self.signatures
        )
        return self.text + b"\n" + "".join(lines).encode()

    def by(self, key: PublicKey) -> Signature | None:
        """Return the signature that says it is of a key."""
        mine = (one for one in self.signatures if (one.name, one.key_id) == (key.name, key.id))
        return next(mine, None)


def note_of(body: bytes) -> Note:
    """Return what a note's bytes say; raises ValueError for bytes that are no signed note."""
    try:
        whole = body.decode()
    except UnicodeDecodeError as error:
        message = "it is not UTF-8 text"
        raise ValueError(message) from error
    text, gap, signed = whole.rpartition("\n\n")
    if not gap or not text or not signed.endswith("\n"):
        message = "it is no signed note: text, an empty line, signatures"
        raise ValueError(message)
    note = Note(f"{text}\n".encode(), tuple(map(_signature, signed[:-1].split("\n"))))
    if note.body != body:
        message = "it is not written as a signed note is"
        raise ValueError(message)
    return note


def _signature(line: str) -> Signature:
    name, space, code = line.removeprefix(_DASH).partition(" ")
    if not (line.startswith(_DASH) and space and name):
        message = "a line below the empty one is no signature"
        raise ValueError(message)
    try:
        body = b64decode(code, validate=True)
    except (Error, ValueError) as error:
        message = f"the signature of {name} is not base64"
        raise ValueError(message) from error
    if len(body) < _ID_BYTES + 1:
        message = f"the signature of {name} is too short"
        raise ValueError(message)
    return Signature(name, body[:_ID_BYTES], body[_ID_BYTES:])


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's size and root, under the name of its log.

    `sealed_at` is the UTC instant at which it was made; `next_key` the one that signs from then on.
    """

    origin: str
    size: int
    root: bytes
    sealed_at: str | None = None
    next_key: PublicKey | None = None

    @property
    def text(self) -> bytes:
        """What is signed."""
        lines = [self.origin, str(self.size), b64encode(self.root).decode()]
        lines += [f"{_SEALED_AT}{self.sealed_at}"] if self.sealed_at else []
        lines += [f"{_NEXT_KEY}{self.next_key.vkey}"] if self.next_key else []
        return "".join(f"{line}\n" for line in lines).encode()


def checkpoint_of(text: bytes) -> Checkpoint:
    """Return the checkpoint that a note's text is; raises ValueError."""
    lines = text.decode().removesuffix("\n").split("\n")
    if len(lines) < _LEAST_LINES or not all(lines):
        message = "it is no checkpoint: origin, size and root, a line each"
        raise ValueError(message)
    origin, size, code, *more = lines
    if not _SIZE.fullmatch(size):
        message = "its second line is no size"
        raise ValueError(message)
    try:
        root = b64decode(code, validate=True)
    except (Error, ValueError) as error:
        message = "its third line is not base64"
        raise ValueError(message) from error
    if len(root) != _HASH_BYTES or b64encode(root).decode() != code:
        message = "its third line is no SHA-256 root"
        raise ValueError(message)
    next_key = _said(more, _NEXT_KEY)
    return Checkpoint(
        origin,
        int(size),
        root,
        _said(more, _SEALED_AT),
        public_key_of(next_key) if next_key else None,
    )


def checkpoint_in(note: bytes) -> Checkpoint:
    """Return the checkpoint that a signed note carries; raises ValueError."""
    return checkpoint_of(note_of(note).text)


def _said(lines: list[str], keyword: str) -> str | None:
    """Return what an extension line says; raises ValueError where it is said twice."""
    said = [line.removeprefix(keyword) for line in lines if line.startswith(keyword)]
    if len(said) > 1:
        message = f"it says {keyword.strip()} more than once"
        raise ValueError(message)
    return said[0] if said else None
