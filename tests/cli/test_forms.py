"""Workbooks, Markdown and pages: what people wrote stands in them as text, and amounts exactly."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cli.output import answers, html
from cli.output.answers import Answer, give
from cli.output.markdown import md_table, md_text
from cli.output.workbook import Sheet, workbook, xlsx_of
from cli.settings import Reading, Settings

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-2+3",
    "\x1b[31mred",
    "<script>alert(1)</script>",
    "a|b",
    "_x0041_",
    "\u202eabc",
]


def cells(data: bytes) -> list[list[object]]:
    """Return what the first sheet of a workbook holds."""
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    """Whatever a text begins with, it is text; control characters are written out."""
    data = workbook([Sheet("Texts", ["text"], [[text] for text in HOSTILE])])
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert {cell.data_type for (cell,) in sheet.iter_rows()} == {"s"}
    assert [row[0] for row in cells(data)[1:4]] == HOSTILE[:3]
    assert cells(data)[5] == ["\\u001b[31mred"]
    assert cells(data)[8] == ["_x005F_x0041_"]


def test_workbook_keeps_amounts_exact_and_days_as_days() -> None:
    """What a spreadsheet's numbers can't hold is text; what is no day is text too."""
    exact, long = Decimal("60000.25"), Decimal("1234567890123456.7891")
    values: list[object] = [exact, 7, True, long, "2026-01-31", date(2027, 2, 28), None]
    shapes = [{"value": value} for value in [*values, "2026-02-31", date(1850, 1, 1), ("a", "b")]]
    found = [row[0] for row in cells(xlsx_of("x", ["value"], shapes)())[1:]]
    assert found[:4] == [60000.25, 7, True, "1234567890123456.7891"]
    assert [str(day)[:10] for day in found[4:6]] == ["2026-01-31", "2027-02-28"]
    assert found[6:] == [None, "2026-02-31", "1850-01-01", "a, b"]


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 4))
@example(93, 1)
def test_amounts_stand_in_a_workbook_digit_by_digit(digits: int, places: int) -> None:
    """No float is on the way: 9.3 is not written as the number that floats have nearest to it."""
    amount = Decimal(digits).scaleb(-places)
    with ZipFile(BytesIO(workbook([Sheet("Money", ["amount"], [[amount]])]))) as file:
        written = file.read("xl/worksheets/sheet1.xml").decode()
    assert f"<v>{amount:f}</v>" in written


def test_sheets_have_names_that_spreadsheets_take() -> None:
    """Signs of formulas are left out, long names cut, and none stands twice."""
    sheets = [Sheet(name, ["a"], []) for name in ("A:B[1]", "x" * 40, "X" * 40, "'")]
    book = load_workbook(BytesIO(workbook(sheets)))
    assert book.sheetnames == ["A B 1", "x" * 31, f"{'X' * 29} 2", "Sheet"]


def test_markdown_has_no_mark_that_somebody_wrote() -> None:
    """Bars, tags, links and emphasis are escaped, and a cell stays on its line."""
    assert md_text("<b>*x* [y](http://z)") == r"\<b\>\*x\* \[y\]\(http://z\)"
    assert [md_text("1. a"), md_text("- a"), md_text("a-b 1.5")] == [r"1\. a", r"\- a", "a-b 1.5"]
    table = md_table(["REF", "TITLE"], [["TOR", "a|b\nc"], [None, "&lt;"]])
    assert table.splitlines() == [
        "| REF | TITLE |",
        "| --- | --- |",
        r"| TOR | a\|b c |",
        "|  | &amp;lt; |",
    ]


def test_page_shows_what_was_written_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tags and quotes are escaped, what turns the direction of text is written out."""
    shown = '<p title="{{ a }}">{{ a }}{{ b }}</p>'
    template = f"{{% extends 'base.html' %}}{{% block main %}}{shown}{{% endblock %}}"
    (tmp_path / "x.html").write_text(template)
    base = html.render("base.html")
    (tmp_path / "base.html").write_text("{% block main %}{% endblock %}")
    monkeypatch.setattr(html, "_TEMPLATES", tmp_path)
    html._environment.cache_clear()  # noqa: SLF001 - templates of the test's own
    try:
        page = html.render("x.html", a='"<script>\u202e', b=None)
    finally:
        html._environment.cache_clear()  # noqa: SLF001 - see above
    assert page == '<p title="&#34;&lt;script&gt;\\u202e">&#34;&lt;script&gt;\\u202e</p>'
    assert "http://" not in base
    assert "https://" not in base
    assert "<script" not in base


def test_workbook_is_not_written_to_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it is a mistake, told with the way out; to a file it goes, by its ending."""
    answer = Answer(table=str, json=str, xlsx=lambda: b"PK")
    monkeypatch.setattr(answers, "on_terminal", lambda _stream: True)
    with pytest.raises(click.UsageError, match=r"-o FILE\.xlsx"):
        give(Settings(), Reading(form="xlsx"), answer)
    file = tmp_path / "list.xlsx"
    give(Settings(), Reading(file=str(file)), answer)
    assert file.read_bytes() == b"PK"
