"""Restoring: an empty place becomes the database of the backup, or stays empty."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from states.codec import decode
from states.notes import Restoration
from states.ref import Ref
from states.vocabulary import Event, Role, State, Trigger
from store.backup import back_up
from store.checks import checks
from store.creating import create_store
from store.opening import open_store
from store.policies import shipped_policy
from store.restoring import How
from store.version import HEAD, missing_triggers
from tests.stage import Stage
from tests.store.backups import (
    OLGA,
    backed_up,
    but_for_the_restored_line,
    dumped,
    is_empty,
    place,
    restored,
)
from tests.store.child import child
from tests.store.old import FOLDER, put

pytestmark = pytest.mark.usefixtures("client_programs")

REHEARSED = How(keep=False)


def test_restored_program_says_from_which_backup_it_goes_on(
    city: Stage, tmp_path: Path, backend: str
) -> None:
    """On its own stream, by whom and why; the chain goes on through that line, and so do people."""
    ref = city.reach(State.NEGOTIATION)
    file, made = backed_up(city, tmp_path)
    with place(backend, tmp_path) as url:
        done = restored(url, file)
        (receipt,) = done.receipts
        assert (receipt.event, receipt.n) == (Event.RESTORED, len(city.entries(None)) + 1)
        assert (done.source.sha256, done.upgraded, done.held) == (made.sha256, False, 0)
        city.store.close()
        city.store = open_store(url)
        line = city.last(None)
        assert (line.event, line.actor.id, line.role) == (Event.RESTORED, OLGA, None)
        with city.store.reading() as reader:
            parts = {part.part: part.body for part in reader.beside(None, line.n)}
        said = decode(Restoration, parts["content"])
        newest, entries = made.contents.newest, made.contents.entries
        assert said == Restoration(made.sha256, newest, entries, HEAD)
        assert parts["reason"] == b"The disk broke."
        assert not city.advance(ref, Trigger.SIGN).refused
        assert not city.appoint("zoe", Role.STAFF).refused
        assert city.nightly().completed
        assert city.verify() == []
        assert missing_triggers(city.store.database) == ()
        city.store.close()


@pytest.mark.postgresql
def test_every_program_of_a_database_says_so(stage: Stage, tmp_path: Path, empty: str) -> None:
    """One database may hold several; each has a stream of its own."""
    order, policy = stage.order(), shipped_policy("profile-museum")
    create_store(stage.url, order, policy, sandbox=False, admin="mary").close()
    file, _made = backed_up(stage, tmp_path)
    done = restored(empty, file)
    assert [(receipt.ref, receipt.n) for receipt in done.receipts] == [("TOR", 2), ("MUS", 3)]


def test_same_backup_can_be_restored_side_by_side(
    file: Path, backend: str, tmp_path: Path, empty: str
) -> None:
    """Each says so by itself, and both hold what they would send."""
    with place(backend, tmp_path, "other") as other:
        for url in (empty, other):
            assert restored(url, file).receipts[0].event is Event.RESTORED
        assert but_for_the_restored_line(empty) == but_for_the_restored_line(other)


def test_dry_run_looks_at_everything_and_leaves_nothing(
    file: Path, tmp_path: Path, empty: str, backend: str
) -> None:
    """And then it can be restored."""
    deep = str(tmp_path / "new" / "p.db") if backend == "sqlite" else empty
    done = restored(deep, file, REHEARSED)
    assert done.contents.entries > 5
    assert is_empty(deep)
    assert not (tmp_path / "new").exists()
    restored(deep, file)
    assert not is_empty(deep)


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["0001-city.db.gz", "0001-sandbox.db.gz"])
def test_backup_of_an_older_release_is_upgraded_on_the_way(
    name: str, tmp_path: Path, empty: str
) -> None:
    """The line says of which form it was."""
    with put(name, tmp_path) as old:
        done = restored(empty, Path(old))
    assert (done.upgraded, done.contents.schema) == (True, "0001")
    with closing(open_store(empty)) as store, store.reading() as reader:
        assert list(reader.verify()) == []
        n, _head = reader.program_head()
        (content,) = [part for part in reader.beside(None, n) if part.part == "content"]
    assert decode(Restoration, content.body).schema == "0001"


@pytest.mark.postgresql
def test_archive_made_by_hand_can_be_restored(tmp_path: Path) -> None:
    """Any of pg_dump's that has the whole schema, of every release."""
    for name in sorted(path.name for path in FOLDER.glob("*.sql.gz")):
        with put(name, tmp_path) as old:
            file = dumped(old, tmp_path / name, "--no-owner")
        with place("postgresql", tmp_path) as url:
            done = restored(url, file)
            assert done.contents.schema == name.partition("-")[0]
            assert [c.name for c in checks(url) if not c.ok] == []


@pytest.mark.parametrize("when", ["upgraded", "telling"])
def test_restoring_that_is_killed_leaves_the_place_empty(file: Path, empty: str, when: str) -> None:
    """It can be restored into again."""
    code, _said = child(f"die_restoring_when_{when}", empty, file)
    assert code < 0
    if empty.startswith("postgresql://"):
        assert is_empty(empty)
    else:
        assert not Path(empty).exists()
    restored(empty, file)


def test_two_who_restore_into_one_place_do_not_mix(file: Path, empty: str) -> None:
    """One restores it; the other finds it taken."""
    with ThreadPoolExecutor(2) as both:
        ended = both.map(lambda _number: child("restore", empty, file), range(2))
        assert sorted(ended) == [(0, "done"), (0, "exists")]
    with closing(open_store(empty)) as store, store.reading() as reader:
        assert list(reader.verify()) == []
        events = [line for line in reader.lines_back() if line.event is Event.RESTORED]
    assert len(events) == 1


@pytest.mark.sqlite
def test_disk_that_fills_up_leaves_nothing(file: Path, tmp_path: Path) -> None:
    """No file, no draft, no folder."""
    target = tmp_path / "new" / "deep" / "p.db"
    ended, said = child("restore_without_disk", target, file)
    assert (ended, said) in {(0, "no_space"), (0, "disk")}
    assert not (tmp_path / "new").exists()


@pytest.mark.sqlite
def test_folder_is_made_for_a_restored_database(file: Path, tmp_path: Path) -> None:
    """Its owner's alone, like the file."""
    target = tmp_path / "new" / "p.db"
    restored(str(target), file)
    assert [path.stat().st_mode & 0o777 for path in (target, target.parent)] == [0o600, 0o700]
    assert list(target.parent.iterdir()) == [target]


def test_backup_of_a_restored_database_can_be_restored(
    file: Path, tmp_path: Path, backend: str, empty: str
) -> None:
    """Each time there is one line more."""
    restored(empty, file)
    back_up(empty, str(tmp_path / "again"))
    with place(backend, tmp_path, "third") as third:
        restored(third, tmp_path / "again")
        with closing(open_store(third)) as store, store.reading() as reader:
            events = [line.event for line in reader.lines_back()]
            assert reader.find(str(Ref("TOR", 2026, 1)))
    assert events[:2] == [Event.RESTORED, Event.RESTORED]
