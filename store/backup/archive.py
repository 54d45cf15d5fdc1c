"""Reads the rows in an archive of pg_dump, as pg_restore writes them: COPY in text form.

Nothing but rows is taken from an archive: what it says of tables, functions and triggers is read
by nobody here, so that no backup can bring a statement of its own into a database.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lifecycle.errors import StoreError
from store.appendonly import SCHEMA
from store.backup.tools import ToolError, reading, tool

_BEGIN = re.compile(rb'COPY "?(\w+)"?\."?(\w+)"? \((.*)\) FROM stdin;\n')
_END = b"\\.\n"
_LISTED = re.compile(r"\d+; \d+ \d+ TABLE DATA (\w+) (\w+) ")
_BITS = 128


@dataclass(slots=True)
class Sum:
    """How many rows a table has, and what they add up to, whatever their order."""

    rows: int = 0
    total: int = 0

    def add(self, row: bytes) -> None:
        """Add one row, as COPY writes it."""
        self.rows += 1
        digest = int.from_bytes(sha256(row).digest()[: _BITS // 8])
        self.total = (self.total + digest) % (1 << _BITS)


Rows = Iterator[bytes]


@contextmanager
def tables_in(archive: Path, where: Path, *only: str) -> Iterator[Iterator[tuple[str, str, Rows]]]:
    """Yield each table with data: its name, its columns as COPY names them, and its rows.

    A table's rows are read before the next table is asked for. Raises StoreError, which names
    `where`, for an archive that is damaged or not to be read.
    """
    words = ["--data-only", f"--schema={SCHEMA}", *(f"--table={name}" for name in only)]
    with (
        _told(where),
        reading(str(where), [_pg_restore(), *words, "--file=-", str(archive)]) as out,
    ):
        yield _tables(out)


def listed(archive: Path, where: Path) -> set[str]:
    """Return the tables of which an archive has rows; raises StoreError as `tables_in` does."""
    with _told(where), reading(str(where), [_pg_restore(), "--list", str(archive)]) as out:
        text = out.read().decode(errors="replace")
    return {name for schema, name in _LISTED.findall(text) if schema == SCHEMA}


def _pg_restore() -> str:
    return tool("pg_restore")


def _tables(lines: Iterable[bytes]) -> Iterator[tuple[str, str, Rows]]:
    found = iter(lines)
    for line in found:
        if begin := _BEGIN.fullmatch(line):
            rows = _rows(found)
            yield begin[2].decode(), begin[3].decode(), rows
            for _left in rows:
                pass


def _rows(lines: Iterator[bytes]) -> Rows:
    for line in lines:
        if line == _END:
            return
        yield line


@contextmanager
def _told(where: Path) -> Iterator[None]:
    try:
        yield
    except ToolError as error:
        if "unsupported version" in error.said:
            message = f"{where} was made by a newer pg_dump than this pg_restore can read"
            hint = "install PostgreSQL's client programs of the version that it was made with"
            raise StoreError(message, "too_old", hint) from error
        message = f"{where} is damaged or cut off: {' '.join(error.said.split())[:200]}"
        raise StoreError(message, "damaged", "use another backup") from error
