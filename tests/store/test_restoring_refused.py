"""What is refused when a backup is restored: nothing is left behind, and what is there stays."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lifecycle.errors import StoreError
from states.codec import decode
from states.notes import Restoration
from store.checks import checks
from store.opening import open_store
from store.restoring import How
from tests import postgres
from tests.conftest import Staging
from tests.stage import Stage
from tests.store.backups import (
    backed_up,
    but_for_the_restored_line,
    changed,
    dumped,
    is_empty,
    place,
    restored,
)
from tests.store.raw import fails, query

pytestmark = pytest.mark.usefixtures("client_programs")

REHEARSED = How(keep=False)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.999])
def test_truncated_file_is_refused(file: Path, tmp_path: Path, empty: str, part: float) -> None:
    """Wherever it was cut off; nothing is left behind, and the whole file can be restored."""
    body = file.read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(body[: int(len(body) * part)])
    with fails("damaged", cut):
        restored(empty, cut)
    assert is_empty(empty)
    restored(empty, file)


@pytest.mark.sqlite
def test_file_with_an_altered_page_is_refused(file: Path, tmp_path: Path, empty: str) -> None:
    """SQLite finds what was overwritten."""
    body = bytearray(file.read_bytes())
    torn = tmp_path / "torn.db"
    for page in range(4096, len(body), 4096):
        body[page : page + 200] = bytes(200)
    torn.write_bytes(body)
    with fails("damaged", torn):
        restored(empty, torn)
    assert is_empty(empty)


@pytest.mark.postgresql
def test_archive_with_an_altered_block_is_refused(file: Path, tmp_path: Path, empty: str) -> None:
    """What is compressed has a check of its own."""
    body = bytearray(file.read_bytes())
    # The tables of contents, which is not used, comes first; the rows come last.
    for place_ in range(len(body) - 3000, len(body) - 2980):
        body[place_] ^= 0xFF
    torn = tmp_path / "torn.dump"
    torn.write_bytes(body)
    with fails("damaged", torn):
        restored(empty, torn)
    assert is_empty(empty)


def test_backup_that_disagrees_with_its_log_is_refused(
    stage: Stage, tmp_path: Path, empty: str
) -> None:
    """Unless that is asked for: then it is restored as it is, and the line says how much."""
    ref = stage.propose()
    stage.tamper("UPDATE agreement SET title = 'Another one'")
    file, made = backed_up(stage, tmp_path)
    assert made.contents.findings == ()
    with fails("not_in_order", file):
        restored(empty, file)
    assert is_empty(empty)
    done = restored(empty, file, How(despite_findings=True))
    (finding,) = done.source.findings
    assert "Another one" in finding
    with closing(open_store(empty)) as store, store.reading() as reader:
        (found,) = reader.verify()
        assert found.stream == str(ref)
        (content,) = [part for part in reader.beside(None, 2) if part.part == "content"]
    assert decode(Restoration, content.body).findings == 1


@pytest.mark.sqlite
def test_file_with_another_trigger_is_refused(file: Path, empty: str) -> None:
    """Nothing acts in a restored database but what a release makes."""
    evil = "CREATE TRIGGER evil AFTER INSERT ON entry BEGIN UPDATE program SET roles = '[]'; END"
    changed(file, evil, "DROP TRIGGER entry_no_update")
    with fails("not_in_order", file):
        restored(empty, file)
    done = restored(empty, file, How(despite_findings=True))
    assert len(done.source.findings) == 2
    triggers = query(empty, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
    assert ("evil",) not in triggers
    assert [c.name for c in checks(empty) if not c.ok and c.name != "space"] == []


@pytest.mark.postgresql
def test_archive_brings_no_statement_along(stage: Stage, tmp_path: Path, empty: str) -> None:
    """A function or a view in it is not made: rows are read, and nothing else."""
    postgres.execute(
        stage.url,
        "CREATE FUNCTION lifecycle.evil() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NULL; END'",
    )
    postgres.execute(stage.url, "CREATE VIEW lifecycle.peek AS SELECT * FROM lifecycle.entry")
    file, _made = backed_up(stage, tmp_path)
    restored(empty, file)
    made = "SELECT 1 FROM pg_proc WHERE proname = 'evil'"
    assert query(empty, made) == []
    assert query(empty, "SELECT 1 FROM pg_views WHERE schemaname = 'lifecycle'") == []


@pytest.mark.postgresql
def test_archive_with_other_tables_is_refused(stage: Stage, tmp_path: Path, empty: str) -> None:
    """One that a release does not have, or one that was left out."""
    postgres.execute(stage.url, "CREATE TABLE lifecycle.strange (a int)")
    strange = dumped(stage.url, tmp_path / "strange", "--schema=lifecycle")
    left_out = dumped(
        stage.url,
        tmp_path / "left_out",
        "--schema=lifecycle",
        "--exclude-table=lifecycle.strange",
        "--exclude-table-data=lifecycle.beside",
    )
    for file, name in ((strange, "strange"), (left_out, "beside")):
        with pytest.raises(StoreError, match=name) as caught:
            restored(empty, file)
        assert caught.value.code == "damaged"
    assert is_empty(empty)


@pytest.mark.parametrize(
    "body", [b"", b"PGD", b"not a backup\n" * 99, b"PGDMP\x01\x0f\x00junk", b"SQLite format 3\0x"]
)
def test_what_is_no_backup_is_refused(tmp_path: Path, empty: str, body: bytes) -> None:
    """Whatever it is."""
    file = tmp_path / "other"
    file.write_bytes(body)
    with pytest.raises(StoreError) as caught:
        restored(empty, file)
    assert caught.value.code in {"foreign", "damaged"}
    assert str(file) in caught.value.message
    assert caught.value.hint
    assert is_empty(empty)


@pytest.mark.sqlite
def test_another_programs_database_is_refused(tmp_path: Path, empty: str) -> None:
    """It is told apart by its stamp."""
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE agreement (title TEXT)")
    with fails("foreign", file):
        restored(empty, file)
    assert is_empty(empty)


@pytest.mark.postgresql
def test_another_programs_archive_is_refused(empty: str, tmp_path: Path) -> None:
    """It has no schema of ours, or one that is not ours."""
    with place("postgresql", tmp_path) as other:
        postgres.execute(other, "CREATE TABLE public.program (a int)")
        with fails("foreign", tmp_path / "a"):
            restored(empty, dumped(other, tmp_path / "a"))
        postgres.execute(other, "CREATE SCHEMA lifecycle CREATE TABLE program (a int)")
        with fails("foreign", tmp_path / "b"):
            restored(empty, dumped(other, tmp_path / "b"))
    assert is_empty(empty)


def test_backup_of_the_other_kind_of_database_is_refused(
    file: Path, backend: str, tmp_path: Path
) -> None:
    """Moving from one to the other is something else."""
    other = "postgresql" if backend == "sqlite" else "sqlite"
    with place(other, tmp_path) as url:
        with fails("foreign", file):
            restored(url, file)
        assert is_empty(url)


@pytest.mark.parametrize(("schema", "code"), [("9999", "newer"), ("0000", "foreign")])
def test_backup_of_a_form_that_is_not_known_is_refused(
    stage: Stage, tmp_path: Path, empty: str, schema: str, code: str
) -> None:
    """A newer release's, or nobody's."""
    file = backed_up(stage, tmp_path)[0] if stage.backend == "sqlite" else tmp_path / "copy.dump"
    statement = f"UPDATE alembic_version SET version_num = '{schema}'"  # noqa: S608 - named above
    if stage.backend == "sqlite":
        changed(file, statement)
    else:
        stage.tamper(statement)
        dumped(stage.url, file, "--schema=lifecycle")
    with fails(code, file):
        restored(empty, file)
    assert is_empty(empty)


def test_place_that_is_taken_stays_as_it_is(file: Path, stage: Stage) -> None:
    """Whatever is there is nobody's to replace."""
    before = but_for_the_restored_line(stage.url)
    with fails("exists", stage.url):
        restored(stage.url, file)
    assert but_for_the_restored_line(stage.url) == before


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["restored.db", "restored.db-wal", "restored.db-journal"])
def test_file_that_would_be_a_part_of_it_is_in_the_way(
    file: Path, tmp_path: Path, empty: str, name: str
) -> None:
    """SQLite would take another database's write-ahead log for this one's."""
    left = tmp_path / name
    left.write_bytes(b"left over")
    with fails("exists", left):
        restored(empty, file)
    assert left.read_bytes() == b"left over"
    left.unlink()
    Path(empty).symlink_to(tmp_path / "nowhere")
    with fails("exists", empty):
        restored(empty, file)


