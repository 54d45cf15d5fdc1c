"""A disk that fails under SQLite from some step on: it is full, it is broken, or it fails once."""

from enum import StrEnum
from typing import Any

import apsw

from tests.power.recorder import Recorded, Recorder


class Fails(StrEnum):
    """How it fails."""

    FULL = "full disk"
    """No file can grow any more."""
    BROKEN = "broken disk"
    """Nothing can be written, synced or deleted any more."""
    ONCE = "disk that fails once"
    """One step fails, and the next one does not."""


class Failing(Recorder):
    """A layer below SQLite in which step `begin` fails, and maybe all after it."""

    def __init__(self, how: Fails, begin: int) -> None:
        """Count the steps from nought."""
        super().__init__(begin)
        self._how, self._begin, self._steps = how, begin, 0
        self.failed = False

    def xOpen(  # noqa: N802 - APSW's name
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        """Open a file that fails as this layer does."""
        return _Failing(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 - APSW's
        """Delete a file."""
        self.step(apsw.SQLITE_IOERR_DELETE, grows=False)
        super().xDelete(filename, syncdir)

    def step(self, code: int, *, grows: bool) -> None:
        """Raise the error of this step, if it is to fail; `grows` tells whether the file does."""
        number = self._steps
        self._steps += 1
        due = number == self._begin if self._how is Fails.ONCE else number >= self._begin
        if not due or (self._how is Fails.FULL and not grows):
            return
        self.failed = True
        full = self._how is Fails.FULL
        error: Any = apsw.FullError() if full else apsw.IOError()
        error.extendedresult = apsw.SQLITE_FULL if full else code
        raise error


class _Failing(Recorded):
    def __init__(
        self, disk: Failing, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        super().__init__(disk, name, flags)
        self._disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - APSW's name
        grows = offset + len(data) > self.xFileSize()
        self._disk.step(apsw.SQLITE_IOERR_WRITE, grows=grows)
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - APSW's name
        self._disk.step(apsw.SQLITE_IOERR_TRUNCATE, grows=False)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 - APSW's name
        self._disk.step(apsw.SQLITE_IOERR_FSYNC, grows=False)
        super().xSync(flags)
