"""Which checkpoints a key vouches for: its own, and those of whom it hands over to."""

from collections.abc import Sequence
from dataclasses import replace

from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.trust import Signed, distrusted
from store.sealing.keys import is_signature
from tests.lifecycle.sealing.keys import checkpoint, key

A, B, C = key(1), key(2), key(3)
HISTORY = (
    checkpoint(3, A),
    checkpoint(5, A, B, following=B.public),
    checkpoint(8, B),
    checkpoint(9, B, C, following=C.public),
    checkpoint(12, C),
)
"""Two rotations, each vouched for by the key before."""


def wrong(signed: Sequence[Signed], by: PublicKey) -> list[int]:
    """Return the sizes of the checkpoints that a key does not vouch for."""
    return [one.checkpoint.size for one in distrusted(signed, by, is_signature)]


def test_first_key_vouches_for_all_that_follow_from_it() -> None:
    """Whoever has it needs no other."""
    assert wrong(HISTORY, A.public) == []


def test_later_key_vouches_for_what_it_signed_and_holds_nothing_against_what_was_before() -> None:
    """Those are shown to be beginnings of its tree by their roots."""
    assert wrong(HISTORY, B.public) == []
    assert wrong(HISTORY, C.public) == []


def test_key_that_signed_nothing_vouches_for_nothing() -> None:
    """All of it is somebody else's."""
    assert wrong(HISTORY, key(9).public) == [3, 5, 8, 9, 12]


def test_key_that_took_over_unsigned_is_not_believed() -> None:
    """After the old key was lost, the new one has to come from elsewhere."""
    history = (checkpoint(3, A), checkpoint(8, B))
    assert wrong(history, A.public) == [8]
    assert wrong(history, B.public) == []


def test_key_that_names_itself_the_next_one_is_not_believed() -> None:
    """The old one has to have signed the text that names it."""
    history = (checkpoint(3, A), checkpoint(5, B, following=B.public), checkpoint(8, B))
    assert wrong(history, A.public) == [5, 8]


def test_old_key_counts_no_more_once_it_handed_over() -> None:
    """Whoever still holds it can sign nothing that is believed."""
    assert wrong((*HISTORY[:3], checkpoint(9, A)), A.public) == [9]


def test_signature_that_is_not_the_key_s_is_found() -> None:
    """Its name and number alone prove nothing."""
    good = HISTORY[2]
    forged = replace(good.note.signatures[0], signature=bytes(64))
    bad = Signed(good.checkpoint, replace(good.note, signatures=(forged,)))
    assert wrong((*HISTORY[:2], bad), A.public) == [8]
