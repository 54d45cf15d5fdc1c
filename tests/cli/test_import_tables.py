"""`lifecycle import` with the spreadsheets of the world: explained, asked about, sent back."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders import ROOT
from tests.cli.conftest import Cli
from tests.cli.running import on_terminal
from tests.cli.test_import import HEADING, MILAN, receipt, written
from tests.stage import Stage
from tests.store.tabular.books import HEADER, OLE, book
from tests.store.tabular.books import MILAN as ROW

DATED, PAIRS = ROOT / "tests" / "data" / "dated.csv", ROOT / "tests" / "data" / "pairs.csv"
NAMED = ("--map", "type=type_as_stated", "--map", "status=status_as_stated")
WORDS = (
    *("--types", "sister city=friendship"),
    *("--states", "listed=active", "--states", "revoked 2018=evaluation"),
)
CITIES = (
    *("--map", "home=city1", "--map", "home_country=country1"),
    *("--map", "partner=city2", "--map", "country=country2"),
    *("--set", "type=friendship", "--set", "status=active", "--set", "signed=unknown"),
)
KYIV = f"{HEADING}Kyiv,UA,friendship,1991,active,\n"
KIEV = f"{HEADING}Kiev,UA,mou,2001,active,\n"


def test_words_of_a_file_are_told_once_with_the_option_that_explains_them(cli: Cli) -> None:
    """Unknown types and states with their rows; nothing is guessed and nothing taken (R32)."""
    ran = cli("import", DATED, *NAMED).badly(1)
    assert '     24  --types "sister city=TYPE"' in ran.out
    assert '     23  --states "listed=STATE"' in ran.out
    assert "TYPE: partnership, friendship, mou." in ran.out
    told = receipt(cli, DATED, *NAMED, code=1)
    assert [(one["field"], one["words"], one["rows"]) for one in told["words"]] == [
        ("type", "sister city", 24),
        ("status", "listed", 23),
        ("status", "revoked 2018", 1),
    ]
    assert cli("list", json=True).json == []


def test_rows_of_one_city_are_taken_with_the_files_own_words(cli: Cli) -> None:
    """A file of three cities, free words for types and states, dates of years kept as years."""
    told = receipt(cli, DATED, *NAMED, *WORDS, "--only", "home_city=san francisco")
    assert (told["rows"], told["taken"], told["left_out"]) == (19, 19, 5)
    assert (told["ended"], told["without_term"], told["refused"]) == (1, 18, [])
    osaka = cli("show", "Osaka", json=True).json
    assert (osaka["state"], osaka["signed_on"], osaka["due_rule"]) == (
        "evaluation",
        "1957",
        "decision_due",
    )
    assert osaka["due"] == told["decide_by"]
    assert cli("show", "Krakow", json=True).json["due"] == told["review_by"]


def test_dirty_pairs_say_row_by_row_what_is_wrong(cli: Cli) -> None:
    """Misspelt countries with what was meant, cities that are their own partners, missing ones."""
    told = receipt(cli, PAIRS, *CITIES, code=1)
    assert told["rows"] == told["taken"] + len(told["refused"]) == 113
    codes = {row["code"] for row in told["refused"]}
    assert codes == {"unknown_country", "self_pair", "perhaps_known", "repeated"}
    assert sum(row["code"] == "self_pair" for row in told["refused"]) == 3
    meant = {one["words"]: one["suggestion"] for one in told["words"]}
    assert {meant[word] for word in ("Japa", "Kazakhstah", "Grece", "Madagaskar")} == {
        "Japan",
        "Kazakhstan",
        "Greece",
        "Madagascar",
    }
    assert (meant["in Italy"], meant["Wales"]) == ("Italy", "United Kingdom")
    assert told["date_unknown"] == told["taken"]
    options = [
        word for one in told["words"] for word in one["option"].replace('"', "").split(" ", 1)
    ]
    again = receipt(cli, PAIRS, *CITIES, *options, code=1)
    assert {row["code"] for row in again["refused"]} == codes - {"unknown_country"}
    cli("log", "verify").well()
    cli("db", "check").well()


def test_partner_under_another_name_is_refused_with_the_option_that_answers(
    cli: Cli, tmp_path: Path
) -> None:
    """Where nobody can answer; the answer is kept as an alias, and never asked for again (R3)."""
    receipt(cli, written(tmp_path, KYIV))
    file = written(tmp_path, KIEV)
    told = receipt(cli, file, code=1)
    (question,) = told["questions"]
    assert (question["partner"], question["known"], question["known_by"]) == (
        "Kiev",
        "Kyiv",
        "TOR-2026-001",
    )
    option, answer = question["same"].replace('"', "").split(" ", 1)
    out = " ".join(cli("import", file).badly(1).out.split())
    assert f'the same: {option} "{answer}" another: {option} "Kiev=new"' in out
    (ref,) = receipt(cli, file, option, answer)["refs"]
    assert 'aliases = ["Kiev"]' in cli("show", ref, "--document").out
    assert receipt(cli, file)["unchanged"] == 1


@pytest.mark.parametrize(
    ("typed", "partners"), [("1", ["Kyiv"]), ("2", ["Kiev"]), ("3", []), ("", [])]
)
def test_on_a_terminal_somebody_is_asked(
    stage: Stage, cli: Cli, tmp_path: Path, typed: str, partners: list[str]
) -> None:
    """The same, another one, or neither for now: then the row is refused like any other."""
    receipt(cli, written(tmp_path, KYIV, "first.csv"))
    file = written(tmp_path, KIEV)
    line = ("--db", stage.path, "--as", "anna", "--today", stage.day, "import", file)
    ran = on_terminal(*line, typed=[typed])
    assert "Is Kiev in UA the same partner as Kyiv (TOR-2026-001)?" in ran.out
    assert ran.code == (0 if partners else 1)
    rows = [row["partner"] for row in cli("list", json=True).json if row["type"] == "mou"]
    assert rows == partners


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_refused_rows_are_written_to_be_corrected_and_imported_again(
    cli: Cli, tmp_path: Path, ending: str
) -> None:
    """As they were, with where they stood and why; corrected there, they are taken from there."""
    text = f"{HEADING}{MILAN}=Rome,Itlay,mou,2003,active,\nBari,IT,mou,2004,active,\n,,,,x,\n"
    rejects = tmp_path / f"rejects{ending}"
    told = receipt(cli, written(tmp_path, text), "--rejects", str(rejects), code=1)
    assert (told["taken"], len(told["refused"]), told["rejects"]) == (2, 2, str(rejects))
    assert len(receipt(cli, rejects, code=1)["refused"]) == 2
    if ending == ".csv":
        heading, rome, blank = csv.reader(rejects.read_text().splitlines())
        assert rome[:3] == ["'=Rome", "Itlay", "mou"]
        rejects.write_text(rejects.read_text().replace("Itlay", "Italy").replace("'=Rome", "Rome"))
    else:
        book_ = load_workbook(rejects)
        sheet = book_.worksheets[0]
        heading, rome, blank = ([str(cell.value) for cell in row] for row in sheet.iter_rows())
        assert rome[:3] == ["=Rome", "Itlay", "mou"]
        sheet["A2"], sheet["B2"] = "Rome", "Italy"
        book_.save(rejects)
    assert heading[-3:] == ["refused_in", "refused_row", "refused_because"]
    assert (blank[-3], int(blank[-2])) == ("cities.csv", 5)
    assert "no partner is named" in blank[-1]
    assert receipt(cli, rejects, code=1)["taken"] == 1
    assert "cities.csv, row 3" in cli("show", "Rome", "--document").out


def test_refused_rows_that_can_not_be_written_leave_nothing_taken(cli: Cli, tmp_path: Path) -> None:
    """Who is not given them has not had them refused."""
    file = written(tmp_path, HEADING + MILAN)
    ran = cli("import", file, "--rejects", tmp_path / "no" / "rejects.csv").badly(3)
    assert "nothing was taken over" in ran.err
    assert "no format" in cli("import", file, "--rejects", "rejects.txt").badly(2).err
    assert cli("list", json=True).json == []


def test_refused_rows_never_replace_the_file_that_is_imported(cli: Cli, tmp_path: Path) -> None:
    """It has the other rows too, by whatever path it is named."""
    text = f"{HEADING}{MILAN}Rome,Itlay,mou,2003,active,\n"
    file = written(tmp_path, text)
    named = tmp_path / "again.csv"
    named.symlink_to(file)
    assert "name another one" in cli("import", file, "--rejects", named).badly(2).err
    assert file.read_text() == text
    assert cli("list", json=True).json == []


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_template_explains_each_column_and_can_be_filled_in(
    cli: Cli, tmp_path: Path, ending: str
) -> None:
    """Its remarks are no agreements; a file that is there is not written over."""
    file = tmp_path / f"portfolio{ending}"
    cli("import", "--template", file).well()
    assert "there is no row" not in cli("import", file).out
    row = ["Milan", "Italy", "partnership", "2003", "active"]
    if ending == ".csv":
        with file.open("a") as stream:
            stream.write(",".join(row) + "\n")
    else:
        filled = load_workbook(file)
        filled.worksheets[0].append(row)
        filled.save(file)
    assert receipt(cli, file)["taken"] == 1
    assert "a file of this name" in cli("import", "--template", file).badly(2).err
    printed = cli("import", "--template").well().out
    assert printed.splitlines()[0].startswith("partner,country,type,signed,status,")
    assert "# needed: the other side" in printed


def test_workbook_is_taken_over_like_text(cli: Cli, tmp_path: Path) -> None:
    """The same rows are the same agreements, whatever the file."""
    assert receipt(cli, written(tmp_path, book(), "old.xlsx"))["taken"] == 1
    assert receipt(cli, written(tmp_path, HEADING + MILAN))["unchanged"] == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (book()[:3_000], "cut off or damaged"),
        (OLE, "the old kind"),
        (book((HEADER, ROW), lambda _sheet: None, "Friends"), "it has 2 sheets"),
        (book((HEADER, ROW, ROW), lambda sheet: sheet.merge_cells("A2:A3")), "merged: A2:A3"),
        (f"{HEADING}K\xf6ln,DE,,,,\n".encode("windows-1252"), "--encoding windows-1252"),
        (b"a;b\n1;2\n", "--separator semicolon"),
        (f'{HEADING}{MILAN * 600}"Rome\n'.encode(), "not CSV"),
    ],
)
def test_file_that_can_not_be_read_whole_changes_nothing(
    cli: Cli, tmp_path: Path, data: bytes, told: str
) -> None:
    """Not even the rows before the damage; the message says what to do, in 80 columns."""
    ran = cli("import", written(tmp_path, data, "old.xlsx")).badly(2)
    assert told in " ".join(ran.err.split())
    assert cli("list", json=True).json == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--map", "partner"), "FIELD=HEADING"),
        (("--map", "city=City"), "no field is called"),
        (("--types", "sister=twin"), "there is no type 'twin'"),
        (("--only", "Region=x"), "no column is called"),
        (("--only", "country=Itlay"), "what the rows say: 'Italy'"),
        (("--encoding", "klingon"), "no encoding is called"),
        (("--encoding", "zip"), "no encoding is called"),
        (("--types", "twin=mou", "--types", "Twin=friendship"), "both 'mou' and 'friendship'"),
        (("--set", "owner=anna", "--set", "owner=carl"), "both 'anna' and 'carl'"),
        (("--sheet", "Agreements"), "no sheets"),
    ],
)
def test_option_that_says_what_can_not_be_is_wrong_usage(
    cli: Cli, tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    """And changes nothing."""
    file = written(tmp_path, HEADING + MILAN)
    assert told in " ".join(cli("import", file, *options).badly(2).err.split())
    assert "give a FILE" in cli("import").badly(2).err
    assert cli("list", json=True).json == []
