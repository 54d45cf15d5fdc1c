"""Sealing: every line once, in its stream's order, and the same tree however often it is sealed."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.errors import StoreError
from lifecycle.sealing import seal as module
from lifecycle.sealing.merkle import (
    consistency,
    inclusion,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
)
from lifecycle.sealing.nodes import Kept
from lifecycle.sealing.notes import checkpoint_of, note_of
from lifecycle.sealing.seal import seal
from states.vocabulary import State
from store.creating import create_store
from store.opening import open_store
from store.policies import shipped_policy
from store.sealing.evidence import StoredLog
from store.sealing.keys import is_signature
from tests.sealing import (
    a_key,
    cheap,
    kept,
    keyed,
    leaves,
    root_of,
    seal_log,
    seals,
    verified,
    waiting,
)
from tests.stage import Stage
from tests.store.backups import backed_up, place, restored
from tests.store.raw import everything, query

pytestmark = pytest.mark.measured

_OF_ANOTHER = (
    "UPDATE tile SET hashes = (SELECT b.hashes FROM tile b WHERE b.level = 0 AND b.tile = 1)"
    " WHERE level = 1"
)


def test_first_seal_covers_every_line_of_every_stream_once(stage: Stage) -> None:
    """Those of the program and of each agreement, each stream's in their order; none waits."""
    for state in (State.ACTIVE, State.DECLINED):
        stage.reach(state)
    key = keyed(stage)
    made = seal_log(stage, key)
    written = query(stage.url, "SELECT stream, n, line FROM entry ORDER BY stream, n")
    assert [row[1:] for row in leaves(stage)] == written
    assert [row[0] for row in leaves(stage)] == list(range(len(written)))
    assert (made.new, waiting(stage)) == (len(written), 0)
    assert made.seal is not None
    assert made.seal.size == len(written)
    assert made.seal.root == root_of([line.encode() for _stream, _n, line in written])
    assert verified(stage) == []


def test_later_seal_adds_what_is_new_and_leaves_the_rest(stage: Stage) -> None:
    """A leaf is a leaf for good, whatever is written to its stream afterwards."""
    ref = stage.reach(State.DECISION)
    key = keyed(stage)
    first = seal_log(stage, key)
    before = leaves(stage)
    stage.propose()
    stage.score(ref)
    second = seal_log(stage, key)
    assert leaves(stage)[: len(before)] == before
    assert first.seal is not None
    assert second.seal is not None
    assert second.new == second.seal.size - first.seal.size == 2
    assert [one.size for one in seals(stage)] == [first.seal.size, second.seal.size]
    assert verified(stage) == []


def test_nothing_new_writes_nothing(stage: Stage) -> None:
    """The last checkpoint stands, and is told."""
    key = keyed(stage)
    first = seal_log(stage, key)
    before = everything(stage.url)
    again = seal_log(stage, key)
    assert (again.seal, again.new) == (first.seal, 0)
    assert everything(stage.url) == before


def test_checkpoint_is_signed_and_names_log_size_root_and_instant(stage: Stage) -> None:
    """By the log's key, at the instant that the clock gave."""
    key = keyed(stage)
    now = stage.order().now
    made = seal(stage.store, key, lambda: now).seal
    assert made is not None
    note = note_of(made.note)
    name, size, _root, at = note.text.decode().splitlines()
    assert name == key.public.name
    assert name.startswith(f"lifecycle/{stage.store.program.code}/")
    assert int(size) == made.size
    assert at == f"sealed_at {now:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert checkpoint_of(note.text).root == made.root
    [signature] = note.signatures
    assert note.by(key.public) is signature
    assert is_signature(key.public, signature.signature, note.text)
    assert not is_signature(a_key(stage).public, signature.signature, note.text)
    assert not is_signature(key.public, signature.signature, note.text + b"x")
    assert seals(stage) == [made]


def test_log_without_a_key_is_not_sealed(stage: Stage) -> None:
    """It is said who makes one; nothing is taken from what waits."""
    before = waiting(stage)
    with pytest.raises(StoreError, match="has no key yet") as caught:
        seal_log(stage, a_key(stage))
    assert caught.value.code == "no_key"
    assert "log key create" in str(caught.value.hint)
    assert waiting(stage) == before > 0


def test_another_key_than_the_logs_does_not_seal(stage: Stage) -> None:
    """Whoever made it."""
    mine = keyed(stage)
    with pytest.raises(StoreError, match=mine.public.id.hex()) as caught:
        seal_log(stage, a_key(stage))
    assert caught.value.code == "wrong_key"
    assert seals(stage) == []


