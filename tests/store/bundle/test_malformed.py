"""Whatever a bundle consists of, both verifiers answer with findings, never with a traceback."""

import os
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from lifecycle.sealing.keys import public_key_of
from lifecycle.sealing.proofs import proof_of
from lifecycle.verifying.checkpoints import claim_of
from tests import figures
from tests.store.bundle.campaign import Desk
from tests.store.bundle.malformed import folders, malformed, strange_file
from tests.store.bundle.outside import verify
from tests.store.bundle.test_mutations import DATABASE, OFTEN
from tests.store.bundle.town import town


@OFTEN
@pytest.mark.timeout(0)
def test_malformed_bundle_has_a_finding_and_no_traceback(tmp_path: Path, rounds: int) -> None:
    """Lines, values, checkpoints, keys, proofs and texts of any form, their sums put right."""
    made, seed = town(), figures.first_seed()
    chance, desk = Random(seed), Desk(tmp_path, made.first)  # noqa: S311 - no secret
    with figures.measured(
        "Malformed bundles", database=DATABASE, seed=seed, rounds=rounds, of="bundles"
    ) as counts:
        for number in range(rounds):
            kind, changed = malformed(chance, made.files)
            while changed == made.files:
                kind, changed = malformed(chance, made.files)
            desk.lay(changed)
            code, told = desk.outside()
            assert (code, "FINDING: " in told) == (1, True), f"{number}: a malformed {kind}"
            assert desk.ours(), f"{number}: a malformed {kind}"
            counts[f"{kind}s"] += 1
        counts["tracebacks"] = 0


@OFTEN
@pytest.mark.timeout(0)
def test_malformed_key_checkpoint_or_proof_is_refused_in_words(tmp_path: Path, rounds: int) -> None:
    """What an auditor brings from elsewhere may be damaged as well: it could not begin (2)."""
    made, seed = town(), figures.first_seed()
    chance = Random(seed)  # noqa: S311 - no secret
    Desk(tmp_path, made.first).lay(made.files)
    bundle, brought, key = tmp_path / "bundle", tmp_path / "brought", tmp_path / "given.pub"
    with figures.measured(
        "Malformed keys, checkpoints and proofs",
        database=DATABASE,
        seed=seed,
        rounds=rounds,
        of="files",
    ) as counts:
        for _number in range(rounds):
            body = strange_file(chance, made.files)
            brought.write_bytes(body)
            for name, reads in (("key", _key), ("checkpoint", _checkpoint), ("proof", proof_of)):
                with suppress(ValueError):
                    reads(body)
                    counts[f"still_a_{name}"] += 1
            # What can still be read as a key is never good for another one.
            assert verify("--key", brought, bundle)[0] in _codes(body, made.first.file.encode())
            assert verify("--key", key, "--checkpoint", brought, bundle)[0] in {0, 1, 2}
        counts["tracebacks"] = 0


def _key(body: bytes) -> None:
    public_key_of(body.decode())


def _checkpoint(body: bytes) -> None:
    claim_of("the one", body)


def _codes(body: bytes, first: bytes) -> set[int]:
    return {0} if body == first else {0, 1, 2} if body in _known() else {1, 2}


def _known() -> set[bytes]:
    return {key.public.file.encode() for key in town().keys}


def test_folder_that_is_no_bundle_has_a_finding_and_no_traceback(tmp_path: Path) -> None:
    """Folders where files belong, links, and names that are no text."""
    made = town()
    for number, (what, bring_about) in enumerate(folders()):
        place = tmp_path / str(number)
        place.mkdir()
        desk = Desk(place, made.first)
        desk.lay(made.files)
        bring_about(desk.folder)
        assert desk.outside()[0] == 1, what
        assert desk.ours(), what


def test_link_in_the_place_of_a_file_is_a_finding(tmp_path: Path) -> None:
    """Nothing outside of the folder is read as if it were part of it."""
    made = town()
    desk = Desk(tmp_path, made.first)
    desk.lay(made.files)
    (desk.folder / "log.jsonl").rename(tmp_path / "log")
    (desk.folder / "log.jsonl").symlink_to(tmp_path / "log")
    assert "file.strange" in desk.ours()
    assert desk.outside()[0] == 1


def test_pipe_in_the_place_of_a_file_is_a_finding_and_nothing_waits_for_it(tmp_path: Path) -> None:
    """Nobody ever writes to it."""
    made = town()
    desk = Desk(tmp_path, made.first)
    desk.lay(made.files)
    (desk.folder / "log.jsonl").unlink()
    os.mkfifo(desk.folder / "log.jsonl")
    assert desk.ours()
    assert desk.outside()[0] == 1


def test_folder_that_is_not_there_or_empty_has_a_finding(tmp_path: Path) -> None:
    """Whoever names another place is told so."""
    key = tmp_path / "given.pub"
    key.write_text(town().first.file)
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "empty", tmp_path / "nowhere"):
        code, told = verify("--key", key, place)
        assert (code, "FINDING: " in told) == (1, True)
