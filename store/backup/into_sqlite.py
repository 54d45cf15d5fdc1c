"""Makes an SQLite database of a backup: in a draft beside its place, which it gets at the very end.

Who is killed meanwhile leaves a draft, and nothing that could be opened in its place. A dry run
makes it in a folder of its own.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Connection as Migrating

from lifecycle.errors import StoreError
from store.backup import drafts
from store.backup.from_sqlite import AS_IT_LIES, bytes_of, strange_triggers, suspicions
from store.backup.source import Source, damaged, not_ours
from store.connection import Connection
from store.database import Database
from store.files import folders_only_for_success
from store.migrating import migrated, versions
from store.version import version_of

_BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def restored(database: Database, source: Source, *, keep: bool) -> Iterator[Connection]:
    """Make the database, of this release's form, when the block ends well.

    The block runs in its last transaction. Raises StoreError where the place is taken, and for a
    file that is damaged; what else is wrong is added to the source's findings.
    """
    target = Path(database.where)
    _refuse_taken(target)
    _refuse_in_use(source.path)
    with _folder_of(target, keep=keep) as folder:
        place = folder / target.name
        with drafts.draft_of(place) as draft, drafts.named(draft, place):
            drafts.room_for(source.path.stat().st_size, place)
            with drafts.told(place):
                sha256 = drafts.copied(source.path, draft)
            source.has(sha256)
            strange = _look(draft, source)
            with (
                closing(Database(str(draft))) as copy,
                migrated(copy, partial(_without, strange)) as connection,
            ):
                yield connection
            if draft.with_name(f"{draft.name}-wal").exists():
                message = f"{target} could not be written as a whole"
                raise StoreError(message, "disk", "check the disk and its free space, then repeat")
            if keep:
                _refuse_taken(target)
                drafts.publish(draft, target, replace=False)


@contextmanager
def _folder_of(target: Path, *, keep: bool) -> Iterator[Path]:
    """Make the folder, for good only if the block ends well; in a dry run, another one."""
    if not keep:
        with tempfile.TemporaryDirectory() as elsewhere:
            yield Path(elsewhere)
        return
    with folders_only_for_success(target):
        with drafts.told(target):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield target.parent


def _refuse_taken(target: Path) -> None:
    with drafts.told(target):
        if target.exists() or target.is_symlink():
            message = f"there is something at {target} already, which a restored one would replace"
            hint = f"keep it under another name (mv {target} {target}.before), or name another --db"
            raise StoreError(message, "exists", hint)
        for suffix in _BESIDE:
            left = target.with_name(target.name + suffix)
            if left.exists():
                message = f"{left} is left of another database, and would be taken for a part of it"
                hint = f"keep it with that one, or move it away: mv {left} {left}.before"
                raise StoreError(message, "exists", hint)


def _refuse_in_use(file: Path) -> None:
    if file.with_name(f"{file.name}-wal").exists():
        message = f"{file} is a database in use, or a copy of one without what {file.name}-wal has"
        hint = f"make a backup of it first: lifecycle --db {file} db backup FILE"
        raise StoreError(message, "foreign", hint)


def _without(triggers: Sequence[str], migrating: Migrating, _to: Callable[[str], None]) -> None:
    """Let nothing act in the database but what a release makes."""
    for name in triggers:
        migrating.exec_driver_sql(f'DROP TRIGGER "{name.replace(chr(34), chr(34) * 2)}"')


def _look(draft: Path, source: Source) -> list[str]:
    """Look the copy over as it lies there; return the triggers in it that are none of ours."""
    try:
        with closing(Database(str(draft), how=AS_IT_LIES)) as copy:
            source.of_form(version_of(copy), versions())
            with copy.transaction(write=False) as connection:
                strange = strange_triggers(connection)
                wrong = [*_short(draft, connection), *copy.damages(connection)]
                source.findings += suspicions(copy, connection, source.schema)
    except StoreError as error:
        raise _of_the_source(error, source) from error
    if wrong:
        raise damaged(source.path, "; ".join(wrong[:3]))
    return strange


def _short(draft: Path, connection: Connection) -> Iterator[str]:
    """Yield that pages are missing: SQLite takes what is cut off its last page for zeros."""
    size = draft.stat().st_size
    if size != bytes_of(connection):
        yield f"it should have {bytes_of(connection)} bytes, and has {size}"


def _of_the_source(error: StoreError, source: Source) -> StoreError:
    """Return an error about the copy as one about the file that it is a copy of."""
    if error.code == "foreign":
        return not_ours(source.path)
    if error.code in {"damaged", "disk", "database", "unreadable"}:
        return damaged(source.path, "SQLite can't read it as a whole")
    return error
