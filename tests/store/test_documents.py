"""Reading TOML: whatever stands in a file, it is a mapping or a problem with its line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.problem import InvalidInputError, Problem
from store.documents import LARGEST, read_toml


def wrong(data: bytes | str) -> Problem:
    """Return why a text is no document."""
    with pytest.raises(InvalidInputError) as caught:
        read_toml(data, "a.toml")
    (problem,) = caught.value.problems
    assert problem.file == "a.toml"
    return problem


def test_numbers_are_read_as_they_are_written() -> None:
    """An amount is never a binary fraction."""
    data = read_toml(b'amount = 0.1\nwhole = 60_000\ntext = "Z\xc3\xbcrich"')
    assert data == {"amount": Decimal("0.1"), "whole": 60_000, "text": "Zürich"}


def test_text_is_read_like_bytes() -> None:
    """An editor hands over text."""
    assert read_toml('title = "Å"') == read_toml('title = "Å"'.encode())


def test_empty_file_states_nothing() -> None:
    """What is missing is for others to say."""
    assert read_toml(b"") == {}


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("title = ", 1),
        ("a = 1\n\nb = [1,\n", 3),
        ("a = 1\na = 2\n", 2),
        ("[x]\n[x]\n", 2),
        ("a = 1\nb = 2\nc = = 3\n", 3),
        ('a = "one\ntwo"', 1),
        ("a = 1\nb = 2026-13-45", 2),
        ("a = 1\n\0", 2),
        ('a = "\x1b"', 1),
    ],
)
def test_fault_is_told_with_its_line(data: str, line: int) -> None:
    """And what a document looks like; the sentence itself does not repeat the place."""
    problem = wrong(data)
    assert (problem.code, bool(problem.hint)) == ("bad_toml", True)
    assert problem.line == line
    assert "at line" not in problem.message


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("Zürich".encode("latin-1"), 1),
        (b"a = 1\nb = 2\n\xff", 3),
        ("title = 1".encode("utf-16"), 1),
    ],
)
def test_text_in_another_encoding_is_told_with_its_line(data: bytes, line: int) -> None:
    """The first byte that is not UTF-8."""
    problem = wrong(data)
    assert (problem.code, problem.line) == ("not_utf8", line)


def test_file_that_is_too_long_is_not_even_read() -> None:
    """Up to the limit, and not a byte more."""
    assert read_toml(b"#" * LARGEST) == {}
    assert wrong(b"#" * (LARGEST + 1)).code == "too_long"


@pytest.mark.parametrize(
    "data",
    [
        "a = " + "[" * 20_000,
        "a = " + "{b = " * 20_000,
        "a = 1e99999999999999999999",
        "a = -1e-99999999999999999999",
        "a = " + "9" * 5_000,
    ],
    ids=["arrays", "tables", "exponent", "small exponent", "digits"],
)
def test_what_is_out_of_all_bounds_is_a_problem_and_no_traceback(data: str) -> None:
    """Too deep for the reader, or a number that no one means."""
    assert wrong(data).code == "bad_toml"


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60)))
def test_any_text_is_a_mapping_or_a_problem(data: bytes | str) -> None:
    """Nothing else comes out of it."""
    try:
        found = read_toml(data)
    except InvalidInputError:
        found = {}
    assert isinstance(found, dict)