@pytest.mark.sqlite
def test_copy_of_a_database_in_use_is_no_backup(stage: Stage, empty: str) -> None:
    """What its write-ahead log has would be missing."""
    stage.propose()
    with fails("foreign", stage.path):
        restored(empty, stage.path)
    assert is_empty(empty)


def test_digest_that_was_noted_is_insisted_on(file: Path, empty: str) -> None:
    """Another file is refused; the right one is taken, however the digest is written."""
    with fails("altered", file):
        restored(empty, file, How(sha256="ab" * 32))
    assert is_empty(empty)
    right = restored(empty, file, REHEARSED).source.sha256
    restored(empty, file, How(sha256=right.upper()))


def test_file_that_is_not_there_or_no_file_is_told(tmp_path: Path, empty: str) -> None:
    """A folder, a device, a name that leads nowhere."""
    for name in (tmp_path, Path("/dev/null"), tmp_path / "none"):
        with fails("unreadable", name):
            restored(empty, name)
    assert is_empty(empty)


@pytest.mark.sqlite
def test_place_where_nothing_can_be_made_is_told(file: Path, staged: Staging) -> None:
    """A file where a folder should be, a file system that takes none."""
    other = staged()
    with fails("unwritable", other.path / "p.db"):
        restored(str(other.path / "p.db"), file)
    with fails("unwritable", Path("/proc/p.db")):
        restored("/proc/p.db", file)
