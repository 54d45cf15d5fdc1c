"""Proofs as files: read again as they were written, and holding only for what they were made of."""

from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.sealing.notes import Checkpoint, checkpoint_of, note_of
from lifecycle.sealing.proofs import Consistency, Inclusion, proof_of
from lifecycle.sealing.seal import signed
from tests.lifecycle.sealing import definitions
from tests.lifecycle.sealing.keys import ORIGIN, key

LINES = [b"line %d" % n for n in range(13)]


def note(size: int, origin: str = ORIGIN) -> bytes:
    """Return the signed checkpoint of the first lines."""
    text = Checkpoint(origin, size, definitions.mth(LINES[:size])).text
    return signed(text, (key(1),)).body


def said(body: bytes) -> Checkpoint:
    """Return what a checkpoint says."""
    return checkpoint_of(note_of(body).text)


def inclusion(index: int, size: int) -> Inclusion:
    """Return the proof that a line is in the tree of the first ones."""
    hashes = tuple(definitions.path(index, LINES[:size]))
    return Inclusion(LINES[index], index, hashes, note(size))


def consistency(old: int, size: int) -> Consistency:
    """Return the proof that one tree is the beginning of another."""
    return Consistency(old, tuple(definitions.proof(old, LINES[:size])), note(size))


@given(st.integers(1, 13), st.data())
def test_proof_that_was_written_is_read_again_and_holds(size: int, data: st.DataObject) -> None:
    """Both kinds."""
    number = data.draw(st.integers(0, size - 1))
    one, other = inclusion(number, size), consistency(number + 1, size)
    assert (proof_of(one.file), proof_of(other.file)) == (one, other)
    assert (one.checkpoint.size, other.checkpoint.size) == (size, size)
    assert one.holds
    assert other.holds(said(note(number + 1)))


def test_proof_of_a_line_has_the_form_of_c2sp() -> None:
    """tlog-proof, with the line itself as its extra data."""
    made = inclusion(2, 5)
    head = ["c2sp.org/tlog-proof@v1", f"extra {b64encode(LINES[2]).decode()}", "index 2"]
    hashes = [b64encode(one).decode() for one in made.hashes]
    assert made.file.decode() == "\n".join([*head, *hashes, "", note(5).decode()])


def test_proof_holds_for_nothing_else() -> None:
    """Neither for another line or place, nor for another beginning or log."""
    one, other = inclusion(2, 5), consistency(3, 5)
    assert not replace(one, line=b"another").holds
    assert not replace(one, index=3).holds
    assert not replace(one, note=note(6)).holds
    assert not other.holds(said(note(4)))
    assert not other.holds(replace(said(note(3)), root=bytes(32)))
    assert not other.holds(said(note(3, "lifecycle/OTT/0123456789abcdef")))


@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_bytes_that_are_no_proof_are_refused_in_words(body: bytes) -> None:
    """Whatever they are."""
    with pytest.raises(ValueError, match=r"\w"):
        proof_of(body)


FILE = inclusion(2, 5).file


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\xff", "not UTF-8"),
        (b"c2sp.org/tlog-proof@v2\n\n", "it is no proof"),
        (b"c2sp.org/tlog-proof@v1\nextra AAAA\n\n", "it is no proof"),
        (FILE.replace(b"extra ", b"extra ?"), "is not base64"),
        (FILE.replace(b"index 2", b"index -2"), "is no number"),
        (FILE.replace(b"index 2", b"index \xd9\xa2"), "is no number"),
        (FILE.replace(b"index 2", b"index " + b"9" * 30), "is no number"),
        (FILE.replace(b"index 2", b"index 02"), "not written as a proof is"),
        (FILE.replace(b"index 2\n", b"index 2\nAAAA\n"), "no SHA-256"),
        (FILE.partition(b"\n\n")[0], "not written as a proof is"),
        (FILE.partition(b"\n\n")[0] + b"\n\nno note", "no signed note"),
        (b"old x\n\n" + note(5), "is no number"),
    ],
)
def test_damaged_proof_says_what_is_wrong_with_it(body: bytes, told: str) -> None:
    """Not only that it is."""
    with pytest.raises(ValueError, match=told):
        proof_of(body)
