"""`lifecycle db backup` and `lifecycle db restore`: one file, and the way back."""

import hashlib
import json
from pathlib import Path

import pytest

from cli.output.backups import backup_shape, backup_text
from states.ref import Ref
from states.vocabulary import State
from store.backup import Backup, Contents
from store.backup.contents import ProgramContents
from store.version import HEAD
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal, process, run
from tests.stage import Stage

RESTORED = ("db", "restore", "--as", "olga")


@pytest.fixture
def file(cli: Cli, ref: Ref, tmp_path: Path) -> Path:
    """Return a backup of a program with one proposal."""
    path = tmp_path / f"{ref}.backup"
    cli("db", "backup", path).well()
    return path


def test_backup_is_told_with_what_it_holds(stage: Stage, cli: Cli, tmp_path: Path) -> None:
    """For people, and in JSON: file, size, digest, programs, lines, how it was verified."""
    stage.reach(State.ACTIVE)
    path = tmp_path / "copy.db"
    text = cli("db", "backup", path).well().out
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert all(word in text for word in ("TOR", digest, "Verified", "newest"))
    answer = cli("db", "backup", tmp_path / "again.db", json=True).well().json
    assert (answer["ok"], answer["findings"], answer["schema"]) == (True, [], HEAD)
    (program,) = answer["programs"]
    assert (program["code"], program["entries"]) == ("TOR", answer["entries"])
    assert answer["newest"] == program["newest"]
    assert answer["size"] == (tmp_path / "again.db").stat().st_size
    assert len(answer["verified"]) == 3


def test_restored_database_goes_on(file: Path, ref: Ref, tmp_path: Path) -> None:
    """Its log says from which backup, by whom, why; the receipt says what to do next."""
    target = tmp_path / "new" / "city.db"
    ran = run("--db", target, *RESTORED, file, "--yes", "-m", "The disk broke.").well()
    assert "newest" in ran.out
    assert "role list" in ran.out
    assert "tell auditors" in ran.out.replace("\n", " ")
    assert str(ref) in run("--db", target, "list").well().out
    log = run("--db", target, "log").well().out
    assert "restored" in log
    assert "olga" in log
    run("--db", target, "db", "check").well()
    run("--db", target, "log", "replay").well()


