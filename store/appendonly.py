"""The triggers that make tables append-only by the database's own power.

UPDATE and DELETE are refused. On SQLite an INSERT OR REPLACE deletes without firing a delete
trigger, so a BEFORE INSERT trigger asks as well that the new row extends what is there: a line is
the stream's next, a document a later version, anything else a key that does not exist yet. REPLACE
deletes by whatever is unique, so that an idempotency key and SQLite's own rowid are asked for too.
"""

from collections.abc import Iterator

SENTENCE = "append-only: what is recorded is never changed"
"""What the database answers to whoever tries."""

_EXTENDS = {
    "entry": "NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM entry"
    " WHERE program_id = NEW.program_id AND stream = NEW.stream)"
    " OR NEW.idempotency_key IS NOT NULL AND EXISTS (SELECT 1 FROM entry"
    " WHERE program_id = NEW.program_id AND idempotency_key = NEW.idempotency_key)",
    "document": "NEW.version <= (SELECT max(version) FROM document"
    " WHERE program_id = NEW.program_id AND key = NEW.key)",
    "adoption": "NEW.n <= (SELECT max(n) FROM adoption WHERE program_id = NEW.program_id)",
    "beside": "EXISTS (SELECT 1 FROM beside WHERE program_id = NEW.program_id"
    " AND stream = NEW.stream AND n = NEW.n AND part = NEW.part)",
    "attachment": "EXISTS (SELECT 1 FROM attachment WHERE program_id = NEW.program_id"
    " AND digest = NEW.digest)",
    "policy": "EXISTS (SELECT 1 FROM policy WHERE program_id = NEW.program_id"
    " AND digest = NEW.digest)",
    "definition": "EXISTS (SELECT 1 FROM definition WHERE digest = NEW.digest)",
}
"""For each append-only table, when a new row does not extend what is there."""

_WITHOUT_ROWID = frozenset({"adoption"})


def sqlite_triggers() -> Iterator[tuple[str, str]]:
    """Yield the name of each trigger with the statement that creates it on SQLite."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    for table, breach in _EXTENDS.items():
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            yield name, f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {refuse}"
        name = f"{table}_extends"
        when = breach if table in _WITHOUT_ROWID else f"{breach} OR {_rowid_taken(table)}"
        yield name, f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {when} {refuse}"


def _rowid_taken(table: str) -> str:
    """Return the condition that a new row names a rowid that is there; naming none shows as -1."""
    taken = f"SELECT 1 FROM {table} WHERE rowid = NEW.rowid"  # noqa: S608 - a name from above
    return f"NEW.rowid <> -1 AND EXISTS ({taken})"
