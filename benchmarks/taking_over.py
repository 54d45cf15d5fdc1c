"""`lifecycle import` of a list of 10,000 agreements, against the bare driver inserting as many.

The bare program reads the same file with Python's csv and writes an agreement, a document and a
line for each row, of the sizes that ours have, in one durable transaction. It understands nothing:
ours reads dates, countries and types, looks for what is there already, and refuses with a reason.
"""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.commands import run_command
from benchmarks.measure import Result, Way, timed
from benchmarks.sample import DAY, sandbox
from tests.store.test_importing_at_scale import SYLLABLES

ROWS, ROUNDS = 10_000, 3
_COUNTRIES = ("IT", "CN", "JP", "PL", "DE", "FR", "UA", "BR")
_TYPES = ("partnership", "friendship", "mou")
_SIZES = (
    "SELECT max(length(body)), (SELECT max(length(line)) FROM entry WHERE stream > 0) FROM document"
)


def run(folder: Path) -> Iterator[Result]:
    """Measure."""
    table = folder / "pairs.csv"
    table.write_text("\n".join(_lines()) + "\n", encoding="utf-8")
    tried = folder / "tried.db"
    _ours(tried, table)
    with closing(sqlite3.connect(tried)) as connection:
        (taken,) = connection.execute("SELECT count(*) FROM agreement").fetchone()
        body, line = connection.execute(_SIZES).fetchone()
    if taken != ROWS:
        raise RuntimeError(taken)
    ways: dict[str, Way] = {
        "bare csv and sqlite3": lambda n: _bare(folder / f"bare-{n}.db", table, body, line),
        "ours": lambda n: _ours(folder / f"ours-{n}.db", table),
        "ours, a second time": lambda n: _again(folder / f"ours-{n}.db", table),
    }
    yield Result(f"import of {ROWS:,} agreements", timed(ways, ROUNDS), ROWS, "rows")


def _lines() -> Iterator[str]:
    yield "partner,country,type,title,signed,status,source"
    for number in range(ROWS):
        name = "".join(SYLLABLES[number // len(SYLLABLES) ** n % len(SYLLABLES)] for n in range(4))
        country, kind = _COUNTRIES[number % len(_COUNTRIES)], _TYPES[number % len(_TYPES)]
        year = 1960 + number % 60
        yield f"{name.capitalize()},{country},{kind},With {name},{year},active,The Clerk's archive"


def _ours(path: Path, table: Path) -> None:
    sandbox(path).close()
    _again(path, table)


def _again(path: Path, table: Path) -> None:
    run_command(("--db", str(path), "--as", "anna", "--today", f"{DAY}", "import", str(table)))


def _bare(path: Path, table: Path, body: int, line: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE agreement (key INTEGER PRIMARY KEY, title, type, partner, country, due);"
            "CREATE TABLE document (key INTEGER PRIMARY KEY, body TEXT);"
            "CREATE TABLE entry (key INT, n INT, line TEXT, PRIMARY KEY (key, n));"
        )
        with table.open(encoding="utf-8", newline="") as stream:
            rows = list(enumerate(csv.DictReader(stream)))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO agreement VALUES (?, ?, ?, ?, ?, '2028-01-04')",
            ((n, r["title"], r["type"], r["partner"], r["country"]) for n, r in rows),
        )
        connection.executemany(
            "INSERT INTO document VALUES (?, ?)", ((n, "x" * body) for n, _row in rows)
        )
        connection.executemany(
            "INSERT INTO entry VALUES (?, 1, ?)", ((n, "x" * line) for n, _row in rows)
        )
        connection.execute("COMMIT")
