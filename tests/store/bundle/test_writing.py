"""A bundle is written whole or not at all, and holds what the newest checkpoint covers."""

import subprocess
from functools import partial
from pathlib import Path

import pytest

from lifecycle.erasing.erase import Place, erase_part
from lifecycle.errors import StoreError
from lifecycle.sealing.proofs import Consistency, proof_of
from store.bundle import layout
from store.bundle.writing import Bundle, planned, write_bundle
from tests.hands import ADMIN
from tests.sealing import keyed, seal_log
from tests.stage import Stage
from tests.store.bundle.town import files_in, town


def written(stage: Stage, folder: Path) -> Bundle:
    """Write a bundle of a stage's log."""
    with stage.store.reading() as reader:
        return write_bundle(reader, str(folder))


def refusal(stage: Stage, folder: Path) -> StoreError:
    """Return why none is written; nothing is left behind, and a dry run says the same."""
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises(StoreError) as error:
        written(stage, folder)
    with pytest.raises(StoreError, match=r"\w") as planning, stage.store.reading() as reader:
        planned(reader, str(folder))
    assert planning.value.message == error.value.message
    assert sorted(folder.parent.rglob("*")) == before
    return error.value


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder's path at which there is nothing."""
    (tmp_path / "copies").mkdir()
    return tmp_path / "copies" / "log"


def test_lines_after_the_newest_checkpoint_are_not_in_it(stage: Stage, place: Path) -> None:
    """And it is said how many."""
    key = keyed(stage)
    ref = stage.propose()
    seal_log(stage, key)
    stage.propose(reason="Too late for this one.")
    made = written(stage, place)
    files = files_in(place)
    assert (made.lines, made.unsealed, made.checkpoints) == (3, 1, 1)
    assert made.files == len(files) - 1
    assert files[layout.LOG].splitlines() == [*stage.raw(None), *stage.raw(ref)]
    assert b"Too late" not in b"".join(files.values())


def test_sums_are_those_that_sha256sum_checks(place: Path) -> None:
    """In the order in which sort puts the paths."""
    place.mkdir()
    for path, body in town().files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(body)
    line = ["sha256sum", "-c", "--quiet", "--strict", layout.SUMS]
    done = subprocess.run(line, cwd=place, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    paths = [one[66:] for one in (place / layout.SUMS).read_text().splitlines()]
    assert paths == sorted(paths) == sorted(set(town().files) - {layout.SUMS})


def test_older_checkpoints_are_the_last_of_each_month_and_of_each_key() -> None:
    """Each with the proof that it is the beginning of the newest one."""
    files, notes = town().files, town().notes
    kept = {path: body for path, body in files.items() if path.startswith("checkpoints/")}
    # Rotations seal twice: what was waiting, and the line that names the new key.
    assert len(kept) == 4
    assert set(kept.values()) < set(notes[:-1])
    assert files[layout.CHECKPOINT] == notes[-1]
    for path in kept:
        proof = proof_of(files[f"proofs/{path.partition('/')[2]}.consistency"])
        assert isinstance(proof, Consistency)


def test_log_that_was_never_sealed_has_no_bundle(stage: Stage, place: Path) -> None:
    """What comes next depends on whether there is a key."""
    error = refusal(stage, place)
    assert (error.code, error.hint) == (
        "not_sealed",
        "an admin makes a key: lifecycle log key create; then lifecycle log seal",
    )
    keyed(stage)
    assert refusal(stage, place).hint == "lifecycle log seal"


def test_text_that_was_erased_since_the_checkpoint_waits_for_the_next_one(
    stage: Stage, place: Path
) -> None:
    """A bundle without the line that says so would look tampered with."""
    key = keyed(stage)
    ref = stage.propose(reason="Jane Doe asked.")
    seal_log(stage, key)
    erased = Place(ref, 1, "reason")
    stage.do(partial(erase_part, place=erased), actor=ADMIN, reason="As asked.")
    assert refusal(stage, place).code == "not_sealed"
    seal_log(stage, key)
    written(stage, place)
    assert b"Jane Doe" not in b"".join(files_in(place).values())


def test_folder_in_which_there_is_something_is_left_as_it_is(stage: Stage, place: Path) -> None:
    """Nothing is ever written over."""
    seal_log(stage, keyed(stage))
    place.mkdir()
    (place / "notes.txt").write_text("mine")
    assert refusal(stage, place).code == "exists"
    assert refusal(stage, place / "notes.txt").code == "exists"
    assert (place / "notes.txt").read_text() == "mine"


def test_empty_folder_is_filled_and_is_its_owner_s_alone(stage: Stage, place: Path) -> None:
    """Texts of people are in it."""
    seal_log(stage, keyed(stage))
    place.mkdir(mode=0o755)
    written(stage, place)
    assert (place / layout.LOG).is_file()
    assert place.stat().st_mode & 0o077 == 0
    assert list(place.parent.iterdir()) == [place]


def test_folder_that_has_no_place_is_told_of(stage: Stage, place: Path) -> None:
    """With what to do about it."""
    seal_log(stage, keyed(stage))
    error = refusal(stage, place / "deeper" / "log")
    assert (error.code, error.hint) == ("unwritable", f"make it: mkdir -p {place / 'deeper'}")


def test_disk_that_is_full_leaves_nothing_behind(
    stage: Stage, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder appears whole or not at all."""
    seal_log(stage, keyed(stage))

    def full(_self: Path, _body: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StoreError, match="No space left") as error:
        written(stage, place)
    assert error.value.code == "no_space"
    assert list(place.parent.iterdir()) == []


def test_line_that_is_gone_is_told_of(stage: Stage, place: Path) -> None:
    """No whole copy can be made of half a log."""
    key = keyed(stage)
    stage.propose()
    seal_log(stage, key)
    stage.tamper("DROP TRIGGER entry_no_delete", "DELETE FROM entry WHERE n = 1 AND stream > 0")
    with pytest.raises(StoreError, match="is gone: no whole copy can be made"):
        written(stage, place)
    assert list(place.parent.iterdir()) == []
