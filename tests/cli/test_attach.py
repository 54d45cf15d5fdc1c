"""Files beside an agreement: attached whole or not at all, and given back byte by byte."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lifecycle.appointing import appoint
from states.ref import Ref
from states.roles import RoleChange
from states.vocabulary import Event, Outcome, Role, State
from tests.builders import DORA
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal, process
from tests.conftest import Staging
from tests.stage import Stage, policy_file

MEGABYTE = 1024 * 1024
PDF = b"%PDF-1.7\nThe signed text.\n"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Return the signed paper."""
    file = tmp_path / "Agreement.pdf"
    file.write_bytes(PDF)
    return file


def attached(cli: Cli, ref: Ref) -> list[tuple[str, str]]:
    """Return the kind and name of every attached file."""
    return [
        (a["kind"], a["name"]) for a in cli("show", ref, "--attachments", json=True).well().json
    ]


def test_file_is_kept_and_given_back(
    stage: Stage, cli: Cli, ref: Ref, paper: Path, tmp_path: Path
) -> None:
    """Byte by byte, under its SHA-256, with who attached it and when."""
    receipt = cli("attach", ref, paper, "--kind", "signed", json=True).well().json
    assert (receipt["event"], receipt["outcome"], receipt["version"]) == ("attached", "ok", 1)
    assert receipt["attachment"]["name"] == "Agreement.pdf"
    (kept,) = cli("show", ref, "--attachments", json=True).well().json
    assert kept == {
        "n": receipt["n"],
        "kind": "signed",
        "name": "Agreement.pdf",
        "size": len(PDF),
        "public": False,
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "attached_by": "anna",
        "attached_at": stage.last(ref).recorded_at,
    }
    copy = tmp_path / "copy.pdf"
    cli("show", ref, "--attachment", receipt["n"], "-o", copy).well()
    assert copy.read_bytes() == PDF
    assert cli("show", ref, json=True).well().json["attachments"] == [kept]
    assert stage.verify() == []


def test_files_are_listed_in_every_form(cli: Cli, ref: Ref, paper: Path, tmp_path: Path) -> None:
    """For people a table, on the page as well; CSV for sheets."""
    assert "no attachment yet" in cli("show", ref, "--attachments").well().out
    cli("attach", ref, paper, "--public").well()
    for out in (cli("show", ref, "--attachments").well().out, cli("show", ref).well().out):
        assert "Agreement.pdf" in out
        assert "26 bytes" in out
    csv = tmp_path / "files.csv"
    cli("show", ref, "--attachments", "-o", csv).well()
    assert csv.read_text().splitlines()[0].startswith("n,kind,name,size,public,sha256")


def test_several_files_are_attached_together(
    stage: Stage, cli: Cli, ref: Ref, paper: Path, tmp_path: Path
) -> None:
    """Each on a line of its own, of one kind, in one transaction."""
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear mayor")
    receipts = cli("attach", ref, paper, letter, "--kind", "letter", json=True).well().json
    assert [r["n"] for r in receipts] == [2, 3]
    assert attached(cli, ref) == [("letter", "Agreement.pdf"), ("letter", "letter.txt")]
    assert [e.event for e in stage.entries(ref)[1:]] == [Event.ATTACHED] * 2


def test_one_bad_file_holds_all_of_them_back(
    stage: Stage, cli: Cli, ref: Ref, paper: Path, tmp_path: Path
) -> None:
    """Everything that is wrong is told at once, and nothing is attached."""
    empty, odd = tmp_path / "empty.txt", tmp_path / "run.exe"
    empty.touch()
    odd.write_bytes(b"MZ")
    line = ["attach", ref, paper, empty, odd, tmp_path, tmp_path / "gone.pdf"]
    errors = cli(*line, json=True).badly(2).errors
    assert [e["code"] for e in errors] == ["empty", "bad_ending", "bad_ending", "unreadable"]
    assert ".pdf" in errors[1]["allowed"]
    assert len(stage.raw(ref)) == 1


def test_folder_that_is_called_like_a_file_is_refused(cli: Cli, ref: Ref, tmp_path: Path) -> None:
    """A folder is no file, whatever it is called."""
    folder = tmp_path / "papers.pdf"
    folder.mkdir()
    assert "folder" in cli("attach", ref, f"{folder}/").badly(2).err


