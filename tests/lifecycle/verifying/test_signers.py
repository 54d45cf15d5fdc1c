"""Checkpoints are signed by the keys that the log's own lines name, and by nobody else."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from lifecycle.sealing.trust import Signed
from lifecycle.verifying.checkpoints import Claim
from lifecycle.verifying.signers import NamedKey, signer_findings
from store.sealing.keys import is_signature
from tests.lifecycle.sealing.keys import checkpoint, key

A, B = key(1), key(2)
NAMED = (NamedKey(2, A.public), NamedKey(7, B.public))
"""The keys by the leaves of the lines that name them."""


def wrong(*signed: Signed, named: Sequence[NamedKey] = NAMED) -> list[str]:
    """Return what is found out about some checkpoints."""
    claims = [Claim(f"size {one.checkpoint.size}", one) for one in signed]
    return [one.message for one in signer_findings("TOR", claims, named, is_signature)]


def test_checkpoints_of_a_log_are_signed_by_the_keys_that_it_names() -> None:
    """The one that hands over by both keys, of which the new one is on the log already."""
    rotation = checkpoint(8, A, B, following=B.public)
    assert wrong(checkpoint(3, A), checkpoint(7, A), rotation, checkpoint(9, B)) == []


def test_key_that_was_replaced_unsigned_is_named_all_the_same() -> None:
    """That nobody vouched for the new one is for who has the old one from elsewhere."""
    assert wrong(checkpoint(7, A), checkpoint(8, B)) == []


def forged(one: Signed) -> Signed:
    """Return a checkpoint whose signature is nobody's."""
    first, *rest = one.note.signatures
    bad = (replace(first, signature=bytes(64)), *rest)
    return Signed(one.checkpoint, replace(one.note, signatures=bad))


@pytest.mark.parametrize(
    ("signed", "told"),
    [
        (checkpoint(2, A), "size 2 covers no line that names a key"),
        (checkpoint(3, B), "size 3 is signed by others than the log names"),
        (checkpoint(8, A), "size 8 is signed by others than the log names"),
        (checkpoint(9, B, A), "size 9 is signed by others than the log names"),
        (checkpoint(8, B, following=B.public), "size 8 is signed by others than the log names"),
        (
            checkpoint(5, A, B, following=B.public),
            "size 5 hands over to another key than the log names",
        ),
        (
            checkpoint(8, A, B, following=A.public),
            "size 8 hands over to another key than the log names",
        ),
        (forged(checkpoint(3, A)), "size 3 has a signature that is not its key's"),
        (
            forged(checkpoint(8, A, B, following=B.public)),
            "size 8 has a signature that is not its key's",
        ),
    ],
)
def test_checkpoint_that_others_signed_is_found(signed: Signed, told: str) -> None:
    """Also where the key that an auditor holds has nothing to say about it."""
    assert wrong(signed) == [told]
