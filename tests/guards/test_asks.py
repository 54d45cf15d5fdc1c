"""What each guard asks for, in words."""

from guards.asks import ASKED
from lifecycle.advance import GATE
from lifecycle.authority import GATE as AUTHORITY
from states.vocabulary import Guard


def test_every_guard_and_gate_says_what_it_asks() -> None:
    """A whole sentence and a section of the report each, and nothing that is no guard."""
    assert set(ASKED) == {*Guard, AUTHORITY, GATE, "document"}
    for asked in ASKED.values():
        assert asked.words.endswith(".")
        assert asked.words[0].isupper()
        assert asked.report
