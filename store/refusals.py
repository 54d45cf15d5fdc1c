"""What PostgreSQL and libpq say when something goes wrong, in words that staff can act on.

An error of the server has an SQLSTATE; a connection that could not be made has none, only a
sentence, which is read where it is English and else told as it is.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg

from lifecycle.errors import StoreError
from store.append.functions import SQLSTATE as LINE_REFUSED
from store.appendonly import SENTENCE, SQLSTATE
from store.failures import LOOK

# What psycopg mutters about a line that was lost is told by us; else it would come to the terminal.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

_REPEAT = "nothing was changed: repeat the command"
_LINE_HINT = (
    "use a login of your own, in a role that may do it (lifecycle role list); if yours may, report"
    " this: it is a fault"
)
_WARNING = "01000"
_AWAY = (
    "unreachable",
    "the database server can't be reached",
    "check that the server is running and that host and port are right, then repeat the command",
)
_NO_PRIMARY = (
    "unreachable",
    "of these servers none can be reached that takes writes; one of them may be taking over now",
    "wait a moment, then repeat the command; if it goes on, ask who runs the servers",
)
_DENIED = (
    "denied",
    "the server does not let this login in",
    "check the login's name and password (PGPASSWORD, ~/.pgpass) and the server's pg_hba.conf",
)
_SHUTTING_DOWN = (
    "shutting_down",
    "the server is starting, stopping or in recovery",
    "wait until it is up, then repeat the command: nothing was changed",
)
_TOO_MANY = ("too_many", "the server has no connection left", f"try again in a moment: {_REPEAT}")
_READ_ONLY = (
    "read_only",
    "it can only be read: it is a standby, or set to read-only",
    "name the primary server with --db, or ask who runs the server",
)
_MISSING = ("missing", "there is no such database on the server", "make it: createdb NAME")
_LOST = ("connection_lost", "the connection to the server was lost", _REPEAT)
_SILENT = (
    "connection_lost",
    "the server has stopped answering, and the connection was given up",
    f"ask who runs the server; {_REPEAT}",
)

_STATES: Mapping[str, tuple[str, str, str]] = {
    SQLSTATE: ("append_only", SENTENCE, "report this: it is a fault"),
    "25006": _READ_ONLY,
    "28000": _DENIED,
    "28P01": _DENIED,
    "3D000": _MISSING,
    "40001": ("changed_meanwhile", "it changed in this very moment", _REPEAT),
    "40P01": ("deadlock", "two commands waited for each other; this one gave way", _REPEAT),
    "42501": (
        "not_permitted",
        "this login may not do that in the database",
        "ask the database's owner for what lifecycle db grants prints, or use a login that may",
    ),
    "53100": ("no_space", "the server's disk is full", f"free some space there; {_REPEAT}"),
    "53200": ("no_memory", "the server is out of memory", f"ask who runs it; {_REPEAT}"),
    "53300": _TOO_MANY,
    "55P03": ("held", "somebody else is changing the same thing", f"try again: {_REPEAT}"),
    "57014": ("too_slow", "the server took too long, and was stopped", f"try again: {_REPEAT}"),
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": _SHUTTING_DOWN,
    "57P05": _LOST,
    "25P03": _LOST,
    "25P04": _LOST,
    "58030": ("disk", "the server's disk could not do it", f"ask who runs it; {_REPEAT}"),
    "XX001": ("damaged", "its contents are damaged", "restore it from a backup"),
    "XX002": ("damaged", "an index of it is damaged", "ask who runs it for REINDEX"),
}
_SENTENCES: Mapping[str, tuple[str, str, str]] = {
    "too many clients": _TOO_MANY,
    "too many connections": _TOO_MANY,
    "remaining connection slots": _TOO_MANY,
    "password authentication failed": _DENIED,
    "authentication failed": _DENIED,
    "no password supplied": _DENIED,
    "no pg_hba.conf entry": _DENIED,
    "is not permitted to log in": _DENIED,
    'role "': _DENIED,
    'database "': _MISSING,
    "the database system is": _SHUTTING_DOWN,
    "session is read-only": _READ_ONLY,
}
# Two commands at once under one idempotency key or for one new row: the second one finds the first.
_TWICE = frozenset({"uq_entry_idempotency_key", "pk_program", "uq_program_code", "pk_definition"})


class ServerSilentError(psycopg.OperationalError):
    """The server has stopped answering, though the line to it stands."""


def refusal(where: str, error: psycopg.Error) -> StoreError:
    """Return the error that says what went wrong, where, and what to do."""
    state = error.sqlstate or ""
    if state in _STATES:
        code, what, hint = _STATES[state]
        return StoreError(f"{where}: {what}", code, hint)
    if state == LINE_REFUSED:
        message = f"{where}: the database does not take it: {error.diag.message_primary}"
        return StoreError(message, "line_refused", _LINE_HINT)
    if state == "23505" and error.diag.constraint_name in _TWICE:
        message = f"{where}: the same was written in this very moment by another command"
        return StoreError(message, "changed_meanwhile", "repeat the command: it tells what stands")
    if state:
        return StoreError(f"{where}: {_words(error)}", "database", "lifecycle db check says more")
    if isinstance(error, psycopg.OperationalError):
        code, what, hint = _SILENT if isinstance(error, ServerSilentError) else _LOST
        return StoreError(f"{where}: {what}", code, hint)
    return StoreError(f"{where}: {_words(error)}", "database", "lifecycle db check says more")


def lost_in_commit(where: str) -> StoreError:
    """Return the error of a connection that was lost while the server was to commit."""
    message = (
        f"{where}: the connection was lost while it was being written;"
        " it may or may not have been written"
    )
    return StoreError(message, "unknown_outcome", LOOK)


def not_on_standby(where: str) -> StoreError:
    """Return the error of a commit that was not waited for until its standby had it."""
    message = (
        f"{where}: it was written there, but somebody broke off the wait for the standby server,"
        " which may not have it: should the standby take over, it is gone"
    )
    return StoreError(message, "unknown_outcome", LOOK)


@contextmanager
def warnings_of(raw: psycopg.Connection[Any]) -> Iterator[list[str]]:
    """Return what the server warns of in the block; in a commit it is a wait that was broken off.

    Then it answers as if all were well: that the warning is one, its code says in every language.
    """
    warned: list[str] = []

    def hear(diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.sqlstate == _WARNING:
            warned.append(diagnostic.message_primary or "")

    raw.add_notice_handler(hear)
    try:
        yield warned
    finally:
        raw.remove_notice_handler(hear)


def too_old(where: str, version: int, oldest: int) -> StoreError:
    """Return the error of a server that is older than what this release runs on."""
    message = f"{where}: the server is PostgreSQL {version // 10_000}; {oldest} or newer is needed"
    return StoreError(message, "too_old", "ask who runs the server to upgrade it")


def not_connected(
    where: str, error: psycopg.OperationalError, *, several: bool = False
) -> StoreError:
    """Return the error that says why no connection could be made, to `several` hosts or one.

    Of several hosts one that can only be read is as it should be, if another one is the primary.
    """
    words = str(error) if several else _words(error)
    if isinstance(error, psycopg.errors.ConnectionTimeout):
        words = "it did not answer in time"
    for sentence, told in _SENTENCES.items():
        code, what, hint = told
        if several and told is _READ_ONLY:
            continue
        if sentence in words and (code != "missing" or "does not exist" in words):
            return StoreError(f"{where}: {what}", code, hint)
    if several:
        code, what, hint = _NO_PRIMARY
        return StoreError(f"{where}: {what}", code, hint)
    code, what, hint = _AWAY
    return StoreError(f"{where}: {what} ({words})", code, hint)


def _words(error: psycopg.Error) -> str:
    """Return the driver's own words, on one line and not too many."""
    return " ".join(str(error).split())[:300]
