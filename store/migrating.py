"""Runs the migrations that ship with the program: for a new database, and for an older one."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from states.canonical import sha256_hex
from states.table import definition
from store import statements as sql
from store.appendonly import sqlite_triggers
from store.database import Database
from store.failures import told
from store.version import HEAD, check_version, version_of


def lost_triggers(url: str) -> tuple[str, ...]:
    """Return the append-only triggers that a database of this release has lost; raises StoreError.

    A database of an older release has lost none that this release can name.
    """
    database = Database(url)
    try:
        return missing_triggers(database) if version_of(database) == HEAD else ()
    finally:
        database.close()


def upgrade(url: str) -> tuple[str, str]:
    """Bring a database to this release's form; returns the versions before and after.

    All migrations run in one transaction, and the append-only triggers are set anew. The release's
    transition table is kept, so that the lines written under it can be explained. Raises StoreError
    for a database that is missing, foreign or of a newer release.
    """
    database = Database(url)
    try:
        before = version_of(database)
        if before > HEAD:
            check_version(database)
        with told(database.where):
            migrate(database)
        _keep_definition(database)
    finally:
        database.close()
    return before, HEAD


def _keep_definition(database: Database) -> None:
    meaning = definition()
    digest = sha256_hex(meaning)
    with database.transaction(write=True) as connection:
        if connection.row(sql.DEFINITION, digest=digest) is None:
            connection.run(sql.INSERT_DEFINITION, digest=digest, body=meaning.decode())


def migrate(database: Database) -> None:
    """Run every migration that the database has not seen, in one transaction.

    The append-only triggers are set anew each time, since a migration may have touched a table.
    """
    config = Config()
    scripts = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        for name, statement in sqlite_triggers():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)
        connection.commit()


def missing_triggers(database: Database) -> tuple[str, ...]:
    """Return the names of append-only triggers that do not stand as this release makes them."""
    with database.transaction(write=False) as connection:
        rows = connection.command("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        standing = dict(rows.fetchall())
    return tuple(name for name, sql in sqlite_triggers() if standing.get(name) != sql)
