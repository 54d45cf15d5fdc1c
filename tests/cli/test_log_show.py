"""`lifecycle log show`: finding lines by who, what and when, samples, pages, and seals."""

import csv
import io
import json
from hashlib import sha256
from pathlib import Path

import pytest

from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal, process
from tests.stage import NEXT_TERM, Stage


def numbers(cli: Cli, *line: object) -> list[tuple[str | None, int]]:
    """Return the stream and n of each line that is shown."""
    shown = cli("log", "show", *line, json=True).well().out.splitlines()
    return [(entry["agreement"], entry["n"]) for entry in map(json.loads, shown)]


@pytest.fixture
def waived(stage: Stage) -> Ref:
    """Return an agreement that was signed on a waiver, after an attempt without one."""
    ref = stage.reach(State.NEGOTIATION, complete_agreement(renewal_guidelines=""))
    stage.advance(ref, Trigger.SIGN)
    stage.waive(ref, "guidelines_stated:renewal.missing", Trigger.SIGN, actor="erin")
    assert not stage.advance(ref, Trigger.SIGN).refused
    return ref


def test_all_is_every_stream_byte_for_byte(stage: Stage, cli: Cli) -> None:
    """The program's own lines first, then each agreement's; nothing is added to the bytes."""
    refs = [stage.reach(State.ACTIVE), stage.reach(State.DECISION)]
    ran = cli("log", "--all", json=True).well()
    assert ran.out.encode().splitlines() == [
        line for ref in (None, *refs) for line in stage.raw(ref)
    ]


def test_programs_code_is_its_own_stream(cli: Cli, ref: Ref) -> None:
    """As the log shows it without REF, whatever case it is written in."""
    assert cli("log", "show", "tor", json=True).well().out == cli("log", json=True).well().out
    assert str(ref) not in cli("log", "show", "TOR").well().out


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (["--actor", "Dora"], [4, 5, 7]),
        (["--actor", "erin", "--actor", "DORA"], [4, 5, 6, 7]),
        (["--trigger", "sign"], [5, 7]),
        (["--trigger", "sign", "--refused"], [5]),
        (["--refused"], [5]),
        (["--outcome", "refused"], [5]),
        (["--waivers"], [6, 7]),
        (["--event", "scored", "--event", "created"], [1, 3]),
        (["--state", "signed"], [7]),
        (["--state", "decision"], [2, 3, 4]),
    ],
)
def test_filters_take_what_they_name(
    stage: Stage, cli: Cli, waived: Ref, line: list[str], found: list[int]
) -> None:
    """Refused attempts and waivers each by one word; the lines stay byte for byte."""
    lines = stage.raw(waived)
    assert numbers(cli, waived, *line) == [(str(waived), n) for n in found]
    shown = cli("log", "show", waived, *line, json=True).out.encode().splitlines()
    assert shown == [lines[n - 1] for n in found]


def test_days_are_those_of_the_program(stage: Stage, cli: Cli) -> None:
    """From --since to --until, both included; late in the evening is that day still."""
    stage.hour = 3
    ref = stage.propose()
    stage.hour = 15
    stage.advance(ref, Trigger.SUBMIT)
    assert [n for _ref, n in numbers(cli, ref, "--until", "2026-08-31")] == [1]
    assert [n for _ref, n in numbers(cli, ref, "--since", "2026-09-01")] == [2]
    both = ("--since", "2026-09-01", "--until", "2026-09-01")
    assert [n for _ref, n in numbers(cli, ref, *both)] == [2]
    assert "no such entry" in cli("log", ref, "--since", "2026-09-02").well().out


def test_sample_can_be_drawn_again_without_the_program(stage: Stage, cli: Cli) -> None:
    """The lines whose SHA-256 over seed, line feed and line comes first; no two seeds alike."""
    stage.along(NEXT_TERM)
    lines = cli("log", "--all", json=True).well().out.splitlines()
    by_hand = sorted(lines, key=lambda one: sha256(f"2026\n{one}".encode()).digest())[:4]
    drawn = cli("log", "--all", "--sample", 4, "--seed", "2026", json=True).well().out.splitlines()
    assert sorted(drawn) == sorted(by_hand)
    assert drawn == [line for line in lines if line in drawn]
    again = cli("log", "--all", "--sample", 4, "--seed", "2027", json=True).well().out
    assert again.splitlines() != drawn
    some = numbers(cli, "--all", "--event", "transitioned", "--sample", 2, "--seed", "a")
    assert len(some) == 2


