"""Opening a database: what is missing, foreign or of another release is told, and left alone."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lifecycle.errors import StoreError
from store.database import Database
from store.opening import open_store
from store.sqlite import APPLICATION_ID
from store.urls import FORMS, shown
from store.version import HEAD, check_version
from tests.stage import Stage
from tests.store.child import child
from tests.store.raw import add_program, fails, query


def other_program(path: Path) -> None:
    """Make another program's database, with Alembic and a table `agreement` of its own."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE agreement (id)")
        connection.execute("CREATE TABLE alembic_version (version_num)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.commit()


def unfinished(path: Path) -> None:
    """Make a file with our stamp and nothing else in it."""
    query(path, f"PRAGMA application_id={APPLICATION_ID}")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda _path: None, "missing"),
        (lambda path: path.mkdir(), "missing"),
        (lambda path: path.write_bytes(b""), "foreign"),
        (lambda path: path.write_text("minutes of 12 October\n" * 100), "foreign"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"x" * 4096), "foreign"),
        (other_program, "foreign"),
        (unfinished, "database"),
    ],
    ids=["missing", "folder", "empty", "text", "almost SQLite", "other program", "unfinished"],
)
def test_what_is_no_database_of_ours_is_told_and_left_alone(
    tmp_path: Path, make: Callable[[Path], object], code: str
) -> None:
    """Nothing is written into somebody else's file, and none is made where there was none."""
    path = tmp_path / "p.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with fails(code, path):
        open_store(str(path))
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [item.name for item in tmp_path.iterdir()] == ["p.db"] * path.exists()


@pytest.mark.parametrize(
    ("version", "code"),
    [("9999", "newer"), (f"{int(HEAD) + 1:04}", "newer"), ("0001", "older"), ("", "older")],
)
def test_database_of_another_release_is_told_with_both_versions(
    stage: Stage, version: str, code: str
) -> None:
    """The newer one asks for its release, the older one for an upgrade."""
    stage.tamper("UPDATE alembic_version SET version_num = :v", v=version)
    with fails(code, stage.url):
        open_store(stage.url)
    with pytest.raises(StoreError, match=rf"schema {version}, .* {HEAD}\)"):
        check_version(stage.store.database)


def test_database_that_has_lost_its_version_is_damaged(stage: Stage) -> None:
    """No row is no reason for a traceback."""
    stage.tamper("DELETE FROM alembic_version")
    with fails("damaged", stage.url):
        open_store(stage.url)


def test_unknown_program_names_those_that_are_there(stage: Stage) -> None:
    """So that the right one can be typed."""
    with fails("unknown_program", stage.url):
        open_store(stage.url, "MTL")
    with pytest.raises(StoreError) as caught:
        open_store(stage.url, "MTL")
    assert caught.value.hint == "the programs in it: TOR"
    assert "MTL" in caught.value.message


def test_several_programs_ask_for_one(stage: Stage) -> None:
    """Each opens by its code; none is guessed."""
    add_program(stage.url, "MTL")
    with fails("several_programs", stage.url):
        open_store(stage.url)
    for code in ("TOR", "MTL"):
        store = open_store(stage.url, code)
        store.close()
        assert store.program.code == code


def test_database_without_a_program_is_told(stage: Stage) -> None:
    """What was left by an `init` that was killed has nothing to open."""
    stage.tamper("PRAGMA foreign_keys=OFF", "DELETE FROM program")
    with fails("unknown_program", stage.url):
        open_store(stage.url)


@pytest.mark.parametrize(
    "url",
    ["mysql://root@host/db", "sqlite://", "sqlite:///:memory:", "sqlite:///a.db?mode=ro"],
)
def test_kind_of_database_that_this_release_does_not_run_on_is_told(url: str) -> None:
    """Before any driver is asked for."""
    with pytest.raises(StoreError) as caught:
        Database(url)
    assert (caught.value.code, bool(caught.value.hint)) == ("bad_url", True)


def test_text_that_is_no_url_is_told() -> None:
    """With the forms that are."""
    with pytest.raises(StoreError) as caught:
        Database("://nothing")
    assert (caught.value.code, caught.value.hint) == ("bad_url", FORMS)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anna:secret@localhost/city",
        "postgres://anna:se@cret@localhost/city",
        "postgresql+psycopg://anna:se/cret@localhost/city",
        "postgresql://localhost/city?user=anna&password=secret",
        "postgresql://localhost/city?sslpassword=secret&user=anna",
        "mysql://anna:secret@localhost/city",
        "postgresql://anna:secret@localhost:port/city",
        "postgresql://anna:sec%zzret@localhost/city",
    ],
)
def test_password_in_a_url_is_not_repeated(url: str) -> None:
    """Messages end up in logs."""
    assert "secret" not in shown(url)
    assert "cret" not in shown(url)
    try:
        said = Database(url).where
    except StoreError as error:
        said = f"{error.message} {error.hint}"
    assert "cret" not in said
    assert "localhost" in said


@pytest.mark.sqlite
def test_url_and_path_open_the_same_database(stage: Stage) -> None:
    """`sqlite:///` with an absolute path is the path."""
    store = open_store(f"sqlite:///{stage.path}")
    store.close()
    assert store.database.where == str(stage.path)


def test_name_that_no_disk_takes_is_told(tmp_path: Path) -> None:
    """Longer than a file's name can be."""
    path = tmp_path / ("n" * 300)
    with fails("unreadable", path):
        open_store(str(path))


@pytest.mark.sqlite
def test_folder_and_file_of_somebody_else_are_told(stage: Stage) -> None:
    """Neither what stands in it nor whether it stands there can be seen."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "closed"
        folder.mkdir()
        path = folder / "p.db"
        path.write_bytes(stage.path.read_bytes())
        Path(name).chmod(0o755)
        folder.chmod(0)
        closed = child("open:nobody", path)
        folder.chmod(0o755)
        path.chmod(0)
        unreadable = child("open:nobody", path)
    assert (closed, unreadable) == ((0, "unreadable"), (0, "unreadable"))
