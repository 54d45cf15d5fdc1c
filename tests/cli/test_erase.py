"""`lifecycle log erase`: what people wrote goes, after a question, and every check stays valid."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from states.agreement import Contact
from states.ref import Ref
from states.vocabulary import Event, State
from tests.builders import complete_agreement
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal, run
from tests.conftest import Staging
from tests.stage import Stage

NAME = "Li Wei"
PAPER = b"Dear Li Wei"


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement in whose texts a person stands."""
    contacts = (Contact("partner", NAME),)
    ref = stage.reach(
        State.DECISION, complete_agreement(title=f"Art with {NAME}", contacts=contacts)
    )
    stage.score(ref, reason=f"{NAME} wrote to us.")
    stage.attach(ref, "letter.pdf", body=PAPER)
    return ref


@pytest.mark.measured
def test_words_are_erased_and_the_receipt_says_where(stage: Stage, cli: Cli, ref: Ref) -> None:
    """As JSON by line and part; the file has nothing of it any more, and all checks hold."""
    receipt = cli("log", "erase", ref, "--text", NAME, "--yes", json=True).well().json
    assert (receipt["event"], receipt["outcome"], receipt["n"]) == ("erased", "ok", 5)
    assert receipt["erased"] == [
        {"n": 1, "part": "document"},
        {"n": 1, "part": "content"},
        {"n": 3, "part": "reason"},
    ]
    assert (receipt["digests"], receipt["lines"], receipt["left"]) == (0, [], None)
    attachment = cli("log", "erase", ref, 4, "--part", "attachment", "--yes").well()
    assert "erased from 1 text" in attachment.out
    assert "Backups, exported bundles" in attachment.out
    assert b"li wei" not in Path(stage.path).read_bytes().lower()
    cli("db", "check").well()
    cli("log", "replay").well()
    assert "[erased 1] wrote to us." in cli("log", ref).well().out
    said = " ".join(cli("log", "why", ref, 5).well().out.split())
    assert "erased: document of line 1, content of line 1, reason of line 3" in said
    assert "Art with [erased 1]" in cli("show", ref, "--document").well().out


def test_words_on_the_lines_themselves_are_told(stage: Stage, cli: Cli) -> None:
    """As who acted, an item, a key: there they stay, and people hear of it."""
    ref = stage.propose(complete_agreement(title=f"Art with {NAME}"), key=f"from:{NAME}")
    receipt = cli("log", "erase", ref, "--text", NAME, "--yes", json=True).well().json
    assert receipt["lines"] == [1]
    said = " ".join(cli("log", "erase", ref, "--text", NAME).well().out.split())
    assert "the words stand on the log's own lines 1, which stay" in said


def test_past_is_told_without_what_was_erased_since(stage: Stage, cli: Cli, ref: Ref) -> None:
    """Neither the day nor what the record knew then brings a name back; and all verifies."""
    first = stage.day
    stage.on(first + timedelta(days=3))
    cli("log", "erase", ref, "--text", NAME, "--yes").well()
    stage.on(first + timedelta(days=9))
    for which in ("--as-of", "--recorded-by"):
        said = cli("show", ref, which, first + timedelta(days=1)).well().out
        assert "Art with [erased 1]" in said
        (row,) = cli("list", which, first + timedelta(days=1), json=True).well().json
        assert row["title"] == "Art with [erased 1]"
    cli("log", "key", "create").well()
    cli("log", "verify").well()


def test_erased_text_says_on_which_line_it_was_erased(cli: Cli, ref: Ref, tmp_path: Path) -> None:
    """Where the reason stood, and when the file is asked for."""
    cli("log", "erase", ref, 3, "--part", "reason", "--yes").well()
    cli("log", "erase", ref, 4, "--part", "attachment", "--yes").well()
    assert "[erased on line 5]" in cli("log", "why", ref, 3).well().out
    ran = cli("show", ref, "--attachment", 4, "-o", tmp_path / "letter.pdf").badly(3)
    assert f"was erased on line 6 of {ref}" in " ".join(ran.err.split())


def test_dry_run_shows_what_would_be_erased(stage: Stage, cli: Cli, ref: Ref) -> None:
    """And stores nothing."""
    lines = stage.raw(ref)
    ran = cli("log", "erase", ref, "--text", NAME, "--dry-run").well()
    assert "Dry run" in ran.out
    assert "reason" in ran.out
    assert NAME not in ran.out
    assert stage.raw(ref) == lines
    assert stage.standing(ref).title == f"Art with {NAME}"


