"""The stored form of documents and sheets: canonical JSON of their dataclasses.

What the store keeps was validated by `states.schema` when it came in, so reading it back is a
plain, fast decode; keys that a later release adds read as their defaults.
"""

from functools import cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_encode = msgspec.json.Encoder(order="sorted").encode


def encode(value: Any, **more: object) -> bytes:  # noqa: ANN401 - any dataclass of this package
    """Return a dataclass as sorted JSON: amounts as text, dates as YYYY-MM-DD.

    `more` are keys beside those of the dataclass, which `decode` passes over.
    """
    return _encode({**msgspec.to_builtins(value), **more} if more else value)


def decode(cls: type[T], body: bytes) -> T:
    """Return what `encode` wrote as a `cls`; raises ValueError for bytes that it did not write."""
    decoder: msgspec.json.Decoder[T] = _decoder(cls)  # type: ignore[arg-type] # classes hash
    return decoder.decode(body)


@cache
def _decoder(cls: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - any class of T
    return msgspec.json.Decoder(cls)
