"""Runs the migrations that ship with the program: for a new database, and for an older one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as Migrating

from states.canonical import sha256_hex
from states.table import definition
from store import statements as sql
from store import writes
from store.connection import Connection
from store.database import Database
from store.deriving import derive_anew
from store.version import HEAD, check_version, version_of


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
        with migrated(database) as connection:
            keep_definition(connection)
    finally:
        database.close()
    return before, HEAD


def keep_definition(connection: Connection) -> None:
    """Keep this release's transition table, unless it is kept already."""
    meaning = definition()
    digest = sha256_hex(meaning)
    if connection.row(sql.DEFINITION, digest=digest) is None:
        connection.run(writes.INSERT_DEFINITION, digest=digest, body=meaning.decode())


Filling = Callable[[Migrating, Callable[[str], None]], None]
"""What fills an empty database before it is migrated; its second argument makes a release's form.
"""


@contextmanager
def migrated(database: Database, filling: Filling | None = None) -> Iterator[Connection]:
    """Run every migration that the database has not seen, and the block, in one transaction.

    The append-only triggers are set anew each time, since a migration may have touched a table.
    """
    config = _config()
    with database.migration() as (migrating, connection):
        config.attributes["connection"] = migrating
        if filling is not None:
            filling(migrating, partial(command.upgrade, config))
        before = MigrationContext.configure(migrating).get_current_revision()
        command.upgrade(config, "head")
        database.set_triggers(migrating.exec_driver_sql)
        if before is not None:
            derive_anew(connection, before)
        yield connection


def versions() -> tuple[str, ...]:
    """Return every version of the schema that this release knows, its own one first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(script.revision for script in scripts)


def _config() -> Config:
    config = Config()
    scripts = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    return config
