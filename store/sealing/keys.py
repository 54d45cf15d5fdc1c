"""Ed25519 keys: files of private keys, signing with them, and checking signatures.

A private key is PKCS #8 in PEM, in a file of its owner's alone: one that others may read is not
taken, as ssh does. Above it stands the vkey, so that the file says which log it is for.
"""

import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from lifecycle.errors import StoreError
from lifecycle.sealing.keys import PublicKey, public_key_of
from store.files import synced

_BEGIN = "-----BEGIN"
_ELSEWHERE = "name another file with --key-file, of rotate with --new-key-file"


class FileKey:
    """A private key that was read of a file, or is about to be written to one."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        """Take the name of the log that it signs for."""
        self._private = private
        self.public = PublicKey(name, private.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """Return the signature of a text."""
        return self._private.sign(text)

    @property
    def file(self) -> bytes:
        """The file's bytes."""
        pem = self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return f"{self.public.vkey}\n".encode() + pem


def new_key(name: str) -> FileKey:
    """Return a new key for a log, which stands in no file yet."""
    return FileKey(name, Ed25519PrivateKey.generate())


def write_key(path: Path, key: FileKey) -> None:
    """Write a new file (mode 0600) that a power loss leaves there.

    Raises StoreError where there is something, no place or no room; then nothing is left behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        refuse_taken(path)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            _written(handle, key.file)
            synced(path.parent)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"no key can be written at {path}: {error.strerror}"
        raise StoreError(message, "unwritable", _ELSEWHERE) from error


def refuse_taken(path: Path) -> None:
    """Raise StoreError where there is something: a key is never written over."""
    if os.path.lexists(path):
        message = f"there is something at {path} already, and a key is never written over"
        raise StoreError(message, "exists", _ELSEWHERE)


def _written(handle: int, body: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def read_key(path: Path) -> FileKey:
    """Return the key in a file; raises StoreError for none, a bad one, and one others can read."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            body = file.read()
    except OSError as error:
        message = f"the key at {path} can't be read: {error.strerror}"
        hint = "name the file with --key-file, or in lifecycle.toml: [sealing] key"
        raise StoreError(message, "no_key_file", hint) from error
    if stat.S_IMODE(mode) & 0o077:
        message = f"others than its owner may read the key at {path}"
        hint = f"chmod 600 {path}; if somebody may have read it: lifecycle log key rotate"
        raise StoreError(message, "key_exposed", hint)
    try:
        return _key_of(body)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        message = f"{path} is no private key of a log: {error}"
        raise StoreError(message, "bad_key", "lifecycle log key create makes one") from error


def _key_of(body: bytes) -> FileKey:
    head, begin, rest = body.decode().partition(_BEGIN)
    public = public_key_of(head.strip())
    private = load_pem_private_key((begin + rest).encode(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        message = "it is of another kind than Ed25519"
        raise TypeError(message)
    key = FileKey(public.name, private)
    if key.public != public:
        message = "it is not the key that its first line names"
        raise ValueError(message)
    return key


def is_signature(key: PublicKey, signature: bytes, text: bytes) -> bool:
    """Whether a signature is a key's, of a text."""
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
