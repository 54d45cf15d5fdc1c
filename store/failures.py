"""Turns what drivers raise into one error that says what, where and what next."""

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from lifecycle.errors import StoreError
from store import filefaults
from store.appendonly import SENTENCE

LOOK = (
    "if it had an --idempotency-key, repeat it with the same key: it is not carried out twice."
    " If not, look first (lifecycle show REF, lifecycle log REF; of a new one, lifecycle list;"
    " lifecycle log tells of roles, policies and runs) and repeat it only if it is not there"
)
"""What to do about an order of which it is not known whether it was carried out."""

_IN_DOUBT = frozenset({"SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC"})
_CAUSES: Mapping[str, tuple[str, str, str]] = {
    "SQLITE_BUSY": (
        "locked",
        "another program is writing to it",
        "try again in a moment; close programs that hold it open",
    ),
    "SQLITE_LOCKED": (
        "locked",
        "another program is writing to it",
        "try again in a moment; close programs that hold it open",
    ),
    "SQLITE_PROTOCOL": (
        "locked",
        "other programs hold it",
        "try again in a moment; close programs that hold it open",
    ),
    "SQLITE_READONLY": (
        "read_only",
        "it can't be written to",
        "make the file and its folder writable for you, or use a copy",
    ),
    "SQLITE_FULL": (
        "no_space",
        "there is no space left for it",
        "free some space, then repeat the command: nothing was changed",
    ),
    "SQLITE_IOERR": (
        "disk",
        "the disk could not do it",
        "check the disk and its free space, then repeat: nothing was changed",
    ),
    "SQLITE_CANTOPEN": (
        "unreadable",
        "it can't be opened",
        "check that the file and its folder exist and are yours to read and write",
    ),
    "SQLITE_NOTADB": (
        "foreign",
        "it is not a database of this program",
        "name another file with --db, or make a new one: lifecycle init",
    ),
    "SQLITE_CORRUPT": (
        "damaged",
        "its contents are damaged",
        "restore it from a backup; lifecycle db check says what is wrong",
    ),
}


@contextmanager
def told(where: str) -> Iterator[None]:
    """Raise StoreError for what goes wrong with the database at `where` inside the block."""
    try:
        yield
    except _of_drivers() as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise _store_error(where, cause or error) from error


@contextmanager
def committing(where: str) -> Iterator[None]:
    """Raise StoreError where SQLite has written all of a commit, and the disk could not sync it.

    It is rolled back for this program; should the write-ahead log outlive it, it is there again.
    """
    try:
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorname not in _IN_DOUBT:
            raise
        message = (
            f"{where}: the disk failed while it was being written;"
            " it may or may not have been written"
        )
        raise StoreError(message, "unknown_outcome", f"check the disk; {LOOK}") from error


def _of_drivers() -> tuple[type[Exception], ...]:
    """Return what drivers raise; psycopg is asked only where it is in use."""
    psycopg = sys.modules.get("psycopg")
    return (sqlite3.Error, DBAPIError, *([psycopg.Error] if psycopg else []))


def _store_error(where: str, error: BaseException) -> StoreError:
    if not isinstance(error, (sqlite3.Error, DBAPIError)):
        from store.refusals import refusal  # noqa: PLC0415 - psycopg is in use

        return refusal(where, error)  # type: ignore[arg-type] # by _of_drivers
    if SENTENCE in str(error):
        return StoreError(f"{where}: {SENTENCE}", "append_only", "report this: it is a fault")
    name = getattr(error, "sqlite_errorname", "")
    if name and (found := filefaults.cause(where, name)):
        code, what, hint = found
        return StoreError(f"{where}: {what}", code, hint)
    for prefix, (code, what, hint) in _CAUSES.items():
        if name.startswith(prefix):
            return StoreError(f"{where}: {what}", code, hint)
    return StoreError(f"{where}: {error}", "database", "lifecycle db check says more")
