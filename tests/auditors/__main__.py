"""`python -m tests.auditors PYTHON [AGREEMENTS]`: exported logs replayed by pm4py.

PYTHON is an interpreter that has pm4py (`make pm4py` sets one up), in a process of its own. Exports
the log of the demo and that of a random portfolio, lets pm4py replay both on the exported net and
look for planted steps, and ends with an error unless all fit and exactly what was planted is found.
LIFECYCLE_FIGURES names the folder for the result files, LIFECYCLE_SEED the chance.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from states.table import TRANSITIONS
from states.vocabulary import Event
from tests import figures
from tests.auditors.portfolio import Portfolio
from tests.cli.running import run

_ROUNDS = 160
_SCRIPT = Path(__file__).parent / "pm4py_replay.py"
_WAYS = ("by_token_replay", "by_alignments")

Made = Callable[[Path], tuple[Path, dict[str, int]]]
"""Makes a database in a folder; returns it and what to tell of it."""


def main(python: str, agreements: str = "400") -> None:
    """Replay both logs and record what was found."""
    seed = figures.first_seed()
    _campaign("pm4py replays the demo", python, None, _demo)
    _campaign(
        "pm4py replays a random portfolio",
        python,
        seed,
        lambda folder: _random(folder, int(agreements), seed),
    )


def _campaign(name: str, python: str, seed: int | None, made: Made) -> None:
    began = monotonic()
    with TemporaryDirectory() as folder:
        where = Path(folder)
        database, counts = made(where)
        for form in ("xes", "pnml"):
            run("--db", database, "log", "export", "-o", where / f"log.{form}").well()
        found = _replayed(python, where, seed or 1)
        version = figures.version_of(str(database))
    told: dict[str, Any] = {**counts, **_held(found)}
    print(f"{name}: {told}", flush=True)  # noqa: T201 - what somebody at a terminal waits for
    figures.record(
        name,
        database=version,
        seed=seed,
        rounds=found["traces"],
        of="agreements",
        seconds=monotonic() - began,
        **told,
    )


def _demo(folder: Path) -> tuple[Path, dict[str, int]]:
    run("demo", folder).well()
    return folder / "lifecycle-demo.db", {}


def _random(folder: Path, agreements: int, seed: int) -> tuple[Path, dict[str, int]]:
    """Return a portfolio in which each move of the table was made, and some taken back."""
    portfolio = Portfolio(folder, seed)
    portfolio.fill(agreements, _ROUNDS)
    moves = portfolio.moves()
    kinds = {(trigger, from_) for event, trigger, from_, _to in moves if event is _MOVED}
    missing = {(row.trigger, source) for row in TRANSITIONS for source in row.sources} - kinds
    assert not missing, f"never made by chance: {missing}; take more agreements or another seed"
    portfolio.stage.store.close()
    counts = {event: 0 for event, *_ in moves}
    for (event, *_), many in moves.items():
        counts[event] += many
    return portfolio.stage.path, {
        "kinds_of_moves": len(kinds),
        "moves": counts[Event.TRANSITIONED],
        "taken_over": counts[Event.TAKEN_OVER],
        "taken_back": counts[Event.CORRECTED],
    }


def _replayed(python: str, folder: Path, seed: int) -> dict[str, Any]:
    line = [python, str(_SCRIPT), str(folder), str(seed)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    # The last line: what comes before it is how pm4py greets.
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _held(found: dict[str, Any]) -> dict[str, Any]:
    """Return what to tell of an answer that is as it must be."""
    told: dict[str, Any] = {"events": found["events"]}
    for way in _WAYS:
        assert (found[way], found["deviating"][way]) == (1.0, []), (way, found["deviating"][way])
        told[f"fitness_{way}"] = found[way]
    planted = 0
    for name, one in found["planted"].items():
        assert one["planted"], f"nothing was planted: {name}"
        for way in _WAYS:
            assert one[way] < 1
            assert one["found"][way] == one["planted"], (name, way)
        planted += len(one["planted"])
    kinds = len(found["planted"])
    return {
        **told,
        "illegal_steps_planted": planted,
        "of_kinds": kinds,
        "found_in_their_agreements_by_both": planted,
        "found_elsewhere": 0,
        "by_pm4py": found["pm4py"],
    }


_MOVED = Event.TRANSITIONED

if __name__ == "__main__":
    main(*sys.argv[1:])
