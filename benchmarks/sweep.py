"""The nightly sweep: 1,000 due of 20,000, against one set-based statement pair; then of 200,000."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.measure import Way, report, timed
from benchmarks.sample import order, portfolio, sandbox
from lifecycle.nightly import nightly
from store.opening import open_store

ROUNDS = 5
DUE = 1_000
SMALL, LARGE = 20_000, 200_000

_WHICH = "program_id = 1 AND due_rule = 'term_over' AND due <= '2027-01-04'"
_INSERT = f"""
INSERT INTO entry (program_id, stream, n, line)
SELECT program_id, key, n + 1, printf('%.1100c', 'x') FROM agreement WHERE {_WHICH}
"""  # noqa: S608 - the benchmark's own words
_UPDATE = f"""
UPDATE agreement SET state = 'evaluation', version = version + 1, n = n + 1,
    due = '2027-07-03', due_rule = 'decision_due' WHERE {_WHICH}
"""  # noqa: S608 - the benchmark's own words


def _copies(template: Path, work: Callable[[Path], None]) -> Way:
    def run(number: int) -> None:
        work(template.with_name(f"{template.stem}-{number}.db"))

    return run


def set_based(path: Path) -> None:
    """Do to the rows what a night does, by two statements."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_INSERT)
        connection.execute(_UPDATE)
        connection.execute("COMMIT")


def _ours(path: Path) -> None:
    store = open_store(str(path))
    fired = nightly(store, order("night")).count("fired")
    store.close()
    if fired != DUE:
        raise RuntimeError(fired)


def _template(folder: Path, name: str, running: int) -> Path:
    path = folder / f"{name}.db"
    store = sandbox(path)
    portfolio(store, running - DUE, DUE)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for number in range(ROUNDS + 1):
        shutil.copyfile(path, path.with_name(f"{name}-{number}.db"))
    os.sync()
    return path


def run(folder: Path) -> None:
    """Measure and print."""
    ways = {
        "one set-based statement pair": _copies(_template(folder, "set", SMALL), set_based),
        "ours": _copies(_template(folder, "small", SMALL), _ours),
        "ours, ten times the portfolio": _copies(_template(folder, "large", LARGE), _ours),
    }
    report(f"nightly sweep ({DUE:,} due of {SMALL:,})", timed(ways, ROUNDS), DUE, "agreements")
