"""`lifecycle demo`: the story runs to its end, keeps its promises, and leaves a sound sandbox."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.demo.story import CHAPTERS, GO_ON, LAST_DAY, REGISTER
from store.opening import open_store
from tests.cli.running import PROGRAM, Ran, environment, on_terminal, process, run

FILE = "lifecycle-demo.db"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """Return the story as it was told, and the sandbox that it left."""
    folder = tmp_path_factory.mktemp("demo")
    return run("demo", folder), folder / FILE


@pytest.fixture
def story(told: tuple[Ran, Path]) -> str:
    """Return what the demo printed, on one line."""
    return " ".join(told[0].well().out.split())


@pytest.fixture
def sandbox(told: tuple[Ran, Path]) -> Path:
    """Return the sandbox that the demo left; for tests that only read."""
    return told[1]


@pytest.fixture
def left(sandbox: Path, tmp_path: Path) -> Path:
    """Return a copy of it, to go on with."""
    return Path(shutil.copy(sandbox, tmp_path / FILE))


def test_every_chapter_is_told_in_its_order(story: str) -> None:
    """Nothing is left out, and nothing went another way than it is written."""
    places = [story.index(chapter.heading) for chapter in CHAPTERS]
    assert places == sorted(places)
    assert "Go on from here" in story


@pytest.mark.parametrize(
    "event",
    [
        "20 rows, 11 taken over (TOR-2019-001 to TOR-2019-011), 0 unchanged, 9 refused",
        "10 agreements hold a place of the 10 under the cap: it is full",
        "row 13, Austin: no type is stated",
        "source: City of Toronto news releases 2013-09-30 and 2013-10-08 (wx.toronto.ca)",
        "TOR-2019-012: scored",
        "TOR-2019-013: decision → declined (decline)",
        "anna drafted this and can't decide on it as well",
        "TOR-2019-012: decision → negotiation (accept)",
        "TOR-2019-012: sign was refused",
        "measurable.indicator_missing",
        "staff.missing",
        "TOR-2019-012: negotiation → signed (sign), version 5",
        "term_starts refused cap_available:cap.full",
        "TOR-2019-001: evaluation → sunset (sunset)",
        "TOR-2019-012 2019-07-01 term_starts fired activate → active",
        "2020-01-14: 10 fired",
        "TOR-2019-012 2022-07-01 term_over fired expire → evaluation",
        "Term 1 has not been evaluated",
        "TOR-2019-012: evaluation → renewal (renew)",
        "TOR-2019-012: renewal → negotiation (renegotiate)",
        "TOR-2019-012: negotiation → signed (sign), version 11",
        "TOR-2019-012 2022-10-01 term_starts fired activate → active",
        "gives exactly the current rows",
    ],
)
def test_what_was_promised_happens(story: str, event: str) -> None:
    """Taken over, scored, declined, accepted, refused, repaired, capped, ended, renewed."""
    assert event in story


def test_story_says_what_is_made_up(story: str) -> None:
    """No reader takes an invented event for Toronto's history."""
    assert "Everything after chapter 2 is made up" in story
    assert "Toronto decided none of it" in story


def test_story_fits_a_terminal_and_a_readers_patience(told: tuple[Ran, Path]) -> None:
    """Lines of a usual terminal, and no more of them than ten minutes."""
    lines = told[0].out.splitlines()
    assert len(lines) < 490
    prose = [line for line in lines if not line.startswith("    ")]
    assert max(map(len, prose)) <= 80


def test_sandbox_that_it_leaves_verifies(sandbox: Path) -> None:
    """Replaying the log gives exactly the rows, and the second term is running."""
    store = open_store(str(sandbox))
    with store.reading() as reader:
        assert [*reader.verify(), *reader.recompute()] == []
        standing = reader.standing(2019_000_012)
    store.close()
    assert standing is not None
    assert (standing.state, standing.term) == ("active", 2)
    assert (store.program.sandbox, str(store.stands_at)) == (True, LAST_DAY)


