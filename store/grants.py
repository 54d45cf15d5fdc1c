"""The SQL that gives PostgreSQL's logins what they need and no more; printed, never executed.

Two group roles: writers, who do what the product does, and readers. The log and the other
append-only tables can only be added to, but for texts that are erased, which the triggers let
through after the line that says so. Nobody who works in the database may own it: an owner can
take triggers away.
"""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Table

from states.problem import InvalidInputError, Problem
from store.appendonly import SCHEMA
from store.tables import (
    APPEND_ONLY,
    ERASABLE,
    commitment,
    metadata,
    notice,
    program,
    project,
    unsealed,
    watch,
)

WRITERS, READERS = "lifecycle_writer", "lifecycle_reader"

_REBUILT = frozenset({project, commitment, watch, notice, unsealed})
"""Projections that are cleared and written anew with each document, with what it owes, or where
the clock was ahead."""

_FIXED = frozenset({"id", "code", "sandbox"})
"""What a program is founded with, for good; founding one is its owner's."""


def grants(
    owner: str | None = None, writers: str = WRITERS, readers: str = READERS
) -> Iterator[str]:
    """Yield the lines of the SQL; running it again brings what was changed by hand in order."""
    who, everybody = (_quoted(writers), _quoted(readers)), f"{_quoted(writers)}, {_quoted(readers)}"
    yield from (
        "-- Run this as a superuser, or as the database's owner with CREATEROLE:",
        "--   lifecycle db grants | psql DATABASE",
        "-- Then each person gets a login of their own, for example:",
        f"--   CREATE ROLE anna LOGIN PASSWORD '...' IN ROLE {who[0]};",
        f"--   CREATE ROLE audra LOGIN PASSWORD '...' IN ROLE {who[1]};",
        "-- The owner of the tables can take the triggers of the log away, so let it be a login",
        "-- under which nobody works. It founds programs (lifecycle init) and upgrades the schema",
        "-- (lifecycle db upgrade); run this again after each of the two.",
        "BEGIN;",
    )
    for role in who if owner is None else (_quoted(owner), *who):
        yield (
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN;"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        )
    names = [*sorted(metadata.tables), "alembic_version"]
    if owner is not None:
        yield from _owned(_quoted(owner), names)
    yield from (
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC, {everybody};",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC, {everybody};",
        f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC, {everybody};",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {everybody};",
    )
    yield from (f"GRANT SELECT ON {SCHEMA}.{name} TO {everybody};" for name in names)
    for name in sorted(metadata.tables):
        table = metadata.tables[name]
        yield f"GRANT {_rights(table)} ON {SCHEMA}.{name} TO {who[0]};"
    yield "COMMIT;"


def _rights(table: Table) -> str:
    if table is program:
        kept = (column.name for column in table.columns if column.name not in _FIXED)
        return f"UPDATE ({', '.join(kept)})"
    if table in ERASABLE:
        columns = (name for name in ("salt", "body") if name in table.columns)
        return f"INSERT, UPDATE ({', '.join(columns)})"
    if table in APPEND_ONLY:
        return "INSERT"
    return "INSERT, UPDATE, DELETE" if table in _REBUILT else "INSERT, UPDATE"


def _owned(owner: str, names: Sequence[str]) -> Iterator[str]:
    yield f"ALTER SCHEMA {SCHEMA} OWNER TO {owner};"
    yield from (f"ALTER TABLE {SCHEMA}.{name} OWNER TO {owner};" for name in names)
    yield (
        "DO $$ DECLARE one regprocedure; BEGIN FOR one IN SELECT oid FROM pg_catalog.pg_proc"  # noqa: S608 - names of ours
        f" WHERE pronamespace = '{SCHEMA}'::regnamespace LOOP"
        f" EXECUTE format('ALTER FUNCTION %s OWNER TO {owner}', one);"
        " END LOOP; END $$;"
    )


def _quoted(name: str) -> str:
    if not re.fullmatch(r"[^\W\d][\w-]{0,62}", name):
        message = f"{name!r} is not a name for a role: letters, digits, - and _"
        raise InvalidInputError([Problem("bad_name", message)])
    return f'"{name}"'
