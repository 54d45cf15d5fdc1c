"""Public keys as text: what is written can be read again, and nothing else can."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.sealing.keys import PublicKey, origin_of, public_key_of
from tests.lifecycle.sealing.keys import ORIGIN, key

MADE = key(1).public
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C")), min_size=1)


def test_key_of_the_published_vector_has_the_published_form() -> None:
    """The key of C2SP's signed-note and of Go's sumdb: name, identifier and key of one vkey."""
    vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    read = public_key_of(vkey)
    assert (read.name, read.id.hex(), read.vkey) == ("PeterNeumann", "c74f20a3", vkey)


def test_log_is_named_after_its_program_and_its_first_line() -> None:
    """No two logs have one name."""
    assert origin_of("TOR", "0123456789abcdef" * 4) == ORIGIN


@given(NAMES.filter(lambda name: "+" not in name), st.binary(min_size=32, max_size=32))
def test_key_that_was_written_is_read_again(name: str, body: bytes) -> None:
    """As one line, and as a file."""
    made = PublicKey(name, body)
    assert public_key_of(made.vkey) == public_key_of(made.file) == made
    assert made.file.startswith(f"{made.vkey}\n-----BEGIN PUBLIC KEY-----\n")


@given(st.text())
def test_text_that_is_no_key_is_refused_in_words(text: str) -> None:
    """Whatever it is, the error is one that can be told."""
    with pytest.raises(ValueError, match=r"\w"):
        public_key_of(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "NAME"),
        ("a+b", "NAME"),
        ("+00000000+AQ==", "NAME"),
        ("two words+00000000+AQ==", "NAME"),
        ("a+00000000+!", "not base64"),
        ("a+00000000+\u00e4", "not base64"),
        ("a+00000000+AQ==", "no Ed25519 key"),
        (f"a+00000000+{b64encode(bytes(33)).decode()}", "no Ed25519 key"),
        (MADE.vkey.replace(MADE.id.hex(), "00000000"), "00000000 is not the identifier"),
        (MADE.file.replace(MADE.vkey, key(2).public.vkey), "PEM is not the key"),
        (f"{MADE.vkey}\nmore", "PEM is not the key"),
    ],
)
def test_damaged_key_says_what_is_wrong_with_it(text: str, told: str) -> None:
    """Not only that it is."""
    with pytest.raises(ValueError, match=told):
        public_key_of(text)