def test_reader_can_go_on_as_the_demo_says(left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command that it ends with works on the sandbox that it left."""
    monkeypatch.setenv("LIFECYCLE_DATABASE_URL", str(left))
    for line in GO_ON:
        words = line.split()[1:]
        run(*words, *(["--yes"] if "sunset" in words else [])).well()


def test_environment_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo looks at no database of the user's, and points nothing at its own."""
    monkeypatch.setenv("LIFECYCLE_DATABASE_URL", str(tmp_path / "mine.db"))
    monkeypatch.delenv("COLUMNS", raising=False)
    run("demo", tmp_path).well()
    assert os.environ["LIFECYCLE_DATABASE_URL"] == str(tmp_path / "mine.db")
    assert "COLUMNS" not in os.environ
    assert not (tmp_path / "mine.db").exists()


def test_second_run_begins_anew_and_says_so(left: Path) -> None:
    """A sandbox that nobody has touched since is replaced."""
    again = run("demo", left.parent).well()
    assert "is replaced" in again.err


def test_sandbox_that_somebody_went_on_with_is_kept(left: Path) -> None:
    """It takes --yes to lose what the reader did in it."""
    later = ["--db", left, "--today", "2022-11-01", "--as", "anna"]
    run(*later, "propose", "--type", "partnership", "--title", "Mine").well()
    before = left.read_bytes()
    assert "--yes" in run("demo", left.parent).badly(2).err
    assert left.read_bytes() == before
    run("demo", left.parent, "--yes").well()
    assert len(run("--db", left, "list", "--json").json) == 13


def test_sandbox_stays_if_its_reader_says_so(left: Path) -> None:
    """On a terminal the demo asks, and no is an answer."""
    later = ["--db", left, "--today", "2022-11-01", "--as", "anna"]
    run(*later, "propose", "--type", "partnership", "--title", "Mine").well()
    answered = on_terminal("demo", left.parent, typed=["n"])
    assert answered.code == 3
    assert "stays as it is" in " ".join(answered.out.split())


def test_what_the_demo_did_not_make_is_kept(tmp_path: Path) -> None:
    """Neither another file nor another sandbox of that name is replaced, whatever is said."""
    file = tmp_path / FILE
    file.write_text("notes")
    assert "no sandbox that the demo made" in run("demo", tmp_path, "--yes").badly(3).err
    assert file.read_text() == "notes"
    file.unlink()
    run("--db", file, "init", "--sandbox").well()
    assert "no sandbox that the demo made" in run("demo", tmp_path, "--yes").badly(3).err


def test_json_has_every_command_with_its_answer(tmp_path: Path) -> None:
    """For whoever wants the story as data."""
    told = run("demo", tmp_path / "deep" / "down", "--json").well().json
    assert told["database"] == str(tmp_path / "deep" / "down" / FILE)
    assert len(told["steps"]) == sum(len(chapter.steps) for chapter in CHAPTERS)
    assert told["steps"][0]["command"].startswith("lifecycle init --sandbox")


@pytest.mark.parametrize(
    "line",
    [
        ["--as", "anna"],
        ["--today", "2020-01-01"],
        ["--program", "TOR"],
        ["--db", "a.db", "somewhere"],
        ["--db", "sqlite:///a.db"],
    ],
)
def test_options_that_the_demo_can_not_heed_are_wrong_usage(line: list[str]) -> None:
    """It has its own people and days, and makes one file."""
    run("demo", *line).badly(2)


def test_folder_that_is_a_file_is_wrong_usage(tmp_path: Path) -> None:
    """The file stays."""
    (tmp_path / "x").write_text("mine")
    run("demo", tmp_path / "x").badly(2)
    assert (tmp_path / "x").read_text() == "mine"


def test_register_is_left_beside_the_sandbox_and_replaced_with_it(
    told: tuple[Ran, Path], left: Path
) -> None:
    """The last answers say where to open it; what the reader put there is not lost."""
    register = told[1].with_name(REGISTER)
    assert f"Open {register.joinpath('index.html').as_uri()}" in told[0].out
    assert "Santa Aurelia" in (register / "index.html").read_text()
    shutil.copytree(register, mine := left.with_name(REGISTER))
    run("demo", left.parent).well()
    (mine / "notes.txt").write_text("mine")
    before = left.read_bytes()
    assert "stays as it is" in " ".join(run("demo", left.parent).badly(3).err.split())
    assert left.read_bytes() == before
    assert (mine / "notes.txt").read_text() == "mine"


def test_place_where_nothing_can_be_made_is_told(tmp_path: Path) -> None:
    """The demo stops at its first command, with what that command answered."""
    (tmp_path / "file").write_text("")
    ran = run("demo", "--db", tmp_path / "file" / "x.db").badly(3)
    assert "no database can be made" in " ".join(ran.err.split())
    assert "came to a halt at: lifecycle init" in " ".join(ran.err.split())


def test_database_may_be_named(tmp_path: Path) -> None:
    """--db says where the sandbox goes, as everywhere."""
    run("demo", "--db", tmp_path / "mine.db").well()
    assert (tmp_path / "mine.db").exists()


def test_demo_runs_as_a_process_where_it_is_called(home: Path) -> None:
    """Without arguments, the sandbox is here, and nothing else is left behind."""
    before = set(home.iterdir())
    process("demo").well()
    assert {path.name for path in set(home.iterdir()) - before} == {FILE, f"{FILE}.key", REGISTER}


def test_demo_is_told_through_a_pipe_that_closes(tmp_path: Path) -> None:
    """Who has read enough may leave; the story goes on to its end."""
    child = subprocess.Popen(
        [*PROGRAM, "demo", tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert child.stdout is not None
    assert child.stderr is not None
    assert child.stdout.readline().startswith(b"One city")
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait() == 0
    assert (tmp_path / FILE).exists()
