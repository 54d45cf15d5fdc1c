"""What an association's database takes: transitions, quiet nights, commands, backup and restore.

Bytes are the growth of the database's files and of its write-ahead log (WAL) while something is
done. Transitions are done twice: many one after another in each program; and one in each program
after a checkpoint, where PostgreSQL writes whole pages into the WAL, as on an association's usual
day.
"""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg

from benchmarks.commands import run_command
from benchmarks.hosts import nights
from benchmarks.measure import Result, Way, timed
from benchmarks.sample import DAY, order
from lifecycle.advance import advance
from states.ref import Ref
from states.vocabulary import Trigger
from store.backup.tools import tool
from store.database import Database
from store.opening import store_on
from tests import postgres

ROUNDS, BACKUPS = 7, 1
PACKED, SPREAD, CALM, DAYS = 10, 200, 4, 90
NEEDED = PACKED + SPREAD + CALM
"""So many programs are changed here."""

_PROPOSED = """
SELECT code, key FROM lifecycle.agreement JOIN lifecycle.program ON id = program_id
WHERE state = 'proposal' AND code = ANY(%s) ORDER BY program_id, key
"""
_TAKEN = "SELECT pg_database_size(current_database()), pg_current_wal_insert_lsn() - '0/0'"


@dataclass(frozen=True, slots=True)
class Spent:
    """The seconds that something took, and the bytes of files and of WAL."""

    seconds: float
    size: float
    wal: float

    def each(self, count: int) -> "Spent":
        """Return what one of so many took."""
        return Spent(self.seconds / count, self.size / count, self.wal / count)


def changes(url: str, codes: Sequence[str]) -> Mapping[str, float]:
    """Return what a transition takes, and a night on which nothing is due; changes programs."""
    packed, spread, calm = codes[:PACKED], codes[PACKED:-CALM], codes[-CALM:]
    refs = _proposed(url, packed)
    submitted = _spent(url, lambda: _submit(url, refs)).each(len(refs))
    first = list({ref.code: ref for ref in _proposed(url, spread)}.values())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    apart = _spent(url, lambda: _submit(url, first)).each(len(first))
    # On the first day terms begin.
    begun = nights(url, [(code, 0) for code in calm])
    step = nights(url, [(code, day) for day in range(1, DAYS + 1) for code in calm])
    for _ in calm:
        begun()
    quiet = _spent(url, lambda: [step() for _ in range(DAYS * CALM)]).each(DAYS * CALM)
    return {
        "transition_seconds": submitted.seconds,
        "transition_bytes": submitted.size,
        "transition_wal_bytes": submitted.wal,
        "transition_wal_bytes_apart": apart.wal,
        "quiet_night_seconds": quiet.seconds,
        "quiet_night_bytes": quiet.size,
        "quiet_night_wal_bytes": quiet.wal,
    }


def commands(many: str, code: str, alone: str) -> Iterator[Result]:
    """Measure commands on one program of many against a program that is alone."""
    one, other = iter(_proposed(alone, ["TOR"])), iter(_proposed(many, [code]))
    asked: Mapping[str, Callable[[Iterator[Ref]], Sequence[str]]] = {
        "list": lambda _refs: ["list"],
        "check": lambda refs: ["check", str(next(refs))],
        "advance": lambda refs: ["advance", str(next(refs)), Trigger.SUBMIT],
    }
    for name, words in asked.items():
        ways = {
            f"lifecycle {name}, a program alone": _command(alone, "TOR", words, one),
            f"lifecycle {name}, one program of many": _command(many, code, words, other),
        }
        taken = timed(ways, ROUNDS)
        figures = {f"lifecycle_{name}_seconds": median(taken[next(iter(ways))])}
        yield Result(f"{name}: one program of many against one alone", taken, figures=figures)


def backups(url: str, folder: Path, programs: int) -> Result:
    """Measure backup, check and restore of a whole database."""
    dump, backup = str(folder / "pg.dump"), str(folder / "own.dump")
    ways: dict[str, Way] = {
        "pg_dump": lambda _number: _dumped(url, dump),
        "lifecycle db backup": lambda _number: _did(url, "backup", backup, "--yes"),
        "lifecycle db restore": lambda _number: _restored(backup),
        "lifecycle db check": lambda _number: _did(url, "check"),
    }
    with psycopg.connect(url) as connection:
        size, _wal = connection.execute(_TAKEN).fetchone() or (0, 0)
    title = f"PostgreSQL, backup of {programs} programs, {size / 2**20:.0f} MiB"
    taken = timed(ways, BACKUPS)
    packed = Path(backup).stat().st_size
    figures = {
        **{f"{name.split()[-1]}_seconds": min(taken[name]) for name in ways},
        "backup_bytes": packed,
        "backed_bytes": size,
        "backed_programs": programs,
    }
    said = f"the file has {packed / 2**20:.0f} MiB: programs that resemble each other pack well"
    return Result(title, taken, programs, "programs", [said], figures=figures)


def _proposed(url: str, codes: Sequence[str]) -> list[Ref]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(_PROPOSED, (list(codes),)).fetchall()
    return [Ref.of(code, key) for code, key in rows]


def _submit(url: str, refs: Sequence[Ref]) -> None:
    database, code, store = Database(url), "", None
    for ref in refs:
        if store is None or ref.code != code:
            code, store = ref.code, store_on(database, ref.code)
        with store.unit() as unit:
            receipt = advance(unit, order(), ref, Trigger.SUBMIT)
        if receipt.refused:
            raise RuntimeError(receipt)
    database.close()


def _spent(url: str, act: Callable[[], object]) -> Spent:
    with psycopg.connect(url, autocommit=True) as connection:
        size, wal = connection.execute(_TAKEN).fetchone() or (0, 0)
        began = time.perf_counter()
        act()
        seconds = time.perf_counter() - began
        size_then, wal_then = connection.execute(_TAKEN).fetchone() or (0, 0)
    return Spent(seconds, size_then - size, float(wal_then - wal))


def _command(
    url: str, code: str, words: Callable[[Iterator[Ref]], Sequence[str]], refs: Iterator[Ref]
) -> Way:
    options = ("--as", "anna", "--today", f"{DAY}", "--db", url, "--program", code)

    def run(_number: int) -> None:
        run_command((*options, *words(refs)))

    return run


def _did(url: str, *words: str) -> None:
    run_command(("--as", "anna", "--db", url, "db", *words))


def _dumped(url: str, file: str) -> None:
    words = ("--format=custom", "--schema=lifecycle", f"--file={file}", url)
    subprocess.run([tool("pg_dump"), *words], check=True)


def _restored(file: str) -> None:
    url = postgres.new_database()
    _did(url, "restore", file, "--yes", "-m", "A rehearsal.")
    postgres.drop(url)
