"""The nightly sweep: 1,000 due of 20,000, against one set-based statement pair and other engines.

Then with the portfolio growing and as much due, and the reverse; on PostgreSQL as on SQLite.

The statement pair is the limit: it asks nothing of the agreements, and its lines are empty words.
The others expire all that is due in one transaction (DBOS in a workflow each, as it works), write a
line of one of ours each, and are put back between two rounds, which is not measured. Ours is the
whole nightly run, with its record, notices and digests.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks import others, sweep_on_postgresql
from benchmarks.measure import Result, Way, timed
from benchmarks.others.work import DUE as TODAY
from benchmarks.others.work import LATER, Work, again, given, insist
from benchmarks.sample import agreement, order, portfolio, sandbox
from benchmarks.writers import Step, together, writers
from lifecycle.nightly import nightly
from states.codec import encode
from store.opening import open_store

ROUNDS = 5
DUE, MANY_DUE = 1_000, 10_000
SMALL, LARGE = 20_000, 200_000

PAIR = sweep_on_postgresql.PAIR
_WHICH = "program_id = 1 AND due_rule = 'term_over' AND due <= '2027-01-04'"
_INSERT = f"""
INSERT INTO entry (program_id, stream, n, line)
SELECT program_id, key, n + 1, printf('%.1100c', 'x') FROM agreement WHERE {_WHICH}
"""  # noqa: S608 - the benchmark's own words
_UPDATE = f"""
UPDATE agreement SET state = 'evaluation', version = version + 1, n = n + 1,
    due = '2027-07-03', due_rule = 'decision_due' WHERE {_WHICH}
"""  # noqa: S608 - the benchmark's own words
_LINE = "x" * 1_100


def set_based(path: Path) -> None:
    """Do to the rows what a night does, by two statements."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_INSERT)
        connection.execute(_UPDATE)
        connection.execute("COMMIT")


def sweeping(module: str, work: Work) -> Step:
    """Return what lets another engine sweep, in the process that does."""

    def step() -> None:
        due = others.sweep(module, work)
        if due != DUE:
            raise RuntimeError(module, due)

    return step


def run(folder: Path) -> Iterator[Result]:
    """Measure."""
    works = {
        name: Work(f"sqlite:///{folder / module}.db", _LINE, range(1, SMALL + 1))
        for name, module in others.MODULES.items()
    }
    document = encode(agreement(0, 1_000)).decode()
    days = [TODAY if one <= DUE else LATER for one in range(1, SMALL + 1)]
    stored = {
        name: others.stored(module, document, "active") for name, module in others.MODULES.items()
    }
    for name, work in works.items():
        given(work, stored[name], "active", days)
    with ExitStack() as stack:
        ways: dict[str, Way] = {
            PAIR: copies(template_of(folder, "set", SMALL), set_based),
            "ours": copies(template_of(folder, "small", SMALL), night_of(DUE)),
            f"ours, of {LARGE:,}": copies(template_of(folder, "large", LARGE), night_of(DUE)),
        }
        for name, module in others.MODULES.items():
            some = stack.enter_context(writers(sweeping, [(module, works[name])]))
            ways[name] = together(some, 1)
        taken = timed(ways, ROUNDS, _put_back(works, stored))
    for work in works.values():
        insist(work, DUE, "evaluation")
    yield Result(f"SQLite, nightly sweep ({DUE:,} due of {SMALL:,})", taken, DUE, "agreements")
    ways = {
        PAIR: copies(template_of(folder, "set-many", SMALL, MANY_DUE), set_based),
        "ours": copies(template_of(folder, "many", SMALL, MANY_DUE), night_of(MANY_DUE)),
    }
    title = f"SQLite, nightly sweep ({MANY_DUE:,} due of {SMALL:,})"
    yield Result(title, timed(ways, ROUNDS), MANY_DUE, "agreements")
    for due in (DUE, MANY_DUE):
        taken = sweep_on_postgresql.taken(SMALL, due, ROUNDS)
        title = f"PostgreSQL, nightly sweep ({due:,} due of {SMALL:,})"
        yield Result(title, taken, due, "agreements")


def _put_back(works: Mapping[str, Work], stored: Mapping[str, str]) -> Callable[[str], None]:
    def ready(name: str) -> None:
        if name in works:
            again(works[name], stored[name], "active")

    return ready


def night_of(due: int) -> Callable[[Path], None]:
    """Return what runs a night on a file; it raises RuntimeError unless all that is due moves."""

    def night(path: Path) -> None:
        store = open_store(str(path))
        fired = nightly(store, order("night")).count("fired")
        store.close()
        if fired != due:
            raise RuntimeError(fired)

    return night


def copies(template: Path, work: Callable[[Path], None]) -> Way:
    """Return the way that does its work on the round's own copy of a template."""

    def run(number: int) -> None:
        work(template.with_name(f"{template.stem}-{number}.db"))

    return run


def template_of(folder: Path, name: str, count: int, due: int = DUE) -> Path:
    """Return a program's file with what is due in it, and make a copy of it for each round."""
    path = folder / f"{name}.db"
    store = sandbox(path)
    portfolio(store, count - due, due)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for number in range(ROUNDS + 1):
        shutil.copyfile(path, path.with_name(f"{name}-{number}.db"))
    os.sync()
    return path
