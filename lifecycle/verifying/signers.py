"""Holds a log's checkpoints against the keys that its own lines name.

Each `key_changed` line names the key that signs from the first checkpoint that covers it on. Where
that checkpoint hands over (`next_key`), the key before it signed as well; nobody else signs any.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lifecycle.replay import Finding
from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.trust import Check
from lifecycle.verifying.checkpoints import Claim


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A public key, and which leaf the line is that names it."""

    leaf: int
    key: PublicKey


def signer_findings(
    code: str, claims: Iterable[Claim], named: Sequence[NamedKey], check: Check
) -> Iterator[Finding]:
    """Yield the checkpoints that others signed than the log names, or that name another key."""
    for claim in claims:
        wrong = _wrong(claim, [one.key for one in named if one.leaf < claim.size], check)
        if wrong:
            yield Finding(code, None, "signer.wrong", f"{claim.name} {wrong}")


def _wrong(claim: Claim, known: Sequence[PublicKey], check: Check) -> str | None:
    note, following = claim.signed.note, claim.signed.checkpoint.next_key
    wanted = known[-2:] if following else known[-1:]
    if not wanted:
        return "covers no line that names a key"
    if following and (len(wanted) == 1 or following != wanted[-1]):
        return "hands over to another key than the log names"
    said = [(one.name, one.key_id) for one in note.signatures]
    if said != [(key.name, key.id) for key in wanted]:
        return "is signed by others than the log names"
    pairs = zip(wanted, note.signatures, strict=True)
    if not all(check(key, one.signature, note.text) for key, one in pairs):
        return "has a signature that is not its key's"
    return None
