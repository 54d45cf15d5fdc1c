"""Publishing the register: a program of the usual size, and one of thousands of agreements."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.sample import agreement, order, sandbox
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
_ROOT = Path(__file__).parent.parent


def run(folder: Path) -> None:
    """Measure and print: first publication, one without a change, one with a single change."""
    for count in (USUAL, MANY):
        store = filled(folder / f"{count}.db", count)
        print(f"\npublish, {count:,} agreements, English and French")
        site = folder / f"site-{count}"
        _published("first publication", folder / f"{count}.db", site)
        _published("nothing has changed", folder / f"{count}.db", site)
        _change(store)
        _published("one agreement has changed", folder / f"{count}.db", site)
        files = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
        print(f"  {len(files):,} files, {sum(files) / 1e6:,.1f} MB")
        store.close()


def filled(path: Path, count: int) -> Store:
    """Return a sandbox with so many active agreements, each with a document and two records."""
    store = sandbox(path)
    numbers = iter(range(count))
    while some := [number for _, number in zip(range(_AT_ONCE), numbers, strict=False)]:
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
    day = date(2027, 1, 4)
    yield Record("annual", day, "Two missions met forty firms.", year=2026)
    yield Record("activity", day, "A mission of nine firms.")


def _change(store: Store) -> None:
    with store.unit() as unit:
        [standing] = unit.portfolio(-1, 1)
        ref = Ref.of(unit.program.code, standing.key)
        record(unit, order(), ref, Record("annual", date(2027, 1, 4), "A good year.", year=2025))


def _published(title: str, database: Path, site: Path) -> None:
    command = [sys.executable, "-m", "cli", "--db", str(database), "publish", str(site)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL) as process:
        most = _most_memory(process)
    taken = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"  {title:<28}{taken:>8.2f} s   {cpu:>7.2f} s of processor   {most:>6.0f} MB")


def _most_memory(process: "subprocess.Popen[bytes]") -> Decimal:
    """Return the most memory that a process had in MB, once it has ended."""
    most = 0
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        except OSError:
            break
        peak = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        most = max(most, *map(int, peak), 0)
        time.sleep(0.01)
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return Decimal(most) / 1000
