"""Sealing and verifying a log of a million lines, against a bare loop that hashes each line twice.

The bare loop reads the lines in the order of leaves, as whoever verifies has to, and hashes each
twice; the walk does that too, and numbers, chains, tree and roots with it. Prints both as ratios,
and the seconds and the most memory of the two commands, each in a process of its own.
"""

import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from benchmarks.commands import Cost, run_command
from benchmarks.measure import Result, timed
from benchmarks.sample import agreement, order, sandbox
from lifecycle.drafting import propose
from lifecycle.entry import Entry, digest_of, entry_of, line_of
from lifecycle.sealing.rekeying import change_key, name_of
from lifecycle.verifying.walk import Walk
from states.ref import Ref
from store.sealing.evidence import StoredLog
from store.sealing.keys import FileKey, new_key, write_key
from store.store import Store
from tests import figures

LINES, A_STREAM, ROUNDS = 1_000_000, 8, 3
_A_YEAR = 100_000
_IN_ORDER = (
    "SELECT entry.line FROM leaf JOIN entry ON entry.program_id = leaf.program_id"
    " AND entry.stream = leaf.stream AND entry.n = leaf.n WHERE leaf.program_id = 1"
    " ORDER BY leaf.leaf"
)


def run(folder: Path, lines: int = LINES) -> Iterator[Result]:
    """Measure."""
    began, path, file = time.monotonic(), folder / "log.db", folder / "log.key"
    store = sandbox(path)
    key = _with_key(store)
    write_key(file, key)
    _fill(path, store, lines)
    sealing = _command(path, "seal", "--key-file", str(file))
    taken = timed({"bare loop": lambda _n: _bare(path), "walk": lambda _n: _walk(store)}, ROUNDS)
    store.close()
    verifying = _command(path, "verify", "--seals-only")
    ratios = [bare / ours for bare, ours in zip(taken["bare loop"], taken["walk"], strict=True)]
    told = {
        "of_the_bare_loops_speed": f"{statistics.median(ratios):.2f} ({min(ratios):.2f}"
        f" .. {max(ratios):.2f})",
        "seconds_to_seal": f"{sealing.seconds:.0f}",
        "MB_to_seal": f"{sealing.megabytes:.0f}",
        "seconds_to_verify": f"{verifying.seconds:.0f}",
        "MB_to_verify": f"{verifying.megabytes:.0f}",
    }
    notes = [f"{name.replace('_', ' ')}: {said}" for name, said in told.items()]
    yield Result(f"a log of {lines:,} lines", taken, lines, "lines", notes)
    figures.record(
        f"verifying a log of {lines:,} lines",
        database=figures.version_of(str(path)),
        seed=None,
        rounds=ROUNDS,
        seconds=time.monotonic() - began,
        of="passes",
        **told,
    )


def _with_key(store: Store) -> FileKey:
    with store.unit() as unit:
        key = new_key(name_of(unit))
        change_key(unit, order(), key)
        propose(unit, order(), agreement(1, 1_000))
    return key


def _fill(path: Path, store: Store, lines: int) -> None:
    """Write whole streams behind the store's back, each line its stream's next."""
    with store.reading() as reader:
        entry = entry_of(next(reader.lines(reader.portfolio(-1, 1)[0].key)))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER entry_extends")
        insert = "INSERT INTO entry (program_id, stream, n, line) VALUES (1, ?, ?, ?)"
        connection.executemany(insert, _lines(entry, lines))
        connection.commit()


def _lines(entry: Entry, lines: int) -> Iterator[tuple[int, int, str]]:
    for number in range(lines // A_STREAM):
        ref = Ref(entry.program, 2030 + number // _A_YEAR, number % _A_YEAR + 1)
        prev = None
        for n in range(1, A_STREAM + 1):
            line = line_of(replace(entry, agreement=str(ref), n=n, prev=prev))
            prev = digest_of(line)
            yield ref.key, n, line.decode()


def _bare(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for (line,) in connection.execute(_IN_ORDER):
            body = line.encode()
            sha256(body).digest()
            sha256(b"\x00" + body).digest()


def _walk(store: Store) -> None:
    with store.reading() as reader:
        last = reader.last_seal()
        walk = Walk(StoredLog(reader), [last.size if last else 0])
        found = next(walk.findings(), None)
        if found or last is None or walk.roots[last.size] != last.root:
            raise RuntimeError(found)


def _command(path: Path, *words: str) -> Cost:
    """Run `lifecycle log ...` in a process of its own."""
    return run_command(("--db", str(path), "--json", "log", *words))
