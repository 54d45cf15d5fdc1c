"""Databases that can't be written, or read: told with what to do next, and nothing is changed."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy.exc import OperationalError

from lifecycle.attaching import MEGABYTE, attach
from lifecycle.errors import StoreError
from states.ref import Ref
from states.vocabulary import State, Trigger
from store import filefaults, mounts
from store import sqlite as module
from store.failures import told
from store.migrating import upgrade
from store.opening import open_store
from tests.conftest import Staging
from tests.stage import Stage
from tests.store.child import PAPER, REF, child, edit, edited
from tests.store.raw import everything, fails, query, unchanged

pytestmark = pytest.mark.sqlite

PAGE = 4096


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement under negotiation."""
    return stage.reach(State.NEGOTIATION)


@pytest.fixture
def shared(stage: Stage) -> Iterator[Path]:
    """Return a copy of the stage's database in a folder that every user can come to."""
    stage.propose()
    stage.store.close()
    with TemporaryDirectory() as name:
        path = Path(name) / "p.db"
        path.write_bytes(stage.path.read_bytes())
        Path(name).chmod(0o755)
        yield path
        Path(name).chmod(0o755)


def test_writer_that_waits_in_vain_is_told_and_changes_nothing(
    staged: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds the lock for longer than a writer waits; once it is free the work goes on."""
    stage = staged()
    ref = stage.reach(State.NEGOTIATION)
    stage.store.close()
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(stage.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with unchanged(stage), fails("locked", stage.path):
            stage.advance(ref, Trigger.SIGN)
        assert stage.standing(ref).state is State.NEGOTIATION
    stage.pull(ref, Trigger.SIGN)


def test_upgrade_of_a_locked_database_is_told_and_changes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits like any writer."""
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(stage.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with unchanged(stage), fails("locked", stage.path):
            upgrade(str(stage.path))


def test_connection_that_may_only_read_is_told_and_changes_nothing(stage: Stage, ref: Ref) -> None:
    """Reading goes on meanwhile."""
    with stage.store.database.transaction(write=False) as connection:
        connection.command("PRAGMA query_only=ON")
    with unchanged(stage), fails("read_only", stage.path):
        stage.advance(ref, Trigger.SIGN)


def test_file_that_may_only_be_read_is_told_and_changes_nothing(shared: Path) -> None:
    """It opens, and refuses the first write."""
    before = everything(shared)
    shared.parent.chmod(0o777)
    shared.chmod(0o444)
    assert child("open:nobody", shared) == (0, "done")
    assert child("propose:nobody", shared) == (0, "read_only")
    assert everything(shared) == before


def test_folder_that_may_only_be_read_is_told_and_changes_nothing(shared: Path) -> None:
    """SQLite keeps files beside the database, and can't."""
    before = shared.read_bytes()
    shared.chmod(0o666)
    shared.parent.chmod(0o555)
    ended, code = child("propose:nobody", shared)
    assert (ended, code) in [(0, "unreadable"), (0, "read_only")]
    assert shared.read_bytes() == before
    assert list(shared.parent.iterdir()) == [shared]


@pytest.mark.parametrize(
    ("file", "folder", "beside", "said"),
    [
        (0o644, 0o777, None, "you may read it, and not write to it; it belongs to root"),
        (0o666, 0o755, None, "where SQLite keeps its write-ahead log beside"),
        (0o600, 0o755, None, "you may not read it; it belongs to root"),
        (0o666, 0o777, 0o644, "p.db-shm belongs to root and keeps you from writing"),
        (0o666, 0o700, None, "let you in"),
    ],
)
def test_who_may_not_is_told_whose_it_is_and_what_to_ask_for(
    shared: Path, file: int, folder: int, beside: int | None, said: str
) -> None:
    """SQLite has one word for all of them."""
    if os.geteuid():
        pytest.skip("another account is needed, which only root can become")
    if beside:
        shared.with_name("p.db-shm").touch(beside)
    shared.chmod(file)
    shared.parent.chmod(folder)
    ended, told = child("explain:nobody", shared)
    assert (ended, said in told) == (0, True), told


def test_disk_that_can_only_be_read_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As file systems on media are, where not even root can write."""
    flags = os.statvfs(tmp_path).f_flag
    frozen = os.statvfs_result((*os.statvfs(tmp_path)[:8], flags | os.ST_RDONLY, 255))
    monkeypatch.setattr("os.statvfs", lambda _path: frozen)
    found = filefaults.cause(str(stage.path), "SQLITE_READONLY")
    assert found is not None
    assert (found[0], "--db COPY" in found[2]) == ("read_only", True)


def test_share_that_could_not_do_it_is_told_as_such(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Locks fail there, and that is where to look."""
    text = "1 0 0:1 / / rw - nfs4 filer:/city rw\n"
    monkeypatch.setattr(mounts, "mounts_of_this_process", lambda: text)
    for name in ("SQLITE_IOERR_LOCK", "SQLITE_PROTOCOL"):
        found = filefaults.cause(str(stage.path), name)
        assert found is not None
        assert "network share" in found[1]


def test_database_that_is_full_is_told_and_changes_nothing(stage: Stage, ref: Ref) -> None:
    """No page more can be had; with room again, the same order goes through."""
    with stage.store.database.transaction(write=False) as connection:
        (pages,) = connection.command("PRAGMA page_count").fetchone()
        connection.command(f"PRAGMA max_page_count={pages}")
    document = edited(100_000)
    with unchanged(stage), fails("no_space", stage.path):
        stage.apply(ref, document)
    stage.store.close()
    assert not stage.apply(ref, document).refused


@pytest.mark.parametrize("room", [0, PAGE, 8 * PAGE])
def test_disk_that_takes_no_more_is_told_and_changes_nothing(stage: Stage, room: int) -> None:
    """A real limit on the files' size, met at once or in the middle of a transaction."""
    stage.propose()
    with unchanged(stage):
        size = stage.path.stat().st_size if room else 0
        ended, code = child("no_disk", stage.path, size + room)
        assert (ended, code) in [(0, "no_space"), (0, "disk")]
    edit(stage.store)
    assert stage.document(REF).title == "Edited"
    assert stage.verify() == []


@pytest.mark.parametrize("room", [PAGE, 5 * MEGABYTE, 10 * MEGABYTE - 20 * PAGE])
def test_disk_that_fills_up_with_an_attached_file_is_told_and_keeps_nothing_of_it(
    stage: Stage, room: int
) -> None:
    """Ten megabytes that find no room; with room again, the same paper is attached."""
    stage.propose()
    with unchanged(stage):
        size = stage.path.stat().st_size
        ended, code = child("attach_without_disk", stage.path, min(size, PAGE) + room)
        assert (ended, code) in [(0, "no_space"), (0, "disk")]
    stage.do(lambda u, o: attach(u, o, REF, PAPER))
    with stage.store.reading() as reader:
        [(_n, kept)] = reader.attachments(REF.key)
        assert reader.attached(kept.sha256) == PAPER.body
    assert stage.verify() == []


def test_disk_that_fills_up_behind_the_commit_has_attached_the_file(stage: Stage) -> None:
    """What is in the write-ahead log is there, though the file itself can't take it in yet."""
    stage.propose()
    stage.store.close()
    limit = 10 * MEGABYTE + 30 * PAGE
    assert child("attach_without_disk", stage.path, limit) == (0, "done")
    assert stage.path.with_name("program.db-wal").stat().st_size
    with stage.store.reading() as reader:
        [(_n, kept)] = reader.attachments(REF.key)
        assert reader.attached(kept.sha256) == PAPER.body
    assert stage.verify() == []


@pytest.mark.parametrize("table", ["agreement", "entry", "document", "program"])
def test_damaged_page_is_told_and_nothing_is_written_over_it(stage: Stage, table: str) -> None:
    """Whoever meets it says so; with the page as it was, all is as it was."""
    ref = stage.reach(State.NEGOTIATION)
    stage.store.close()
    statement = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    ((page,),) = query(stage.path, statement, (table,))
    whole = stage.path.read_bytes()
    damaged = bytearray(whole)
    damaged[(page - 1) * PAGE : page * PAGE] = b"\xff" * PAGE
    stage.path.write_bytes(damaged)
    with fails("damaged", stage.path):
        stage.advance(ref, Trigger.SIGN)
    stage.store.close()
    assert stage.path.read_bytes() == damaged
    stage.path.write_bytes(whole)
    assert stage.verify() == []


def test_file_that_was_cut_off_is_told(stage: Stage) -> None:
    """Half a copy is no database."""
    stage.propose()
    stage.store.close()
    whole = stage.path.read_bytes()
    stage.path.write_bytes(whole[: 3 * PAGE])
    with fails("damaged", stage.path):
        open_store(str(stage.path))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "bogus"),
        ("due_rule", "bogus"),
        ("due", "2027-13-45"),
        ("entered_on", 7),
        ("drafters", "{"),
        ("drafters", 7),
    ],
)
def test_row_that_says_nothing_possible_is_damaged(
    stage: Stage, ref: Ref, column: str, value: object
) -> None:
    """Changed behind the product's back to what it never writes: told, with no traceback."""
    statement = f"UPDATE agreement SET {column} = :value WHERE key = {ref.key}"  # noqa: S608
    stage.tamper(statement, value=value)
    with pytest.raises(StoreError, match=str(ref.key)) as caught:
        stage.standing(ref)
    assert (caught.value.code, bool(caught.value.hint)) == ("damaged", True)


