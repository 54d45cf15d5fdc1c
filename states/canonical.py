"""Canonical JSON (RFC 8785) and digests for what is stored and hashed.

The encoder accepts what the engine writes: objects with ASCII keys, lists, text, whole numbers
within ±(2^53 - 1), true, false and null. Floats are refused, since the record has none: amounts are
text. Within those bounds the bytes are those of RFC 8785, which a property test holds against
an independent implementation.
"""

import hashlib
from typing import Any

import msgspec

_LARGEST = 2**53 - 1
_encode = msgspec.json.Encoder(order="sorted", enc_hook=None).encode


def canonical(value: Any) -> bytes:  # noqa: ANN401 - any JSON value, checked below
    """Return `value` as RFC 8785 bytes; raises ValueError for what the record can't hold."""
    _refuse_unrepresentable(value)
    return _encode(value)


def is_canonical(line: bytes) -> bool:
    """Whether JSON is written as `canonical` writes it: each key once, in order, and no blank."""
    return _encode(msgspec.json.decode(line)) == line


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of `data` in lower-case hexadecimal, as log lines cite it."""
    return hashlib.sha256(data).hexdigest()


def _refuse_unrepresentable(value: Any) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                message = f"a key of canonical JSON is ASCII text here, not {key!r}"
                raise ValueError(message)
            _refuse_unrepresentable(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_unrepresentable(item)
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            message = f"{value} is outside the whole numbers that JSON holds exactly"
            raise ValueError(message)
    elif not (value is None or isinstance(value, str)):
        message = f"canonical JSON holds no {type(value).__name__} here"
        raise ValueError(message)
