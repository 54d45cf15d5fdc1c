"""Backs a PostgreSQL database up by pg_dump, and compares what it wrote row by row.

pg_dump and the comparison see the same moment, by a snapshot that is exported to it; writers go on.
The archive is read back with pg_restore, and each table must hold exactly the rows that the
database had. That needs no rights but to read: a login in `lifecycle_auditor` can make backups.
"""

from pathlib import Path
from typing import Any

from psycopg import Connection as Raw
from psycopg import sql
from psycopg.conninfo import make_conninfo

from lifecycle.errors import StoreError
from store.appendonly import SCHEMA
from store.backup.archive import Sum, tables_in
from store.backup.contents import Contents, contents_of
from store.backup.tools import ToolError, run, tool, version_of_tool
from store.connection import Connection
from store.database import Database
from store.version import HEAD, version_in

READ_BACK = "read back with pg_restore: each table holds exactly the rows that the database had"
WHOLE = "the append-only triggers stood"

_MAJOR = 10_000
_LOCK_MILLISECONDS = 30_000
_UNLIMITED = ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout")
_TABLES = (
    "SELECT relname FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p')"  # noqa: S608 - a name of ours
    f" AND relnamespace = '{SCHEMA}'::regnamespace ORDER BY relname"
)
_FULL = ("No space left", "File too large", "SIGXFSZ", "quota exceeded")
"""How pg_dump says, or shows, that it can't write any more."""

_NOT_HANDED_ON = frozenset(
    {"client_encoding", "load_balance_hosts", "passfile", "service", "target_session_attrs"}
)
"""What libpq has resolved by then, and what would lead to another server of several."""

_SECRETS = frozenset({"sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"})
"""Secrets that can stand nowhere but on the command line."""


def write(database: Database, draft: Path, target: Path) -> Contents:
    """Dump a database into the draft and return what it holds; raises StoreError."""
    with database.transaction(write=False) as connection:
        raw = _unhurried(connection)
        _dump(database.where, raw, draft, target)
        _compare(connection, raw, draft, target)
        schema = version_in(connection, database.where)
        missing = database.missing_triggers(connection) if schema == HEAD else ()
        held = contents_of(connection, schema)
    lost = [f"append-only triggers are missing or altered: {', '.join(missing)}"] if missing else []
    return Contents(held.schema, held.programs, (*lost, *held.findings))


def _unhurried(connection: Connection) -> Raw[Any]:
    """Let the transaction wait for as long as pg_dump takes; return the driver's connection."""
    for name in _UNLIMITED:
        connection.command(f"SET LOCAL {name} = 0")
    raw: Raw[Any] = connection.at_rest()
    return raw


def _dump(where: str, raw: Raw[Any], draft: Path, target: Path) -> None:
    pg_dump = tool("pg_dump")
    server, own = raw.info.server_version // _MAJOR, version_of_tool(pg_dump)
    if own < server:
        message = f"{pg_dump} is of PostgreSQL {own}, and the server of {where} is {server}"
        hint = f"install PostgreSQL's client programs of version {server} or newer"
        raise StoreError(message, "too_old", hint)
    (snapshot,) = raw.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
    line = [
        pg_dump,
        "--format=custom",
        f"--schema={SCHEMA}",
        "--encoding=UTF8",
        "--no-password",
        f"--lock-wait-timeout={_LOCK_MILLISECONDS}",
        f"--snapshot={snapshot}",
        f"--file={draft}",
        f"--dbname={_conninfo(where, raw)}",
    ]
    try:
        run(where, line, {"PGPASSWORD": raw.info.password} if raw.info.password else None)
    except ToolError as error:
        if any(words in error.said for words in _FULL):
            message = f"{target} has no room: the disk of its folder is full; nothing was written"
            hint = "free some space there, or name another place"
            raise StoreError(message, "no_space", hint) from error
        raise


def _conninfo(where: str, raw: Raw[Any]) -> str:
    """Return how the same server is reached, without any secret."""
    given = raw.info.get_parameters()
    if secret := _SECRETS & set(given):
        message = f"{where}: {min(secret)} can't be handed to pg_dump without showing it"
        hint = "connect in another way, for example with a certificate that needs no password"
        raise StoreError(message, "not_permitted", hint)
    kept = {name: value for name, value in given.items() if name not in _NOT_HANDED_ON}
    kept.update(host=raw.info.host, port=str(raw.info.port))
    return make_conninfo("", **kept)


def _compare(connection: Connection, raw: Raw[Any], draft: Path, target: Path) -> None:
    """Raise StoreError unless the archive has exactly the rows that the transaction sees."""
    wanted = {name for (name,) in connection.command(_TABLES).fetchall()}
    with tables_in(draft, target) as tables:
        for name, columns, rows in tables:
            written = Sum()
            for row in rows:
                written.add(row)
            wanted.discard(name)
            if written != _in_database(raw, name, columns):
                raise _differs(target, name)
    if wanted:
        raise _differs(target, min(wanted))


def _in_database(raw: Raw[Any], name: str, columns: str) -> Sum:
    found = Sum()
    parts = (sql.Identifier(column.strip().strip('"')) for column in columns.split(","))
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(SCHEMA, name), sql.SQL(", ").join(parts)
    )
    with raw.cursor().copy(statement) as rows:
        for row in rows:
            found.add(bytes(row))
    return found


def _differs(target: Path, table: str) -> StoreError:
    message = f"what was written to {target} does not hold what the table {table} did"
    return StoreError(message, "not_verified", "check the disk, then repeat")
