"""A night with 100,000 due, by the real command in a process of its own, with its progress bar.

Prints its seconds, its CPU seconds and the most memory that it had, and how many times as long it
takes as one set-based statement pair that does the same to the rows. With LIFECYCLE_FIGURES set the
result is kept for docs/reliability.md.
"""

import os
import pty
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from benchmarks.sample import DAY, portfolio, sandbox
from benchmarks.sweep import set_based
from tests import figures
from tests.builders import ROOT

ROUNDS = 3
DUE, RUNNING = 100_000, 10_000
_LINE = (sys.executable, "-m", "cli", "--as", "night", "--today", f"{DAY}")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a night took: seconds by the clock, seconds of CPU, and megabytes at the most."""

    seconds: float
    cpu: float
    megabytes: float


def run(folder: Path, due: int = DUE) -> None:
    """Measure, print, and record where that is asked for."""
    path = folder / "night.db"
    store = sandbox(path)
    portfolio(store, RUNNING, due)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    began = time.monotonic()
    costs, ratios = [], []
    for _ in range(ROUNDS):
        bare = _bare(_copy(path))
        costs.append(_night(_copy(path), due))
        ratios.append(costs[-1].seconds / bare)
    seconds, cpu = ([getattr(one, name) for one in costs] for name in ("seconds", "cpu"))
    memory = max(one.megabytes for one in costs)
    told = {
        "seconds_a_night": _spread(seconds),
        "seconds_of_CPU": _spread(cpu),
        "MB_at_most": f"{memory:.0f}",
        "as_long_as_one_statement_pair": _spread(ratios),
    }
    print(f"\na night with {due:,} due")
    for name, said in told.items():
        print(f"  {name.replace('_', ' '):<34}{said}")
    figures.record(
        f"a night with {due:,} due",
        database=figures.version_of(str(path)),
        seed=None,
        rounds=ROUNDS,
        seconds=time.monotonic() - began,
        of="nights",
        **told,
    )


def _copy(path: Path) -> Path:
    copied = path.with_name("copy.db")
    for old in path.parent.glob(f"{copied.name}*"):
        old.unlink()
    shutil.copyfile(path, copied)
    os.sync()
    return copied


def _bare(path: Path) -> float:
    began = time.perf_counter()
    set_based(path)
    return time.perf_counter() - began


def _night(path: Path, due: int) -> Cost:
    """Run the command; its standard error is a terminal, on which it shows how far it is."""
    ours, theirs = pty.openpty()
    seen = bytearray()
    reader = Thread(target=_read, args=(ours, seen))
    with (path.with_name("report")).open("wb") as report:
        began = time.perf_counter()
        line = [*_LINE, "--db", str(path), "nightly"]
        child = subprocess.Popen(line, stdout=report, stderr=theirs, cwd=ROOT)
        os.close(theirs)
        reader.start()
        _pid, code, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(code)
    reader.join()
    os.close(ours)
    if child.returncode or b"100%" not in seen or _fired(path) != due:
        raise RuntimeError(child.returncode, bytes(seen[-500:]))
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _read(terminal: int, seen: bytearray) -> None:
    with suppress(OSError):
        while part := os.read(terminal, 65_536):
            seen += part


def _fired(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT count(*) FROM agreement WHERE state = 'evaluation'")
        return int(rows.fetchone()[0])


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f} .. {max(values):.1f})"
