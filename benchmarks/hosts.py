"""Nights on one PostgreSQL by 1, 2 and 4 worker processes at once, as hosts would be.

Three kinds: each worker does the nights of programs of its own; all of them do the one large night
of a single program; and the real `lifecycle scheduler --once`, so many at once, looks after all
programs of a database. Nobody waits for anybody but the database. Workers and server share the
cores of one machine here, so that more workers than cores gain little.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count as counting
from itertools import islice
from statistics import median

import psycopg

from benchmarks.measure import Result, Taken, Way, spread, timed
from benchmarks.national import EACH, STARTING, copy
from benchmarks.sample import DAY, copying, order
from benchmarks.writers import Step, together, writers
from lifecycle.entry import Actor
from lifecycle.nightly import nightly
from lifecycle.order import Order
from store.creating import create_store
from store.database import Database
from store.opening import store_on
from store.policies import shipped_policy
from tests import postgres
from tests.builders import ROOT

ROUNDS, NIGHTS, LOOKS = 5, 24, 3
WORKERS = (1, 2, 4)
DUE = 2_000
NEEDED = (ROUNDS + 1) * NIGHTS * len(WORKERS)
"""So many programs, from the second one on, have their nights here."""

Job = tuple[str, int]
"""A program's code, and on which day after the benchmarks' its night is."""

_WRONG = """
SELECT count(*) FROM lifecycle.agreement
WHERE (state, n) <> ('evaluation', 2) AND due_rule = 'term_over' AND program_id > 1
"""
_NIGHTS = """
SELECT count(*), count(DISTINCT (program_id, run_date)) FROM lifecycle.run
WHERE outcome = 'completed'
"""


def nights(url: str, jobs: Sequence[Job], fired: int = 0) -> Step:
    """Return what does the next program's night, in which no fewer agreements are fired."""
    database, left = Database(url), iter(jobs)

    def step() -> None:
        code, days = next(left)
        now = datetime(DAY.year, DAY.month, DAY.day, 17, tzinfo=UTC) + timedelta(days=days)
        host = f"host-{os.getpid()}"
        name = f"{now.date()}-{host}"
        who = Order(actor=Actor("system", "asserted"), now=now, host=host, run=name)
        report = nightly(store_on(database, code), who)
        if report.count("fired") < fired or report.count("failed"):
            raise RuntimeError(report)

    return step


def own_programs(url: str, programs: int) -> Result:
    """Measure each worker on programs of its own, on a night on which terms begin in each."""
    if programs <= NEEDED:
        message = f"{NEEDED + 1} programs are needed"
        raise ValueError(message)
    jobs = iter([(f"P{number:05}", 0) for number in range(2, NEEDED + 2)])
    with ExitStack() as stack:
        ways: dict[str, Way] = {}
        for count in WORKERS:
            each = NIGHTS // count
            shares = [
                (url, list(islice(jobs, each * (ROUNDS + 1))), STARTING) for _ in range(count)
            ]
            ways[_name(count)] = together(stack.enter_context(writers(nights, shares)), each)
        taken = timed(ways, ROUNDS)
    title = f"PostgreSQL, nights on which {STARTING} terms begin, of {programs:,} programs"
    title = f"{title} of {EACH} agreements"
    figures = _figures("begins", taken, NIGHTS)
    return Result(title, taken, NIGHTS, "nights", _gains(taken), figures=figures)


def one_program() -> Result:
    """Measure all workers on one night of one program, each round another program's."""
    url = postgres.new_database()
    store = create_store(url, order(), shipped_policy("toronto-2018"), sandbox=True)
    with psycopg.connect(url, options="-c search_path=lifecycle") as connection:
        for statement in copying(store, 0, DUE):
            connection.execute(statement.encode())
    store.close()
    copy(url, 1 + len(WORKERS) * (ROUNDS + 1))
    codes = (f"P{number:05}" for number in counting(2))
    with ExitStack() as stack:
        ways: dict[str, Way] = {}
        for count in WORKERS:
            jobs = [(code, 0) for code in islice(codes, ROUNDS + 1)]
            workers = stack.enter_context(writers(nights, [(url, jobs)] * count))
            ways[_name(count)] = together(workers, 1)
        taken = timed(ways, ROUNDS)
    with psycopg.connect(url) as connection:
        if connection.execute(_WRONG).fetchone() != (0,):
            message = "an agreement was not moved on exactly once"
            raise RuntimeError(message)
    postgres.drop(url)
    title = f"PostgreSQL, one program's night with {DUE:,} due, by workers at once"
    notes = [*_gains(taken), "each of the agreements was moved on once, whoever did it"]
    return Result(title, taken, DUE, "agreements", notes, figures=_figures("due", taken, DUE))


def schedulers(url: str, programs: int) -> Result:
    """Measure real schedulers, so many at once, on quiet nights of all programs of a database."""
    days = counting(1)

    def way(count: int) -> Way:
        def run(_number: int) -> None:
            _looks(url, next(days), count)

        return run

    _looks(url, 0, 1)
    before = _nights_of(url)
    taken = timed({_name(count): way(count) for count in WORKERS}, LOOKS)
    done, different = (now - then for now, then in zip(_nights_of(url), before, strict=True))
    told = f"{done / different - 1:.1%} of the nights were done by two workers that came together"
    title = f"PostgreSQL, quiet nights of {programs} programs by lifecycle scheduler --once"
    figures = _figures("look", taken, programs)
    return Result(title, taken, programs, "nights", [*_gains(taken), told], figures=figures)


def _looks(url: str, day: int, count: int) -> None:
    words = ("--as", "night", "--today", f"{DAY + timedelta(days=day)}", "--db", url)
    line = [sys.executable, "-m", "cli", *words, "scheduler", "--once"]
    nothing = subprocess.DEVNULL
    started = [
        subprocess.Popen(line, cwd=ROOT, stdout=nothing, stderr=nothing) for _ in range(count)
    ]
    codes = [one.wait() for one in started]
    if any(codes):
        raise RuntimeError(line, codes)


def _nights_of(url: str) -> tuple[int, int]:
    with psycopg.connect(url) as connection:
        done, different = connection.execute(_NIGHTS).fetchone() or (0, 0)
    return done, different


def _name(count: int) -> str:
    return f"{count} worker{'s' if count > 1 else ''}"


def _gains(taken: Taken) -> Sequence[str]:
    return [
        f"{_name(count)} do {spread(gained)} of what one does"
        for count in WORKERS[1:]
        for gained in [
            [one / many for one, many in zip(taken[_name(1)], taken[_name(count)], strict=True)]
        ]
    ]


def _figures(kind: str, taken: Taken, amount: int) -> Mapping[str, float]:
    """Return the seconds of one night, or one agreement, by how many workers were at it."""
    return {f"{kind}_seconds_by_{count}": median(taken[_name(count)]) / amount for count in WORKERS}
