"""Times several ways of doing the same work, interleaved in one run, and prints them as ratios.

Rounds alternate between the ways, so that a machine that slows down slows all of them; the median
of the rounds is compared, with the least and the most beside it.
"""

import statistics
import time
from collections.abc import Callable, Mapping

Way = Callable[[int], None]
"""Does one round's work; takes the round's number."""


def timed(ways: Mapping[str, Way], rounds: int) -> Mapping[str, list[float]]:
    """Return the seconds that each way took in each round; round 0 warms up and is left out."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            way(number)
            if number:
                taken[name].append(time.perf_counter() - began)
    return taken


def report(title: str, taken: Mapping[str, list[float]], amount: int, unit: str) -> None:
    """Print the ways with their rate and how many times as long as the first one they took."""
    print(f"\n{title}")
    names = list(taken)
    base = taken[names[0]]
    for name in names:
        ratios = [own / first for own, first in zip(taken[name], base, strict=True)]
        middle = statistics.median(taken[name])
        rate = f"{amount / middle:>9,.0f} {unit}/s" if amount else f"{middle * 1000:>9.1f} ms"
        spread = f"{min(ratios):.2f} .. {max(ratios):.2f}"
        print(f"  {name:<34}{rate}   {statistics.median(ratios):>6.2f} x   ({spread})")
