"""A bundle as evidence of its log; see `lifecycle.verifying.evidence`.

Nothing is believed: what can't be read is told by `store.bundle.findings`, and yields nothing here.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from lifecycle.entry import entry_of, salted
from lifecycle.sealing.keys import PublicKey, public_key_of
from lifecycle.verifying.signers import NamedKey
from states.codec import decode
from states.notes import KeyChange
from states.vocabulary import Event
from store.bundle import layout

SALT_BYTES = 16
"""How many bytes of a file of `texts/` are its salt; the others are the text."""

_KEY_CHANGED = b'"event":"key_changed"'


class BundleLog:
    """The log of one program in a folder."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing of it is read yet."""
        self.folder = folder
        self._code: str | None = None

    @property
    def code(self) -> str:
        """The code of the program that the first line names; `?` where it can't be told."""
        if self._code is None:
            self._code = _program_of(next(self.sealed_lines(), b""))
        return self._code

    def sealed_lines(self) -> Iterator[bytes]:
        """Yield the lines of the log."""
        if not regular(self.folder / layout.LOG):
            return
        with (self.folder / layout.LOG).open("rb") as lines:
            for line in lines:
                yield line.removesuffix(b"\n")

    def waiting_lines(self) -> Iterator[bytes]:
        """Yield nothing: a bundle holds what its newest checkpoint covers."""
        return iter(())

    def tile(self, level: int, index: int) -> bytes | None:  # noqa: ARG002 - as in a database
        """Return None: a bundle keeps no tiles."""
        return None

    def checkpoints(self) -> Iterator[tuple[str, bytes]]:
        """Yield every checkpoint, the smallest tree first."""
        older = self.folder / "checkpoints"
        names = [path.name for path in older.iterdir()] if older.is_dir() else []
        for name in sorted((name for name in names if _is_size(name)), key=int):
            if (body := self.body(f"checkpoints/{name}")) is not None:
                yield f"checkpoints/{name}", body
        if (body := self.body(layout.CHECKPOINT)) is not None:
            yield layout.CHECKPOINT, body

    def keys(self) -> Iterator[NamedKey]:
        """Yield the public keys that the lines name, as far as what they cite is there."""
        for leaf, line in enumerate(self.sealed_lines()):
            if _KEY_CHANGED in line:
                with suppress(ValueError):
                    entry = entry_of(line)
                    content = self.text(entry.content or "")
                    if entry.event is Event.KEY_CHANGED and content is not None:
                        yield NamedKey(leaf, _key_in(content[1]))

    def body(self, path: str) -> bytes | None:
        """Return a file's bytes; None where there is no such file."""
        file = self.folder / path
        return file.read_bytes() if regular(file) else None

    def text(self, digest: str) -> tuple[bytes, bytes] | None:
        """Return the salt and the bytes of a text; None for one that is gone or was altered."""
        body = self.body(layout.text_at(digest)) if layout.belongs(layout.text_at(digest)) else None
        if body is None or salted(body, b"") != digest:
            return None
        return body[:SALT_BYTES], body[SALT_BYTES:]


def regular(path: Path) -> bool:
    """Whether there is an ordinary file: no folder, no link, no pipe that nobody writes to."""
    return path.is_file() and not path.is_symlink()


def _is_size(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < len(str(2**63))


def _key_in(body: bytes) -> PublicKey:
    return public_key_of(decode(KeyChange, body).key)


class _Program(msgspec.Struct):
    program: str


def _program_of(line: bytes) -> str:
    try:
        return msgspec.json.decode(line, type=_Program).program
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "?"
