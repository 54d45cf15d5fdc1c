"""Workbooks: how their cells are read, and which of them are refused as a whole."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from lifecycle.intake.columns import Row
from states.problem import InvalidInputError, Problem
from store.tabular import workbook
from store.tabular.reading import How, read_table
from tests.store.tabular.books import HEADER, MILAN, OLE, book, repacked, with_sheet, with_texts


def rows(data: bytes, **how: Any) -> list[Row]:  # noqa: ANN401 - any field of How
    """Return the rows below the heading."""
    return list(read_table(data, "old.xlsx", None, How(**how)).rows)


def wrong(data: bytes, **how: Any) -> Problem:  # noqa: ANN401 - any field of How
    """Return why a workbook is refused: one reason, with what to do."""
    with pytest.raises(InvalidInputError) as caught:
        rows(data, **how)
    problem = caught.value.problems[0]
    assert problem.file == "old.xlsx"
    assert problem.hint
    return problem


def test_rows_of_a_sheet_are_numbered_as_the_spreadsheet_does() -> None:
    """The heading is row 1; blank rows are left out, and count."""
    assert [row.number for row in rows(book([HEADER, MILAN, (), MILAN]))] == [2, 4]


@pytest.mark.parametrize(
    ("value", "shape", "text"),
    [
        (1986, "General", "1986"),
        (1986.0, "0.0", "1986"),
        ("1986", "@", "1986"),
        (date(2013, 10, 3), "yyyy-mm-dd", "2013-10-03"),
        (datetime(2013, 10, 3, 9, 30), "yyyy-mm-dd hh:mm", "2013-10-03"),  # noqa: DTZ001
        (date(2013, 10, 1), "mmm yyyy", "2013-10"),
        (date(1986, 1, 1), "yyyy", "1986"),
        (date(2013, 10, 3), '[$-409]d" of "mmmm', "2013-10-03"),
        (True, "General", "true"),
        (0.5, "General", "0.5"),
        (0.1 + 0.2, "General", "0.3"),
    ],
)
def test_cell_says_what_it_shows(value: object, shape: str, text: str) -> None:
    """A year is no decimal number; a date that shows month and year alone has no day."""

    def shaped(sheet: Worksheet) -> None:
        cell = sheet["D2"]
        cell.value = value
        cell.number_format = shape

    assert rows(book(change=shaped))[0].cells[3] == text


def test_formula_stands_for_the_value_that_was_last_computed() -> None:
    """Without one the cell can't be read, and its row says so."""

    def computed(sheet: Worksheet) -> None:
        sheet["D2"] = "=2000+3"

    bare = book(change=computed)
    (row,) = rows(bare)
    assert "never computed" in row.faults[3]
    cached = with_sheet(bare, lambda xml: re.sub(rb"<v ?/>|<v></v>", b"<v>2003</v>", xml, count=1))
    assert cached != bare
    (row,) = rows(cached)
    assert (row.cells[3], row.faults) == ("2003", {})


def test_cell_that_shows_an_error_can_not_be_read() -> None:
    """`#REF!` is no name of a city."""
    (row,) = rows(book([HEADER, ("#REF!", *MILAN[1:])]))
    assert row.faults == {0: "the cell shows the error #REF!"}


