"""When one line surely came before another, and how much a quantity can have been by then."""

import pytest

from lifecycle.recomputing.flows import Changes, Flow, Range
from lifecycle.recomputing.instants import NEARBY, Instants, Window


def settled(*sequences: list[int]) -> Instants:
    """Return what is known after sequences of instants, in units of what is nearby."""
    instants = Instants(NEARBY)
    for sequence in sequences:
        latest: int | None = None
        for at in sequence:
            latest = instants.follow(at * NEARBY, latest)
    instants.settle()
    return instants


@pytest.mark.parametrize(
    ("sequences", "at", "expected"),
    [
        ([[1, 2, 3]], 10, (9, 11)),
        ([[1, 50, 20]], 10, (9, 11)),
        ([[1, 50, 20]], 30, (20, 50)),
        ([[1, 50, 20]], 19, (18, 50)),
        ([[1, 50, 20]], 52, (51, 53)),
        ([[1, 50, 49, 48]], 10, (9, 11)),
        ([[20, 50, 20], [40, 70, 40]], 60, (20, 70)),
        ([[20, 50, 20], [30, 40, 30]], 45, (20, 50)),
        ([[20, 30, 20], [31, 40, 31]], 31, (20, 40)),
        ([[20, 30, 20], [60, 80, 60]], 70, (60, 80)),
        ([[20, 30, 20], [60, 80, 60]], 40, (39, 41)),
    ],
)
def test_window_is_as_wide_as_a_clock_was_set_back(
    sequences: list[list[int]], at: int, expected: tuple[int, int]
) -> None:
    """What is nearby is open; between the two ends of a leap back, everything is."""
    window = settled(*sequences).window(at * NEARBY)
    assert (window.first, window.last) == tuple(one * NEARBY for one in expected)


def flow(*changes: tuple[int, int]) -> Flow:
    """Return a quantity of these changes, in two parts."""
    parts = Changes(), Changes()
    for place, (at, delta) in enumerate(changes):
        parts[place % 2].add(at, delta)
    return Flow(parts)


@pytest.mark.parametrize(
    ("changes", "own", "expected"),
    [
        ([], [], (0, 0)),
        ([(1, 1), (2, 1), (30, 1)], [], (2, 2)),
        ([(2, 1), (1, 1), (5, 1), (6, -1), (7, 1)], [], (1, 4)),
        ([(1, 1), (5, -1)], [], (0, 1)),
        ([(1, 1), (2, 1), (5, -1)], [(1, 1), (5, -1)], (1, 1)),
        ([(1, 1), (5, 1), (6, -1)], [(5, 1), (6, -1), (30, 1)], (1, 1)),
        ([(4, -1)], [], (0, 0)),
        ([(1, 2**62), (2, 2**62)], [], (2**62, 2**62)),
    ],
)
def test_sum_lies_between_what_surely_was_and_what_may_have_been(
    changes: list[tuple[int, int]], own: list[tuple[int, int]], expected: tuple[int, int]
) -> None:
    """Changes in the window may have come or not; a stream's own are not counted at all."""
    assert flow(*changes).within(Window(4, 8), own) == Range(*expected)
