"""`lifecycle import`: what a city's file brings in, what it is told, and how it ends."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders import SAMPLES
from tests.cli.conftest import Cli

HEADING = "partner,country,type,signed,status,source\n"
MILAN = "Milan,Italy,partnership,2003,active,City Clerk\n"
TORONTO = SAMPLES / "toronto.csv"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with one good row."""
    return written(tmp_path, HEADING + MILAN)


def written(folder: Path, text: str | bytes, name: str = "cities.csv") -> Path:
    """Return a file with this text."""
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def receipt(cli: Cli, file: Path, *options: str, code: int = 0) -> Any:  # noqa: ANN401
    """Return the JSON receipt of an import."""
    ran = cli("import", file, *options, json=True)
    assert ran.code == code, ran.out + ran.err
    return ran.json


def test_torontos_portfolio_comes_in_with_its_gaps_told(cli: Cli) -> None:
    """Eleven rows are taken, ten of them counted of a cap of ten; nine say what they lack."""
    told = receipt(cli, TORONTO, code=1)
    assert (told["rows"], told["taken"], told["unchanged"]) == (20, 11, 0)
    assert (told["counted"], told["cap"]) == (10, 10)
    assert told["refs"] == [f"TOR-2026-{number:03}" for number in range(1, 12)]
    assert len(told["refused"]) == 9
    assert told["refused"][0] == {
        "row": 13,
        "column": "type",
        "code": "missing",
        "message": "no type is stated",
        "suggestion": "one of the policy's types: partnership, friendship, mou",
        "partner": "Austin",
        "source": "City of Toronto news releases 2013-09-30 and 2013-10-08 (wx.toronto.ca)",
        "further": [],
    }


def test_people_read_which_rows_lack_what_and_what_to_do(cli: Cli) -> None:
    """Rows that lack the same stand together, with their source; each advice stands once."""
    ran = cli("import", TORONTO).badly(1)
    assert "11 taken over" in ran.out
    assert "rows 17 to 21, Amsterdam, Wuxi, New York City" in ran.out
    assert "source: en.wikipedia (Historical Agreements)" in ran.out
    assert ran.out.count("a year is enough") == 1
    assert ran.out.count("the policy's types: partnership, friendship, mou") == 1
    assert max(map(len, ran.out.splitlines())) <= 80


def test_second_import_changes_nothing(cli: Cli, file: Path) -> None:
    """The rows are unchanged, and so is the log."""
    (ref,) = receipt(cli, file)["refs"]
    before = cli("log", "show", ref, json=True).out
    again = receipt(cli, file)
    assert (again["taken"], again["unchanged"], again["refs"]) == (0, 1, [])
    assert cli("log", "show", ref, json=True).out == before
    cli("log", "replay").well()


def test_dry_run_says_the_same_and_stores_nothing(cli: Cli, file: Path) -> None:
    """The plan has the receipt of the deed."""
    planned = receipt(cli, file, "--dry-run")
    assert cli("list", json=True).json == []
    done = receipt(cli, file)
    assert planned == {**done, "dry_run": True}


def test_dry_run_of_a_file_with_gaps_ends_as_the_deed_would(cli: Cli) -> None:
    """Refused rows make it 1, stored or not."""
    assert receipt(cli, TORONTO, "--dry-run", code=1)["taken"] == 11
    assert "nothing was stored" in cli("import", TORONTO, "--dry-run").badly(1).out


def test_corrected_file_brings_in_the_rest(cli: Cli, tmp_path: Path) -> None:
    """What was taken stays as it is; the row that was put right is taken."""
    receipt(cli, written(tmp_path, f"{HEADING}{MILAN}Rome,IT,,2003,active,\n"), code=1)
    told = receipt(cli, written(tmp_path, f"{HEADING}{MILAN}Rome,IT,mou,2003,active,\n"))
    assert (told["taken"], told["unchanged"]) == (1, 1)


def test_what_is_taken_over_stands_in_the_list(cli: Cli, file: Path) -> None:
    """It is in its real state, with a juncture, flagged for good."""
    receipt(cli, file)
    (row,) = cli("list", json=True).json
    assert (row["partner"], row["country"], row["state"]) == ("Milan", "IT", "active")
    assert (row["taken_over"], row["due_rule"]) == (True, "review_due")


