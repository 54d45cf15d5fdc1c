"""What `lifecycle log verify DIR` does: verifies an exported log without a database."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cli.keys import checkpoint_in, public_key_in
from cli.output.verifying import Verified
from cli.settings import Reading, Settings
from lifecycle.verifying.checkpoints import Anchor
from states.problem import InvalidInputError, Problem
from store.bundle.findings import Inspection
from store.bundle.reading import BundleLog
from store.sealing.keys import is_signature

if TYPE_CHECKING:
    from cli.runs.log_verify import Brought


def verify_bundle(settings: Settings, reading: Reading, folder: Path, brought: "Brought") -> int:
    """Verify a bundle; returns the exit code."""
    from cli.runs.log_verify import MOST_FINDINGS, give_verified

    outside = public_key_in(brought.key) if brought.key else None
    kept = [checkpoint_in(file) for file in brought.checkpoints]
    try:
        named = list(BundleLog(folder).keys())
        known = [one.key for one in named]
        believed = [outside] if outside else known
        anchor = Anchor(
            believed[0] if believed else None,
            outside=outside is not None,
            check=is_signature,
            later=tuple(believed[1:]),
        )
        inspection = Inspection(folder, anchor, kept)
        found = inspection.findings()
        told, more = tuple(islice(found, MOST_FINDINGS)), sum(1 for _finding in found)
    except OSError as error:
        message = f"it can't be read: {error.strerror}"
        raise InvalidInputError([Problem("unreadable", message, str(folder))]) from error
    verified = Verified(
        inspection.log.code,
        "UTC",
        inspection.integrity,
        told,
        more,
        replayed=False,
        kept=tuple(claim.name for claim in kept),
        key=known[-1] if known else None,
    )
    return give_verified(settings, reading, verified)
