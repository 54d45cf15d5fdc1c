"""Whoever owns a database can change it: each way to is found, under its code, at its line.

The base is a city's log with a full tile, two checkpoints and lines that wait. Each test gets a
copy, changes it behind the product's back, and verifies: with nothing from outside, with the key
that an auditor was given, and with a checkpoint that an auditor kept.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from lifecycle.drafting import propose
from lifecycle.errors import StoreError
from lifecycle.ports import Unit
from lifecycle.sealing.notes import checkpoint_of, note_of
from lifecycle.verifying import walk
from lifecycle.verifying.checkpoints import Claim
from states.ref import Ref
from states.vocabulary import Trigger
from store.opening import open_store
from store.sealing.keys import FileKey
from store.tables import metadata
from tests.builders import complete_agreement
from tests.conftest import Staging, seldom
from tests.sealing import a_key, found, kept, keyed, seal_log, seals, signed_by, verified
from tests.stage import Stage
from tests.store.plantings import OTHER, PLANTED, REF, TOR, no_triggers, plant
from tests.store.raw import query

pytestmark = pytest.mark.measured

PROPOSED = 250


@dataclass(frozen=True)
class Base:
    """A sealed log as its file's bytes, its key, and its checkpoints as an auditor kept them."""

    body: bytes
    key: FileKey
    kept: tuple[Claim, ...]

    def put(self, stage: Stage) -> Stage:
        """Let a stage stand on a copy."""
        stage.store.close()
        stage.path.write_bytes(self.body)
        stage.store = open_store(stage.url)
        return stage


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Return what the copies are taken of."""
    stage = Stage(tmp_path_factory.mktemp("base"), sandbox=False).with_people()
    key = lived(stage, PROPOSED)
    stage.store.close()
    body = stage.path.read_bytes()
    return Base(body, key, tuple(kept(stage, one.size) for one in seals(stage)))


def lived(stage: Stage, others: int) -> FileKey:
    """Let something happen, twice with a seal after it, and a third time without."""
    for _ in range(2):
        stage.propose()
    for trigger in (Trigger.SUBMIT, Trigger.ACCEPT):
        stage.pull(Ref.parse(REF), trigger)

    def many(unit: Unit) -> None:
        for _ in range(others):
            propose(unit, stage.order(), complete_agreement())

    stage.do(lambda unit, _order: many(unit))
    key = keyed(stage)
    seal_log(stage, key)
    stage.advance(Ref.parse(OTHER), Trigger.ACCEPT)
    stage.pull(Ref.parse(OTHER), Trigger.SUBMIT, reason="ready")
    seal_log(stage, key)
    stage.propose()
    stage.pull(Ref.parse(REF), Trigger.SIGN)
    for _ in range(2):
        stage.advance(Ref.parse(OTHER), Trigger.SIGN)
    return key


@pytest.fixture
def copy(base: Base, tmp_path: Path) -> Iterator[Stage]:
    """Return a stage on a copy of the base."""
    (tmp_path / "copy").mkdir()
    stage = base.put(Stage(tmp_path / "copy", sandbox=False))
    yield stage
    stage.end()


@dataclass(frozen=True)
class Days:
    """A log over three days: before it had a key, with its first checkpoint, with a second one."""

    without_key: bytes
    first: bytes
    key: FileKey
    kept: tuple[Claim, Claim]


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    """Return copies that somebody made on each day, and what an auditor kept."""
    stage = Stage(tmp_path_factory.mktemp("days"))
    stage.propose()
    without_key = body_of(stage)
    key = keyed(stage)
    seal_log(stage, key)
    first = body_of(stage)
    stage.pull(Ref.parse(REF), Trigger.SUBMIT)
    seal_log(stage, key)
    early, late = (kept(stage, one.size) for one in seals(stage))
    stage.end()
    return Days(without_key, first, key, (early, late))


def body_of(stage: Stage) -> bytes:
    """Return the database's file as it is now."""
    stage.store.close()
    body = stage.path.read_bytes()
    stage.store = open_store(stage.url)
    return body


@pytest.fixture
def put_back(days: Days, tmp_path: Path) -> Iterator[Callable[[bytes], Stage]]:
    """Return what puts the database of a day before in the place of today's."""
    (tmp_path / "back").mkdir()
    stage = Stage(tmp_path / "back")
    yield lambda body: Base(body, days.key, ()).put(stage)
    stage.end()


PutBack = Callable[[bytes], Stage]


def test_nothing_planted_finds_nothing(copy: Stage, base: Base) -> None:
    """With and without the key and the checkpoints from outside."""
    for key in (None, base.key.public):
        for checkpoints in ((), base.kept):
            assert verified(copy, key, checkpoints) == []
    assert query(copy.url, "SELECT count(*) FROM tile") == [(1,)]


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_found_at_its_line(copy: Stage, base: Base, name: str) -> None:
    """By nothing more than the log itself; so too with the key, and a checkpoint kept.

    Sealing over it goes on or says what is damaged; afterwards it is found as before.
    """
    plant(copy, name)
    told = found(copy)
    assert told >= PLANTED[name][2]
    # Lines that nobody touched are accused of nothing.
    assert not {one for one in told if one[0] == "line.altered"} - PLANTED[name][2]
    assert found(copy, base.key.public, base.kept[-1:])
    with suppress(StoreError):
        seal_log(copy, base.key)
    assert found(copy)


