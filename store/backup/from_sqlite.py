"""Backs an SQLite database up by SQLite's own online backup, and reads the copy back.

All pages are copied within one read transaction: writers go on, and the copy is of one moment. It
is a database like the one that it was made of.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.sql.expression import Select

from lifecycle.errors import StoreError
from store import tables
from store.appendonly import sqlite_triggers
from store.backup import drafts
from store.backup.contents import Contents, contents_of
from store.connection import Connection
from store.database import Database
from store.failures import told
from store.version import HEAD, version_of

AS_IT_LIES = "mode=ro&immutable=1"
"""How a file is opened that nobody writes to, so that nothing is left beside it."""

READ_BACK = "read back: each table has as many rows as the database's, each program the same head"
WHOLE = (
    "its pages and indexes are whole, every row belongs to a row that is there, and the append-only"
    " triggers stand"
)
_PAGES = 2048
_PROGRAMS: Select[Any] = select(tables.program.c.code, tables.program.c.n, tables.program.c.head)
_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"

Snapshot = tuple[tuple[Any, ...], ...]


def write(database: Database, draft: Path, target: Path) -> Contents:
    """Copy a database into the draft and return what the copy holds; raises StoreError."""
    with database.transaction(write=False) as connection:
        said = _snapshot(connection)
        drafts.room_for(bytes_of(connection), target)
        with told(str(target)), closing(sqlite3.connect(draft, isolation_level=None)) as copy:
            # It is written once, beside its name, and made durable before it gets it.
            copy.execute("PRAGMA journal_mode=OFF")
            copy.execute("PRAGMA synchronous=OFF")
            raw = connection.at_rest().driver_connection
            raw.backup(copy, pages=_PAGES, progress=_let_interrupt)
    return _read_back(draft, target, said)


def suspicions(database: Database, connection: Connection, schema: str) -> tuple[str, ...]:
    """Return what of a file's triggers is not as a release makes them."""
    strange = strange_triggers(connection)
    missing = database.missing_triggers(connection) if schema == HEAD else ()
    lost = [f"append-only triggers are missing or altered: {', '.join(missing)}"] if missing else []
    return (*lost, *(f"it has a trigger that no release makes: {name}" for name in strange))


def strange_triggers(connection: Connection) -> list[str]:
    """Return the triggers in a file that are none of ours."""
    ours = {name for name, _sql in sqlite_triggers()}
    return [name for (name,) in connection.command(_TRIGGERS).fetchall() if name not in ours]


def bytes_of(connection: Connection) -> int:
    """Return how long a database's file is, as the database itself has it."""
    pragmas = ("page_count", "page_size")
    pages, size = (connection.command(f"PRAGMA {name}").fetchone()[0] for name in pragmas)
    return int(pages) * int(size)


def _read_back(draft: Path, target: Path, said: Snapshot) -> Contents:
    copy = Database(str(draft), how=AS_IT_LIES)
    with drafts.named(draft, target), closing(copy):
        schema = version_of(copy)
        with copy.transaction(write=False) as connection:
            found = (*copy.damages(connection), *suspicions(copy, connection, schema))
            read = _snapshot(connection)
            held = contents_of(connection, schema)
    if read != said:
        message = f"what was written to {target} does not hold what the database did"
        raise StoreError(message, "not_verified", "check the disk, then repeat")
    return Contents(held.schema, held.programs, (*found, *held.findings))


def _snapshot(connection: Connection) -> Snapshot:
    """Return each program's head and how many rows each table has."""
    heads = [tuple(row) for row in connection.rows(_PROGRAMS)]
    there = {name for (name,) in connection.command("SELECT name FROM sqlite_master").fetchall()}
    counts = [
        (table.name, connection.row(select(func.count()).select_from(table))[0])
        for table in tables.metadata.sorted_tables
        if table.name in there
    ]
    return (*sorted(heads), *counts)


def _let_interrupt(_status: int, _remaining: int, _total: int) -> None:
    """Let Python see between two steps whether it was interrupted."""