def test_restored_database_is_told_in_json(file: Path, tmp_path: Path) -> None:
    """With each program's receipt; a dry run answers the same and stores nothing."""
    target, line = tmp_path / "city.db", ("--json", "--db", tmp_path / "city.db", *RESTORED)
    rehearsed = run(*line, file, "--dry-run").well().json
    assert not target.exists()
    answer = run(*line, file, "--yes").well().json
    assert answer["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    (receipt,) = answer["receipts"]
    assert (receipt["event"], receipt["outcome"], receipt["n"]) == ("restored", "ok", 2)
    assert (answer["upgraded"], answer["held"], answer["findings"]) == (False, 0, [])
    assert (rehearsed["dry_run"], answer["dry_run"]) == (True, False)
    same = {"entries", "newest", "programs", "schema", "sha256"}
    assert {key: rehearsed[key] for key in same} == {key: answer[key] for key in same}


def test_restoring_asks_first(file: Path, tmp_path: Path) -> None:
    """Where nobody can answer, it is wrong usage that names the option."""
    target = tmp_path / "city.db"
    assert "--yes" in run("--db", target, "db", "restore", file).badly(2).err
    said_no = on_terminal("--db", target, "db", "restore", file, typed=["n"])
    assert (said_no.code, "Nothing was restored" in said_no.out) == (0, True)
    assert not target.exists()
    on_terminal("--db", target, "db", "restore", file, typed=["y"]).well()
    assert target.exists()


def test_writing_over_a_backup_asks_first(cli: Cli, stage: Stage, file: Path) -> None:
    """The same, and an answer of no leaves it."""
    before = file.read_bytes()
    stage.propose()
    assert "--yes" in cli("db", "backup", file).badly(2).err
    said_no = on_terminal("--db", stage.path, "db", "backup", file, typed=["n"])
    assert (said_no.code, file.read_bytes()) == (0, before)
    on_terminal("--db", stage.path, "db", "backup", file, typed=["y"]).well()
    assert file.read_bytes() != before


def test_backup_of_a_database_that_is_not_in_order_ends_with_1(
    stage: Stage, cli: Cli, ref: Ref, tmp_path: Path
) -> None:
    """It is made, it says what was found, and only what insists on it restores it."""
    stage.tamper("UPDATE agreement SET head = 'ab', title = 'Another'")
    path, target = tmp_path / "copy.db", tmp_path / "city.db"
    assert str(ref) in cli("db", "backup", path).badly(1).out
    assert cli("db", "backup", tmp_path / "b.db", json=True).badly(1).json["ok"] is False
    ran = run("--db", target, "--json", "db", "restore", path, "--yes").badly(3)
    assert ran.errors[0]["code"] == "not_in_order"
    assert not target.exists()
    ran = run("--db", target, "db", "restore", path, "--yes", "--despite-findings").well()
    assert "as it is" in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ("db", "backup", "-"),
        ("db", "backup", "x", "--program", "TOR"),
        ("db", "restore", "-", "--yes"),
        ("db", "restore", "x", "--yes", "--expect-version", 1),
        ("db", "restore", "x", "--yes", "--program", "TOR"),
        ("db", "backup"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(stage: Stage, words: tuple[object, ...]) -> None:
    """A backup is a file, and whole."""
    run("--db", stage.path, *words).badly(2)


@pytest.mark.parametrize("words", [("db", "backup", "x.db"), ("db", "restore", "x.db", "--yes")])
def test_what_is_not_there_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The database, or the file; neither is made."""
    process("--db", tmp_path / "none.db", *words).badly(3)
    assert not (tmp_path / "none.db").exists()


def test_sha256_that_was_noted_is_insisted_on(file: Path, tmp_path: Path) -> None:
    """Another one is refused, with the one that it has."""
    target = tmp_path / "city.db"
    line = ["--db", target, "--json", "db", "restore", file, "--yes", "--sha256", "0" * 64]
    (error,) = run(*line).badly(3).errors
    assert error["code"] == "altered"
    assert hashlib.sha256(file.read_bytes()).hexdigest() in error["message"]


def test_real_program_is_restored_by_the_clock(tmp_path: Path) -> None:
    """By who is known to the operating system, unless another name is asserted."""
    source, target = tmp_path / "a.db", tmp_path / "b.db"
    run("--db", source, "init", "--policy", "toronto-2018", "--admin", "sam").well()
    run("--db", source, "db", "backup", tmp_path / "copy.db").well()
    run("--db", target, "db", "restore", tmp_path / "copy.db", "--yes").well()
    last = run("--db", target, "log", "--json").well().out.splitlines()[-1]
    line = json.loads(last)
    assert (line["event"], line["role"], line["actor"]["how"]) == ("restored", None, "os")
    run("--db", target, "--today", "2030-01-01", "db", "restore", tmp_path / "copy.db").badly(2)
    run("--db", target, "--as", "sam", "role", "grant", "anna", "staff").well()


def test_of_many_programs_a_few_are_named_and_the_others_counted() -> None:
    """Nobody reads thousands of codes; JSON has them all."""
    programs = [
        ProgramContents(f"P{n}", sandbox=False, n=1, head="", entries=2, newest=None)
        for n in range(12)
    ]
    held = Contents(HEAD, tuple(programs))
    made = Backup("copy.dump", 1, "0" * 64, held, ())
    text = " ".join(backup_text(made, "db").split())
    assert "P8, P9 and 2 more: 24 lines" in text
    assert len(backup_shape(made, "db")["programs"]) == 12
