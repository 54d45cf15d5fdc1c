"""Makes the table of docs/reliability.md of the result files; everything else there stays as it is.

`python -m tests.figures_page` prints the whole page (`make figures` writes it).
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reliability.md"
RESULTS = ROOT / "docs" / "figures"
BEGIN = "<!-- made by `make figures` of docs/figures; not edited by hand -->"
END = "<!-- end of what `make figures` made -->"

_HEAD = ("campaign", "database", "tried", "minutes", "result", "date", "commit", "seed", "on")


def page(text: str, results: Iterable[dict[str, Any]]) -> str:
    """Return the page with the figures of these results between its two marks."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        message = f"the page lacks its marks: {BEGIN} and {END}"
        raise SystemExit(message)
    return f"{before}{BEGIN}\n\n{figures(results)}\n{END}{after}"


def figures(results: Iterable[dict[str, Any]]) -> str:
    """Return the table, and below it the machines that it names."""
    ordered = sorted(results, key=lambda one: (one["campaign"], one["database"]))
    machines: list[dict[str, Any]] = []
    for one in ordered:
        if one["machine"] not in machines:
            machines.append(one["machine"])
    rows = [_row(one, machines) for one in ordered]
    table = [_line(_HEAD), "|---" * len(_HEAD) + "|", *map(_line, rows)]
    told = [f"- {_letter(n)}: {_machine(one)}" for n, one in enumerate(machines)]
    if any(one["dirty"] for one in ordered):
        told.append("- `+`: with changes that were not committed")
    return "\n".join([*table, "", *told, ""])


def results_in(folder: Path) -> list[dict[str, Any]]:
    """Return what the result files of a folder say."""
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def _row(one: dict[str, Any], machines: list[dict[str, Any]]) -> Sequence[str]:
    return (
        one["campaign"],
        one["database"],
        f"{one['rounds']:,} {one['of']}",
        f"{one['seconds'] / 60:.1f}",
        "; ".join(f"{name.replace('_', ' ')}: {_said(n)}" for name, n in one["counts"].items()),
        one["date"],
        f"`{one['commit'][:9]}`{'+' if one['dirty'] else ''}",
        "none" if one["seed"] is None else str(one["seed"]),
        f"{_letter(machines.index(one['machine']))}, load {one['load_average'][0]}",
    )


def _said(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def _machine(one: dict[str, Any]) -> str:
    parts = f"{one['cpu']}, {one['cores']} cores, {one['memory_gb']} GB of memory"
    return f"{parts}, {one['kernel']}, Python {one['python']}"


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(page(PAGE.read_text(), results_in(RESULTS)))
