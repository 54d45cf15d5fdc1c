"""Text on a terminal: its width, how it wraps, and what of it may act."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.output.text import clean, one_line, pad, paragraphs, width_of, wrap


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Chongqing", 9),
        ("重庆", 4),
        ("Île-de-France", 13),
        ("e\u0301", 1),
        ("ﾁｮﾝﾁﾝ", 5),
        ("\uff34\uff4f", 4),
        ("\x1b[1mbold\x1b[0m", 4),
        ("", 0),
    ],
)
def test_width_is_what_a_terminal_takes(text: str, columns: int) -> None:
    """East Asian characters take two columns, combining marks and colours none."""
    assert width_of(text) == columns


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\r", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"]
)
def test_what_acts_on_a_terminal_is_written_out(character: str) -> None:
    """Escape sequences and marks that turn text round are shown, never sent."""
    assert clean(f"a{character}b") == f"a\\u{ord(character):04x}b"


@given(st.text())
def test_cleaned_text_has_no_control_character_but_line_breaks_and_tabs(text: str) -> None:
    """Whatever is stored, none of it can speak to the terminal."""
    left = {c for c in clean(text) if unicodedata.category(c) == "Cc"}
    assert left <= {"\n", "\t"}
    assert "\n" not in one_line(text)


@given(st.text(alphabet=st.sampled_from("ab 重\u0301-\n"), max_size=80), st.integers(4, 40))
def test_wrapping_anywhere_keeps_every_line_within_the_width(text: str, width: int) -> None:
    """No line of a table's cell is wider than its column, and no letter is lost."""
    lines = wrap(text, width, anywhere=True)
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapping_keeps_a_path_whole() -> None:
    """A path that is longer than the line stays one piece, so that it can be copied."""
    path = "/a/very/long/path/to/some/lifecycle.db"
    assert wrap(f"no database at {path}", 20) == ["no database at", path]


def test_wrapping_breaks_text_without_blanks_between_wide_characters() -> None:
    """Chinese has no blanks: its lines end where the width does."""
    assert wrap("重庆市人民政府", 6) == ["重庆市", "人民政", "府"]


def test_paragraphs_indent_every_line_after_the_first() -> None:
    """What continues stands below where the text began."""
    assert paragraphs("one two three", 9, first="- ") == "- one two\n  three"


def test_padding_counts_columns_and_not_characters() -> None:
    """Columns of a table line up, whatever is written in them."""
    assert pad("重庆", 6) == "重庆  "
    assert pad("12", 4, right=True) == "  12"