def signed_anew(stage: Stage, key: FileKey) -> None:
    """Sign the newest checkpoint as it is with another key, in the place of the log's."""
    last = seals(stage)[-1]
    note = signed_by(key, checkpoint_of(note_of(last.note).text))
    stage.tamper(*no_triggers("seal"))
    query(stage.url, "UPDATE seal SET note = ? WHERE size = ?", (note.decode(), last.size))


def test_checkpoint_signed_by_another_key_is_found(copy: Stage, base: Base) -> None:
    """Whatever its name says: against the log's own key, and against the one from outside."""
    signed_anew(copy, a_key(copy))
    for key in (None, base.key.public):
        assert found(copy, key) == {("signature.wrong", TOR, None)}


def test_public_key_put_in_the_place_of_the_logs_is_found(copy: Stage, base: Base) -> None:
    """By what the log says of its keys; the signatures are held against that."""
    query(copy.url, "DROP TRIGGER signing_key_no_update")
    query(copy.url, "UPDATE signing_key SET key = ?", (a_key(copy).public.vkey,))
    for key in (None, base.key.public):
        assert found(copy, key) == {("key.differs", TOR, None)}


def test_checkpoint_of_another_log_is_told_apart(copy: Stage, days: Days) -> None:
    """Brought along by mistake, it proves nothing of this one."""
    told = found(copy, None, days.kept)
    assert ("checkpoint.foreign", TOR, None) in told


def test_end_cut_off_with_its_rows_is_found_against_a_kept_checkpoint_alone(
    put_back: PutBack, days: Days
) -> None:
    """The database of yesterday is whole by itself; whoever kept today's knows better."""
    stage, key, (first, last) = put_back(days.first), days.key, days.kept
    assert verified(stage, key.public, [first]) == []
    assert found(stage, key.public, [first, last]) == {("lines.cut_off", TOR, None)}


def test_history_written_anew_and_sealed_with_the_right_key_is_found_too(
    put_back: PutBack, days: Days
) -> None:
    """Something else at the place of what was cut off: its root is another one."""
    stage, key, (first, last) = put_back(days.first), days.key, days.kept
    stage.pull(Ref.parse(REF), Trigger.WITHDRAW)
    stage.propose()
    seal_log(stage, key)
    assert verified(stage, key.public, [first]) == []
    assert found(stage, key.public, [last]) == {("root.differs", TOR, None)}


def test_whole_agreement_taken_out_and_the_rest_sealed_anew_is_found(
    copy: Stage, base: Base
) -> None:
    """Lines, rows, leaves: a log that fits itself, signed by who has the key."""
    take_out(copy, Ref.parse("TOR-2026-200").key)
    seal_log(copy, base.key)
    assert verified(copy, base.key.public) == []
    for one in base.kept:
        assert found(copy, base.key.public, [one]) == {("root.differs", TOR, None)}


def test_log_sealed_anew_with_another_key_is_found_by_the_key_from_outside(
    put_back: PutBack, days: Days
) -> None:
    """By itself it fits; that is why auditors are given the key by another way."""
    stage = put_back(days.without_key)
    stage.pull(Ref.parse(REF), Trigger.WITHDRAW)
    other = keyed(stage)
    seal_log(stage, other)
    assert verified(stage) == []
    assert verified(stage, other.public) == []
    assert found(stage, days.key.public) == {("signature.wrong", TOR, None)}


def test_tree_taken_away_altogether_is_found_by_who_kept_a_checkpoint(
    copy: Stage, base: Base
) -> None:
    """As if nobody had ever sealed it."""
    take_out(copy, -1)
    assert found(copy) == set()
    told = {("lines.cut_off", TOR, None), ("checkpoint.missing", TOR, None)}
    assert found(copy, base.key.public, base.kept) == told


def test_of_very_many_altered_lines_the_tiles_are_told(
    copy: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer is read by people."""
    monkeypatch.setattr(walk, "_MOST_TOLD", 0)
    plant(copy, "a line edited in the middle")
    told = found(copy)
    assert ("tile.differs", TOR, None) in told
    assert "line.altered" not in {code for code, _stream, _n in told}


def take_out(stage: Stage, key: int) -> None:
    """Remove an agreement wherever it is, with the whole tree; its lines wait for a new one."""
    statements = [
        f"DELETE FROM {name} WHERE {column} = {key}"  # noqa: S608 - of a test
        for name, table in metadata.tables.items()
        for column in ("key", "stream")
        if column in table.c and str(table.c[column].type) != "TEXT"
    ]
    triggers = [f"DROP TRIGGER {n}" for (n,) in query(stage.url, _TRIGGERS)]
    again = "INSERT INTO unsealed SELECT program_id, stream, n FROM entry"
    tree = [f"DELETE FROM {name}" for name in ("leaf", "tile", "seal", "unsealed")]  # noqa: S608
    stage.tamper("PRAGMA foreign_keys=OFF", *triggers, *statements, *tree, again)


_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "name",
    seldom(
        [
            "a line edited that waits",
            "every checkpoint removed",
            "a line removed in the middle",
            "a line with its leaf removed",
            "a line that waits for nothing",
            "the public key removed",
        ],
        2,
    ),
)
def test_a_server_is_verified_like_a_file(staged: Staging, name: str) -> None:
    """The same findings, whatever keeps the log."""
    stage = staged(sandbox=False).with_people()
    lived(stage, 0)
    assert verified(stage) == []
    plant(stage, name)
    assert found(stage) >= PLANTED[name][2]
