"""The drawn lifecycle: fresh, complete, and free of what the table does not have."""

from states.diagram import mermaid, page
from states.table import TRANSITIONS
from states.vocabulary import FINAL
from tests.builders import ROOT


def test_page_in_the_documentation_is_what_the_table_draws() -> None:
    """docs/lifecycle.md is generated; when the table changes, so must the page."""
    assert (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8") == page()


def test_diagram_draws_each_move_once_and_nothing_else() -> None:
    """One arrow a move, one into the first state, one out of each final state."""
    arrows = [line.strip() for line in mermaid().splitlines() if "-->" in line]
    moves = [f"{s} --> {row.target}: {row.trigger}" for row in TRANSITIONS for s in row.sources]
    ends = [f"{state} --> [*]" for state in FINAL]
    assert sorted(arrows) == sorted(["[*] --> proposal", *moves, *ends])


def test_page_names_each_guard_of_each_row() -> None:
    """The table below the diagram says what must hold for each trigger."""
    for row in TRANSITIONS:
        line = next(text for text in page().splitlines() if text.startswith(f"| `{row.trigger}`"))
        assert all(f"`{guard}`" in line for guard in row.guards)
