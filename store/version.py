"""Which release wrote a database, and whether it is ours, of this release's form, and guarded."""

from typing import Any

from sqlalchemy import Select, column, select, table

from lifecycle.errors import StoreError
from store.connection import Connection
from store.database import Database

HEAD = "0006"
"""The newest migration of this release; a test holds it against store/migrations/versions."""

_STAMP: Select[Any] = select(column("version_num")).select_from(table("alembic_version"))


def check_version(database: Database) -> None:
    """Raise StoreError unless the database is there, ours, and of this release's form."""
    found = version_of(database)
    if found == HEAD:
        return
    where = database.where
    if found > HEAD:
        message = f"{where} was written by a newer release (schema {found}, this one knows {HEAD})"
        raise StoreError(message, "newer", "use that release, or a backup made with this one")
    message = f"{where} was written by an older release (schema {found}, this one writes {HEAD})"
    raise StoreError(message, "older", "lifecycle db backup FILE, then: lifecycle db upgrade")


def version_of(database: Database) -> str:
    """Return the schema version of a database; raises StoreError if it is missing or foreign."""
    where = database.where
    try:
        there = database.exists
    except OSError as error:
        message = f"{where} can't be opened: {error.strerror}"
        hint = "ask whose folder it is to let you in, or name another file with --db"
        raise StoreError(message, "unreadable", hint) from error
    if not there:
        message = f"there is no database at {where}"
        raise StoreError(message, "missing", "make one with lifecycle init, or name one with --db")
    with database.transaction(write=False) as connection:
        database.recognise(connection)
        return version_in(connection, where)


def version_in(connection: Connection, where: str) -> str:
    """Return the schema version of a database that is ours; raises StoreError without one."""
    version = connection.row(_STAMP)
    if version is None:
        message = f"{where} does not say which release wrote it"
        raise StoreError(message, "damaged", "restore it from a backup")
    return str(version[0])


def lost_triggers(url: str) -> tuple[str, ...]:
    """Return the append-only triggers that a database of this release has lost; raises StoreError.

    A database of an older release has lost none that this release can name.
    """
    database = Database(url)
    try:
        return missing_triggers(database) if version_of(database) == HEAD else ()
    finally:
        database.close()


def missing_triggers(database: Database) -> tuple[str, ...]:
    """Return the names of append-only triggers that do not stand as this release makes them."""
    with database.transaction(write=False) as connection:
        return database.missing_triggers(connection)
