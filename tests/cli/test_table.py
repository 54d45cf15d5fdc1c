"""Tables: within the width, wrapped where they must, wider where they can."""

import pytest

from cli.output.table import Column, table
from cli.output.text import width_of

COLUMNS = (
    Column("REF"),
    Column("TITLE", flexible=True),
    Column("OWNER", optional=True),
    Column("N", right=True),
)
LONG = "Trade and innovation, culture and tourism, science and education"


def test_a_table_fits_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long title wraps in its own column, and what is optional is left out."""
    monkeypatch.setenv("COLUMNS", "80")
    text = table(COLUMNS, [("TOR-2026-001", LONG * 2, "anna", 5)])
    assert max(map(width_of, text.splitlines())) <= 80
    assert "OWNER" not in text
    assert text.splitlines()[1].endswith("5")


def test_a_wide_terminal_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything fits, the optional columns are there and nothing wraps."""
    monkeypatch.setenv("COLUMNS", "150")
    text = table(COLUMNS, [("TOR-2026-001", LONG, "anna", 5)])
    assert "OWNER" in text
    assert len(text.splitlines()) == 2


def test_columns_line_up_with_wide_characters() -> None:
    """A Chinese partner's row ends in the same column as any other."""
    text = table((Column("A"), Column("B")), [("重庆", "x"), ("Milan", "x")])
    assert len({width_of(line) for line in text.splitlines()[1:]}) == 1


def test_cells_can_not_act_on_the_terminal() -> None:
    """A stored escape sequence is shown and not sent."""
    assert "\x1b" not in table((Column("A"),), [("\x1b[2Jgone",)])


def test_what_is_missing_is_a_dash() -> None:
    """An empty cell is told apart from a blank one."""
    assert table((Column("A"),), [(None,), ("",)]).splitlines() == ["A", "-", "-"]


def test_a_table_of_no_rows_has_its_headings() -> None:
    """Headings stand even where nothing was found."""
    assert table((Column("A"), Column("B")), []) == "A  B\n"
