"""Canonical JSON against an independent implementation of RFC 8785, and its refusals."""

import hashlib
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from states.canonical import canonical, is_canonical, sha256_hex
from states.vocabulary import State

WHOLE = st.integers(-(2**53 - 1), 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=127))
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(VALUES)
def test_bytes_are_those_of_an_independent_rfc_8785(value: Any) -> None:  # noqa: ANN401
    """Whatever the record can hold is written as the RFC says, byte for byte."""
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ({"A": 1, "a": 2, "_": 3}, b'{"A":1,"_":3,"a":2}'),
        ((1, 2), b"[1,2]"),
        ('\x00\b\t\n\f\r\x1f\x7f"\\/é\u2028😀', None),
        (2**53 - 1, b"9007199254740991"),
        ({"to": State.ACTIVE}, b'{"to":"active"}'),
    ],
)
def test_known_values_have_known_bytes(value: Any, expected: bytes | None) -> None:  # noqa: ANN401
    """Order of keys, escapes, tuples, the largest number and the engine's own words."""
    assert canonical(value) == (expected or rfc8785.dumps(value))


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        b"bytes",
        {"é": 1},
        {1: "a"},
        {"a": {"b": [0.5]}},
        "\ud800",
    ],
)
def test_what_the_record_cannot_hold_is_refused(value: Any) -> None:  # noqa: ANN401
    """Floats, numbers past 2^53, bytes, other keys and lone surrogates raise ValueError."""
    with pytest.raises(ValueError, match=r".+"):
        canonical(value)


def test_digest_is_sha_256_in_lower_case_hex() -> None:
    """The digest of the empty text is the known one."""
    assert sha256_hex(b"") == hashlib.sha256().hexdigest()


@pytest.mark.parametrize(
    ("line", "well"),
    [
        (b'{"a":1,"b":[true,null,"\xc3\xa9"]}', True),
        (b'{"a":1, "b":2}', False),
        (b'{"b":2,"a":1}', False),
        (b'{"a":1,"a":1}', False),
        (b'{"a":"\\u00e9"}', False),
        (b'{"a":1.0}', True),
        (b'{"a":1}\n', False),
    ],
)
def test_json_written_otherwise_is_told(line: bytes, *, well: bool) -> None:
    """Blanks, another order, a key twice, an escape that is not needed."""
    assert is_canonical(line) is well
