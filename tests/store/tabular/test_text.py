"""Tables in text: which files are tables, and how their rows are read."""

import pytest

from states.problem import InvalidInputError
from store.tabular.reading import LARGEST, How, read_table

HEADING = "partner,country,type,signed,status,source,note\n"
MILAN = "Milan,Italy,partnership,2003,active,,\n"


def wrong(data: bytes, file: str = "a.csv") -> tuple[str, int | None]:
    """Return why a file is no table, and in which line."""
    with pytest.raises(InvalidInputError) as caught:
        list(read_table(data, file).rows)
    (problem,) = caught.value.problems
    assert problem.file == file
    return problem.code, problem.line


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty", None),
        (b"\n\n , \n", "empty", None),
        (HEADING.encode(), "empty", 1),
        (HEADING.encode() + b",,,,,,\n", "empty", 1),
        (b"partner;country;type\n", "delimiter", 1),
        (b"partner\tcountry\ttype\n", "delimiter", 1),
        (HEADING.encode() + "Köln".encode("latin-1"), "not_utf8", 2),
        (HEADING.encode("utf-16"), "not_utf8", None),
        (HEADING.encode() + b"Mil\0an\n", "not_text", 2),
        (HEADING.encode() + b'Milan\n"Ro"me,IT\n', "bad_csv", 3),
        (HEADING.encode() + b'Milan\n\n"Rome,IT\nParis,FR\n', "bad_csv", 4),
        (HEADING.encode() + b"M" * 200_000, "bad_csv", 2),
        (b"M" * (LARGEST + 1), "too_long", None),
    ],
)
def test_file_that_is_no_table_is_refused_with_its_line(
    data: bytes, code: str, line: int | None
) -> None:
    """Empty, of another delimiter or encoding, binary, broken: each is told, and nothing taken."""
    assert wrong(data) == (code, line)


@pytest.mark.parametrize("heading", [b"partner,country", b"partner"])
def test_missing_columns_name_the_file(heading: bytes) -> None:
    """What `lifecycle` says of the headings is said of this file."""
    with pytest.raises(InvalidInputError) as caught:
        read_table(heading + b"\nMilan\n", "a.csv")
    assert {(p.file, p.line, p.code) for p in caught.value.problems} == {
        ("a.csv", 1, "missing_column")
    }


def test_rows_are_numbered_as_spreadsheets_do() -> None:
    """The heading is row 1; blank rows count, and are left out."""
    text = f"{HEADING}{MILAN}\n,,,,,,\nRome,IT,partnership,2003,active,,\n"
    assert [row.number for row in read_table(text.encode(), "a.csv").rows] == [2, 5]


def test_marks_quotes_and_line_ends_of_spreadsheets_are_understood() -> None:
    """A byte order mark, CRLF, and a cell of several lines are no obstacle."""
    text = (
        '\ufeffpartner,country,type,signed,status,note\r\n"Milan, Lombardy",IT,x,1,y,"a\r\nb"\r\n'
    )
    (row,) = read_table(text.encode(), "a.csv").rows
    assert row.cells[0] == "Milan, Lombardy"
    assert row.cells[-1] == "a\nb"


@pytest.mark.parametrize(
    ("sign", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar"), (",", "comma")]
)
def test_separator_is_what_whoever_imports_says(sign: str, name: str) -> None:
    """Without that it is commas, and the message says which option would do."""
    text = (HEADING + MILAN).replace(",", sign).encode()
    (row,) = read_table(text, "a.csv", None, How(separator=name)).rows
    assert row.cells[:2] == ["Milan", "Italy"]
    if sign != ",":
        with pytest.raises(InvalidInputError) as caught:
            read_table(text, "a.csv")
        assert caught.value.problems[0].hint == f"add --separator {name}"


def test_file_of_tabs_by_its_name_has_tabs() -> None:
    """.tsv says what stands between its cells; a heading with commas is not that."""
    (row,) = read_table((HEADING + MILAN).replace(",", "\t").encode(), "a.TSV").rows
    assert row.cells[0] == "Milan"
    assert wrong(b"partner,country\n", "a.tsv") == ("delimiter", 1)


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "utf-8-sig"])
def test_encoding_is_what_whoever_imports_says(encoding: str) -> None:
    """An old spreadsheet program's own is as good as UTF-8, if somebody says which."""
    data = (HEADING + MILAN.replace("Milan", "Köln")).encode(encoding)
    (row,) = read_table(data, "a.csv", None, How(encoding=encoding)).rows
    assert row.cells[0] == "Köln"


def test_text_of_another_encoding_is_shown_as_it_would_be_read() -> None:
    """So that whoever knows the city sees whether it is right."""
    with pytest.raises(InvalidInputError) as caught:
        read_table((HEADING + "Köln,DE,,,,,\n").encode("windows-1252"), "a.csv")
    hint = caught.value.problems[0].hint or ""
    assert "'Köln,DE,,,,,'" in hint
    assert "--encoding windows-1252" in hint


def test_encoding_that_it_is_not_is_told() -> None:
    """What can't be read so is no text."""
    with pytest.raises(InvalidInputError) as caught:
        read_table(b"K\xf6ln", "a.csv", None, How(encoding="ascii"))
    assert caught.value.problems[0].code == "not_text"


def test_web_page_is_no_table_whatever_it_is_called() -> None:
    """Old programs save a page and call it .xls."""
    assert wrong(b"\n <html><table><tr><td>Milan", "old.xls") == ("not_a_table", 1)


def test_apostrophe_that_keeps_a_cell_from_acting_is_taken_off() -> None:
    """What `list -o FILE.csv` writes is read as what it was; a name that begins so is kept."""
    text = HEADING + "'=1+1,'s-Hertogenbosch,,,,,\n"
    (row,) = read_table(text.encode(), "a.csv").rows
    assert row.cells[:2] == ["=1+1", "'s-Hertogenbosch"]


def test_cell_that_shows_an_error_says_so_and_begins_no_remark() -> None:
    """As a spreadsheet exports it: the row is refused, and not passed over."""
    data = b"partner,country,type,signed,status\n#REF!,IT,mou,2003,active\n# a remark,,,,\n"
    error, remark = read_table(data, "old.csv").rows
    assert (error.is_remark, remark.is_remark) == (False, True)
    assert "the error #REF!" in error.faults[0]
