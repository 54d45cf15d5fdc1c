"""How a database is named: a path, or a URL; and how it is shown, which is without its password."""

import re
from pathlib import Path

from lifecycle.errors import StoreError

FORMS = "give a path, sqlite:///PATH or postgresql://HOST/NAME"

_POSTGRESQL = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
_SQLITE = frozenset({"sqlite", "sqlite+pysqlite"})
# Up to the last @: a password that should have been quoted and was not must not be shown either.
_IN_AUTHORITY = re.compile(r"(?<=://)([^:/?@]*):.*@", re.DOTALL)
_IN_QUERY = re.compile(r"(?<=[?&])([a-z_]*password)=[^&]*", re.IGNORECASE)


def shown(text: str) -> str:
    """Return a URL as it may stand in messages; a path as it is."""
    return _IN_QUERY.sub(r"\1=***", _IN_AUTHORITY.sub(r"\1@", text)) if "://" in text else text


def is_postgresql(text: str) -> bool:
    """Whether this names a PostgreSQL database; raises StoreError for what names none of ours."""
    kind, separator, rest = text.partition("://")
    if not separator or kind in _SQLITE:
        return False
    if kind in _POSTGRESQL:
        return True
    if re.fullmatch(r"[a-z][a-z0-9+.-]*", kind) and rest:
        message = f"{shown(text)} is not a kind of database that this release runs on"
    else:
        message = f"{shown(text)!r} is not a database URL"
    raise StoreError(message, "bad_url", FORMS)


def sqlite_path(text: str) -> str:
    """Return the path that a path or an SQLite URL names; raises StoreError for a URL without."""
    kind, separator, rest = text.partition("://")
    if not separator:
        return str(Path(kind).expanduser().absolute())
    path = rest.removeprefix("/")
    if not rest.startswith("/") or path in {"", ":memory:"} or "?" in path:
        message = f"{shown(text)} names no file"
        raise StoreError(message, "bad_url", FORMS)
    return path


def postgresql_uri(text: str) -> str:
    """Return a PostgreSQL URL as libpq spells it."""
    return f"postgresql://{text.partition('://')[2]}"
