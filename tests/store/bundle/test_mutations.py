"""Whatever is changed in an exported bundle is found, by its own verifier and by ours."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from store.bundle import layout
from store.sealing.keys import new_key
from tests import figures
from tests.store.bundle.campaign import Desk
from tests.store.bundle.mutations import (
    a_file_gone,
    a_file_more,
    a_file_renamed,
    lied,
    one_file,
    rewritten,
    summed,
    two_files_swapped,
)
from tests.store.bundle.town import Files, town

OFTEN = pytest.mark.parametrize("rounds", [40, pytest.param(10_000, marks=pytest.mark.reliability)])
DATABASE = "none (exported bundles)"


def test_bundle_as_it_was_written_has_no_findings(tmp_path: Path) -> None:
    """With any of the log's keys, since each hands over to the next, and any checkpoint kept."""
    made = town()
    for key in made.keys:
        desk = Desk(tmp_path, key.public)
        desk.lay(made.files)
        assert desk.outside(made.notes)[0] == 0
        assert desk.ours(made.notes) == []


def mutated(chance: Random, files: Files, name: str) -> tuple[str, Files]:
    """Return a bundle that differs, and by what kind of change."""
    forger = new_key(name)
    kinds = {
        "one_file": lambda: one_file(chance, files),
        "file_gone": lambda: a_file_gone(chance, files),
        "file_more": lambda: a_file_more(chance, files),
        "files_swapped": lambda: two_files_swapped(chance, files),
        "file_renamed": lambda: a_file_renamed(chance, files),
        "history_rewritten_under_another_key": lambda: rewritten(chance, files, forger),
        "and_that_key_named_on_the_log": lambda: rewritten(chance, files, forger, own=True),
        "right_lines_signed_by_another_key": lambda: rewritten(chance, files, forger, what=3),
    }
    while True:
        [kind] = chance.choices(list(kinds), weights=(55, 8, 8, 8, 6, 5, 5, 5))
        changed = kinds[kind]()
        if not alike(changed, files):
            return kind, changed


def alike(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> bool:
    """Whether two bundles say the same: the order in SHA256SUMS tells nothing."""
    order = {layout.SUMS: b""}
    lines, others = (
        sorted(files.get(layout.SUMS, b"").splitlines(keepends=True)) for files in (one, other)
    )
    return {**one, **order} == {**other, **order} and lines == others


@OFTEN
@pytest.mark.timeout(0)
def test_random_mutation_is_found_by_both_verifiers(tmp_path: Path, rounds: int) -> None:
    """Flip, cut, insert, swap, rename, rewrite, re-sign: also by who covers every trace of it."""
    made, seed = town(), figures.first_seed()
    chance, desk = Random(seed), Desk(tmp_path, made.first)  # noqa: S311 - no secret
    with figures.measured(
        "Mutated bundles", database=DATABASE, seed=seed, rounds=rounds, of="mutations"
    ) as counts:
        for number in range(rounds):
            kind, changed = mutated(chance, made.files, made.first.name)
            desk.lay(changed)
            code, told = desk.outside()
            assert (code, "FINDING: " in told) == (1, True), f"{number}: {kind} passed verify.py"
            assert desk.ours(), f"{number}: {kind} passed our own verification"
            counts[kind] += 1
        counts["found_by_verify.py"] = counts["found_by_our_own"] = rounds
        counts["passed"] = 0


@OFTEN
@pytest.mark.timeout(0)
def test_history_rewritten_with_the_right_keys_is_found_against_an_older_checkpoint(
    tmp_path: Path, rounds: int
) -> None:
    """Who holds all the keys deceives everybody, but not who kept a checkpoint from before."""
    made, seed = town(), figures.first_seed()
    chance, desk = Random(seed), Desk(tmp_path, made.first)  # noqa: S311 - no secret
    rounds = max(rounds // 10, 8)
    with figures.measured(
        "Rewritten with the right keys", database=DATABASE, seed=seed, rounds=rounds, of="histories"
    ) as counts:
        for _number in range(rounds):
            at, changed = lied(chance, made.files, made.keys)
            desk.lay(changed)
            assert desk.outside()[0] == 0
            assert desk.ours() == []
            counts["unseen_without_an_older_checkpoint"] += 1
            kept = chance.choice([n for n in made.notes if at < int(n.splitlines()[1])])
            assert desk.outside([kept])[0] == 1
            assert "root.differs" in desk.ours([kept])
            counts["found_against_an_older_checkpoint"] += 1


def test_bundle_of_an_earlier_day_is_a_true_one_until_a_later_checkpoint_is_held_against_it(
    tmp_path: Path,
) -> None:
    """That the newest lines were left out altogether, only somebody with a newer one can see."""
    made = town()
    desk = Desk(tmp_path, made.first)
    files = earlier(made.files)
    desk.lay(files)
    assert desk.ours([made.notes[-1]])[0] == "lines.cut_off"
    assert desk.outside([made.notes[-1]])[0] == 1


def earlier(files: Files) -> Files:
    """Return a bundle cut back to its first older checkpoint, as far as that is easily done."""
    size = min(int(path.partition("/")[2]) for path in files if path.startswith("checkpoints/"))
    lines = files[layout.LOG].splitlines(keepends=True)[:size]
    rest = {p: b for p, b in files.items() if not p.startswith(("checkpoints/", "proofs/"))}
    note = files[f"checkpoints/{size}"]
    return summed({**rest, layout.LOG: b"".join(lines), layout.CHECKPOINT: note})
