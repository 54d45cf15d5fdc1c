"""Holds checkpoints against a log: form, name, root, signature, and what an auditor kept.

Roots are those that a walk over the lines took. A checkpoint of more lines than there are shows
that lines were cut off; one of another root, that what it covers was changed afterwards.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lifecycle.replay import Finding
from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.notes import checkpoint_of, note_of
from lifecycle.sealing.trust import Check, Signed, distrusted


@dataclass(frozen=True, slots=True)
class Claim:
    """A checkpoint, and what findings call it by; `kept` where the auditor brought it."""

    name: str
    signed: Signed
    kept: bool = False

    @property
    def size(self) -> int:
        """How many lines it covers."""
        return self.signed.checkpoint.size


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is believed: a key, whether it came from outside, and how signatures are checked.

    `later` are keys that nobody vouched for and that are believed all the same: those by which a
    log replaced one that was lost, where there is nothing but the log to go by.
    """

    key: PublicKey | None
    outside: bool
    check: Check
    later: tuple[PublicKey, ...] = ()


def claim_of(name: str, body: bytes, *, kept: bool = False) -> Claim:
    """Return the claim that a checkpoint's bytes make; raises ValueError for other bytes."""
    note = note_of(body)
    return Claim(name, Signed(checkpoint_of(note.text), note), kept)


def read(code: str, found: Iterable[tuple[str, bytes]]) -> Iterator[Claim | Finding]:
    """Yield the claims that checkpoints make, and a finding for each that makes none."""
    for name, body in found:
        try:
            yield claim_of(name, body)
        except ValueError as error:
            yield Finding(code, None, "checkpoint.unreadable", f"{name}: {error}")


def as_sealed(origin: str, claims: Iterable[Claim], roots: Mapping[int, bytes]) -> int:
    """Return how many lines are as the largest checkpoint that agrees with them says."""
    said = (claim.signed.checkpoint for claim in claims)
    well = (one.size for one in said if one.origin == origin and roots.get(one.size) == one.root)
    return max(well, default=0)


def root_findings(
    code: str, origin: str, claims: Iterable[Claim], roots: Mapping[int, bytes], sealed: int
) -> Iterator[Finding]:
    """Yield the checkpoints that are of another log, of lines that are gone, or of other lines.

    Once one is of other lines, the larger ones are as well: of the log's own the first is told.
    """
    well, told = 0, False
    for claim in sorted(claims, key=lambda claim: claim.size):
        said = claim.signed.checkpoint
        if said.origin != origin:
            message = f"{claim.name} is of another log: {said.origin}, and this one is {origin}"
            yield Finding(code, None, "checkpoint.foreign", message)
        elif said.size > sealed:
            message = (
                f"{claim.name} covers {said.size} lines, and {sealed} are there: lines were cut off"
            )
            yield Finding(code, None, "lines.cut_off", message)
        elif roots.get(said.size) == said.root:
            well = said.size
        elif claim.kept or not told:
            message = (
                f"{claim.name} has another root: of its {said.size} lines, the first {well} are as"
                " they were sealed, and the others are not"
            )
            yield Finding(code, None, "root.differs", message)
            told = told or not claim.kept


def signature_findings(code: str, claims: Iterable[Claim], anchor: Anchor) -> Iterator[Finding]:
    """Yield the checkpoints that the key, or one that it handed over to, did not sign."""
    by_size = sorted(claims, key=lambda claim: claim.size)
    names = {id(claim.signed): claim.name for claim in by_size}
    if anchor.key is None:
        for claim in by_size:
            message = f"{claim.name} can't be checked: there is no key"
            yield Finding(code, None, "key.missing", message)
        return
    whose = "the key given" if anchor.outside else "the log's own key"
    signed = [claim.signed for claim in by_size]
    for one in distrusted(signed, anchor.key, anchor.check, anchor.later):
        message = f"{names[id(one)]} is not signed by {whose}, nor by one that it handed over to"
        yield Finding(code, None, "signature.wrong", message)
