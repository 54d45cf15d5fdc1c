"""What our own verification says of a bundle: which line, which file, and what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lifecycle.replay import Finding
from lifecycle.sealing.keys import PublicKey
from lifecycle.verifying.checkpoints import Anchor
from states.canonical import sha256_hex
from states.vocabulary import Event
from store.bundle import layout
from store.bundle.findings import Inspection
from store.sealing.keys import is_signature, new_key
from tests.store.bundle.campaign import Desk
from tests.store.bundle.mutations import summed
from tests.store.bundle.town import Files, town

Laid = Callable[..., list[Finding]]


@pytest.fixture
def found(tmp_path: Path) -> Laid:
    """Return what lays a bundle out and says what is found in it."""

    def lay(files: Files, key: PublicKey | None = None) -> list[Finding]:
        given = key or town().first
        desk = Desk(tmp_path, given)
        desk.lay(files)
        anchor = Anchor(given, outside=True, check=is_signature)
        return list(Inspection(desk.folder, anchor).findings())

    return lay


def text_of(event: Event) -> str:
    """Return where the content of a line of some kind lies in the town's bundle."""
    lines = town().files[layout.LOG].splitlines()
    [line] = [one for one in lines if f'"event":"{event}"'.encode() in one][-1:]
    return layout.text_at(line.partition(b'"content":"')[2][:64].decode())


def without(path: str) -> Files:
    """Return the town's bundle without a file, its sums put right."""
    return summed({name: body for name, body in town().files.items() if name != path})


def test_text_that_was_taken_away_is_named_by_the_line_that_cites_it(found: Laid) -> None:
    """No line says that it was erased."""
    path = text_of(Event.RECORDED)
    [finding] = found(without(path))
    assert (finding.stream, finding.code) == ("TOR-2026-001", "file.gone")
    assert finding.message.startswith(f"the content that line {finding.n} cites is not in")
    assert finding.message.endswith(path)


def test_text_that_was_altered_is_named(found: Laid) -> None:
    """By its name, which is its digest, whatever SHA256SUMS says."""
    path = text_of(Event.RECORDED)
    [finding] = found(summed({**town().files, path: town().files[path] + b" "}))[:1]
    assert finding.message == f"{path} is not what its name says"


def test_text_that_no_line_cites_is_named(found: Laid) -> None:
    """Nothing lies there that the log does not know."""
    path = layout.text_at(sha256_hex(b"more"))
    [finding] = found(summed({**town().files, path: b"more"}))
    assert (finding.code, finding.message) == ("file.uncited", f"no line cites {path}")


def test_key_that_the_log_never_had_vouches_for_nothing(found: Laid) -> None:
    """Whoever verifies was given another log's key, or this log's was replaced in secret."""
    stranger = new_key(town().first.name).public
    assert {one.code for one in found(town().files, stranger)} == {"signature.wrong"}


def test_verifier_that_was_altered_is_told_of(found: Laid) -> None:
    """It may find nothing, whatever there is."""
    changed = summed({**town().files, layout.VERIFIER: b"print('all is well')\n"})
    [finding] = found(changed)
    assert finding.message.startswith("verify.py was altered, or is of another release")


@pytest.mark.parametrize("path", [layout.LOG, layout.CHECKPOINT, layout.KEY, layout.README])
def test_file_that_every_bundle_has_is_missed(found: Laid, path: str) -> None:
    """By its name."""
    assert f"there is no {path}" in [one.message for one in found(without(path))]


@pytest.mark.parametrize("size", [7, 24])
def test_proof_of_no_older_checkpoint_is_named(found: Laid, size: int) -> None:
    """The newest one needs none."""
    path = f"proofs/{size}.consistency"
    body = town().files["proofs/13.consistency"]
    [finding] = found(summed({**town().files, path: body}))
    assert finding.message == f"proofs/'{size}.consistency' is of no checkpoint that is there"


def test_inspection_knows_how_much_it_saw(tmp_path: Path) -> None:
    """How many lines, the newest checkpoint, and how many texts are said to be erased."""
    made = town()
    desk = Desk(tmp_path, made.first)
    desk.lay(made.files)
    looked = Inspection(desk.folder, Anchor(made.first, outside=True, check=is_signature))
    assert list(looked.findings()) == []
    assert looked.integrity.newest is not None
    assert looked.integrity.newest.size == looked.integrity.sealed == 24
    assert looked.citations.erased == 3
