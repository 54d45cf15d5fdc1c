"""Which checkpoints a key vouches for: itself, and what it hands over to another key.

A checkpoint whose signed text names a `next_key` is the last one of the key that signed it; from
the next one on only the new key counts. Whoever has one of the keys from elsewhere so needs no
other, and a key that was put there without its predecessor's signature is found.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.notes import Checkpoint, Note

Check = Callable[[PublicKey, bytes, bytes], bool]
"""Whether a signature (the second) is a key's, of a text (the third)."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with the note that it is the text of."""

    checkpoint: Checkpoint
    note: Note


@dataclass(slots=True)
class Trust:
    """The key that counts now; `reached` once a checkpoint was signed by it.

    `later` are keys that nobody hands over to, and that count from their first checkpoint on.
    """

    key: PublicKey
    later: tuple[PublicKey, ...] = ()
    reached: bool = False

    def accepts(self, one: Signed, check: Check) -> bool:
        """Whether the key that counts signed a checkpoint; goes on to the key that it names."""
        for at, key in enumerate((self.key, *self.later)):
            signature = one.note.by(key)
            if signature is not None and check(key, signature.signature, one.note.text):
                self.reached, self.later = True, self.later[at:]
                self.key = one.checkpoint.next_key or key
                return True
        return False


def distrusted(
    signed: Iterable[Signed], key: PublicKey, check: Check, later: Sequence[PublicKey] = ()
) -> Iterator[Signed]:
    """Yield the checkpoints, in order of size, that a key or its successors do not vouch for.

    Those before the first one that it signed are an earlier key's, and not held against it: that
    they are beginnings of the tree that it does vouch for is shown by their roots. The `later` keys
    count like the first one, each from its own first checkpoint on.
    """
    trust = Trust(key, tuple(later))
    before: list[Signed] = []
    for one in signed:
        if trust.accepts(one, check):
            continue
        if trust.reached:
            yield one
        else:
            before.append(one)
    if not trust.reached:
        yield from before
