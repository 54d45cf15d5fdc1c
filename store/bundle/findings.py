"""Says everything that is wrong with a bundle: files, lines, checkpoints, keys, proofs, citations.

What verify.py shows with its first finding, this tells in full. Nothing of the bundle is executed.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lifecycle.replay import Finding
from lifecycle.sealing.proofs import Consistency, proof_of
from lifecycle.verifying.checkpoints import Anchor, Claim, claim_of
from lifecycle.verifying.integrity import Integrity
from lifecycle.verifying.signers import NamedKey, signer_findings
from store.backup.drafts import digest_of_file
from store.bundle import layout
from store.bundle.citations import Citations
from store.bundle.reading import BundleLog, regular

_NEEDED = (
    layout.CHECKPOINT,
    layout.KEY,
    layout.LOG,
    layout.README,
    layout.SUMS,
    layout.VERIFIER,
)
_LONGEST = 300
"""Above the longest line that SHA256SUMS can have."""


def bundle_findings(folder: Path, anchor: Anchor, kept: Sequence[Claim] = ()) -> Iterator[Finding]:
    """Yield what is wrong with a bundle; raises OSError for what can't be read at all."""
    return Inspection(folder, anchor, kept).findings()


class Inspection:
    """One look at a bundle; what it came to beside its findings stands in its attributes."""

    def __init__(self, folder: Path, anchor: Anchor, kept: Sequence[Claim] = ()) -> None:
        """Take the key, and the checkpoints that the auditor kept."""
        self.log = BundleLog(folder)
        self.integrity = Integrity(self.log, anchor, kept)
        self.citations = Citations(self.log)
        self._anchor, self._kept = anchor, kept

    def findings(self) -> Iterator[Finding]:
        """Yield everything that is wrong."""
        yield from self._files()
        yield from self._whole()
        yield from self.integrity.findings()
        yield from self._checkpoints()
        yield from self.citations.findings()

    def _files(self) -> Iterator[Finding]:
        """Yield the files that are not what SHA256SUMS or their own names say, or don't belong."""
        folder, listed = self.log.folder, self._sums()
        for path in layout.walk(folder):
            if path == layout.SUMS:
                continue
            if not layout.belongs(path) or not regular(folder / path):
                yield self._finding("file.strange", f"{path!a} does not belong into a bundle")
                continue
            digest, named = digest_of_file(folder / path), layout.named_digest(path)
            if next(listed, b"") != f"{digest}  {path}\n".encode():
                message = f"{path} is not what SHA256SUMS says, or is not listed where it belongs"
                yield self._finding("file.altered", message)
            if named is not None:
                self.citations.there(path, digest)
                if named != digest:
                    yield self._finding("file.altered", f"{path} is not what its name says")
        if next(listed, None) is not None:
            yield self._finding("file.gone", "SHA256SUMS lists files that are not there")

    def _sums(self) -> Iterator[bytes]:
        file = self.log.folder / layout.SUMS
        if regular(file):
            with file.open("rb") as sums:
                while line := sums.readline(_LONGEST):
                    yield line

    def _whole(self) -> Iterator[Finding]:
        for path in _NEEDED:
            if not regular(self.log.folder / path):
                yield self._finding("file.gone", f"there is no {path}")
        for path, own in ((layout.README, layout.readme()), (layout.VERIFIER, layout.verifier())):
            body = self.log.body(path)
            if body is not None and body != own:
                message = f"{path} was altered, or is of another release than this program"
                yield self._finding("file.altered", message)
        log = self.log.folder / layout.LOG
        if regular(log) and log.stat().st_size and not _ends_a_line(log):
            yield self._finding("file.altered", "log.jsonl ends in the middle of a line")

    def _checkpoints(self) -> Iterator[Finding]:
        named, own = list(self.log.keys()), dict(self._readable())
        newest = own.get(layout.CHECKPOINT)
        claims = [*self._kept, *own.values()]
        yield from signer_findings(self.log.code, claims, named, self._anchor.check)
        yield from self._key(named)
        if newest is None:
            return
        if any(claim.size >= newest.size for claim in own.values() if claim is not newest):
            yield self._finding("checkpoint.misplaced", "an older checkpoint covers as many lines")
        if newest.size != self.integrity.sealed:
            message = f"log.jsonl has {self.integrity.sealed} lines, the checkpoint {newest.size}"
            yield self._finding("log.length", message)
        for name, claim in own.items():
            if claim is not newest:
                yield from self._proof(name, claim, newest)
        yield from self._strange_proofs(own)

    def _readable(self) -> Iterator[tuple[str, Claim]]:
        for name, body in self.log.checkpoints():
            try:
                yield name, claim_of(name, body)
            except ValueError:
                # Which one, and why, is told by the walk over the lines.
                continue

    def _key(self, named: Sequence[NamedKey]) -> Iterator[Finding]:
        wanted = named[-1].key.file.encode() if named else None
        body = self.log.body(layout.KEY)
        if body is not None and body != wanted:
            message = f"{layout.KEY} is not the last key that the log names"
            yield self._finding("key.differs", message)

    def _proof(self, name: str, claim: Claim, newest: Claim) -> Iterator[Finding]:
        if name != f"checkpoints/{claim.size}":
            yield self._finding("checkpoint.misplaced", f"{name} covers {claim.size} lines")
        path = f"proofs/{claim.size}.consistency"
        body = self.log.body(path)
        try:
            proof = proof_of(body or b"")
        except ValueError as error:
            yield self._finding("proof.unreadable", f"{path}: {error}")
            return
        well = isinstance(proof, Consistency) and proof.note == newest.signed.note.body
        if not (well and isinstance(proof, Consistency) and proof.holds(claim.signed.checkpoint)):
            message = f"{path} does not show that {name} is the beginning of the newest one"
            yield self._finding("proof.wrong", message)

    def _strange_proofs(self, own: dict[str, Claim]) -> Iterator[Finding]:
        folder = self.log.folder / "proofs"
        older = (claim for name, claim in own.items() if name != layout.CHECKPOINT)
        sizes = {f"{claim.size}.consistency" for claim in older}
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name not in sizes:
                message = f"proofs/{path.name!a} is of no checkpoint that is there"
                yield self._finding("proof.wrong", message)

    def _finding(self, code: str, message: str) -> Finding:
        return Finding(self.log.code, None, code, message)


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read() == b"\n"