def test_standard_input_is_a_file_too(cli: Cli) -> None:
    """`-` reads what is piped in; rows without a source name it."""
    ran = cli("import", "-", stdin=f"{HEADING}Milan,IT,partnership,2003,active,\n").well()
    assert "standard input: 1 row, 1 taken over" in ran.out
    assert "standard input, row 2" in cli("show", "Milan", "--document").out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty"),
        (HEADING, "no row below the heading"),
        ("partner;country\nMilan;IT\n", "semicolons"),
        ("town,land\nMilan,IT\n", "no column says the partner"),
        (f"{HEADING}M\0ilan,IT\n", "NUL"),
        ((HEADING + MILAN).encode("utf-16"), "UTF-16"),
        (HEADING.encode() + b"K\xf6ln,DE,,,,\n", "not UTF-8"),
        (f'{HEADING}"Milan,IT\n', "not CSV"),
    ],
)
def test_file_that_is_no_table_changes_nothing(
    cli: Cli, tmp_path: Path, text: str | bytes, told: str
) -> None:
    """The exit code is 2, the message says why, and nothing is taken."""
    file = written(tmp_path, text)
    assert told in " ".join(cli("import", file).badly(2).err.split())
    assert cli("list", json=True).json == []


def test_errors_of_a_file_come_as_json(cli: Cli, tmp_path: Path) -> None:
    """File and line are keys of their own."""
    file = written(tmp_path, HEADING.encode() + b"K\xf6ln,DE,,,,\n")
    (error,) = cli("import", file, json=True).badly(2).errors
    assert (error["code"], error["file"], error["line"]) == ("not_utf8", str(file), 2)


def test_file_that_is_not_there_is_bad_input(cli: Cli, tmp_path: Path) -> None:
    """So is a folder in its place."""
    assert "No such file" in cli("import", tmp_path / "nowhere.csv").badly(2).err
    assert "directory" in cli("import", tmp_path).badly(2).err


def test_version_to_expect_is_wrong_usage(cli: Cli, file: Path) -> None:
    """A file of agreements has no version."""
    assert "no version" in cli("import", file, "--expect-version", "3").badly(2).err


def test_portfolio_over_its_cap_is_taken_over_and_told(cli: Cli, tmp_path: Path) -> None:
    """Twelve hold ten places; only new activations are refused."""
    rows = "".join(f"Town {n},IT,partnership,{1990 + n},active,\n" for n in range(12))
    ran = cli("import", written(tmp_path, HEADING + rows)).well()
    assert "12 agreements hold a place of the 10 under the cap: 2 too many" in ran.out


def test_columns_that_are_not_used_are_named(cli: Cli, tmp_path: Path) -> None:
    """Nobody believes that they were read."""
    text = "partner,country,type,signed,status,population\nMilan,IT,mou,2003,active,1400000\n"
    file = written(tmp_path, text)
    assert receipt(cli, file, "--dry-run")["columns_not_used"] == ["population"]
    assert "Columns not used: population." in cli("import", file).well().out


def test_long_list_of_refused_rows_is_told_by_its_reasons(cli: Cli, tmp_path: Path) -> None:
    """Each with its count and a few rows; JSON has them all."""
    rows = "".join(f"Town {n},IT,x{n},2003,active,\n" for n in range(60))
    file = written(tmp_path, f"{HEADING}{rows},Italy,mou,,active,\n")
    out = cli("import", file).badly(1).out
    assert "     60  type: the policy has no such type" in out
    assert "row 2 Town 0, row 3 Town 1, row 4 Town 2, row 5 Town 3 and 56 more" in out
    assert "      1  partner: it is missing" in out
    assert "... and 48 more; --json tells all of them" in out
    assert "--rejects FILE.xlsx" in out
    assert len(out.splitlines()) < 40
    assert len(receipt(cli, file, code=1)["refused"]) == 61


def test_endless_name_is_cut_where_people_read_it(cli: Cli, tmp_path: Path) -> None:
    """JSON has it whole."""
    name = "Town" * 100
    file = written(tmp_path, f"{HEADING}{name},Itlay,mou,2003,active,\n")
    out = cli("import", file).badly(1).out
    assert "TownTown" in out
    assert "Town" * 20 not in out
    assert receipt(cli, file, code=1)["refused"][0]["partner"] == name


def test_text_of_a_file_can_not_act_on_the_terminal(cli: Cli, tmp_path: Path) -> None:
    """Control characters of a refused row are written out."""
    ran = cli("import", written(tmp_path, f"{HEADING}\x1b[31mMilan,IT,mou,2003,active,\n")).badly(1)
    assert "\x1b" not in ran.out
    assert "\\u001b" in ran.out
