"""Lays bundles out in a folder, one after the other, and asks both verifiers about each."""

from collections.abc import Sequence
from pathlib import Path

from lifecycle.sealing.keys import PublicKey
from lifecycle.verifying.checkpoints import Anchor, claim_of
from store.bundle.findings import bundle_findings
from store.sealing.keys import is_signature
from tests.store.bundle.outside import verify
from tests.store.bundle.town import Files


class Desk:
    """An auditor's desk: a folder for the bundle, and beside it what came from elsewhere."""

    def __init__(self, folder: Path, key: PublicKey) -> None:
        """Take the key that the auditor was given."""
        self.folder, self.key = folder / "bundle", key
        self.file = folder / "given.pub"
        self.file.write_text(key.file)
        self._lies: Files = {}

    def lay(self, files: Files) -> None:
        """Let the folder hold exactly these files."""
        for path in self._lies.keys() - files.keys():
            (self.folder / path).unlink()
        for path, body in files.items():
            if self._lies.get(path) != body:
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / path).write_bytes(body)
        self._lies = dict(files)

    def outside(self, kept: Sequence[bytes] = ()) -> tuple[int, str]:
        """Return what verify.py says, given the key and older checkpoints."""
        words: list[str | Path] = ["--key", self.file]
        for number, body in enumerate(kept):
            old = self.folder.parent / f"kept.{number}"
            old.write_bytes(body)
            words += ["--checkpoint", old]
        return verify(*words, self.folder)

    def ours(self, kept: Sequence[bytes] = ()) -> list[str]:
        """Return the codes of what our own verification finds."""
        anchor = Anchor(self.key, outside=True, check=is_signature)
        claims = [claim_of("the checkpoint kept", body, kept=True) for body in kept]
        return [one.code for one in bundle_findings(self.folder, anchor, claims)]
