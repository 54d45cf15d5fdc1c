"""Looks a database over: there, whole, of this release, held append-only, and yours alone."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lifecycle.errors import StoreError
from store.database import Database
from store.migrating import missing_triggers
from store.opening import open_store
from store.version import check_version

MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is in order, what was seen, and how to mend it."""

    name: str
    ok: bool
    message: str
    fix: str | None = None


def checks(url: str, code: str | None = None, *, deep: bool = True) -> Iterator[Check]:
    """Yield the checks of a database; `deep` replays the whole log against the current rows."""
    try:
        database = Database(url)
    except StoreError as error:
        yield Check("database", ok=False, message=error.message, fix=error.hint)
        return
    try:
        check_version(database)
    except StoreError as error:
        yield Check("database", ok=False, message=error.message, fix=error.hint)
        return
    else:
        yield Check("database", ok=True, message=f"{database.where} is of this release")
        yield _whole(database)
        yield _triggers(database)
        if database.path is not None:
            yield _mode(Path(database.path))
    finally:
        database.close()
    if deep:
        yield from _log(url, code)


def _whole(database: Database) -> Check:
    try:
        with database.transaction(write=False) as connection:
            wrong = database.damages(connection)
    except StoreError as error:
        return Check("integrity", ok=False, message=error.message, fix=error.hint)
    if not wrong:
        return Check("integrity", ok=True, message="its pages and keys are whole")
    return Check("integrity", ok=False, message=wrong[0], fix="restore it from a backup")


def _triggers(database: Database) -> Check:
    missing = missing_triggers(database)
    if not missing:
        return Check("append-only", ok=True, message="the log's triggers stand")
    message = f"triggers are missing or altered: {', '.join(missing)}"
    fix = "find out who removed them, then: lifecycle db upgrade"
    return Check("append-only", ok=False, message=message, fix=fix)


def _mode(path: Path) -> Check:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & stat.S_IWOTH:
        message = f"everybody on this machine can write to it (mode {mode:04o})"
        return Check("file mode", ok=False, message=message, fix=f"chmod o-w {path}")
    return Check("file mode", ok=True, message=f"its mode is {mode:04o}")


def _log(url: str, code: str | None) -> Iterator[Check]:
    try:
        store = open_store(url, code)
    except StoreError as error:
        yield Check("program", ok=False, message=error.message, fix=error.hint)
        return
    count = 0
    try:
        with store.reading() as reader:
            for finding in reader.verify():
                count += 1
                if count <= MOST_FINDINGS:
                    yield Check("log", ok=False, message=finding.message, fix="ask an auditor")
    except StoreError as error:
        yield Check("log", ok=False, message=error.message, fix=error.hint)
        return
    finally:
        store.close()
    if not count:
        yield Check("log", ok=True, message="replaying the log gives exactly the current rows")
