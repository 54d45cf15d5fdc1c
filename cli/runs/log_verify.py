"""What `lifecycle log verify` does: holds a log against itself and against what an auditor kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cli.keys import checkpoint_in, public_key_in
from cli.output.answers import Answer, csv_of, give, shape
from cli.output.shapes import finding_shape
from cli.output.verifying import Verified, verified_shape, verified_text
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.replay import Finding
from lifecycle.sealing.keys import PublicKey
from lifecycle.verifying.checkpoints import Anchor
from lifecycle.verifying.integrity import Integrity
from store.reader import Reader
from store.sealing.evidence import StoredLog
from store.sealing.keys import is_signature

FINDINGS = 1
MOST_FINDINGS = 1_000
"""How many findings are told; all are counted."""

_KEYS = ("stream", "n", "code", "message")


@dataclass(frozen=True, slots=True)
class Brought:
    """What the auditor brings from outside, and how much is asked."""

    checkpoints: tuple[Path, ...] = ()
    key: Path | None = None
    seals_only: bool = False


def verify_log(settings: Settings, reading: Reading, what: Path | None, brought: Brought) -> int:
    """Verify a database's log, or a file; returns the exit code."""
    if what is not None and what.is_dir():
        from cli.runs.log_verify_bundle import verify_bundle

        return verify_bundle(settings, reading, what, brought)
    if what is not None:
        from cli.runs.log_verify_file import verify_file

        return verify_file(settings, reading, what, brought)
    outside = public_key_in(brought.key) if brought.key else None
    kept = [checkpoint_in(file) for file in brought.checkpoints]
    with opened(settings) as session, session.store.reading() as reader:
        log = StoredLog(reader)
        integrity = Integrity(log, _anchor(log, outside), kept)
        found = _all(reader, integrity, seals_only=brought.seals_only)
        told, more = list(islice(found, MOST_FINDINGS)), sum(1 for _finding in found)
        verified = Verified(
            session.code,
            session.time_zone,
            integrity,
            tuple(told),
            more,
            replayed=not brought.seals_only,
            kept=tuple(claim.name for claim in kept),
        )
    return give_verified(settings, reading, verified)


def _anchor(log: StoredLog, outside: PublicKey | None) -> Anchor:
    """Return what is believed: the key from outside, else those that the log names itself."""
    keys = [outside] if outside else log.keys()
    return Anchor(
        keys[0] if keys else None,
        outside=outside is not None,
        check=is_signature,
        later=tuple(keys[1:]),
    )


def give_verified(settings: Settings, reading: Reading, verified: Verified) -> int:
    """Print what verifying found; returns the exit code."""
    shapes = [finding_shape(one) for one in verified.findings]
    answer = Answer(
        table=lambda: verified_text(verified),
        json=shape(verified_shape(verified)),
        csv=csv_of(_KEYS, shapes),
    )
    give(settings, reading, answer)
    return FINDINGS if verified.findings else 0


def _all(reader: Reader, integrity: Integrity, *, seals_only: bool) -> Iterator[Finding]:
    yield from integrity.findings()
    yield from StoredLog(reader).findings()
    if seals_only:
        return
    well = True
    for finding in reader.verify():
        well = False
        yield finding
    if well:
        yield from reader.recompute()
