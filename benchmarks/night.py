"""A night with 100,000 due, by the real command in a process of its own, with its progress bar.

Prints its seconds, its CPU seconds and the most memory that it had, and how many times as long it
takes as one set-based statement pair that does the same to the rows. With LIFECYCLE_FIGURES set the
result is kept for docs/reliability.md.
"""

import os
import pty
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

from benchmarks.commands import Cost
from benchmarks.measure import Result, spread
from benchmarks.sample import DAY, portfolio, sandbox
from benchmarks.sweep import set_based
from tests import figures
from tests.builders import ROOT

ROUNDS = 3
DUE, RUNNING = 100_000, 10_000
_LINE = (sys.executable, "-m", "cli", "--as", "night", "--today", f"{DAY}")


def run(folder: Path, due: int = DUE) -> Iterator[Result]:
    """Measure."""
    path = folder / "night.db"
    store = sandbox(path)
    portfolio(store, RUNNING, due)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    began = time.monotonic()
    costs, taken = [], {"one set-based statement pair": list[float](), "ours": list[float]()}
    for _ in range(ROUNDS):
        taken["one set-based statement pair"].append(_bare(_copy(path)))
        costs.append(_night(_copy(path), due))
        taken["ours"].append(costs[-1].seconds)
    result = Result(f"a night with {due:,} due", taken, due, "agreements")
    told = {
        "seconds_a_night": spread(taken["ours"]),
        "seconds_of_CPU": spread([one.cpu for one in costs]),
        "MB_at_most": f"{max(one.megabytes for one in costs):.0f}",
        "as_long_as_one_statement_pair": spread(result.ratios("ours")),
    }
    notes = [f"{name.replace('_', ' ')}: {said}" for name, said in told.items()]
    yield replace(result, notes=notes)
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
