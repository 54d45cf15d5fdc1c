"""Publishing the register of a program of the usual size, and of one of 10,000 agreements.

Beside it stands what copying the finished site takes, and making that durable. Each publication is
the real command in a process of its own: for the first time, where nothing has changed, and where
one agreement has.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from benchmarks.commands import run_command
from benchmarks.measure import Result, timed
from benchmarks.sample import DAY, agreement, order, sandbox
from lifecycle.sheets import record
from lifecycle.takeover import take_over
from states.agreement import Agreement, TakenOver
from states.records import Record
from states.ref import Ref
from states.vocabulary import State
from store.store import Store

USUAL, MANY = 26, 10_000
_AT_ONCE = 500
_PARTNERS = ("Chongqing", "Frankfurt", "Milano", "Sagamihara", "Kyiv", "Quito", "Rio de Janeiro")


def run(folder: Path) -> Iterator[Result]:
    """Measure."""
    for count, rounds in ((USUAL, 7), (MANY, 2)):
        yield _result(folder, count, rounds)


def _result(folder: Path, count: int, rounds: int) -> Result:
    database, site = folder / f"{count}.db", folder / f"site-{count}"
    store = filled(database, count)
    memory: list[float] = []

    def publish(_number: int) -> None:
        memory.append(_published(database, site))

    def copy(number: int) -> None:
        shutil.copytree(site, folder / f"copy-{count}-{number}")
        os.sync()

    def ready(name: str) -> None:
        if name == "for the first time":
            shutil.rmtree(site)
        if name == "one agreement has changed":
            _change(store)
        os.sync()

    publish(0)
    ways = {"copying the site": copy} | dict.fromkeys(
        ("for the first time", "nothing has changed", "one agreement has changed"), publish
    )
    taken = timed(ways, rounds, ready)
    store.close()
    sizes = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
    notes = [
        f"{len(sizes):,} files, {sum(sizes) / 1e6:,.1f} MB",
        f"most memory: {max(memory):.0f} MB",
    ]
    return Result(f"publish: {count:,} agreements, English and French", taken, notes=notes)


def filled(path: Path, count: int) -> Store:
    """Return a sandbox with so many active agreements, each with a document and two records."""
    store = sandbox(path)
    numbers = iter(range(count))
    while some := list(islice(numbers, _AT_ONCE)):
        with store.unit() as unit:
            for number in some:
                document = _document(number)
                receipt = take_over(unit, order(), document, State.ACTIVE)
                for fact in _facts():
                    record(unit, order(), Ref.parse(receipt.ref), fact)
    return store


def _document(number: int) -> Agreement:
    origin = TakenOver("2024-05-06", "The City Clerk's archive.")
    named = f"{_PARTNERS[number % len(_PARTNERS)]} {number}"
    model = agreement(number, 4_000)
    home, partner = model.parties
    parties = (home, replace(partner, name=named))
    return replace(model, title=f"Trade with {named}", parties=parties, taken_over=origin)


def _facts() -> Iterator[Record]:
    yield Record("annual", DAY, "Two missions met forty firms.", year=2026)
    yield Record("activity", DAY, "A mission of nine firms.")


def _change(store: Store) -> None:
    with store.unit() as unit:
        [standing] = unit.portfolio(-1, 1)
        ref = Ref.of(unit.program.code, standing.key)
        record(unit, order(), ref, Record("annual", DAY, "A good year.", year=2025))


def _published(database: Path, site: Path) -> float:
    """Publish; returns the most memory that it took, in MB."""
    return run_command(("--db", str(database), "--today", f"{DAY}", "publish", str(site))).megabytes
