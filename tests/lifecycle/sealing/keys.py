"""Keys and checkpoints for tests: the same ones each time, signed as a log signs."""

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.notes import Checkpoint, checkpoint_of
from lifecycle.sealing.seal import signed
from lifecycle.sealing.trust import Signed
from store.sealing.keys import FileKey

ORIGIN = "lifecycle/TOR/0123456789abcdef"


def key(number: int, name: str = ORIGIN) -> FileKey:
    """Return a key that is the same in every run."""
    seed = sha256(b"key %d" % number).digest()
    return FileKey(name, Ed25519PrivateKey.from_private_bytes(seed))


def checkpoint(size: int, *by: FileKey, following: PublicKey | None = None) -> Signed:
    """Return a signed checkpoint of a size."""
    root = sha256(b"root %d" % size).digest()
    text = Checkpoint(ORIGIN, size, root, "2026-11-22T06:45:09.000000Z", following).text
    return Signed(checkpoint_of(text), signed(text, by))
