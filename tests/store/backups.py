"""Backups in tests: places to restore into, who restores, and what must be the same afterwards."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from lifecycle.entry import Actor
from lifecycle.order import Order
from store.backup import Backup, back_up
from store.programs import ProgramFacts
from store.restoring import How, Restored, restore
from tests import postgres
from tests.stage import Stage
from tests.store.raw import Row, everything, query

OLGA = "olga"
LATER = datetime(2027, 6, 1, 9, tzinfo=UTC)


def by_olga(_facts: ProgramFacts) -> Order:
    """Return the order of who restores."""
    return Order(actor=Actor(OLGA, "os"), now=LATER, reason="The disk broke.")


def restored(url: str, file: Path, how: How | None = None) -> Restored:
    """Restore a backup as Olga."""
    return restore(url, str(file), by_olga, how)


def backed_up(stage: Stage, folder: Path) -> tuple[Path, Backup]:
    """Back a stage's database up into a folder."""
    file = folder / ("copy.db" if stage.backend == "sqlite" else "copy.dump")
    return file, back_up(stage.url, str(file))


@contextmanager
def place(backend: str, folder: Path, name: str = "restored") -> Iterator[str]:
    """Return where nothing is yet: a path, or the URL of an empty database."""
    if backend == "sqlite":
        yield str(folder / f"{name}.db")
        return
    url = postgres.new_database()
    try:
        yield url
    finally:
        postgres.drop(url)


def is_empty(url: str) -> bool:
    """Whether there is still nothing."""
    if url.startswith("postgresql://"):
        return not postgres.execute(url, "SELECT 1 FROM pg_namespace WHERE nspname = 'lifecycle'")
    path = Path(url)
    return not [*path.parent.glob(f"{path.name}*"), *path.parent.glob(f".{path.name}*")]


def drafts_in(folder: Path) -> list[Path]:
    """Return what was begun in a folder and not ended."""
    return sorted(folder.glob(".*"))


def but_for_the_restored_line(url: str) -> dict[str, list[Row]]:
    """Return every row of every table, without what the restored line brought along."""
    rows = everything(url)
    rows["entry"] = [row for row in rows["entry"] if '"event":"restored"' not in row[3]]
    kept = {tuple(row[:3]) for row in rows["entry"]}
    for name in ("beside", "unsealed"):
        rows[name] = [row for row in rows[name] if tuple(row[:3]) in kept]
    columns = "id, code, sandbox, policy, time_zone, roles"
    rows["program"] = query(url, f"SELECT {columns} FROM program ORDER BY id")  # noqa: S608 - named here
    return rows


def changed(file: Path, *statements: str) -> Path:
    """Change a backup of SQLite behind the product's back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA journal_mode=WAL")
    return file


def dumped(url: str, file: Path, *words: str) -> Path:
    """Dump a database by hand, as an administrator would."""
    line: list[str | Path] = [
        postgres.programs() / "pg_dump",
        "--format=custom",
        f"--file={file}",
        *words,
        url,
    ]
    subprocess.run(line, check=True, capture_output=True)
    return file