def test_policy_that_was_altered_is_damaged(stage: Stage) -> None:
    """Its bytes no longer have the digest under which it was adopted."""
    stage.tamper("DROP TRIGGER policy_no_update", "UPDATE policy SET body = body || ' '")
    with pytest.raises(StoreError) as caught:
        stage.propose()
    assert (caught.value.code, bool(caught.value.hint)) == ("damaged", True)


def test_program_without_a_policy_says_how_to_adopt_one(stage: Stage) -> None:
    """Nothing can be judged then."""
    stage.tamper("UPDATE program SET policy = NULL")
    with pytest.raises(StoreError) as caught:
        stage.propose()
    assert (caught.value.code, caught.value.hint) == ("no_policy", "lifecycle policy adopt FILE")


def test_error_that_has_no_name_of_its_own_is_told_with_the_drivers_words(tmp_path: Path) -> None:
    """And names the file all the same."""
    path = tmp_path / "p.db"
    with fails("database", path), told(str(path)):
        raise sqlite3.OperationalError("no such table: agreement")  # noqa: TRY003, EM101


def test_error_that_came_through_sqlalchemy_is_told_by_its_cause(tmp_path: Path) -> None:
    """Migrations run on its connections."""
    path = tmp_path / "p.db"
    cause = sqlite3.DatabaseError("file is not a database")
    cause.sqlite_errorname = "SQLITE_NOTADB"
    error = OperationalError("SELECT 1", None, cause)
    with fails("foreign", path), told(str(path)):
        raise error


def test_error_that_is_none_of_the_databases_passes(tmp_path: Path) -> None:
    """A fault of ours is not told as one of the disk's."""
    with pytest.raises(ZeroDivisionError), told(str(tmp_path)):
        raise ZeroDivisionError
