"""Signed notes and checkpoints: one form, byte for byte, and nothing beside it."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.sealing.notes import Checkpoint, Note, Signature, checkpoint_of, note_of
from store.sealing.keys import is_signature
from tests.lifecycle.sealing.keys import ORIGIN, checkpoint, key

ROOT = b64encode(bytes(32)).decode()
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C")), min_size=1)
TEXT = "a\n1\n" + ROOT + "\n"


def test_checkpoint_has_the_form_of_c2sp() -> None:
    """Origin, size and root; lines of our own below; an empty line; signatures."""
    old, new = key(1), key(2)
    made = checkpoint(7, old, new, following=new.public)
    lines = made.note.body.decode().split("\n")
    root = b64encode(made.checkpoint.root).decode()
    assert lines[:3] == [ORIGIN, "7", root]
    assert lines[3:5] == ["sealed_at 2026-11-22T06:45:09.000000Z", f"next_key {new.public.vkey}"]
    assert lines[5] == ""
    assert [line.rpartition(" ")[0] for line in lines[6:8]] == [f"\u2014 {ORIGIN}"] * 2
    assert lines[8:] == [""]


def test_signature_of_a_note_is_found_by_its_key_and_covers_the_text() -> None:
    """Of another key there is none."""
    made = checkpoint(7, key(1)).note
    found = made.by(key(1).public)
    assert found is not None
    assert is_signature(key(1).public, found.signature, made.text)
    assert not is_signature(key(1).public, found.signature, made.text + b"more\n")
    assert not is_signature(key(2).public, found.signature, made.text)
    assert made.by(key(2).public) is None


@given(
    st.lists(WORDS, min_size=1),
    st.lists(st.tuples(WORDS, st.binary(min_size=5, max_size=80)), min_size=1),
)
def test_note_that_was_written_is_read_again(
    lines: list[str], signed: list[tuple[str, bytes]]
) -> None:
    """Byte for byte, whoever signed it."""
    signatures = tuple(Signature(name, body[:4], body[4:]) for name, body in signed)
    made = Note("".join(f"{line}\n" for line in lines).encode(), signatures)
    assert note_of(made.body) == made


@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_bytes_that_are_no_note_are_refused_in_words(body: bytes) -> None:
    """Whatever they are."""
    with pytest.raises(ValueError, match=r"\w"):
        note_of(body)


@given(st.data())
def test_note_is_read_only_as_it_was_written(data: st.DataObject) -> None:
    """A byte more, less or other makes another note of it, or none."""
    body = checkpoint(7, key(1)).note.body
    at = data.draw(st.integers(0, len(body) - 1))
    way = data.draw(st.sampled_from((b"", b"\n", b" ", b"=", b"A", bytes([body[at] ^ 1]))))
    other = body[:at] + way + body[at + 1 :]
    try:
        assert note_of(other).body == other
    except ValueError:
        assert other != body


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\xff", "not UTF-8"),
        (b"a\n", "no signed note"),
        (b"\n\n\xe2\x80\x94 a AAAAAAA=\n", "no signed note"),
        (b"a\n\n\xe2\x80\x94 a AAAAAAA=", "no signed note"),
        (b"a\n\n- a AAAAAAA=\n", "no signature"),
        (b"a\n\n\xe2\x80\x94 a\n", "no signature"),
        (b"a\n\n\xe2\x80\x94 a ?\n", "the signature of a is not base64"),
        (b"a\n\n\xe2\x80\x94 a AAAA\n", "the signature of a is too short"),
        (b"a\n\n\xe2\x80\x94 a AAAAAAB=\n", "not written as a signed note is"),
    ],
)
def test_damaged_note_says_what_is_wrong_with_it(body: bytes, told: str) -> None:
    """Not only that it is."""
    with pytest.raises(ValueError, match=told):
        note_of(body)


CHECKPOINTS = st.builds(
    Checkpoint,
    WORDS,
    st.integers(0, 10**18 - 1),
    st.binary(min_size=32, max_size=32),
    st.none() | st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    st.none() | st.integers(1, 3).map(lambda number: key(number).public),
)


@given(CHECKPOINTS)
def test_checkpoint_that_was_written_is_read_again(made: Checkpoint) -> None:
    """With when it was made and with the next key, or without."""
    assert checkpoint_of(made.text) == made


def test_line_that_a_checkpoint_does_not_know_is_passed_over() -> None:
    """Others may write lines of their own there."""
    assert checkpoint_of(f"{TEXT}witnessed by x\n".encode()) == checkpoint_of(TEXT.encode())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n1\n", "no checkpoint"),
        (f"a\n\n{ROOT}\n", "no checkpoint"),
        (f"a\n-1\n{ROOT}\n", "no size"),
        (f"a\n007\n{ROOT}\n", "no size"),
        (f"a\n{'9' * 19}\n{ROOT}\n", "no size"),
        (f"a\n\u0661\n{ROOT}\n", "no size"),
        ("a\n1\n?\n", "not base64"),
        ("a\n1\nAAAA\n", "no SHA-256 root"),
        (f"a\n1\n{ROOT[:-2]}B=\n", "no SHA-256 root"),
        (f"{TEXT}sealed_at x\nsealed_at y\n", "sealed_at more than once"),
        (f"{TEXT}next_key x\n", "public key is NAME"),
    ],
)
def test_damaged_checkpoint_says_what_is_wrong_with_it(text: str, told: str) -> None:
    """Not only that it is."""
    with pytest.raises(ValueError, match=told):
        checkpoint_of(text.encode())
