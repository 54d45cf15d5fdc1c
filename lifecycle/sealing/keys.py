"""Public keys of checkpoints, in the form of C2SP's signed note and in that of openssl.

A key is named after the log that it signs for. Its `vkey` is `NAME+ID+KEY`: the identifier is the
first four bytes of SHA-256(name || 0A || 01 || key) in hex, the key base64 of 01 || 32 bytes.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha256

import msgspec

_ED25519 = b"\x01"
_KEY_BYTES = 32
_NAME = re.compile(r"[^\s+]+")
# RFC 8410: what stands before the 32 bytes of an Ed25519 key in DER.
_DER = bytes.fromhex("302a300506032b6570032100")
_BEGIN, _END = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"


_ORIGIN_DIGITS = 16


def origin_of(code: str, first: str) -> str:
    """Return a log's name: its program's code, and what no other log begins with.

    `first` is the digest of the first line of the program's own stream.
    """
    return f"lifecycle/{code}/{first[:_ORIGIN_DIGITS]}"


class PublicKey(msgspec.Struct, frozen=True):
    """An Ed25519 public key and the name of the log that it signs for."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature says which key it is of."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as one line of text."""
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.key).decode()}"

    @property
    def file(self) -> str:
        """The key as a file: its vkey, then PEM that openssl reads."""
        pem = b64encode(_DER + self.key).decode()
        return f"{self.vkey}\n{_BEGIN}\n{pem}\n{_END}\n"


def public_key_of(text: str) -> PublicKey:
    """Return the key of a vkey, or of a file that begins with one; raises ValueError."""
    line = text.partition("\n")[0].strip()
    name, plus, rest = line.partition("+")
    identifier, plus_too, body = rest.partition("+")
    if not (plus and plus_too and _NAME.fullmatch(name)):
        message = (
            "a public key is NAME+ID+KEY on the first line, as lifecycle log key export writes"
        )
        raise ValueError(message)
    try:
        key = b64decode(body, validate=True)
    except (Error, ValueError) as error:
        message = "what stands after the second + is not base64"
        raise ValueError(message) from error
    if key[:1] != _ED25519 or len(key) != 1 + _KEY_BYTES:
        message = "it is no Ed25519 key"
        raise ValueError(message)
    made = PublicKey(name, key[1:])
    if made.vkey != line:
        message = f"{identifier} is not the identifier of this name and key"
        raise ValueError(message)
    _same_in_pem(text, made)
    return made


def _same_in_pem(text: str, made: PublicKey) -> None:
    """Raise ValueError where the file's PEM is another key than its first line."""
    if "\n" in text.strip() and text.strip() != made.file.strip():
        message = "its PEM is not the key of its first line"
        raise ValueError(message)
