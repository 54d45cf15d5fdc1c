"""Fills an empty PostgreSQL database from an archive: all of it in one transaction, or nothing.

The schema is made by our own migrations, in the form that the backup has; only rows are taken from
the archive. Then the database is upgraded to this release. A backup of one server can be restored
into another one, of another version, by any login that may create a schema there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection as Migrating
from sqlalchemy import inspect

from lifecycle.errors import StoreError
from store.appendonly import SCHEMA
from store.backup.archive import listed, tables_in
from store.backup.drafts import digest_of_file
from store.backup.source import Source, damaged, not_ours
from store.connection import Connection
from store.database import Database
from store.migrating import migrated, versions

_VERSION = "alembic_version"
_TAKEN = (
    "SELECT 1 FROM pg_catalog.pg_class WHERE relnamespace ="  # noqa: S608 - a name of ours
    f" (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = '{SCHEMA}')"
)


@contextmanager
def restored(database: Database, source: Source, *, keep: bool) -> Iterator[Connection]:
    """Fill the database, in this release's form, when the block ends well and it is kept.

    The block runs in the transaction that does it. Raises StoreError where the database holds a
    program already, and for a file that is damaged.
    """
    source.has(digest_of_file(source.path))
    tables = listed(source.path, source.path)
    source.of_form(_form_of(source, tables), versions())
    filling = _Filling(database.where, source, tables)
    with suppress(_RehearsedError), migrated(database, filling) as connection:
        connection.command("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield connection
        _end(keep=keep)


class _RehearsedError(Exception):
    """A dry run has come to its end, and is rolled back."""


def _end(*, keep: bool) -> None:
    if not keep:
        raise _RehearsedError


def _form_of(source: Source, tables: set[str]) -> str:
    if _VERSION not in tables:
        raise not_ours(source.path)
    with tables_in(source.path, source.path, _VERSION) as found:
        rows = [row for _name, _columns, rows in found for row in rows]
    if len(rows) != 1:
        raise damaged(source.path, "it does not say which release wrote it")
    return rows[0].decode().strip()


@dataclass(frozen=True, slots=True)
class _Filling:
    where: str
    source: Source
    tables: set[str]

    def __call__(self, migrating: Migrating, to: Callable[[str], None]) -> None:
        """Make the schema in the backup's form, and copy the rows of each table into it."""
        if migrating.exec_driver_sql(_TAKEN).first() is not None:
            message = f"{self.where} holds something already, which a restored one would replace"
            hint = "make an empty one (createdb NAME), and name it with --db"
            raise StoreError(message, "exists", hint)
        to(self.source.schema)
        order = [
            name
            for name, _keys in inspect(migrating).get_sorted_table_and_fkc_names(schema=SCHEMA)
            if name not in {None, _VERSION}
        ]
        if {*order, _VERSION} != self.tables:
            differing = ", ".join(sorted({*order, _VERSION} ^ self.tables))
            raise damaged(self.source.path, f"not the tables that its form has: {differing}")
        raw = migrating.connection.driver_connection
        for name in order:
            self._fill(raw, str(name))

    def _fill(self, raw: Any, name: str) -> None:  # noqa: ANN401 - psycopg's connection
        try:
            with tables_in(self.source.path, self.source.path, name) as found:
                for _name, columns, rows in found:
                    with raw.cursor().copy(_copy(name, columns)) as into:
                        for row in rows:
                            into.write(row)
        except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError) as error:
            if error.sqlstate == _NOT_PERMITTED:
                raise
            what = " ".join(str(error.diag.message_primary or error).split())
            raise damaged(self.source.path, f"the table {name}: {what}") from error


_NOT_PERMITTED = "42501"


def _copy(name: str, columns: str) -> sql.Composed:
    parts = (sql.Identifier(column.strip().strip('"')) for column in columns.split(","))
    return sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(SCHEMA, name), sql.SQL(", ").join(parts)
    )