def test_what_is_called_a_pdf_and_is_none_is_told(cli: Cli, ref: Ref, tmp_path: Path) -> None:
    """It is attached, since it may be what there is; the warning goes to stderr."""
    fake = tmp_path / "scan.PDF"
    fake.write_bytes(b"\x89PNG")
    ran = cli("attach", ref, fake, json=True).well()
    assert "warning: scan.PDF is called a PDF" in ran.err
    assert ran.json["outcome"] == "ok"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a\u202efdp.txt", "afdp.txt"),
        ("a\x1b[31m\nb.txt", "a[31mb.txt"),
        ("Che\u0301que.txt", "Ch\u00e9que.txt"),
        ("  spaced .TXT", "spaced .TXT"),
        (f"{'x' * 240}.txt", f"{'x' * 197}.txt"),
    ],
    ids=["reversing", "escape", "decomposed", "blanks", "long"],
)
def test_name_is_kept_as_it_can_be_read(
    cli: Cli, ref: Ref, tmp_path: Path, name: str, kept: str
) -> None:
    """Without a folder, and without what would act instead of being read."""
    file = tmp_path / name
    file.write_text("x")
    cli("attach", ref, file).well()
    assert attached(cli, ref) == [("evidence", kept)]


@pytest.mark.parametrize("name", [b".txt", b"\xff\xfe.txt", b"\x07.txt"])
def test_name_of_which_nothing_is_left_is_refused(stage: Stage, ref: Ref, name: bytes) -> None:
    """It must be called something."""
    file = os.path.join(os.fsencode(stage.path.parent), name)  # noqa: PTH118 - bytes
    with open(file, "wb") as stream:  # noqa: PTH123 - bytes
        stream.write(b"x")
    line = ["--db", stage.path, "--today", stage.day, "attach", ref, os.fsdecode(file)]
    assert "name" in process(*line).badly(2).err


def test_same_file_again_is_unchanged(stage: Stage, cli: Cli, ref: Ref, paper: Path) -> None:
    """With another kind or mark it is a new line, and the last one holds."""
    cli("attach", ref, paper).well()
    assert cli("attach", ref, paper, json=True).well().json["outcome"] == "unchanged"
    cli("attach", ref, paper, "--public", "--kind", "signed").well()
    (kept,) = cli("show", ref, "--attachments", json=True).well().json
    assert (kept["kind"], kept["public"], kept["n"]) == ("signed", True, 3)
    assert len(stage.raw(ref)) == 3


def test_retry_under_a_key_attaches_once(stage: Stage, cli: Cli, ref: Ref, paper: Path) -> None:
    """Also of several files."""
    other = paper.with_name("b.txt")
    other.write_text("b")
    for files in ([paper], [paper, other]):
        line = ["attach", ref, *files, "--public", "--idempotency-key", f"k{len(files)}"]
        cli(*line).well()
        lines = len(stage.raw(ref))
        cli(*line).well()
        assert len(stage.raw(ref)) == lines


def test_dry_run_stores_nothing(stage: Stage, cli: Cli, ref: Ref, paper: Path) -> None:
    """And answers as it would be."""
    assert "attached" in cli("attach", ref, paper, "--dry-run").well().out
    assert len(stage.raw(ref)) == 1


def test_file_as_large_as_the_policy_lets_it_be(
    stage: Stage, cli: Cli, ref: Ref, tmp_path: Path
) -> None:
    """Ten megabytes go in and come out; a byte more does not go in."""
    body = os.urandom(MEGABYTE) * 10
    file, copy = tmp_path / "plan.pdf", tmp_path / "copy.pdf"
    file.write_bytes(body)
    n = cli("attach", ref, file, json=True).well().json["n"]
    cli("show", ref, "--attachment", n, "-o", copy).well()
    assert copy.read_bytes() == body
    assert stage.verify() == []
    file.write_bytes(body + b"x")
    assert "larger than 10 MB" in cli("attach", ref, file).badly(2).err
    os.truncate(file, 50 * 1024 * MEGABYTE)
    (error,) = cli("attach", ref, file, json=True).badly(2).errors
    assert error["code"] == "too_long"


@contextmanager
def pipe(path: Path, endless: str) -> Iterator[None]:
    """Feed a pipe of this name by a process, until nobody reads any more."""
    os.mkfifo(path)
    script = f"import sys\nwith open({str(path)!r}, 'wb', 0) as out:\n    {endless}"
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL) as feeder:
        yield
        feeder.wait()


