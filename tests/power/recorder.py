"""Writes down everything that SQLite does to a database's files, while the store works on them.

The store's own code, settings and statements run on APSW's SQLite, whose files go through a layer
(a VFS) of ours; Python's sqlite3 module has none. `_Driver` is as much of the sqlite3 module's
connection as the store uses. The -shm is left out: it is memory, and rebuilt after a crash.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import apsw
import pytest

from store import sqlite as product
from store.tables import metadata
from tests.power.disk import Kind, Op

_numbers = count()


class Recorder(apsw.VFS):
    """A layer below SQLite that writes down what is done to the files of one database."""

    def __init__(self, seed: int) -> None:
        """Begin with an empty trace; `seed` is all the chance that there is."""
        self.ops: list[Op] = []
        self.chance = Random(seed)  # noqa: S311 - of a test
        self.vfs = f"recorder-{next(_numbers)}"
        super().__init__(self.vfs, "")

    def xOpen(  # noqa: N802 - APSW's name
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        """Open a file, and write down what is done to it."""
        return Recorded(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 - APSW's
        """Delete a file."""
        super().xDelete(filename, syncdir)
        self.ops.append(Op(Kind.DELETE, Path(filename).name, at=int(syncdir)))

    def xRandomness(self, numbytes: int) -> bytes:  # noqa: N802 - APSW's name
        """Return the seed's chance, which makes a trace repeatable."""
        return self.chance.randbytes(numbytes)

    def told(self, digest: bytes) -> None:
        """Write down that a commit has returned, and what the database holds then."""
        self.ops.append(Op(Kind.TOLD, data=digest))

    @contextmanager
    def below(self, synchronous: str = "FULL") -> Iterator[None]:
        """Let every database that the store opens in the block be written through this layer.

        `synchronous` takes the place of the store's own setting, to see what it is good for.
        """

        def connect(location: str, **_how: Any) -> _Driver:  # noqa: ANN401 - the sqlite3 module's
            flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
            raw = apsw.Connection(location, flags=flags, vfs=self.vfs)
            return _Driver(raw, self.told, synchronous)

        module = SimpleNamespace(connect=connect, Connection=sqlite3.Connection)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(product, "sqlite3", module)
            patch.setattr("store.unit.secrets.token_bytes", self.chance.randbytes)
            yield


class Recorded(apsw.VFSFile):
    """One of the files."""

    def __init__(
        self, recorder: Recorder, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        """Open it; that it was made is the first step."""
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        new = not os.path.exists(path)  # noqa: PTH110 - what SQLite says, and not a path of ours
        super().__init__("", name, flags)
        self._name, self._ops = os.path.basename(path), recorder.ops  # noqa: PTH119 - see above
        if new:
            self._ops.append(Op(Kind.CREATE, self._name))

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - APSW's name
        """Write."""
        super().xWrite(data, offset)
        self._ops.append(Op(Kind.WRITE, self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - APSW's name
        """Cut the file off, or fill it up."""
        super().xTruncate(newsize)
        self._ops.append(Op(Kind.TRUNCATE, self._name, newsize))

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802 - APSW's name
        """Write down that everything until now is to be on disk; this machine keeps its power."""
        self._ops.append(Op(Kind.SYNC, self._name))


class _Driver:
    """A connection of APSW's that answers as one of the sqlite3 module's does."""

    def __init__(
        self, raw: apsw.Connection, told: Callable[[bytes], None], synchronous: str
    ) -> None:
        self.raw, self._told, self._synchronous = raw, told, synchronous
        raw.set_busy_timeout(product.BUSY_SECONDS * 1000)

    def cursor(self) -> "_Cursor":
        return _Cursor(self)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> "_Cursor":
        if sql == "PRAGMA synchronous=FULL":
            sql = f"PRAGMA synchronous={self._synchronous}"
        cursor = self.cursor()
        cursor.execute(sql, values)
        return cursor

    def create_function(
        self, name: str, arguments: int, function: Callable[..., Any], *, deterministic: bool
    ) -> None:
        self.raw.create_scalar_function(name, function, arguments, deterministic=deterministic)

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")

    def close(self) -> None:
        # Emptying the write-ahead log may fail then, of which the sqlite3 module says nothing.
        with suppress(apsw.Error):
            self.raw.close()

    def committed(self) -> None:
        self._told(contents(self.raw.execute))


class _Cursor:
    """A cursor of it."""

    def __init__(self, driver: _Driver) -> None:
        self._driver = driver
        self._cursor = driver.raw.cursor()
        self.rowcount = -1

    def execute(self, sql: str, values: Sequence[Any] = ()) -> "_Cursor":
        return self.executemany(sql, [values])

    def executemany(self, sql: str, many: Iterable[Sequence[Any]]) -> "_Cursor":
        before = self._driver.raw.total_changes()
        with told_as_sqlite3_does():
            self._rows = self._driver.raw.cursor().executemany(sql, many).fetchall()
        self.rowcount = self._driver.raw.total_changes() - before
        if sql == "COMMIT":
            self._driver.committed()
        return self

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def fetchone(self) -> Any:  # noqa: ANN401 - a row, or None
        return self._rows.pop(0) if self._rows else None

    def close(self) -> None:
        self._cursor.close()


@contextmanager
def told_as_sqlite3_does() -> Iterator[None]:
    """Raise what the sqlite3 module raises in the place of what APSW does."""
    try:
        yield
    except apsw.Error as error:
        same = sqlite3.OperationalError(str(error))
        same.sqlite_errorcode = code = getattr(error, "extendedresult", apsw.SQLITE_ERROR)
        names = {**apsw.mapping_result_codes, **apsw.mapping_extended_result_codes}
        same.sqlite_errorname = str(names[code])
        raise same from error


def contents(run: Callable[[str], Iterable[Any]]) -> bytes:
    """Return a digest of every row of every table."""
    digest = sha256()
    for name in sorted(metadata.tables):
        rows = sorted(repr([*map(_short, row)]) for row in run(f"SELECT * FROM {name}"))  # noqa: S608 - ours
        digest.update(repr((name, rows)).encode())
    return digest.digest()


def _short(value: object) -> object:
    return sha256(value).digest() if isinstance(value, bytes) else value
