"""Charts drawn in a process beside the one that makes the pages."""

from decimal import Decimal

import pytest

from cli.publishing.drawing import Values, beside, drawn

STACK: list[Values] = [(Decimal(3), None, Decimal("4.5")), (1, 2, 3)]
YEARS = ("2026", "2027", "2028")


def test_chart_is_the_same_wherever_it_is_drawn() -> None:
    """What is not known, exact amounts and whole numbers come through alike."""
    here = drawn(YEARS, STACK, (Decimal(9), None, 9))
    with beside():
        assert drawn(YEARS, STACK, (Decimal(9), None, 9)) == here
    assert here.startswith("<svg")


def test_chart_is_drawn_here_where_nobody_draws_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends at once, or one core alone, costs no chart."""
    here = drawn(YEARS, STACK, ())
    monkeypatch.setattr("sys.executable", "/bin/true")
    with beside():
        assert drawn(YEARS, STACK, ()) == here
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    with beside():
        assert drawn(YEARS, STACK, ()) == here
