"""The SQL that gives PostgreSQL's logins what they need and no more; printed, never executed.

Four group roles. The owner has no login: it owns tables and functions, and can take triggers away.
Staff do what people do, the scheduler what a machine does (the nightly check, sealing), auditors
read. No working role writes a line, moves an agreement or changes a program but through the
functions of `store.append`, which hold each line against who is connected. Append-only tables can
only be added to.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Table

from states.problem import InvalidInputError, Problem
from store.append.functions import ENTRANCES
from store.appendonly import SCHEMA
from store.tables import (
    agreement,
    attachment,
    beside,
    commitment,
    document,
    erasure,
    leaf,
    mail,
    metadata,
    notice,
    policy,
    program,
    project,
    run,
    seal,
    signing_key,
    term,
    tile,
    unsealed,
    watch,
)

OWNER, STAFF, AUDITOR, SCHEDULER = (
    "lifecycle_owner",
    "lifecycle_staff",
    "lifecycle_auditor",
    "lifecycle_scheduler",
)

_FORMER = {"lifecycle_writer": "staff", "lifecycle_reader": "auditor"}
"""The roles of releases before, and what they are members of since."""

_ANEW = dict.fromkeys((project, commitment, watch, notice), "INSERT, UPDATE, DELETE")
"""Projections that are cleared and written anew with each document, with what it owes, or where
the clock was ahead."""

# To lock a row, a login must have the right to update one of its columns. Triggers refuse to update
# these, but for the day at which a sandbox stands.
_LOCKED = {agreement: "UPDATE (program_id)", program: "UPDATE (id, stands_at)"}
_BOTH = {
    **_ANEW,
    **_LOCKED,
    **dict.fromkeys((term, mail, run), "INSERT, UPDATE"),
    beside: "INSERT",
}
# Texts are erased where the triggers let them be, after the line that says so.
_STAFF: dict[Table, str] = {
    **_BOTH,
    **dict.fromkeys((beside, document), "INSERT, UPDATE (salt, body)"),
    attachment: "INSERT, UPDATE (body)",
    **dict.fromkeys((policy, erasure), "INSERT"),
}
_SCHEDULER: dict[Table, str] = {
    **_BOTH,
    document: "INSERT",
    unsealed: "DELETE",
    **dict.fromkeys((leaf, tile, seal, signing_key), "INSERT"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the roles are called."""

    owner: str = OWNER
    staff: str = STAFF
    auditor: str = AUDITOR
    scheduler: str = SCHEDULER


def grants(names: Names | None = None) -> Iterator[str]:
    """Yield the lines of the SQL; running it again brings what was changed by hand in order."""
    names = names or Names()
    owner, staff, auditor, scheduler = (
        _quoted(name) for name in (names.owner, names.staff, names.auditor, names.scheduler)
    )
    working = f"{staff}, {auditor}, {scheduler}"
    yield from _explained(owner, staff, auditor, scheduler)
    yield "BEGIN;"
    for role in (owner, staff, auditor, scheduler):
        yield (
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN;"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        )
    tables = [*sorted(metadata.tables), "alembic_version"]
    yield from _owned(owner, tables)
    yield from (
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC, {working};",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC, {working};",
        f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC, {working};",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {working};",
    )
    yield from _former({"staff": staff, "auditor": auditor})
    yield from (f"GRANT SELECT ON {SCHEMA}.{name} TO {working};" for name in tables)
    for role, rights in ((staff, _STAFF), (scheduler, _SCHEDULER)):
        yield from (
            f"GRANT {rights[table]} ON {SCHEMA}.{table.name} TO {role};"
            for table in sorted(rights, key=lambda table: table.name)
        )
        yield from (f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{f} TO {role};" for f in ENTRANCES)
    yield "COMMIT;"


def _explained(owner: str, staff: str, auditor: str, scheduler: str) -> Iterator[str]:
    yield from (
        "-- Run this as a superuser, or as the database's owner with CREATEROLE:",
        "--   lifecycle db grants | psql DATABASE",
        "-- Then each person gets a login of their own, and the machine of the nightly check one:",
        f"--   CREATE ROLE anna LOGIN PASSWORD '...' IN ROLE {staff};",
        f"--   CREATE ROLE audra LOGIN PASSWORD '...' IN ROLE {auditor};",
        f"--   CREATE ROLE night LOGIN PASSWORD '...' IN ROLE {scheduler};",
        f"-- Who keeps the log's signing key, to create or replace it, is in {scheduler} too.",
        f"-- {owner} owns the tables and can take the triggers of the log away: it has no login,",
        "-- and nobody works as one of its members. Those found programs (lifecycle init) and",
        "-- upgrade the schema (lifecycle db upgrade); run this again after each of the two.",
    )


def _owned(owner: str, tables: Sequence[str]) -> Iterator[str]:
    """Yield what makes one role own everything.

    A login that is no superuser gives to a role only what that role may have, as its member.
    """
    yield (
        "DO $$ BEGIN IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname ="  # noqa: S608 - names of ours
        f" current_user) THEN EXECUTE format('GRANT {owner} TO %I', current_user);"
        f" EXECUTE format('GRANT CREATE ON DATABASE %I TO {owner}', current_database());"
        " END IF; END $$;"
    )
    yield f"ALTER SCHEMA {SCHEMA} OWNER TO {owner};"
    yield from (f"ALTER TABLE {SCHEMA}.{name} OWNER TO {owner};" for name in tables)
    yield (
        "DO $$ DECLARE one regprocedure; BEGIN FOR one IN SELECT oid FROM pg_catalog.pg_proc"  # noqa: S608 - names of ours
        " WHERE pronamespace = 'lifecycle'::regnamespace LOOP"
        f" EXECUTE format('ALTER FUNCTION %s OWNER TO {owner}', one);"
        " END LOOP; END $$;"
    )


def _former(now: dict[str, str]) -> Iterator[str]:
    """Yield what makes the roles of releases before members of those of this one, and no more."""
    for former, what in _FORMER.items():
        if now[what] == _quoted(former):
            continue
        yield (
            f"DO $$ BEGIN IF to_regrole('{former}') IS NOT NULL THEN"
            f" REVOKE ALL ON SCHEMA {SCHEMA} FROM {former};"
            f" REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {former};"
            f" REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM {former};"
            f" GRANT {now[what]} TO {former}; END IF; END $$;"
        )


def _quoted(name: str) -> str:
    if not re.fullmatch(r"[^\W\d][\w-]{0,62}", name):
        message = f"{name!r} is not a name for a role: letters, digits, - and _"
        raise InvalidInputError([Problem("bad_name", message)])
    return f'"{name}"'