def test_cells_that_are_merged_below_the_heading_are_refused() -> None:
    """What they say would be said of one row only; the title above the heading may be merged."""

    def merged(sheet: Worksheet) -> None:
        sheet.merge_cells("B3:B4")

    problem = wrong(book([HEADER, MILAN, MILAN, MILAN], merged))
    assert (problem.code, "B3:B4" in problem.message) == ("merged_cells", True)

    def banner(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:E1")

    titled = book([("Our agreements",), HEADER, MILAN], banner)
    assert len(rows(titled, heading=2)) == 1


def test_heading_that_is_not_the_first_row_is_pointed_out() -> None:
    """A title above it is no heading."""
    with pytest.raises(InvalidInputError) as caught:
        rows(book([("Our agreements", "2019"), HEADER, MILAN]))
    problem = caught.value.problems[-1]
    assert (problem.code, problem.line, problem.hint) == ("which_heading", 2, "add --heading 2")
    with pytest.raises(InvalidInputError) as caught:
        rows(book([("Our agreements",), ("City", "Land", "Kind", "When", "How"), MILAN]))
    assert caught.value.problems[-1].hint == "add --heading 2"


def test_only_sheet_that_is_seen_is_the_one_that_is_read() -> None:
    """A hidden one is read only if it is named, and of several one has to be."""

    def hidden(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent["Lists"].sheet_state = "hidden"

    data = book((HEADER, MILAN), hidden, "Lists")
    assert len(rows(data)) == 1
    assert wrong(data, sheet="Lists").code == "empty"
    several = wrong(book((HEADER, MILAN), lambda _sheet: None, "Friends"))
    assert (several.code, several.allowed) == ("which_sheet", ("Agreements", "Friends"))
    assert len(rows(book((HEADER, MILAN), lambda _s: None, "Friends"), sheet="Agreements")) == 1


def test_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    """Hidden ones are marked."""

    def hidden(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent["Lists"].sheet_state = "hidden"

    with pytest.raises(InvalidInputError) as caught:
        rows(book((HEADER, MILAN), hidden, "Lists"), sheet="Agrements")
    (problem,) = caught.value.problems
    assert problem.allowed == ("Agreements", "Lists (hidden)")


def test_two_hundred_columns_are_no_obstacle() -> None:
    """Those that say nothing to us are named, and not used."""
    more = [f"column {number}" for number in range(195)]
    table = read_table(book([(*HEADER, *more), (*MILAN, *more)]), "old.xlsx")
    assert len(table.columns.unused) == 195
    assert len(list(table.rows)) == 1


def test_size_that_a_sheet_claims_is_not_believed() -> None:
    """A sheet of one row that says it has 10^6 rows and 16,384 columns is read as what it is."""
    wide = with_sheet(
        book(),
        lambda xml: xml.replace(b'<dimension ref="A1:E2"', b'<dimension ref="A1:XFD1048576"'),
    )
    assert b"XFD1048576" in zipfile.ZipFile(BytesIO(wide)).read("xl/worksheets/sheet1.xml")
    assert [len(row.cells) for row in rows(wide)] == [5]


def _emptied(count: int) -> Iterator[bytes]:
    return (b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, count + 3))


def test_rows_that_are_empty_are_passed_over_however_many_there_are() -> None:
    """Formatting a whole column makes them; they cost a moment and say nothing."""
    blank = b"".join(_emptied(2_000))
    data = with_sheet(book(), lambda xml: xml.replace(b"</sheetData>", blank + b"</sheetData>"))
    assert len(rows(data)) == 1


def _locked() -> bytes:
    return OLE + "EncryptedPackage".encode("utf-16-le")


def _of_parts(*names: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return stream.getvalue()


def _with_password() -> bytes:
    data = bytearray(_of_parts("xl/workbook.xml"))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + place] |= 1
    return bytes(data)


def _entities() -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "lol">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    return with_sheet(
        book(),
        lambda xml: xml.replace(b"<worksheet", bomb + b"]><worksheet", 1).replace(
            b"<t>Milan<", b"<t>&j;<", 1
        ),
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(book()[:2_000], "damaged", id="cut off"),
        pytest.param(b"PK\x03\x04nothing", "damaged", id="no archive"),
        pytest.param(_locked(), "locked", id="password"),
        pytest.param(_with_password(), "locked", id="archive with a password"),
        pytest.param(OLE, "not_xlsx", id="xls"),
        pytest.param(_of_parts("content.xml", "mimetype"), "not_xlsx", id="ods"),
        pytest.param(_of_parts("xl/workbook.bin"), "not_xlsx", id="xlsb"),
        pytest.param(_of_parts("holiday.jpg"), "not_xlsx", id="photos"),
        pytest.param(_of_parts("xl/workbook.xml"), "damaged", id="empty parts"),
        pytest.param(_entities(), "damaged", id="entities"),
        pytest.param(
            with_sheet(book(), lambda xml: xml[: len(xml) // 2]), "damaged", id="half a sheet"
        ),
        pytest.param(
            repacked(book(), lambda name, part: None if "sheet1" in name else part),
            "damaged",
            id="no sheet",
        ),
        pytest.param(book([]), "empty", id="nothing in it"),
        pytest.param(book([HEADER]), "empty", id="heading alone"),
    ],
)
def test_workbook_that_can_not_be_read_says_why_and_what_to_do(data: bytes, code: str) -> None:
    """Cut off, locked, of another program, hollow: a message, never a traceback."""
    assert wrong(data).code == code


def test_workbook_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb says itself how large it is, and is refused for that."""
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 1_000_000)
    bomb = with_sheet(book(), lambda xml: xml.replace(b"</sheetData>", b" " * 1_000_000))
    assert len(bomb) < 20_000
    assert wrong(bomb).code == "too_large"


def test_workbook_of_too_many_texts_is_refused_before_they_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Millions of them take minutes, though the file is small and no cell may cite one."""
    monkeypatch.setattr(workbook, "_MOST_TEXTS", 5_000)
    monkeypatch.setattr(workbook, "_CHUNK", 1_000)
    few, many = (with_texts(book(), count) for count in (4_000, 5_001))
    assert len(rows(few)) == 1
    assert wrong(many).code == "too_large"


def test_workbook_of_too_many_cells_is_refused_while_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One cell far to the right makes its row wide; one such row does no harm, thousands would."""
    monkeypatch.setattr(workbook, "_MOST_CELLS", 10_000)
    wide = [*HEADER, *[None] * 3_000, "x"]
    assert len(rows(book([HEADER, MILAN, wide, wide]))) == 3
    assert wrong(book([HEADER, MILAN, *[wide] * 4])).code == "too_large"


def test_row_beyond_the_last_that_a_sheet_can_have_is_damage() -> None:
    """Nobody counts up to it."""
    beyond = with_sheet(book(), lambda xml: xml.replace(b'row r="2"', b'row r="1048577"'))
    assert "1048577" in wrong(beyond).message


def test_row_that_begins_with_an_error_is_no_remark() -> None:
    """It is refused for it, and not passed over without a word."""
    (row,) = rows(book([HEADER, ("#REF!", *MILAN[1:])]))
    assert (row.is_remark, "the error #REF!" in row.faults[0]) == (False, True)


@pytest.mark.parametrize("what", ["bytes", "size"])
def test_part_that_can_not_be_unpacked_is_damage(what: str) -> None:
    """The bytes of a part are others, or more than it says."""
    data = bytearray(book([HEADER, *[MILAN] * 200]))
    name = b"xl/worksheets/sheet1.xml"
    if what == "bytes":
        data[data.find(name) + 200] ^= 0xFF
    else:
        begin = data.rfind(name) - 46 + 24
        data[begin : begin + 4] = bytes([9, 0, 0, 0])
    assert wrong(bytes(data)).code == "damaged"


def test_row_that_the_heading_is_said_to_be_has_to_be_there() -> None:
    """A number beyond the rows, or of a blank one, is no heading."""
    assert wrong(book([HEADER, (), MILAN]), heading=2).code == "empty"
    assert wrong(book(), heading=9).code == "empty"


def test_text_has_no_sheets() -> None:
    """Who names one has another file in mind."""
    assert wrong(b"partner,country\n", sheet="Agreements").code == "unknown_sheet"
