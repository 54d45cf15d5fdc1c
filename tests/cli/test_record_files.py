"""`lifecycle record --file`: many facts from a workbook, of every kind that staff record."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from states.agreement import Obligation
from states.records import DECIDED_KINDS, KINDS
from states.ref import Ref
from states.vocabulary import State
from tests.cli.conftest import Cli
from tests.lifecycle.results.investing import investing
from tests.stage import Stage

ON = date(2027, 6, 1)
HEADINGS = (
    *("Kind", "On", "Text", "Project", "Item", "Value", "Unit", "Currency", "Year"),
    *("Direction", "Outcome", "Source", "Division"),
)
ROWS: Sequence[dict[str, object]] = (
    {"Kind": "activity", "On": ON, "Text": "Ten firms came.", "Division": "Trade", "Project": 1},
    {"Kind": "actual", "Item": "new investments", "Value": 250000.5, "Source": "Registry"},
    {"Kind": "milestone", "On": ON, "Item": "first-mission"},
    {"Kind": "obligation", "Item": "list", "Outcome": "met"},
    {"Kind": "expenditure", "Value": 1200, "Currency": "CAD", "Project": 1, "Year": 2027},
    {"Kind": "annual", "Year": 2027, "Text": "A year."},
    {"Kind": "correspondence", "Direction": "received", "Text": "They wrote."},
    {"Kind": "priority", "Year": 2027},
    {"Text": "=not a formula"},
)


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement in force, on which each kind can be recorded."""
    owed = (Obligation("list", "partner", "A list of firms."),)
    found = stage.reach(State.ACTIVE, investing(obligations=owed))
    stage.on(date(2027, 7, 1))
    return found


def saved(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Save rows as a workbook."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def filled() -> list[list[object]]:
    """Return the rows of every kind under their headings."""
    rows: list[list[object]] = [list(HEADINGS)]
    for row in ROWS:
        named = {**row, "Project": "trade-mission"} if "Project" in row else row
        rows.append([named.get(heading) for heading in HEADINGS])
    return rows


def test_every_kind_of_record_is_taken_from_a_workbook(
    stage: Stage, cli: Cli, ref: Ref, tmp_path: Path
) -> None:
    """R37 to R39: days and amounts as they stand there, texts as texts; all or none."""
    book = Workbook()
    for row in filled():
        book.worksheets[0].append(row)
    last = book.worksheets[0].cell(len(ROWS) + 1, HEADINGS.index("Text") + 1)
    last.data_type = "s"
    book.save(tmp_path / "r.xlsx")
    before = len(stage.raw(ref))
    cli("record", ref, "note", "--file", tmp_path / "r.xlsx").well()
    with stage.store.reading() as reader:
        found = [record for n, record in reader.records(ref.key) if n > before]
    assert {record.kind for record in found} == set(KINDS) - DECIDED_KINDS
    activity, actual, *_rest, note = found
    assert (activity.on, activity.division, activity.project) == (ON, "Trade", "trade-mission")
    assert (actual.value, actual.on) == (Decimal("250000.5"), stage.day)
    assert note.text == "=not a formula"
    assert stage.verify() == []


@pytest.mark.parametrize(
    ("rows", "code", "key"),
    [
        ([["kind", "text", "Kind"], ["note", "x", "note"]], "repeated", "kind"),
        ([["kind", "text"], ["note", "=1+1"]], "bad_cell", "text"),
        ([["kind", "text"], ["note", "x", "more"]], "unknown_key", "records[0].'(more)'"),
        ([["kind", "mood"], ["note", "good"]], "unknown_key", "records[0].mood"),
        ([["kind", "text"]], "empty", "records"),
        ([], "empty", "records"),
    ],
)
def test_workbook_that_is_no_table_of_records_changes_nothing(  # noqa: PLR0913, PLR0917 - fixtures
    stage: Stage,
    cli: Cli,
    ref: Ref,
    tmp_path: Path,
    rows: Sequence[Sequence[object]],
    code: str,
    key: str,
) -> None:
    """It is told what is wrong and where."""
    before = len(stage.raw(ref))
    file = saved(tmp_path / "r.xlsx", rows)
    error = cli("record", ref, "--file", file, json=True).badly(2).errors[0]
    assert (error["code"], error["key"]) == (code, key)
    assert len(stage.raw(ref)) == before


def test_workbook_of_two_sheets_is_refused_with_what_to_do(
    cli: Cli, ref: Ref, tmp_path: Path
) -> None:
    """Which one is meant is not guessed."""
    book = Workbook()
    book.create_sheet("Other")
    book.save(tmp_path / "r.xlsx")
    [error] = cli("record", ref, "--file", tmp_path / "r.xlsx", json=True).badly(2).errors
    assert (error["code"], error["key"]) == ("which_sheet", None)
    assert "leave the one sheet" in error["hint"]


@pytest.mark.parametrize("value", ["1_200", "\u0661\u0662", "1,200", "$1200"])
def test_amount_that_is_not_plainly_a_number_is_refused(
    cli: Cli, ref: Ref, tmp_path: Path, value: str
) -> None:
    """What Python alone takes for a number is not taken for one, in a file as when typed."""
    file = tmp_path / "r.csv"
    file.write_text(
        f'kind,value,currency,project,year\nexpenditure,"{value}",CAD,trade-mission,2027\n'
    )
    [error] = cli("record", ref, "--file", file, json=True).badly(2).errors
    assert (error["code"], error["key"]) == ("wrong_type", "records[0].value")
    typed = ("expenditure", f"value={value}", "currency=CAD", "project=trade-mission", "year=2027")
    [error] = cli("record", ref, *typed, json=True).badly(2).errors
    assert (error["code"], error["key"]) == ("wrong_type", "value")
