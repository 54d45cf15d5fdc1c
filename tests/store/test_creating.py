"""Making a database: whole and its owner's alone, or not there at all."""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lifecycle.entry import Actor, entry_of
from lifecycle.order import Order
from states.problem import InvalidInputError
from states.vocabulary import Event
from store.creating import create_store
from store.opening import open_store
from store.sqlite import APPLICATION_ID
from store.store import Store
from store.version import HEAD
from tests.stage import TORONTO, policy_file
from tests.store.child import child
from tests.store.raw import fails, query

NIGHT = Order(actor=Actor("admin", "os"), now=datetime(2026, 9, 1, 2, tzinfo=UTC))
"""The first of September in UTC, when it is still August in Toronto."""


def create(path: Path, policy: bytes = TORONTO, *, sandbox: bool = True) -> Store:
    """Make a database that night."""
    return create_store(str(path), NIGHT, policy, sandbox=sandbox)


def made(path: Path, *, sandbox: bool = True) -> Path:
    """Make a database that night and close it."""
    create(path, sandbox=sandbox).close()
    return path


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Let new files be everybody's, as some systems have it."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that other users of this machine can come to."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
        Path(name).chmod(0o755)


@pytest.mark.usefixtures("open_umask")
def test_new_database_is_readable_and_writable_by_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask, and so are the files that SQLite keeps beside it while it is open."""
    store = create(tmp_path / "p.db")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    store.close()
    assert modes == {"p.db": 0o600, "p.db-wal": 0o600, "p.db-shm": 0o600}


def test_new_database_is_in_wal_stamped_as_ours_and_of_this_release(tmp_path: Path) -> None:
    """So that it is known again, and readers don't wait for writers."""
    path = made(tmp_path / "p.db")
    assert query(path, "PRAGMA journal_mode") == [("wal",)]
    assert query(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert query(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_new_database_opens_with_its_policy_on_the_log(tmp_path: Path) -> None:
    """The program's stream begins with the adoption, and replay agrees with the rows."""
    store = open_store(str(made(tmp_path / "p.db")))
    with store.reading() as reader:
        (line,) = reader.lines(None)
        assert list(reader.verify()) == []
    store.close()
    assert entry_of(line).event is Event.POLICY_ADOPTED


@pytest.mark.parametrize(("sandbox", "first"), [(True, date.min), (False, date(2026, 8, 31))])
def test_policy_is_in_force_from_year_one_in_a_sandbox_and_else_from_today(
    tmp_path: Path, first: date, *, sandbox: bool
) -> None:
    """A sandbox can live through past years; today is the program's, not UTC's."""
    store = create(tmp_path / "p.db", sandbox=sandbox)
    with store.reading() as reader:
        ((digest, day, n),) = reader.policies()
        assert reader.policy_text(digest) == TORONTO
    store.close()
    assert (day, n) == (first, 1)


@pytest.mark.parametrize(("sandbox", "day"), [(True, date(2026, 8, 31)), (False, None)])
def test_sandbox_stands_at_the_day_on_which_it_was_made(
    tmp_path: Path, day: date | None, *, sandbox: bool
) -> None:
    """A real program has no day of its own; opening it again says the same."""
    path = tmp_path / "p.db"
    store = create(path, sandbox=sandbox)
    store.close()
    again = open_store(str(path))
    again.close()
    assert (store.stands_at, again.stands_at) == (day, day)
    assert (store.program.sandbox, again.program) == (sandbox, store.program)


def test_folders_on_the_way_are_made_for_the_owner_alone(tmp_path: Path) -> None:
    """A first database in a new home needs no mkdir."""
    path = made(tmp_path / "new" / "p.db")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "make",
    [
        made,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("minutes of 12 October"),
        lambda path: path.mkdir(),
        lambda path: path.symlink_to("nowhere"),
    ],
    ids=["database", "empty file", "text", "folder", "broken link"],
)
def test_what_stands_at_the_place_already_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    """A database is made once; a second `init` touches nothing, not even an empty file."""
    path = tmp_path / "p.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with fails("exists", path):
        create(path)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "policy", [b"cap = [", b"\xff", policy_file({"program": {"time_zone": "Mars/Base"}})]
)
def test_policy_that_can_not_be_taken_leaves_nothing_behind(tmp_path: Path, policy: bytes) -> None:
    """Not even the folder."""
    with pytest.raises(InvalidInputError):
        create(tmp_path / "new" / "p.db", policy)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 20_000, 100_000])
def test_disk_that_is_full_leaves_nothing_behind(tmp_path: Path, size: int) -> None:
    """Before the first page, within the tables, or at the policy: no file and no new folder."""
    ended, code = child("create_without_disk", tmp_path / "new" / "deep" / "p.db", size)
    assert (ended, code) in [(0, "disk"), (0, "no_space")]
    assert list(tmp_path.iterdir()) == []


def test_folder_that_can_not_be_written_to_is_told(open_folder: Path) -> None:
    """Somebody who is not its owner makes nothing in it."""
    open_folder.chmod(0o555)
    assert child("create:nobody", open_folder / "p.db") == (0, "unwritable")
    assert child("create:nobody", open_folder / "new" / "p.db") == (0, "unwritable")
    assert list(open_folder.iterdir()) == []


@pytest.mark.parametrize("place", ["p.db", "deep/p.db"])
def test_file_in_the_place_of_a_folder_is_told(tmp_path: Path, place: str) -> None:
    """The message names where the database was to be."""
    (tmp_path / "file").write_text("minutes")
    path = tmp_path / "file" / place
    with fails("unwritable", path):
        create(path)
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_whatever_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """A clock at the beginning of time has no day in Toronto; that shows after the tables."""
    order = Order(actor=NIGHT.actor, now=datetime.min.replace(tzinfo=UTC))
    with pytest.raises(OverflowError):
        create_store(str(tmp_path / "new" / "p.db"), order, TORONTO, sandbox=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [f"new/{'n' * 300}", f"{'n' * 300}/p.db"])
def test_name_that_no_disk_takes_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    """What was made on the way to it is taken away again."""
    path = tmp_path / name
    with fails("unwritable", path):
        create(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "a#b.db", "ü.db"])
def test_any_name_that_a_file_can_have_is_taken(tmp_path: Path, name: str) -> None:
    """SQLite's own address of the file quotes it."""
    store = open_store(str(made(tmp_path / name)))
    store.close()
    assert [item.name for item in tmp_path.iterdir()] == [name]