def test_seal_ends_though_people_go_on_writing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written while it seals is for the next one; else it would never end."""
    monkeypatch.setattr(module, "CHUNK", 4)
    key = keyed(stage)
    cheap(stage, 8)
    chunks: list[int] = []

    def write(lines: int) -> None:
        chunks.append(lines)
        cheap(stage, 1, stream=9)

    made = seal(stage.store, key, lambda: stage.order().now, write)
    assert made.seal is not None
    assert made.new == sum(chunks) == made.seal.size
    assert len(chunks) <= made.new // 4 + 1
    assert waiting(stage) > 0
    assert seal_log(stage, key).new > 0


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_chunks_end_anywhere(stage: Stage, monkeypatch: pytest.MonkeyPatch, extra: int) -> None:
    """One line before a whole number of chunks, exactly there, one after: every line once."""
    key = keyed(stage)
    monkeypatch.setattr(module, "CHUNK", 10)
    cheap(stage, 30 - waiting(stage) + extra)
    told: list[int] = []
    made = seal(stage.store, key, lambda: stage.order().now, told.append)
    assert (made.new, sum(told), waiting(stage)) == (30 + extra, 30 + extra, 0)
    lines = [row[3].encode() for row in leaves(stage)]
    assert made.seal is not None
    assert made.seal.root == root_of(lines)
    assert [one.root for one in seals(stage)] == [root_of(lines[: s.size]) for s in seals(stage)]


@pytest.mark.parametrize("lines", [255, 256, 257, 511, 512, 513])
def test_tiles_are_kept_where_they_are_full(stage: Stage, lines: int) -> None:
    """And only there: 256 hashes of leaves, in their order."""
    key = keyed(stage)
    cheap(stage, lines - waiting(stage))
    seal_log(stage, key)
    kept = query(stage.url, "SELECT level, tile, hashes FROM tile ORDER BY tile")
    assert [row[:2] for row in kept] == [(0, at) for at in range(lines // 256)]
    hashes = b"".join(leaf_hash(row[3].encode()) for row in leaves(stage))
    for _level, at, held in kept:
        assert bytes(held) == hashes[at * 8192 : (at + 1) * 8192]


@pytest.mark.parametrize("splits", [(300,), (255, 1, 1, 255, 1), (1, 254, 1, 512, 77)])
def test_proofs_are_made_of_what_is_kept(stage: Stage, splits: tuple[int, ...]) -> None:
    """Of any leaf, and from each checkpoint to each later one, of tiles and lines."""
    key = keyed(stage)
    for count in splits:
        cheap(stage, count)
        seal_log(stage, key)
    made = seals(stage)
    lines = [row[3].encode() for row in leaves(stage)]
    with stage.store.reading() as reader:
        for new in made:
            nodes = Kept(reader, new.size).node
            for at in {0, 1, 255, 256, new.size // 2, new.size - 1}:
                if at < new.size:
                    proof = inclusion(at, new.size, nodes)
                    leaf = leaf_hash(lines[at])
                    assert proves_inclusion(leaf, at, new.size, proof, new.root)
            for old in made:
                if old.size <= new.size:
                    path = consistency(old.size, new.size, nodes)
                    assert proves_consistency(old.size, old.root, new.size, new.root, path)


@pytest.mark.sqlite
@settings(max_examples=settings().max_examples // 4)
@given(
    splits=st.lists(st.integers(1, 300), min_size=1, max_size=6),
    chunk=st.integers(1, 400),
)
def test_many_seals_come_to_the_same_tree_as_one(splits: list[int], chunk: int) -> None:
    """However the lines are split: the root, the peaks, the tiles."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        stage = Stage(Path(folder))
        key = keyed(stage)
        patch.setattr(module, "CHUNK", chunk)
        for count in splits:
            cheap(stage, count)
            seal_log(stage, key)
        once = [row[3].encode() for row in leaves(stage)]
        last = seals(stage)[-1]
        assert (last.size, last.root) == (len(once), root_of(once))
        tiles = query(stage.url, "SELECT tile, hashes FROM tile ORDER BY tile")
        hashes = b"".join(map(leaf_hash, once))
        assert [bytes(row[1]) for row in tiles] == [
            hashes[at * 8192 : (at + 1) * 8192] for at in range(len(once) // 256)
        ]
        assert waiting(stage) == 0
        stage.end()


@pytest.mark.sqlite
def test_second_level_of_tiles_is_kept_and_proves(stage: Stage) -> None:
    """Past 65,536 leaves the roots of 256 tiles are a tile of their own."""
    tall(stage, (65_000, 700))
    stage.tamper("UPDATE tile SET hashes = x'00' WHERE level = 0 AND tile = 3")
    assert damage(stage) == [
        "tile 0 of level 1 can't be held against those below it: tile 3 of level 0 is cut"
    ]


@pytest.mark.reliability
def test_second_level_of_tiles_grows_like_the_first(stage: Stage) -> None:
    """With seals that end anywhere, on a server too."""
    tall(stage, (65_000, 530, 1, 3, 66_000))


def tall(stage: Stage, splits: tuple[int, ...]) -> None:
    """Seal a tree of two levels of tiles, prove what it covers, and damage it."""
    key = keyed(stage)
    for count in splits:
        cheap(stage, count)
        seal_log(stage, key)
    made = seals(stage)
    assert len(query(stage.url, "SELECT tile FROM tile WHERE level = 1")) == made[-1].size >> 16
    lines = [row[3].encode() for row in leaves(stage)]
    assert made[-1].root == root_of(lines)
    chance = random.Random(5)  # noqa: S311 - of a test
    with stage.store.reading() as reader:
        nodes = Kept(reader, made[-1].size).node
        for at in (0, 65_535, 65_536, *(chance.randrange(len(lines)) for _ in range(20))):
            proof = inclusion(at, made[-1].size, nodes)
            leaf = leaf_hash(lines[at])
            assert proves_inclusion(leaf, at, made[-1].size, proof, made[-1].root)
        for old in made:
            path = consistency(old.size, made[-1].size, nodes)
            assert proves_consistency(old.size, old.root, made[-1].size, made[-1].root, path)
        assert list(StoredLog(reader).findings()) == []
    stage.tamper("DROP TRIGGER tile_no_update", _OF_ANOTHER)
    assert damage(stage) == ["tile 0 of level 1 is not made of those below it"]


def damage(stage: Stage) -> list[str]:
    """Return what is told of the rows of the tree, of its first tiles."""
    with stage.store.reading() as reader:
        return [one.message for one in StoredLog(reader).findings()][:1]


@pytest.mark.postgresql
def test_programs_of_one_database_are_sealed_apart(stage: Stage) -> None:
    """Each has its own tree, its own key and its own name."""
    policy = shipped_policy("profile-museum")
    create_store(stage.url, stage.order(), policy, sandbox=True).close()
    first = keyed(stage)
    written = len(query(stage.url, "SELECT 1 FROM entry WHERE program_id = 1"))
    assert seal_log(stage, first).new == written
    toronto, stage.store = stage.store, open_store(stage.url, "MUS")
    second = keyed(stage)
    with pytest.raises(StoreError, match=second.public.id.hex()):
        seal_log(stage, first)
    made = seal_log(stage, second)
    assert second.public.name.startswith("lifecycle/MUS/")
    assert made.seal is not None
    assert (made.new, waiting(stage)) == (made.seal.size, 0)
    assert verified(stage) == []
    stage.store.close()
    stage.store = toronto
    assert verified(stage, first.public) == []


@pytest.mark.usefixtures("client_programs")
def test_restored_log_is_sealed_on(stage: Stage, tmp_path: Path, backend: str) -> None:
    """A backup holds the tree as well: what was kept of it holds, and the next seal goes on."""
    stage.propose()
    key = keyed(stage)
    last = seal_log(stage, key)
    stage.propose()
    before = kept(stage)
    file, _made = backed_up(stage, tmp_path)
    with place(backend, tmp_path) as url:
        restored(url, file)
        stage.store.close()
        home, stage.url, stage.store = stage.url, url, open_store(url)
        assert verified(stage, key.public, [before]) == []
        assert last.seal == seals(stage)[-1]
        # The proposal, and the line of restoring.
        assert seal_log(stage, key).new == 2
        assert verified(stage, key.public, [before]) == []
        stage.store.close()
        stage.url, stage.store = home, open_store(home)


def test_proof_of_another_length_proves_nothing(stage: Stage) -> None:
    """One hash more, one less, none at all; of a line, and of growth."""
    key = keyed(stage)
    for count in (5, 6):
        cheap(stage, count)
        seal_log(stage, key)
    old, new = seals(stage)
    line = leaf_hash(leaves(stage)[2][3].encode())
    with stage.store.reading() as reader:
        nodes = Kept(reader, new.size).node
        path, growth = inclusion(2, new.size, nodes), consistency(old.size, new.size, nodes)
    for wrong in ([], path[:-1], [*path, path[0]]):
        assert not proves_inclusion(line, 2, new.size, wrong, new.root)
    for wrong in ([], growth[:-1], [*growth, growth[0]]):
        assert not proves_consistency(old.size, old.root, new.size, new.root, wrong)
    assert not proves_inclusion(line, new.size, new.size, path, new.root)
    assert not proves_consistency(new.size, new.root, old.size, old.root, growth)
