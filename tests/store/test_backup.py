"""Backups: of one moment while others write, read back, and whole under their name or not there."""

import hashlib
import random
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from lifecycle.errors import StoreError
from states.vocabulary import State
from store.backup import back_up
from store.backup.drafts import draft_of, publish, room_for
from store.checks import checks
from store.migrating import upgrade
from store.opening import open_store
from tests.conftest import Staging
from tests.stage import Stage
from tests.store.backups import backed_up, but_for_the_restored_line, drafts_in, place, restored
from tests.store.child import child
from tests.store.dying import going_on
from tests.store.old import put, released
from tests.store.raw import everything, fails, query

pytestmark = pytest.mark.usefixtures("client_programs")


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a folder that everybody on the machine can enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_backup_says_what_it_holds_and_how_it_was_verified(stage: Stage, tmp_path: Path) -> None:
    """File, size, digest, lines, the newest one; it is its owner's alone."""
    ref = stage.reach(State.ACTIVE)
    file, made = backed_up(stage, tmp_path)
    body = file.read_bytes()
    assert (made.file, made.size) == (str(file), len(body))
    assert made.sha256 == hashlib.sha256(body).hexdigest()
    lines = [*stage.entries(None), *stage.entries(ref)]
    assert made.contents.entries == len(lines)
    assert made.contents.newest == max(line.recorded_at for line in lines)
    (program,) = made.contents.programs
    assert (program.code, program.n, program.sandbox) == ("TOR", len(stage.entries(None)), True)
    assert made.contents.findings == ()
    assert len(made.verified) == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert drafts_in(tmp_path) == []


def test_backup_restores_to_every_row_of_every_table(stage: Stage, tmp_path: Path) -> None:
    """Attached files, refusals, texts beside lines: all but the line that says so."""
    ref = stage.reach(State.RENEWAL)
    stage.attach(ref, body=bytes(range(256)) * 100)
    stage.propose(reason="Back\\slash\tand\nnew line, Århus \N{SNOWMAN}")
    before = but_for_the_restored_line(stage.url)
    file, _made = backed_up(stage, tmp_path)
    with place(stage.backend, tmp_path) as url:
        restored(url, file)
        assert but_for_the_restored_line(url) == before
        assert [check for check in checks(url) if not check.ok and check.name != "space"] == []


def test_backup_while_somebody_writes_is_of_one_moment(stage: Stage, tmp_path: Path) -> None:
    """Writers are not kept waiting, and each backup's lines chain up to its rows."""
    ref = stage.propose()
    sizes = []
    with going_on(stage.url, stage.day, ref) as pipe:
        for number in range(4):
            told = [pipe.recv() for _ in range(5)]
            made = back_up(stage.url, str(tmp_path / f"{number}.backup"))
            assert made.contents.findings == ()
            assert made.contents.entries > told[-1]
            sizes.append(made.contents.entries)
            # It went on meanwhile, or goes on now.
            pipe.recv()
    assert sizes == sorted(set(sizes))
    with place(stage.backend, tmp_path) as url:
        assert restored(url, tmp_path / "3.backup").contents.entries == sizes[-1]


def test_file_that_is_there_is_not_written_over_unless_asked(stage: Stage, tmp_path: Path) -> None:
    """Then it is replaced as a whole."""
    file, _made = backed_up(stage, tmp_path)
    before = file.read_bytes()
    with fails("exists", file):
        back_up(stage.url, str(file))
    assert file.read_bytes() == before
    stage.propose()
    back_up(stage.url, str(file), replace=True)
    assert file.read_bytes() != before
    assert drafts_in(tmp_path) == []


def test_name_that_is_taken_meanwhile_stays_whose_it_is(tmp_path: Path) -> None:
    """Even between the last look and the last step."""
    file = tmp_path / "copy"
    with draft_of(file) as draft:
        draft.write_text("new")
        file.write_text("old")
        with fails("exists", file):
            publish(draft, file, replace=False)
    assert file.read_text() == "old"
    assert drafts_in(tmp_path) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_database_is_not_backed_up_into_itself(stage: Stage, suffix: str) -> None:
    """Nor into the files that SQLite keeps beside it, nor through a link to it."""
    with stage.store.reading() as reader:
        reader.roles()
        target = Path(f"{stage.path}{suffix}")
        link = stage.path.with_name("link.db")
        link.symlink_to(target)
        for name in (target, link):
            with fails("unwritable", target):
                back_up(stage.url, str(name), replace=True)
    assert stage.verify() == []


@pytest.mark.parametrize("place_", ["nowhere/copy", ".", "/proc/copy", "/dev/null"])
def test_place_where_no_file_can_be_is_told(stage: Stage, tmp_path: Path, place_: str) -> None:
    """A missing folder, a folder, a file system that takes none, a device."""
    target = (tmp_path / place_).resolve()
    with fails("unwritable", target):
        back_up(stage.url, str(target), replace=True)
    assert drafts_in(tmp_path) == []


def test_folder_that_you_may_not_write_in_is_told(stage: Stage, shared: Path) -> None:
    """Nothing is left there."""
    stage.store.close()
    url = stage.url
    if stage.backend == "sqlite":
        (shared / "ours").mkdir()
        url = str(shared / "ours" / "p.db")
        Path(url).write_bytes(stage.path.read_bytes())
        for path in (Path(url), Path(url).parent):
            path.chmod(0o777)
    theirs = shared / "theirs"
    theirs.mkdir(mode=0o555)
    assert child("back_up:nobody", url, theirs / "copy") == (0, "unwritable")
    assert list(theirs.iterdir()) == []