def test_no_more_is_read_than_the_policy_takes(cli: Cli, ref: Ref, tmp_path: Path) -> None:
    """What grows beyond the limit while it is read is left there: a pipe without end, here."""
    file = tmp_path / "log.txt"
    with pipe(file, "while True: out.write(b'x' * 65536)"):
        assert "larger than 10 MB" in cli("attach", ref, file).badly(2).err


def test_what_a_process_writes_is_attached_whole(cli: Cli, ref: Ref, tmp_path: Path) -> None:
    """A pipe gives its bytes bit by bit."""
    file = tmp_path / "log.txt"
    with pipe(file, "[out.write(b'x' * 1000) for _ in range(700)]"):
        assert cli("attach", ref, file, json=True).well().json["attachment"]["size"] == 700_000


def test_policys_limits_hold(staged: Staging, tmp_path: Path) -> None:
    """How many, how large and of which kind of file is the program's own to say."""
    limits = {"largest_mb": 1, "at_most": 2, "endings": [".txt"]}
    stage = staged(policy_file({"attachments": limits}))
    ref = stage.propose()
    line = ["--db", stage.path, "--today", stage.day, "--json", "attach", ref]
    files = [tmp_path / f"{n}.txt" for n in range(3)]
    for n, file in enumerate(files):
        file.write_text(f"{n}")
    (error,) = process(*line, *files).badly(2).errors
    assert (error["code"], len(stage.raw(ref))) == ("too_many", 1)
    process(*line, *files[:2]).well()
    files[2].write_bytes(b"x" * (MEGABYTE + 1))
    assert process(*line, files[2]).badly(2).errors[0]["code"] == "too_long"
    assert process(*line, Path(__file__)).badly(2).errors[0]["allowed"] == [".txt"]


def test_file_that_is_there_is_not_written_over(
    stage: Stage, cli: Cli, ref: Ref, paper: Path
) -> None:
    """Unless it is said, or a terminal answers yes."""
    n = cli("attach", ref, paper, json=True).well().json["n"]
    paper.write_bytes(b"mine")
    line = ["show", ref, "--attachment", n, "-o", paper]
    assert "--yes" in cli(*line).badly(2).err
    everywhere = ["--db", stage.path, "--today", stage.day]
    assert "Nothing was written" in on_terminal(*everywhere, *line, typed=["n"]).well().out
    assert paper.read_bytes() == b"mine"
    cli(*line, "--yes").well()
    assert paper.read_bytes() == PDF


def test_file_goes_to_a_pipe_but_to_no_terminal(
    stage: Stage, cli: Cli, ref: Ref, tmp_path: Path
) -> None:
    """Bytes that would act on a terminal are for a file or another program."""
    body = b"\x1b[2J\xff\x00\r\n"
    file = tmp_path / "x.txt"
    file.write_bytes(body)
    n = cli("attach", ref, file, json=True).well().json["n"]
    line = ["--db", stage.path, "--today", stage.day, "show", ref, "--attachment", n, "-o", "-"]
    done = subprocess.run(
        [sys.executable, "-m", "cli", *map(str, line)], capture_output=True, check=True
    )
    assert done.stdout == body
    ran = on_terminal(*line)
    assert (ran.code, "\x1b[2J" in ran.out) == (2, False)


@pytest.mark.parametrize(
    "words",
    [
        ["--attachment", "1", "-o", "x.pdf"],
        ["--attachment", "2"],
        ["--attachment", "2", "-o", "x.pdf", "--format", "json"],
        ["--attachment", "2", "--attachments"],
        ["--attachments", "--document"],
        ["--attachments", "--records"],
    ],
    ids=" ".join,
)
def test_what_can_not_be_shown_is_told(cli: Cli, ref: Ref, paper: Path, words: list[str]) -> None:
    """A line without a file, no place for it to go to, or two answers at once."""
    cli("attach", ref, paper).well()
    cli("show", ref, *words).badly(2)


def test_file_can_not_be_written_where_there_is_no_room(
    cli: Cli, ref: Ref, paper: Path, tmp_path: Path
) -> None:
    """A folder that is not there, a full device: exit 3, with the reason."""
    n = cli("attach", ref, paper, json=True).well().json["n"]
    cli("show", ref, "--attachment", n, "-o", tmp_path / "no" / "x.pdf").badly(3)
    cli("show", ref, "--attachment", n, "-o", "/dev/full").badly(3)


