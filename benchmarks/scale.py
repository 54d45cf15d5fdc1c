"""A national association on one PostgreSQL: what it takes, and what more hosts bring.

The database of `benchmarks.national`: sizes by table, nights by one and more workers, what a
transition and a year's nights add, commands on one of its programs. What takes long for all of it,
backup and check and the scheduler's own walk through all programs, is measured on a smaller one and
worked out for all in docs/scale.md, by the `figures` of these results.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg

from benchmarks import costs, hosts
from benchmarks.commands import run_command
from benchmarks.measure import Result
from benchmarks.national import PROGRAMS, association, founded
from store.backup.tools import VARIABLE
from tests import postgres

BACKED, SCHEDULED = 100, 300

_SIZES = """
SELECT relname, pg_total_relation_size(c.oid), pg_indexes_size(c.oid) FROM pg_class c
JOIN pg_namespace s ON s.oid = c.relnamespace WHERE nspname = 'lifecycle' AND relkind = 'r'
ORDER BY 2 DESC
"""
_COUNTS = """
SELECT (SELECT count(*) FROM lifecycle.program), (SELECT count(*) FROM lifecycle.agreement),
    (SELECT count(*) FROM lifecycle.entry), pg_database_size(current_database())
"""
_TABLES = 8


def run(folder: Path, programs: int = PROGRAMS) -> Iterator[Result]:
    """Measure."""
    # The nights take programs from the first one on, what is changed by people from the last one.
    if programs <= hosts.NEEDED + costs.NEEDED:
        message = f"{hosts.NEEDED + costs.NEEDED + 1} programs are needed"
        raise ValueError(message)
    # Commands are started by a process that has the environment of the first one.
    os.environ[VARIABLE] = str(postgres.programs())
    began = time.monotonic()
    with association(folder, programs) as url:
        made = time.monotonic() - began
        for number in (2, programs // 2, programs):
            run_command(("--db", url, "--program", f"P{number:05}", "log", "verify"))
        sizes, told = _sizes(url, made)
        last = [f"P{programs - number:05}" for number in range(costs.NEEDED + 1)]
        changed = costs.changes(url, last[1:])
        own = hosts.own_programs(url, programs)
        alone = founded(folder, 1)
        figures = {**own.figures, **sizes, **changed, "alone_bytes": _size(alone)}
        yield replace(own, notes=[*own.notes, *told], figures=figures)
        yield from costs.commands(url, last[0], alone)
        yield hosts.one_program()
        yield costs.backups(founded(folder, BACKED), folder, BACKED)
        yield hosts.schedulers(founded(folder, SCHEDULED), SCHEDULED)


def _size(url: str) -> float:
    with psycopg.connect(url) as connection:
        *_counts, size = connection.execute(_COUNTS).fetchone() or (0,)
    return float(size)


def _sizes(url: str, made: float) -> tuple[dict[str, float], list[str]]:
    """Return what is there and what it takes, as figures and in words."""
    with psycopg.connect(url) as connection:
        programs, agreements, lines, size = connection.execute(_COUNTS).fetchone() or (0, 0, 0, 0)
        tables = connection.execute(_SIZES).fetchall()
    figures = {
        "programs": programs,
        "agreements": agreements,
        "lines": lines,
        "bytes": size,
        "bytes_of_indexes": sum(indexes for _name, _whole, indexes in tables),
        "seconds_to_make": made,
    }
    there = f"{agreements:,} agreements of {programs:,} programs, {lines:,} lines"
    told = [
        f"{there}, made in {made:.0f} s",
        f"{size / 2**30:.1f} GiB, {size / agreements / 1024:.1f} KiB an agreement",
    ]
    for name, whole, indexes in tables[:_TABLES]:
        each = whole / agreements / 1024
        told.append(f"{name}: {each:.2f} KiB an agreement, {indexes / whole:.0%} of it indexes")
    return figures, told
