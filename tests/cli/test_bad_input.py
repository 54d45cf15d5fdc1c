"""What must hold of bad input: a clear message, the right exit code, nothing changed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from states.ref import Ref
from states.vocabulary import State
from tests.builders import SAMPLES
from tests.cli.conftest import Cli
from tests.cli.running import Ran, run
from tests.stage import Stage

SAMPLE = (SAMPLES / "agreement.toml").read_text()
KEYS = {"code", "message", "file", "line", "key", "allowed", "hint"}
TOO_MUCH = "x" * 10 * 2**20


@pytest.fixture
def unchanged(stage: Stage) -> Iterator[None]:
    """Hold that the database has the same contents when the test ends."""
    before = contents(stage)
    yield
    assert contents(stage) == before


def contents(stage: Stage) -> list[str]:
    """Return everything that a database holds, as SQL."""
    with closing(sqlite3.connect(stage.path)) as connection:
        return list(connection.iterdump())


def told(ran: Ran) -> list[dict[str, object]]:
    """Return the errors of a run that ended with 2; each has every key of the contract."""
    errors = ran.badly(2).errors
    assert all(set(error) == KEYS for error in errors)
    return errors


BROKEN = {
    "no value": ("title = ", "title"),
    "open text": ('title = "half', "title"),
    "impossible date": ("start = 2027-02-30", "start = 2027-01-01"),
    "twice": ('title = "a"\ntitle = "b"', "title = "),
    "nested": ("goals = " + "[" * 5000, "goals = "),
    "nul": ("title = 'a\x00b'", "title = "),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("command", ["propose", "apply"])
def test_broken_toml_is_told_with_its_line(
    cli: Cli, tmp_path: Path, command: str, name: str
) -> None:
    """A syntax error names file and line."""
    bad, old = BROKEN[name]
    lines = [bad if line.startswith(old) else line for line in SAMPLE.splitlines()]
    file = tmp_path / "broken.toml"
    file.write_text("\n".join(lines))
    [error] = told(cli(command, file, json=True))
    assert error["file"] == str(file)
    assert error["line"] or name == "nested"


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("bad", "key", "code"),
    [
        ("titel = 'x'", "titel", "unknown_key"),
        ("goals = 'one'", "goals", "wrong_type"),
        ("received = 2026-01-01T00:00:00", "received", "wrong_type"),
        ("received = 0001-01-01", "received", "out_of_range"),
        ("origin = 'mars'", "origin", "not_allowed"),
        ("title = 'a\\u001b[31mb'", "title", "control_character"),
        ('title = "a\\u001b[31mb"', "title", "control_character"),
        (f"title = '{'x' * 301}'", "title", "too_long"),
        ("[[projects]]\nend = 'soon'", "projects[0].end", "wrong_type"),
        (
            "[[parties]]\nside = 'home'\nname = 'a'\ncountry = 'Canada'",
            "parties[0].country",
            "not_a_code",
        ),
        (
            "[[projects]]\n[[projects.resources]]\namount = nan",
            "projects[0].resources[0].amount",
            "out_of_range",
        ),
        (
            "[[projects]]\n[[projects.resources]]\namount = 1e400",
            "projects[0].resources[0].amount",
            "out_of_range",
        ),
    ],
)
def test_what_the_schema_does_not_know_is_told_with_its_key(
    cli: Cli, bad: str, key: str, code: str
) -> None:
    """Unknown keys, wrong types, impossible values: file, key path and what is allowed."""
    head = ["type = 'partnership'"] + (["title = 'T'"] if not bad.startswith("title") else [])
    if "a\\u001b[31mb'" in bad:
        bad = 'title = "a\\u001bb"'
    errors = told(cli("propose", "-", stdin="\n".join([*head, bad]) + "\n", json=True))
    assert (key, code) in {(error["key"], error["code"]) for error in errors}
    assert all(error["file"] == "standard input" for error in errors)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("text", [f"title = '{TOO_MUCH}'\n", TOO_MUCH, f"# {TOO_MUCH}"])
def test_a_title_of_ten_megabytes_is_refused_in_a_few_words(cli: Cli, text: str) -> None:
    """The message is short, whatever the input was."""
    ran = cli("propose", "-", stdin=f"type = 'partnership'\n{text}", json=True)
    assert told(ran)[0]["code"] == "too_long"
    assert len(ran.out) < 1000


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("data", [b"\xff\xfe", b"title = '\xff'\n", "title = 'x'".encode("utf-16")])
def test_a_file_that_is_no_utf_8_is_told(cli: Cli, data: bytes) -> None:
    """Another encoding is named as such, with the line."""
    assert told(cli("apply", "-", stdin=data, json=True))[0]["code"] == "not_utf8"


def test_a_term_of_five_years_and_a_day_is_refused_at_signing(stage: Stage, cli: Cli) -> None:
    """Five years may be signed; a day more is refused with the last day that is possible."""
    ref = stage.reach(State.NEGOTIATION)
    document = cli("show", ref, "--document").well().out
    for end, allowed in (("2031-12-31", True), ("2032-01-01", False)):
        version = stage.standing(ref).version
        text = document.replace("2029-12-31", end, 1).replace("version = 3", f"version = {version}")
        cli("apply", "-", stdin=text).well()
        [step] = cli("check", ref, "sign", json=True, actor="dora").json
        assert step["allowed"] is allowed
    ran = cli("advance", ref, "sign", actor="dora", json=True).badly(1)
    [unmet] = [one for one in ran.json["unmet"] if one["severity"] == "block"]
    assert unmet["code"] == "term.too_long"
    assert "2031-12-31" in unmet["fix"]
    assert stage.standing(ref).state is State.NEGOTIATION


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "line",
    [
        ["show", "TOR-2026-404"],
        ["check", "TOR-2026-404"],
        ["diff", "TOR-2026-404"],
        ["log", "TOR-2026-404"],
        ["log", "why", "TOR-2026-404"],
        ["edit", "TOR-2026-404"],
        ["advance", "TOR-2026-404", "submit"],
        ["score", "TOR-2026-404"],
        ["evaluate", "TOR-2026-404"],
        ["record", "TOR-2026-404", "note", "text=x"],
    ],
)
def test_an_unknown_reference_is_told_by_every_command(cli: Cli, line: list[str]) -> None:
    """Exit 2, code unknown_ref, and how to see those that there are."""
    [error] = told(cli(*line, json=True))
    assert error["code"] == "unknown_ref"
    assert error["hint"]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "line",
    [
        ["show"],
        ["show", "TOR-2026-001", "--colour"],
        ["advance", "TOR-2026-001"],
        ["advance", "TOR-2026-001", "submit", "now"],
        ["advance", "TOR-2026-001", "submit", "--expect-version", "one"],
        ["advance", "TOR-2026-001", "submit", "-m", "a\x1b[2Jb"],
        ["advance", "TOR-2026-001", "submit", "-m", "x" * 20_001],
        ["advance", "TOR-2026-001", "submit", "--idempotency-key", ""],
        ["completion", "tcsh"],
        ["log", "why"],
        ["--db"],
        ["--nonsense", "list"],
    ],
)
def test_wrong_usage_is_told_in_json_as_well(cli: Cli, line: list[str]) -> None:
    """Exit 2 with the same shape as any other bad input."""
    assert told(cli(*line, json=True))[0]["code"] == "usage"
    assert "error: " in cli(*line).badly(2).err


def test_what_is_stored_can_not_act_on_the_terminal(stage: Stage, ref: Ref) -> None:
    """Text that came in behind the product's back is shown written out, everywhere."""
    stage.tamper("UPDATE agreement SET title = 'a' || char(27) || '[2Jb', partner = char(155)")
    for line in (["list"], ["show", ref], ["check", ref], ["show", "TOR-2026-0"]):
        out = run("--db", stage.path, *line).well().out
        assert not {"\x1b", "\x9b"} & set(out)
    error = run("--db", stage.path, "show", "a\u202eb").badly(2).err
    assert "\u202e" not in error