def test_step_finds_what_it_brings(staged: Staging, tmp_path: Path) -> None:
    """A body that is shown by its resolution gets it in the same step, on the line before."""
    body = {"name": "City Council", "resolution": True}
    stage = staged(policy_file({"bodies": [body]}))
    ref = stage.reach(State.NEGOTIATION)
    file = tmp_path / "EX12-3.pdf"
    file.write_bytes(PDF)
    line = ["--db", stage.path, "--as", DORA, "--today", stage.day, "--json"]
    act = ["advance", ref, "sign", "--on-behalf-of", "City Council", "--item", "EX12.3"]
    refused = process(*line, *act).badly(1).json
    assert [u["code"] for u in refused["unmet"]] == ["resolution.missing"]
    receipt = process(*line, *act, "--attach", file).well().json
    assert (receipt["to"], receipt["attached"][0]["kind"]) == ("signed", "resolution")
    assert [e.event for e in stage.entries(ref)[-2:]] == [Event.ATTACHED, Event.TRANSITIONED]
    assert stage.verify() == []


@pytest.mark.parametrize(
    ("trigger", "state", "kind"),
    [("sign", State.NEGOTIATION, "signed"), ("terminate", State.ACTIVE, "evidence")],
)
def test_file_of_a_step_is_what_the_step_makes_of_it(  # noqa: PLR0913, PLR0917 - fixtures
    stage: Stage, cli: Cli, paper: Path, trigger: str, state: State, kind: str
) -> None:
    """The signed paper with sign, else evidence."""
    ref = stage.reach(state)
    line = ["advance", ref, trigger, "-m", "Needs changed", "--yes", "--attach", paper]
    ran = cli(*line, actor=DORA).well()
    assert f"Attached: Agreement.pdf ({kind}, line " in ran.err
    assert attached(cli, ref) == [(kind, "Agreement.pdf")]


def test_refused_step_attaches_nothing(stage: Stage, cli: Cli, paper: Path) -> None:
    """Its refusal is on the log, with the reasons and the trigger that it was refused for."""
    ref = stage.reach(State.DECISION)
    before = len(stage.raw(ref))
    line = ["advance", ref, "accept", "--attach", paper]
    receipt = cli(*line, actor=DORA, json=True).badly(1).json
    last = stage.last(ref)
    assert (last.n, last.trigger, last.outcome) == (before + 1, "accept", Outcome.REFUSED)
    assert receipt["unmet"][0]["code"] in {g.code for g in last.guards}
    assert receipt["attached"] == attached(cli, ref) == []
    assert stage.verify() == []


def test_file_that_was_attached_before_is_not_attached_again(
    stage: Stage, cli: Cli, paper: Path
) -> None:
    """A step that brings it once more goes on as it is."""
    ref = stage.reach(State.NEGOTIATION)
    cli("attach", ref, paper, "--kind", "signed").well()
    ran = cli("advance", ref, "sign", "--attach", paper, actor=DORA).well()
    assert "Attached before: Agreement.pdf (signed)" in ran.err
    assert stage.standing(ref).state is State.SIGNED


@pytest.mark.parametrize(
    "change",
    ["SET body = x'00'", None, "SET body = CAST('' AS BLOB)"],
    ids=["other", "gone", "empty"],
)
def test_damaged_file_is_found(
    stage: Stage, cli: Cli, ref: Ref, paper: Path, change: str | None
) -> None:
    """Checking the database reads every attached file, and finds one that is not what it was."""
    n = cli("attach", ref, paper, json=True).well().json["n"]
    stage.tamper(
        "DROP TRIGGER attachment_no_update",
        "DROP TRIGGER attachment_no_delete",
        f"UPDATE attachment {change}" if change else "DELETE FROM attachment",
    )
    (finding,) = stage.verify()
    assert (finding.code, finding.n, finding.stream) == ("attachment.damaged", n, str(ref))
    assert "Agreement.pdf" in cli("db", "check").badly(1).out
    cli("show", ref, "--attachment", n, "-o", paper, "--yes").badly(3)
    assert paper.read_bytes() == PDF


def test_who_may_not_attach_is_refused(stage: Stage, cli: Cli, paper: Path) -> None:
    """Once roles are granted, an auditor reads: neither the file nor the step goes in."""
    ref = stage.reach(State.NEGOTIATION)
    given = RoleChange("carl", Role.AUDITOR, granted=True)
    stage.do(lambda u, o: appoint(u, o, given), actor="adam")
    for line in (["attach", ref, paper], ["advance", ref, "sign", "--attach", paper]):
        receipt = cli(*line, actor="carl", json=True).badly(1).json
        assert [u["code"] for u in receipt["unmet"]] == ["role.missing"]
    assert attached(cli, ref) == []
