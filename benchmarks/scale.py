"""A national association on one PostgreSQL: what it takes, and what more hosts bring.

The database of `benchmarks.national`. Each way is some worker processes, as hosts would be, that do
the nights of programs, each program's whole nightly run by one of them; nobody waits for anybody
but the database. What the rows take on disk is told per agreement, by table.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from benchmarks.measure import Result, Way, spread, timed
from benchmarks.national import EACH, PROGRAMS, association
from benchmarks.sample import DAY
from benchmarks.writers import Step, together, writers
from lifecycle.entry import Actor
from lifecycle.nightly import nightly
from lifecycle.order import Order
from store.database import Database
from store.opening import store_on

ROUNDS, NIGHTS = 5, 24
WORKERS = (1, 2, 4)

_SIZES = """
SELECT relname, pg_total_relation_size(c.oid), pg_indexes_size(c.oid) FROM pg_class c
JOIN pg_namespace s ON s.oid = c.relnamespace WHERE nspname = 'lifecycle' AND relkind = 'r'
ORDER BY 2 DESC LIMIT 8
"""
_COUNTS = """
SELECT (SELECT count(*) FROM lifecycle.program), (SELECT count(*) FROM lifecycle.agreement),
    (SELECT count(*) FROM lifecycle.entry), pg_database_size(current_database())
"""


def nights(url: str, codes: Sequence[str]) -> Step:
    """Return what does the next program's night."""
    database, left = Database(url), iter(codes)

    def step() -> None:
        store = store_on(database, next(left))
        now = datetime(DAY.year, DAY.month, DAY.day, 17, tzinfo=UTC)
        order = Order(actor=Actor("system", "asserted"), now=now, host=f"host-{os.getpid()}")
        report = nightly(store, order)
        if not report.count("fired") or report.count("failed"):
            raise RuntimeError(report)

    return step


def run(folder: Path, programs: int = PROGRAMS) -> Iterator[Result]:
    """Measure."""
    began = time.monotonic()
    with association(folder, programs) as url:
        made = time.monotonic() - began
        with psycopg.connect(url) as connection:
            notes = list(_told(connection, made))
        taken = _measured(url, programs)
    rates = [
        f"{count} workers do {spread(_gains(taken, count))} of what one does"
        for count in WORKERS[1:]
    ]
    yield Result(
        f"PostgreSQL, nights of programs of {EACH} agreements, of {programs:,} programs",
        taken,
        NIGHTS,
        "nights",
        [*rates, *notes],
    )


def _measured(url: str, programs: int) -> dict[str, list[float]]:
    needed = (ROUNDS + 1) * NIGHTS * len(WORKERS)
    if programs <= needed:
        message = f"{needed + 1} programs are needed"
        raise ValueError(message)
    codes = iter([f"P{number:05}" for number in range(2, needed + 2)])
    with ExitStack() as stack:
        ways: dict[str, Way] = {}
        for count in WORKERS:
            each = NIGHTS // count
            shares = [
                (url, [next(codes) for _ in range(each * (ROUNDS + 1))]) for _ in range(count)
            ]
            ways[_name(count)] = together(stack.enter_context(writers(nights, shares)), each)
        return timed(ways, ROUNDS)


def _name(count: int) -> str:
    return f"{count} worker{'s' if count > 1 else ''}"


def _gains(taken: dict[str, list[float]], count: int) -> list[float]:
    return [one / many for one, many in zip(taken[_name(1)], taken[_name(count)], strict=True)]


def _told(connection: psycopg.Connection, made: float) -> Iterator[str]:
    """Yield what is there and what it takes."""
    row = connection.execute(_COUNTS).fetchone()
    if row is None:
        raise LookupError
    programs, agreements, lines, size = row
    there = f"{agreements:,} agreements of {programs:,} programs, {lines:,} lines"
    yield f"{there}, made in {made:.0f} s"
    yield f"{size / 2**30:.1f} GiB, {size / agreements / 1024:.1f} KiB an agreement"
    for name, whole, indexes in connection.execute(_SIZES):
        each = whole / agreements / 1024
        yield f"{name}: {each:.2f} KiB an agreement, {indexes / whole:.0%} of it indexes"
