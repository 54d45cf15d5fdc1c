"""Commands on 1,000,000 agreements against the same commands on 100, and the memory that they take.

What a command costs is to follow from what it is asked, and not from what is there besides: each
way is the real command in a process of its own, on a file of its own. The nightly check has 1,000
due in a portfolio of 1,100 and in the large one. The memory is the most that the process ever had.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.commands import run_command
from benchmarks.measure import Result, Way, timed
from benchmarks.sample import DAY, portfolio, sandbox

FEW, MANY = 100, 1_000_000
DUE = 1_000
ROUNDS, NIGHTS = 7, 3

_ONE = "TOR-2027-050"
ASKED: Mapping[str, Sequence[str]] = {
    "list": ("list",),
    "list --state active --limit 20": ("list", "--state", "active", "--limit", "20"),
    "show": ("show", _ONE),
    "check": ("check", _ONE),
    "log": ("log", _ONE),
    "status": ("status",),
}


def run(folder: Path, many: int = MANY) -> Iterator[Result]:
    """Measure."""
    few, large = _made(folder / "few.db", FEW, 0), _made(folder / "many.db", many, DUE)
    small = _made(folder / "small.db", FEW + DUE, DUE)
    for name, words in ASKED.items():
        memory: dict[str, float] = {}
        ways = {
            f"lifecycle {name}, of {FEW:,}": _asking(few, words, memory),
            f"lifecycle {name}, of {many:,}": _asking(large, words, memory),
        }
        taken = timed(ways, ROUNDS)
        yield Result(f"{name}: {many:,} agreements against {FEW:,}", taken, notes=_told(memory))
    memory = {}
    ways = {
        f"lifecycle nightly, of {FEW + DUE:,}": _night(small, memory),
        f"lifecycle nightly, of {many:,}": _night(large, memory),
    }
    title = f"nightly, {DUE:,} due: of {many:,} agreements against {FEW + DUE:,}"
    yield Result(title, timed(ways, NIGHTS), DUE, "agreements", _told(memory))


def _made(path: Path, count: int, due: int) -> Path:
    store = sandbox(path)
    portfolio(store, count - due, due)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def _asking(path: Path, words: Sequence[str], memory: dict[str, float]) -> Way:
    def run(_number: int) -> None:
        _run(path, words, memory)

    return run


def _night(path: Path, memory: dict[str, float]) -> Way:
    """Run the check on a copy, which is made before it is measured."""
    copies = [path.with_name(f"{path.stem}-{number}.db") for number in range(NIGHTS + 1)]
    for copy in copies:
        shutil.copyfile(path, copy)
    os.sync()

    def run(number: int) -> None:
        _run(copies[number], ("nightly",), memory)

    return run


def _run(path: Path, words: Sequence[str], memory: dict[str, float]) -> None:
    options = ("--as", "anna", "--today", f"{DAY}", "--db", str(path))
    most = run_command((*options, *words)).megabytes
    memory[path.stem] = max(memory.get(path.stem, 0), most)


def _told(memory: Mapping[str, float]) -> Sequence[str]:
    said = [f"{value:.0f}" for value in memory.values()]
    return [f"most memory: {said[0]} MB, and {said[-1]} MB of the large one"]