def test_disk_without_room_is_told_before_anything_is_written(tmp_path: Path) -> None:
    """How much is needed, and how much there is."""
    with fails("no_space", tmp_path / "copy"):
        room_for(1 << 60, tmp_path / "copy")


def test_disk_that_fills_up_leaves_no_file(stage: Stage, tmp_path: Path) -> None:
    """Neither half of one, nor a draft; the database is as it was."""
    ref = stage.propose()
    stage.attach(ref, body=random.Random(1).randbytes(1_000_000))  # noqa: S311 - of a test
    before = everything(stage.url)
    stage.store.close()
    folder = tmp_path / "full"
    folder.mkdir()
    ended, said = child("back_up_without_disk", stage.url, folder / "copy")
    assert (ended, said) in {(0, "no_space"), (0, "disk")}
    assert list(folder.iterdir()) == []
    assert everything(stage.url) == before


@pytest.mark.parametrize("when", ["reading back", "naming"])
def test_backup_that_is_killed_leaves_nothing_under_its_name(
    stage: Stage, tmp_path: Path, when: str
) -> None:
    """What it began lies beside it as a draft; the next one goes through."""
    stage.propose()
    stage.store.close()
    file = tmp_path / "copy"
    code, _said = child(f"die_backing_up_when_{when.replace(' ', '_')}", stage.url, file)
    assert code < 0
    assert not file.exists()
    assert len(drafts_in(tmp_path)) == 1
    back_up(stage.url, str(file))
    assert stage.verify() == []


def test_database_that_is_not_in_order_is_backed_up_and_told(stage: Stage, tmp_path: Path) -> None:
    """It may be the only evidence; but it takes no older backup's place."""
    ref = stage.propose()
    sound, _made = backed_up(stage, tmp_path)
    stage.tamper(
        "DROP TRIGGER entry_no_update",
        "UPDATE entry SET line = replace(line, 'anna', 'zoe') WHERE stream <> 0",
    )
    made = back_up(stage.url, str(tmp_path / "evidence"))
    assert any(str(ref) in finding for finding in made.contents.findings)
    assert any("entry_no_update" in finding for finding in made.contents.findings)
    assert len(made.verified) == 1
    with fails("not_in_order", sound):
        back_up(stage.url, str(sound), replace=True)
    with place(stage.backend, tmp_path) as url:
        assert restored(url, sound).contents.entries == 2


def test_rows_that_name_other_lines_are_found(stage: Stage, tmp_path: Path) -> None:
    """A stream that was cut at its end, one without a row, a row without a stream, an odd line."""
    cut, odd, lost = stage.reach(State.DECISION), stage.propose(), stage.propose()
    stage.tamper(
        "DROP TRIGGER entry_no_delete",
        "DROP TRIGGER entry_no_update",
        "DELETE FROM entry WHERE stream = :cut AND n = 2",
        "UPDATE entry SET line = '{}' WHERE stream = :odd",
        "DELETE FROM entry WHERE stream = :lost",
        cut=cut.key,
        odd=odd.key,
        lost=lost.key,
    )
    _file, made = backed_up(stage, tmp_path)
    for ref in (cut, odd, lost):
        assert sum(str(ref) in finding for finding in made.contents.findings) == 1


def test_many_findings_are_counted(stage: Stage, tmp_path: Path) -> None:
    """A hundred are told, and how many more there are."""
    gap = "INSERT INTO entry (program_id, stream, n, line) SELECT 1, 990000000 + {0}, 1, '{{}}'"
    stage.tamper(*(gap.format(number) for number in range(103)))
    _file, made = backed_up(stage, tmp_path)
    assert len(made.contents.findings) == 101
    assert made.contents.findings[-1] == "and 3 more"


def test_newer_database_is_left_to_a_newer_release(stage: Stage, tmp_path: Path) -> None:
    """Who can't read it can't say that a copy of it is whole."""
    stage.tamper("UPDATE alembic_version SET version_num = '9999'")
    with fails("newer", stage.url):
        backed_up(stage, tmp_path)


def test_older_database_is_backed_up_before_it_is_upgraded(backend: str, tmp_path: Path) -> None:
    """By the release that is going to upgrade it."""
    (name, *_more) = released(backend)
    with put(name, tmp_path) as old:
        (schema,) = query(old, "SELECT version_num FROM alembic_version")[0]
        made = back_up(old, str(tmp_path / "before.backup"))
        assert (made.contents.schema, made.contents.findings) == (schema, ())
        upgrade(old)
        upgraded = everything(old)
    with place(backend, tmp_path) as url:
        done = restored(url, tmp_path / "before.backup")
        assert done.contents.schema == schema
        now = but_for_the_restored_line(url)
        assert {name: len(rows) for name, rows in now.items()} == {
            name: len(rows) for name, rows in upgraded.items()
        }


def test_database_that_is_missing_is_told(tmp_path: Path) -> None:
    """And no file is made."""
    with fails("missing", tmp_path / "none.db"):
        back_up(str(tmp_path / "none.db"), str(tmp_path / "copy"))
    with pytest.raises(StoreError):
        back_up(str(tmp_path), str(tmp_path / "copy"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite
def test_backup_is_a_database_that_can_be_looked_at(staged: Staging, tmp_path: Path) -> None:
    """Any command that reads takes it, and `db check` leaves not a byte behind."""
    stage = staged(sandbox=False).with_people()
    ref = stage.on(date(2026, 9, 2)).reach(State.SIGNED)
    file, _made = backed_up(stage, tmp_path)
    before = file.read_bytes()
    assert [check for check in checks(str(file)) if not check.ok and check.name != "space"] == []
    with closing(open_store(str(file))) as store, store.reading() as reader:
        assert reader.find(str(ref))
    assert file.read_bytes() == before