def test_people_see_what_was_refused_and_what_stood_on_a_waiver(
    cli: Cli, waived: Ref, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mark beside each, what it means below, and the waived condition."""
    text = cli("log", "--all").well().out
    marked = {line.split()[1]: line.split()[2] for line in text.splitlines() if str(waived) in line}
    assert (marked["5"], marked["6"], marked["7"]) == ("✗", "~", "~")
    assert marked["4"].startswith("2026-")
    assert "✗ refused" in text
    assert "~ a condition was waived" in text
    assert text.splitlines()[1].startswith("TOR  ")
    assert max(map(len, text.splitlines())) <= 80
    monkeypatch.setenv("COLUMNS", "200")
    assert "guidelines_stated:renewal.missing waived" in cli("log", waived).well().out


def test_csv_says_which_stream_a_row_is_of(stage: Stage, cli: Cli, ref: Ref) -> None:
    """One heading, every stream below it."""
    rows = list(csv.DictReader(io.StringIO(cli("log", "--all", "--format", "csv").well().out)))
    assert [row["agreement"] for row in rows] == [*[""] * len(stage.raw(None)), str(ref)]


def test_long_log_comes_in_batches_that_nobody_sees(
    stage: Stage, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines and rows are the same however many are handed on at once."""
    ref = stage.along(NEXT_TERM)
    wanted = [cli("log", ref, *form).well().out for form in (["--json"], ["--format", "csv"])]
    texts = cli("log", ref, "--with-text", "--json").well().out
    monkeypatch.setattr("cli.runs.log_show._BATCH", 3)
    found = [cli("log", ref, *form).well().out for form in (["--json"], ["--format", "csv"])]
    assert found == wanted
    assert cli("log", ref, "--with-text", "--json").well().out == texts
    assert cli("log", ref).well().out.count("RECORDED") > 1


def test_line_comes_with_its_leaf_and_its_first_seal(stage: Stage, cli: Cli, ref: Ref) -> None:
    """Null while there is none; leaves count from 0."""
    stage.advance(ref, Trigger.SUBMIT)
    stage.tamper(
        f"INSERT INTO leaf (program_id, leaf, stream, n) VALUES (1, 0, {ref.key}, 1)",  # noqa: S608
        "INSERT INTO seal (program_id, size, root, peaks, sealed_at, note)"
        " VALUES (1, 1, '', '', '2026-09-02T01:00:00Z', '')",
    )
    shown = map(json.loads, cli("log", ref, "--with-text", json=True).well().out.splitlines())
    assert [(one["leaf"], one["sealed_at"]) for one in shown] == [
        (0, "2026-09-02T01:00:00Z"),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["--event", "signed"], "there is no event 'signed'; there are created,"),
        (["--trigger", "signs"], "there is no trigger"),
        (["--state", "asleep"], "there is no state"),
        (["--sample", "3"], "belong together"),
        (["--seed", "3"], "belong together"),
        (["--since", "2027-01-02", "--until", "2027-01-01"], "lies after"),
        (["--refused", "--outcome", "ok"], "exclude each other"),
        (["TOR-2026-001", "--all"], "leave REF out"),
        (["--format", "toml"], "it has table, json, csv"),
    ],
)
def test_filter_that_can_mean_nothing_is_wrong_usage(cli: Cli, line: list[str], told: str) -> None:
    """Exit 2, and what would be right."""
    assert told in " ".join(cli("log", *line).badly(2).err.split())


def paged(stage: Stage, *line: object) -> list[str]:
    """Return what a terminal shows whose pager marks each line."""
    ran = on_terminal("--db", stage.path, "log", *line, env={"PAGER": "sed s/^/|/", "LINES": "12"})
    return ran.well().out.splitlines()


def test_pager_shows_what_is_longer_than_the_screen(stage: Stage, tmp_path: Path) -> None:
    """On a terminal, and only there; never what fits, a file, or what machines read."""
    short, long = stage.propose(), stage.along(NEXT_TERM)
    assert all(line.startswith("|") for line in paged(stage, long))
    assert "sunset" not in "".join(paged(stage, long))
    assert not any(line.startswith("|") for line in paged(stage, short))
    assert not any(line.startswith("|") for line in paged(stage, long, "--json"))
    assert paged(stage, long, "-o", tmp_path / "log.txt") == []
    assert (tmp_path / "log.txt").read_text().count("\n") > 12
    piped = process("--db", stage.path, "log", long, env={"PAGER": "sed s/^/|/"})
    assert "|" not in piped.well().out
