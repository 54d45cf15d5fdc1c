"""Verifies that a log is whole: what a walk finds, and what its checkpoints say against it."""

from collections.abc import Iterator, Sequence

from lifecycle.replay import Finding
from lifecycle.verifying.checkpoints import (
    Anchor,
    Claim,
    as_sealed,
    read,
    root_findings,
    signature_findings,
)
from lifecycle.verifying.evidence import Evidence
from lifecycle.verifying.walk import Walk


class Integrity:
    """One verification; after `findings`, what it found out is told by its attributes."""

    def __init__(self, evidence: Evidence, anchor: Anchor, kept: Sequence[Claim] = ()) -> None:
        """Take the checkpoints that the auditor kept."""
        self._evidence, self._anchor, self._kept = evidence, anchor, kept
        self.sealed = self.waiting = 0
        self.newest: Claim | None = None

    @property
    def anchored(self) -> bool:
        """Whether signatures were held against a key from outside."""
        return self._anchor.outside

    @property
    def entries(self) -> int:
        """How many lines there are."""
        return self.sealed + self.waiting

    def findings(self) -> Iterator[Finding]:
        """Yield everything that is wrong."""
        code = self._evidence.code
        claims: list[Claim] = list(self._kept)
        for one in read(code, self._evidence.checkpoints()):
            if isinstance(one, Finding):
                yield one
            else:
                claims.append(one)
        walk = Walk(self._evidence, [claim.size for claim in claims])
        yield from walk.findings()
        self.sealed, self.waiting = walk.sealed, walk.waiting
        yield from walk.altered(as_sealed(walk.origin, claims, walk.roots))
        yield from root_findings(code, walk.origin, claims, walk.roots, walk.sealed)
        yield from signature_findings(code, claims, self._anchor)
        yield from self._uncovered(code, claims)

    def _uncovered(self, code: str, claims: Sequence[Claim]) -> Iterator[Finding]:
        """Yield that the tree is larger than its newest checkpoint, or that there is none."""
        own = [claim for claim in claims if not claim.kept]
        self.newest = max(own, key=lambda claim: claim.size, default=None)
        covered = self.newest.size if self.newest else 0
        if self.sealed > covered:
            message = (
                f"{self.sealed} lines are in the tree, and its newest checkpoint covers {covered}"
            )
            yield Finding(code, None, "checkpoint.missing", message)
        elif self._kept and not own:
            yield Finding(code, None, "checkpoint.missing", "there is no checkpoint any more")
