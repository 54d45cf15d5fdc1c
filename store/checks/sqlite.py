"""What SQLite itself says of a database: pages, keys, and how it commits."""

from collections.abc import Iterator
from pathlib import Path

from store.checks.check import Check, finding, good, looked
from store.database import Database

_FULL = 2
_WAL, _VERSIONS = 2, slice(18, 20)
_MOST_TOLD = 3
_RESTORE = "restore it from a backup"


def checks(database: Database, *, deep: bool) -> Iterator[Check]:
    """Yield what SQLite says; `deep` compares indexes with their tables too."""
    yield from looked("integrity", lambda: _pages(database, deep=deep))
    yield from looked("foreign keys", lambda: _keys(database))
    yield from looked("journal", lambda: _journal(database))


def _pages(database: Database, *, deep: bool) -> Iterator[Check]:
    pragma = "integrity_check" if deep else "quick_check"
    found = [str(row[0]) for row in _asked(database, f"PRAGMA {pragma}")]
    wrong = [text for text in found if text != "ok"]
    if wrong or not found:
        yield finding("integrity", _some(wrong or ["SQLite does not say"]), _RESTORE)
    elif deep:
        yield good("integrity", "its pages and indexes are whole")
    else:
        yield good("integrity", "its pages are whole; lifecycle db check looks deeper")


def _keys(database: Database) -> Iterator[Check]:
    lost = _asked(database, "PRAGMA foreign_key_check")
    if lost:
        wrong = [f"a row of {row[0]} belongs to no row of {row[2]}" for row in lost]
        yield finding("foreign keys", _some(wrong), _RESTORE)
    else:
        yield good("foreign keys", "every row belongs to a row that is there")


def _journal(database: Database) -> Iterator[Check]:
    # The file's own header: a connection that takes the file for one that does not change says
    # something else.
    with Path(database.where).open("rb") as file:
        versions = set(file.read(_VERSIONS.stop)[_VERSIONS])
    ((synchronous,),) = _asked(database, "PRAGMA synchronous")
    wal, safe = versions == {_WAL}, synchronous == _FULL
    if not wal:
        message = "readers and writers stop each other: it keeps no write-ahead log"
        yield finding("journal", message, f"sqlite3 {database.where} 'PRAGMA journal_mode=WAL'")
    if not safe:
        message = f"a power failure can lose what was committed: synchronous is {synchronous}"
        yield finding("journal", message, "report this: it is a fault of the program")
    if wal and safe:
        message = "it keeps a write-ahead log, and a commit that returns is on disk"
        yield good("journal", message)


def _asked(database: Database, pragma: str) -> list[tuple[object, ...]]:
    with database.transaction(write=False) as connection:
        rows: list[tuple[object, ...]] = connection.command(pragma).fetchall()
    return rows


def _some(wrong: list[str]) -> str:
    more = f" (and {len(wrong) - _MOST_TOLD} more)" if len(wrong) > _MOST_TOLD else ""
    return "; ".join(wrong[:_MOST_TOLD]) + more
