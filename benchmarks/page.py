"""Makes the results of docs/benchmarks.md of the result files, their charts, and docs/scale.md.

`python -m benchmarks.page` writes the pages and the charts anew (`make bench-page`); with `--check`
it says which of them is not what the result files make, and changes nothing. What stands outside
each page's two marks is written by hand: how it is measured, what stands in the way, and what
follows.
"""

import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from textwrap import fill
from typing import Any

from benchmarks import needs
from benchmarks.measure import Result, results_of
from cli.output.charts import Chart, Panel, Series, svg

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
SCALE = ROOT / "docs" / "scale.md"
RESULTS = ROOT / "docs" / "benchmarks"
BEGIN = "<!-- made by `make bench-page` of docs/benchmarks; not edited by hand -->"
END = "<!-- end of what `make bench-page` made -->"

_HEADING = ("way", "median", "times as long, median (least .. most)")
_TITLE, _LABELS = 80, 110
"""How many characters there is room for in a chart: in its title, and in all that stands below."""

ORDER = (
    *("durable", "postgresql", "sweep", "breakdown", "night", "growth", "memory", "scale"),
    *("sealing", "verify", "taking_over", "publish", "startup"),
)
"""What is told first; the others follow by name."""


def made(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file that the results make, with what it is to hold: pages, then charts."""
    files = sorted(folder.glob("*.json"), key=lambda path: (_place(path.stem), path.stem))
    yield PAGE, _within(PAGE, [line for path in files for line in _section(path)])
    yield SCALE, _within(SCALE, _worked_out(folder / "scale.json"))
    for path in files:
        _on, results = results_of(path)
        for number, result in enumerate(results):
            if result.taken:
                yield path.with_name(_chart_name(path, number)), svg(_chart(result)) + "\n"


def _within(page: Path, lines: Iterable[str]) -> str:
    """Return a page's text with these lines between its marks."""
    before, begin, rest = page.read_text().partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        message = f"{page} lacks its marks: {BEGIN} and {END}"
        raise SystemExit(message)
    told = "\n".join(lines)
    return f"{before}{BEGIN}\n\n{told}\n{END}{after}"


def _worked_out(path: Path) -> Iterator[str]:
    if not path.exists():
        yield "Not measured yet: `make bench BENCH=scale FIGURES=docs/benchmarks`."
        yield ""
        return
    on, results = results_of(path)
    figures = {name: value for result in results for name, value in result.figures.items()}
    yield from needs.tables(figures)
    yield f"Of `benchmarks/{path.name}`; {_said(on)}."
    yield ""


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _section(path: Path) -> Iterator[str]:
    on, results = results_of(path)
    for number, result in enumerate(results):
        yield f"### {result.title}"
        yield ""
        if result.taken:
            yield f"![{result.title}, as ratios](benchmarks/{_chart_name(path, number)})"
            yield ""
        heading, *rows = result.grid or [_HEADING, *result.rows()]
        yield from (_row(heading), "|---" * len(heading) + "|", *map(_row, rows))
        yield ""
        yield from (f"- {note}" for note in result.notes)
        yield from [""] * bool(result.notes)
    yield f"`benchmarks/{path.stem}.py`, {_rounds(results)}; {_said(on)}."
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rounds(results: list[Result]) -> str:
    counts = sorted({len(times) for one in results for times in one.taken.values()})
    return f"{' to '.join(map(str, counts))} rounds" if counts else "each once"


def _said(on: Mapping[str, Any]) -> str:
    machine = on["machine"]
    parts = f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB"
    versions = f"{machine['kernel']}, Python {machine['python']}"
    commit = f"commit `{on['commit'][:9]}`{' with changes' if on['dirty'] else ''}"
    return f"{on['date']}, {commit}, {parts}, {versions}, load {on['load_average'][0]}"


def _chart(result: Result) -> Chart:
    """Return each way's median ratio as a bar."""
    middles = {name: statistics.median(result.ratios(name)) for name in result.taken}
    exact = [Decimal(f"{value:.2f}") for value in middles.values()]
    told = "; ".join(f"{name} {value} times" for name, value in zip(middles, exact, strict=True))
    series = Series("times as long", exact)
    return Chart(
        fill(result.title, _TITLE),
        f"How many times as long as the first: {told}.",
        [
            Panel(
                categories=[fill(name, _LABELS // len(middles)) for name in middles],
                stacks=[[series]],
            )
        ],
    )


def _chart_name(path: Path, number: int) -> str:
    return f"{path.stem}-{number + 1}.svg"


def main(words: list[str]) -> int:
    """Write what the results make, or say what differs from it; returns the exit code."""
    stale = [path for path, text in made(RESULTS) if not path.exists() or path.read_text() != text]
    if words == ["--check"]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what docs/benchmarks says: run make bench-page")
        return 1 if stale else 0
    for path, text in made(RESULTS):
        if path in stale:
            path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
