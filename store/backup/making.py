"""Makes a backup: writes it beside its name, reads it back, and only then gives it the name.

A backup that does not hold what the database held is an error, and there is no file. One that holds
it faithfully, though the database itself is not in order, is kept and told with its findings: it
may be the only evidence. It never takes the place of an older file, which may be sound.
"""

import stat
from dataclasses import dataclass
from pathlib import Path

from lifecycle.errors import StoreError
from store.backup import from_sqlite
from store.backup.contents import Contents
from store.backup.drafts import digest_of_file, draft_of, publish, taken, told
from store.database import Database
from store.version import HEAD, check_version, version_of

CHAINED = "every line has its place in its stream's chain, up to the heads that the rows name"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and read back; `verified` says how, in words."""

    file: str
    size: int
    sha256: str
    contents: Contents
    verified: tuple[str, ...]


def back_up(url: str, file: str, *, replace: bool = False) -> Backup:
    """Back a whole database up into a file; raises StoreError, and leaves no file then.

    An older release's database can be backed up as well, before it is upgraded.
    """
    database = Database(url)
    try:
        if version_of(database) > HEAD:
            check_version(database)
        target = place_of(file)
        _refuse(database, target, replace=replace)
        with draft_of(target) as draft:
            held, verified = _written(database, draft, target)
            if held.findings and target.exists():
                raise _not_instead(target, held)
            made = Backup(
                str(target),
                draft.stat().st_size,
                digest_of_file(draft),
                held,
                verified[:1] if held.findings else (*verified, CHAINED),
            )
            publish(draft, target, replace=replace)
    finally:
        database.close()
    return made


def place_of(file: str) -> Path:
    """Return the path of a file that is to be written, through whatever leads there."""
    path = Path(file).expanduser()
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        message = f"{path} leads nowhere: {error}"
        raise StoreError(message, "unwritable", "name another file") from error


def _written(database: Database, draft: Path, target: Path) -> tuple[Contents, tuple[str, ...]]:
    if database.path is not None:
        held = from_sqlite.write(database, draft, target)
        return held, (from_sqlite.READ_BACK, from_sqlite.WHOLE)
    from store.backup import from_postgresql  # noqa: PLC0415 - SQLite's commands need no psycopg

    held = from_postgresql.write(database, draft, target)
    return held, (from_postgresql.READ_BACK, from_postgresql.WHOLE)


def _refuse(database: Database, target: Path, *, replace: bool) -> None:
    with told(target):
        if not target.parent.is_dir():
            message = f"{target} can't be written: there is no folder {target.parent}"
            raise StoreError(message, "unwritable", f"make it: mkdir -p {target.parent}")
        if not target.exists():
            return
        if not stat.S_ISREG(target.stat().st_mode):
            message = f"{target} is no file that a backup could be written to"
            raise StoreError(message, "unwritable", "name a file in a folder")
        if database.path is not None and _part_of(Path(database.path), target):
            message = f"{target} is the database itself, or a part of it"
            raise StoreError(message, "unwritable", "name another file, best on another disk")
    if not replace:
        raise taken(target)


def _part_of(database: Path, target: Path) -> bool:
    parts = (
        database.resolve().with_name(database.resolve().name + s) for s in ("", "-wal", "-shm")
    )
    return any(part.exists() and part.samefile(target) for part in parts)


def _not_instead(target: Path, held: Contents) -> StoreError:
    message = (
        f"the database is not in order ({held.findings[0]}), so that {target}, which may be sound,"
        " was not written over"
    )
    hint = "name another file, to keep what there is; lifecycle db check says what is wrong"
    return StoreError(message, "not_in_order", hint)
