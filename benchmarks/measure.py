"""Times several ways of doing the same work, interleaved in one run, and tells them as ratios.

Rounds alternate between the ways, so that a machine that slows down slows all of them; each round
is compared with the same round of the first way, and the median of these ratios is told, with the
least and the most beside it. With LIFECYCLE_FIGURES set (`make bench FIGURES=docs/benchmarks`) the
rounds are written down, for `benchmarks.page`.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests import figures
from tests.builders import ROOT

Way = Callable[[int], None]
"""Does one round's work; takes the round's number."""

Taken = Mapping[str, Sequence[float]]
"""The seconds that each way took, round by round."""


@dataclass(frozen=True, slots=True)
class Result:
    """One block of a benchmark: the ways, of which the first is the yardstick.

    `amount` is how many units of work a round has, 0 where the round itself is the work. `notes`
    are lines that stand below its table. A result that is no ratio has a `grid` in place of ways:
    rows under the headings of the first one. `figures` are numbers that other pages are made of.
    """

    title: str
    taken: Taken
    amount: int = 0
    unit: str = ""
    notes: Sequence[str] = field(default_factory=list)
    grid: Sequence[Sequence[str]] = field(default_factory=list)
    figures: Mapping[str, float] = field(default_factory=dict)

    def ratios(self, name: str) -> list[float]:
        """Return how many times as long as the first way another took, round by round."""
        first = next(iter(self.taken.values()))
        return [own / base for own, base in zip(self.taken[name], first, strict=True)]

    def rows(self) -> Sequence[tuple[str, str, str]]:
        """Return each way's name, its median rate or time, and its ratio."""
        return [(name, self._pace(name), spread(self.ratios(name))) for name in self.taken]

    def _pace(self, name: str) -> str:
        middle = statistics.median(self.taken[name])
        if self.amount:
            return f"{self.amount / middle:,.0f} {self.unit}/s"
        if middle >= 1:
            return f"{middle:,.2f} s"
        return f"{middle * 1e3:,.1f} ms" if middle * 1e3 >= 1 else f"{middle * 1e6:,.0f} µs"


def timed(
    ways: Mapping[str, Way], rounds: int, ready: Callable[[str], None] = lambda _name: None
) -> dict[str, list[float]]:
    """Return the seconds that each way took in each round; round 0 warms up and is left out.

    `ready` is called before each way's turn, and is not measured.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            ready(name)
            began = time.perf_counter()
            way(number)
            if number:
                taken[name].append(time.perf_counter() - began)
    return taken


def spread(values: Sequence[float]) -> str:
    """Return a median, with the least and the most."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} .. {max(values):.2f})"


def report(benchmark: str, results: Iterable[Result]) -> None:
    """Print a benchmark's results as they come, and write them down where that is asked for."""
    kept = []
    for result in results:
        kept.append(result)
        print(f"\n{result.title}")
        for name, pace, ratio in result.rows():
            print(f"  {name:<40}{pace:>24}   {ratio}")
        for first, *others in result.grid:
            print(f"  {first:<60}{''.join(f'{one:>18}' for one in others)}")
        for note in result.notes:
            print(f"  {note}")
    if folder := os.environ.get(figures.FOLDER):
        path = ROOT / folder / f"{benchmark}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, kept)


def results_of(path: Path) -> tuple[Mapping[str, object], list[Result]]:
    """Return on what a file's results were measured, and the results."""
    told = json.loads(path.read_text())
    return told["on"], [Result(**one) for one in told["results"]]


def _write(path: Path, results: Sequence[Result]) -> None:
    on = {
        "date": datetime.now(UTC).date().isoformat(),
        **figures.commit(),
        "machine": figures.machine(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }
    told = {"on": on, "results": [asdict(one) for one in results]}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