def test_second_time_there_is_nothing_left(cli: Cli, ref: Ref) -> None:
    """It is said, without a question."""
    cli("log", "erase", ref, "--text", NAME, "--yes").well()
    assert "unchanged" in cli("log", "erase", ref, "--text", NAME).well().out


def test_whole_program_is_erased_from_in_one_transaction(stage: Stage, cli: Cli, ref: Ref) -> None:
    """The words are read from stdin, so that they stand in no list of processes."""
    other = stage.propose(complete_agreement(title=f"Trade with {NAME}"))
    line = ("log", "erase", "--all", "--text", "-", "--yes")
    receipts = cli(*line, json=True, stdin=f"{NAME}\n\nAnn Lee\n").well().json
    assert [one["outcome"] for one in receipts] == ["unchanged", "ok", "ok"]
    assert [one["ref"] for one in receipts] == ["TOR", str(ref), str(other)]
    said = cli("log", "erase", "TOR", "--text", NAME).well().out
    assert said == "TOR: unchanged.\n"


def test_people_are_asked_first(stage: Stage, cli: Cli, ref: Ref) -> None:
    """With what would go; where nobody can answer, the way out is named."""
    ran = cli("log", "erase", ref, "--text", NAME).badly(2)
    assert "--yes" in ran.err
    words = ("--db", stage.path, "--as", "anna", "log", "erase", ref, "--text", NAME)
    no = on_terminal(*words, typed=["n"])
    assert "It can't be taken back." in no.out
    assert "Nothing was changed." in no.out
    assert stage.standing(ref).title == f"Art with {NAME}"
    assert "erased from 3 texts" in on_terminal(*words, typed=["y"]).out
    assert stage.last(ref).event is Event.ERASED


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("{ref}",),
        ("{ref}", 3),
        ("{ref}", "--part", "reason"),
        ("{ref}", 3, "--text", NAME),
        ("{ref}", 3, "--part", "reason", "--text", NAME),
        ("--all",),
        ("--text", NAME),
        ("{ref}", "--all", "--text", NAME),
        ("--all", "--part", "reason"),
    ],
    ids=str,
)
def test_half_an_order_is_wrong_usage(cli: Cli, ref: Ref, words: tuple[object, ...]) -> None:
    """What is meant has to be said."""
    named = [str(word).format(ref=ref) for word in words]
    assert "say what" in cli("log", "erase", *named).badly(2).err


def test_staff_are_refused(staged: Staging) -> None:
    """On the log, like whatever is not theirs; before any question, and with nothing scrubbed."""
    city = staged(sandbox=False).with_people()
    ref = city.propose(complete_agreement(title=f"Art with {NAME}"))
    line = ("log", "erase", ref, "--text", NAME, "-m", "Request 17.")
    ran = run("--db", city.path, "--as", "anna", *line).badly(1)
    assert "that is for admin" in " ".join(ran.out.split())
    assert city.last(ref).event is Event.REFUSED
    run("--db", city.path, "--as", "admin", *line, "--yes").well()
    assert city.standing(ref).title == "Art with [erased 1]"
    assert city.verify() == []


@pytest.mark.postgresql
def test_what_a_server_keeps_is_said(stage: Stage) -> None:
    """Until it is cleaned up there, which is not ours to do."""
    ref = stage.propose(complete_agreement(title=f"Art with {NAME}"))
    line = ("--db", stage.url, "--as", "anna", "log", "erase", ref, "--text", NAME, "--yes")
    assert "until its next VACUUM" in " ".join(run(*line).well().out.split())
    assert stage.verify() == []


def test_file_that_can_not_be_written_anew_is_said(
    stage: Stage, cli: Cli, ref: Ref, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is erased all the same; the same command again scrubs."""
    monkeypatch.setattr("store.sqlite.BUSY_SECONDS", 0)
    with closing(sqlite3.connect(stage.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entry").fetchone()
        said = cli("log", "erase", ref, "--text", NAME, "--yes").well().out
    assert "Repeat the command when nobody" in " ".join(said.split())
    receipt = cli("log", "erase", ref, "--text", NAME, json=True).well().json
    assert (receipt["outcome"], receipt["left"]) == ("unchanged", None)
