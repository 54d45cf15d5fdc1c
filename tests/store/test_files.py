"""The file, its folder and the files beside it: what is found, and that looking changes nothing."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import pytest

from store.checks import Check, checks, room
from tests.stage import Stage
from tests.store.child import child

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def shared(stage: Stage) -> Iterator[Path]:
    """Return a copy of the stage's database in a folder that every user can come to."""
    stage.store.close()
    with TemporaryDirectory() as name:
        path = Path(name) / "p.db"
        path.write_bytes(stage.path.read_bytes())
        Path(name).chmod(0o755)
        yield path
        Path(name).chmod(0o755)


def found(path: Path, now: datetime | None = None) -> dict[str, Check]:
    """Return the checks that are findings, by name; each says how to mend it."""
    some = {check.name: check for check in checks(str(path), deep=False, now=now) if not check.ok}
    assert all(check.message and check.fix for check in some.values())
    return some


def as_nobody(path: Path) -> dict[str, str]:
    """Return what somebody without rights finds: by name, whether it is in order."""
    if os.geteuid():
        pytest.skip("another account is needed, which only root can become")
    ended, said = child("look:nobody", path)
    assert ended == 0
    lines = (line.split(": ") for line in said.splitlines() if ": " in line)
    return {name: status for name, status, *_ in lines}


def bytes_of(path: Path) -> dict[str, bytes]:
    """Return the files of a folder."""
    return {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}


def test_file_that_its_group_can_write_needs_a_folder_of_that_group(stage: Stage) -> None:
    """Sharing by group is meant where the folder is the group's too."""
    stage.path.chmod(0o660)
    assert set(found(stage.path)) == {"file mode"}
    stage.path.parent.chmod(0o770)
    assert found(stage.path) == {}


def test_folder_that_everybody_can_write_to_is_found_unless_it_is_sticky(stage: Stage) -> None:
    """Another file could be put in the database's place."""
    stage.path.parent.chmod(0o777)
    assert set(found(stage.path)) == {"folder"}
    stage.path.parent.chmod(0o1777)
    assert found(stage.path) == {}


def test_file_behind_a_symbolic_link_is_the_one_that_is_looked_at(
    stage: Stage, tmp_path: Path
) -> None:
    """Its mode and folder count, and the link is told."""
    link = tmp_path / "link.db"
    link.symlink_to(stage.path)
    stage.path.chmod(0o606)
    assert found(link)["file mode"].fix == f"chmod o-w {stage.path}"
    (file,) = [check for check in checks(str(link), deep=False) if check.name == "file"]
    assert f"{link} leads there" in file.message


def test_link_that_leads_to_itself_is_a_database_that_is_missing(tmp_path: Path) -> None:
    """And no fault of the program."""
    link = tmp_path / "link.db"
    link.symlink_to(link)
    assert "report" not in str(found(link)["database"].fix)


def test_disk_with_little_room_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """More is asked for than any disk has."""
    monkeypatch.setattr(room, "LEAST_SPACE", 2**80)
    assert set(found(stage.path)) == {"space"}


def test_log_that_is_never_written_back_is_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody reads for ever, so that it grows far beyond the file."""
    monkeypatch.setattr(room, "LARGE_LOG", 0)
    with closing(sqlite3.connect(stage.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM program").fetchall()
        for _ in range(8):
            stage.propose()
            stage.tamper("CREATE TABLE much (x)", "INSERT INTO much VALUES (zeroblob(300000))")
            stage.tamper("DROP TABLE much")
        assert "write-ahead log" in found(stage.path)


def test_clock_that_went_backwards_is_found_by_the_files_date(stage: Stage) -> None:
    """A few seconds are not told."""
    for ahead, names in ((timedelta(hours=1), {"file date"}), (timedelta(seconds=5), set())):
        moment = (NOW + ahead).timestamp()
        for file in stage.path.parent.iterdir():
            os.utime(file, (moment, moment))
        assert set(found(stage.path, NOW)) == names


def test_looking_changes_no_byte_and_leaves_no_file(stage: Stage) -> None:
    """In order, or with a write-ahead log that a program left when it died."""
    stage.propose()
    folder = stage.path.parent / "died"
    folder.mkdir()
    for file in stage.path.parent.glob("program.db*"):
        copy(file, folder)
    died = folder / stage.path.name
    assert (folder / "program.db-wal").stat().st_size
    before = bytes_of(died)
    assert found(died) == {}
    after = bytes_of(died)
    assert {**after, "program.db-shm": b""} == {**before, "program.db-shm": b""}
    stage.store.close()
    before = bytes_of(stage.path)
    assert found(stage.path) == {}
    assert bytes_of(stage.path) == before


@pytest.mark.parametrize(("file", "folder"), [(0o644, 0o777), (0o644, 0o755), (0o646, 0o755)])
def test_who_may_only_read_sees_the_whole_and_leaves_nothing(
    shared: Path, file: int, folder: int
) -> None:
    """Even where SQLite itself could not open it; its owner writes afterwards."""
    shared.chmod(file)
    shared.parent.chmod(folder)
    before = bytes_of(shared)
    seen = as_nobody(shared)
    assert (seen["database"], seen["integrity"], seen["policy"]) == ("ok", "ok", "ok")
    assert seen["folder"] == "finding"
    assert bytes_of(shared) == before


def test_who_may_not_even_read_is_told(shared: Path) -> None:
    """The file's owner, the folder's: each look that can be done is done."""
    shared.chmod(0o600)
    seen = as_nobody(shared)
    assert (seen["file"], seen["database"], seen["network share"]) == ("finding", "finding", "ok")
    shared.parent.chmod(0o700)
    seen = as_nobody(shared)
    assert (seen["file"], seen["database"]) == ("finding", "finding")


def test_file_beside_it_that_keeps_one_from_writing_is_found(shared: Path) -> None:
    """Somebody else's program left it there."""
    shared.chmod(0o666)
    shared.parent.chmod(0o777)
    beside = shared.with_name("p.db-shm")
    beside.touch(0o644)
    assert as_nobody(shared)["files beside it"] == "finding"
    beside.chmod(0o666)
    assert "chmod o-w" in str(found(shared)["files beside it"].fix)
    beside.unlink()
    beside.parent.chmod(0o755)
    beside.symlink_to("/dev/null")
    assert "symbolic" in found(shared)["files beside it"].message
