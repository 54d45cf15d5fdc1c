"""The triggers that make tables append-only by the database's own power.

UPDATE and DELETE are refused, and TRUNCATE where there is one. What is inserted must extend what
is there: a line is the stream's next, a document a later version, an adoption a later line's.

On SQLite an INSERT OR REPLACE deletes without firing a delete trigger, so that anything else must
have a key that does not exist yet; REPLACE deletes by whatever is unique, so that an idempotency
key and SQLite's own rowid are asked for too.

Texts can be erased (`lifecycle.erasing`), and in one way only: bytes and salt of a row are replaced
after the stream's last line, an `erased` one, has named the row in `erasure`. PostgreSQL holds the
new bytes against the digest that was named; SQLite has no SHA-256 to do so, and replay does it.

PostgreSQL's triggers are enabled ALWAYS, also for
who replays another server's changes, and their functions look nothing up along a caller's path.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    "leaf": "NEW.leaf IS NOT (SELECT coalesce(max(leaf) + 1, 0) FROM leaf"
    " WHERE program_id = NEW.program_id) OR EXISTS (SELECT 1 FROM leaf"
    " WHERE program_id = NEW.program_id AND stream = NEW.stream AND n = NEW.n)",
    "tile": "EXISTS (SELECT 1 FROM tile WHERE program_id = NEW.program_id"
    " AND level = NEW.level AND tile = NEW.tile)",
    "seal": "NEW.size <= (SELECT max(size) FROM seal WHERE program_id = NEW.program_id)"
    " OR NEW.size IS NOT (SELECT max(leaf) + 1 FROM leaf WHERE program_id = NEW.program_id)",
    "signing_key": "NEW.n <= (SELECT max(n) FROM signing_key WHERE program_id = NEW.program_id)",
    "erasure": "EXISTS (SELECT 1 FROM erasure WHERE program_id = NEW.program_id"
    " AND stream = NEW.stream AND n = NEW.n AND part = NEW.part AND by_n = NEW.by_n)",
}
"""For each append-only table, when a new row does not extend what is there."""

_WITHOUT_ROWID = frozenset({"adoption", "leaf"})

_QUEUED = (
    "INSERT INTO {unsealed} (program_id, stream, n) VALUES (NEW.program_id, NEW.stream, NEW.n);"
)
"""Every new line waits for its seal, whoever writes it."""


_KEPT = {
    "beside": ("program_id", "stream", "n", "part", "kind", "year", "corrects"),
    "document": ("program_id", "key", "version", "digest"),
    "attachment": ("program_id", "digest"),
}
"""The tables whose texts can be erased, and what of a row stays as it is."""

_NAMED = (
    "EXISTS (SELECT 1 FROM {s}erasure AS e JOIN {s}entry AS l ON l.program_id = e.program_id"
    " AND l.stream = e.stream AND l.n = e.by_n WHERE e.program_id = OLD.program_id"
    " AND e.by_n = (SELECT max(n) FROM {s}entry WHERE program_id = e.program_id"
    ' AND stream = e.stream) AND {has}(l.line, \'"event":"erased"\') > 0 AND {which}{holds})'
)
"""Whether the last line of its stream says that a row's text is erased."""

_WHICH = {
    "beside": "e.stream = OLD.stream AND e.n = OLD.n AND e.part = OLD.part",
    "document": "e.stream = OLD.key AND e.part = 'document' AND EXISTS (SELECT 1 FROM {s}entry"
    " WHERE program_id = e.program_id AND stream = e.stream AND n = e.n"
    " AND {has}(line, '\"document\":\"' || OLD.digest || '\"') > 0)",
    "attachment": "e.part = 'attachment' AND EXISTS (SELECT 1 FROM {s}beside"
    " WHERE program_id = e.program_id AND stream = e.stream AND n = e.n AND kind = 'attachment'"
    " AND {has}(body, '\"sha256\":\"' || OLD.digest || '\"') > 0)",
}
"""How an erasure names a row of each of the tables."""


def _not_erased(table: str, *, same: str, schema: str, has: str, holds: str = "") -> str:
    """Return the condition that an update is none that erases a text as a line says."""
    kept = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in _KEPT[table])
    which = _WHICH[table].format(s=schema, has=has)
    named = _NAMED.format(s=schema, has=has, which=which, holds=holds)
    return f"NOT ({kept} AND {named})"


def sqlite_triggers() -> Iterator[tuple[str, str]]:
    """Yield the name of each trigger with the statement that creates it on SQLite."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    for table, extends in _EXTENDS.items():
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            unless = ""
            if verb == "UPDATE" and table in _KEPT:
                breach = _not_erased(table, same="IS", schema="", has="instr")
                unless = f"WHEN NEW.rowid IS NOT OLD.rowid OR {breach} "
            yield name, f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {unless}{refuse}"
        name = f"{table}_extends"
        when = extends if table in _WITHOUT_ROWID else f"{extends} OR {_rowid_taken(table)}"
        yield name, f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {when} {refuse}"
    queued = _QUEUED.format(unsealed="unsealed")
    yield "entry_queued", f"CREATE TRIGGER entry_queued AFTER INSERT ON entry BEGIN {queued} END"


def _rowid_taken(table: str) -> str:
    """Return the condition that a new row names a rowid that is there; naming none shows as -1."""
    taken = f"SELECT 1 FROM {table} WHERE rowid = NEW.rowid"  # noqa: S608 - a name from above
    return f"NEW.rowid <> -1 AND EXISTS ({taken})"


SCHEMA = "lifecycle"
"""PostgreSQL's schema of our own: nobody else's `public` gets in between."""

SQLSTATE = "LC001"
"""Under which PostgreSQL answers with the sentence."""

_REFUSE = f"BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = '{SQLSTATE}'; END"
_SANDBOX_ONLY = (
    f"BEGIN IF NOT OLD.sandbox THEN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = '{SQLSTATE}';"
    " END IF; RETURN NEW; END"
)
_MINE = """'{"actor":{"how":"database","id":' || to_json(session_user::text)::text || '}'"""
_PROVES = """starts_with({line}, '{{"actor":{{"how":"database"')"""
_OWNS = (
    "pg_has_role(session_user,"
    " (SELECT relowner FROM pg_class WHERE oid = '{schema}.entry'::regclass), 'MEMBER')"
)
_NEXT_KEY = (
    "NEW.n <= (SELECT max(n) FROM {schema}.signing_key WHERE program_id = NEW.program_id) OR"
)
# What a line puts in force beside it is written by whoever wrote the line, while it is the last.
_NOT_BY_LINE = (
    " NOT {owns} AND NOT EXISTS (SELECT 1 FROM {{schema}}.entry WHERE program_id = NEW.program_id"
    ' AND stream = {stream} AND n = {n} AND strpos(line, \'"event":"{event}"\') > 0'
    " AND ({mine} OR NOT {proves}) AND n = (SELECT max(n) FROM {{schema}}.entry"
    " WHERE program_id = NEW.program_id AND stream = {stream}))"
)


def _not_by_line(event: str, *, stream: str, n: str) -> str:
    """Return the condition that a login writes what no last line of its own has put in force."""
    mine, proves = f"starts_with(line, {_braced(_MINE)})", _braced(_PROVES.format(line="line"))
    return _NOT_BY_LINE.format(
        owns=_OWNS, stream=stream, n=n, event=event, mine=mine, proves=proves
    )


def _braced(text: str) -> str:
    """Return a text as it stands in what is formatted once more."""
    return text.replace("{", "{{").replace("}", "}}")


_SALTED = "encode(sha256(NEW.salt || convert_to(NEW.body, 'UTF8')), 'hex')"
_DOCUMENT = "'document'"
_CITED = (
    "NOT EXISTS (SELECT 1 FROM {{schema}}.entry WHERE program_id = NEW.program_id"  # noqa: S608 - names of ours
    " AND stream = {stream} AND strpos(line, '\"' || {part} || '\":\"' || "
    f"{_SALTED} || '\"') > 0)"
)
"""A text stands beside a line that cites it: nobody adds one that no line knows."""

_GROWS = {
    "entry": "NEW.n IS DISTINCT FROM (SELECT coalesce(max(n), 0) + 1 FROM {schema}.entry"
    " WHERE program_id = NEW.program_id AND stream = NEW.stream)",
    "document": "NEW.version <= (SELECT max(version) FROM {schema}.document"  # noqa: S608 - names of ours
    " WHERE program_id = NEW.program_id AND key = NEW.key) OR NEW.digest IS DISTINCT FROM"
    f" {_SALTED} OR {_CITED.format(stream='NEW.key', part=_DOCUMENT)}",
    "beside": "NEW.part NOT IN ('reason', 'content') OR "
    f"{_CITED.format(stream='NEW.stream AND n = NEW.n', part='NEW.part')}",
    "attachment": "NEW.digest IS DISTINCT FROM encode(sha256(NEW.body), 'hex')",
    "adoption": "NEW.n <= (SELECT max(n) FROM {schema}.adoption WHERE program_id = NEW.program_id)",
    "seal": "NEW.size <= (SELECT max(size) FROM {schema}.seal WHERE program_id = NEW.program_id)"
    " OR NEW.size IS DISTINCT FROM (SELECT max(leaf) + 1 FROM {schema}.leaf"
    " WHERE program_id = NEW.program_id)",
    "signing_key": _NEXT_KEY + _not_by_line("key_changed", stream="0", n="NEW.n"),
    "erasure": _not_by_line("erased", stream="NEW.stream", n="NEW.by_n"),
}
"""Where a new row must come after those that are there; elsewhere a key of its own is enough."""

_FORGED = (
    f" IF {_PROVES.format(line='NEW.line')} AND NOT starts_with(NEW.line, {_MINE})"
    " THEN RAISE EXCEPTION 'a line that names a login is written by that login'"
    " USING ERRCODE = '42501'; END IF;"
)
"""Who is proved by the database is who is connected: nobody writes a line in another's name."""

_OF_LINES = f"{_FORGED} {_QUEUED.format(unsealed=f'{SCHEMA}.unsealed')}"

_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32
_EVENTS = {"UPDATE": _UPDATE, "DELETE": _DELETE, "TRUNCATE": _TRUNCATE, "INSERT": _INSERT}


@dataclass(frozen=True, slots=True)
class PostgresqlTrigger:
    """One trigger as PostgreSQL keeps it: its function's body, and when it is fired."""

    name: str
    table: str
    event: str
    function: str
    body: str
    columns: str | None = None

    @property
    def fires(self) -> int:
        """What pg_trigger.tgtype says of it."""
        row = 0 if self.event == "TRUNCATE" else _ROW
        return row | _BEFORE | _EVENTS[self.event]

    def statements(self) -> Iterator[str]:
        """Yield what sets it, in place of whatever has its name."""
        each = "STATEMENT" if self.event == "TRUNCATE" else "ROW"
        table = f"{SCHEMA}.{self.table}"
        yield (
            f"CREATE OR REPLACE FUNCTION {SCHEMA}.{self.function}() RETURNS trigger"
            f" LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body${self.body}$body$"
        )
        yield f"DROP TRIGGER IF EXISTS {self.name} ON {table}"
        of = f" OF {self.columns}" if self.columns else ""
        yield (
            f"CREATE TRIGGER {self.name} BEFORE {self.event}{of} ON {table}"
            f" FOR EACH {each} EXECUTE FUNCTION {SCHEMA}.{self.function}()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {self.name}"


def postgresql_triggers() -> Iterator[PostgresqlTrigger]:
    """Yield each trigger on PostgreSQL."""
    for table in _EXTENDS:
        for verb in ("UPDATE", "DELETE", "TRUNCATE"):
            name, function, body = f"{table}_no_{verb.lower()}", "refuse_change", _REFUSE
            if verb == "UPDATE" and table in _KEPT:
                function, body = f"{table}_erases", _erases(table)
            yield PostgresqlTrigger(name, table, verb, function, body)
    for table, breach in _GROWS.items():
        body = (
            f"BEGIN IF {breach.format(schema=SCHEMA)} THEN RAISE EXCEPTION '{SENTENCE}'"
            f" USING ERRCODE = '{SQLSTATE}'; END IF;{_OF_LINES if table == 'entry' else ''}"
            " RETURN NEW; END"
        )
        yield PostgresqlTrigger(f"{table}_extends", table, "INSERT", f"{table}_extends", body)
    # Who locks a row must have the right to update one of its columns: these are the ones, and
    # nobody updates them.
    for table, column in (("agreement", "program_id"), ("program", "id")):
        yield PostgresqlTrigger(f"{table}_stays", table, "UPDATE", "refuse_change", _REFUSE, column)
    yield PostgresqlTrigger(
        "program_day", "program", "UPDATE", "program_day", _SANDBOX_ONLY, "stands_at"
    )


STANDING_TRIGGERS = f"""
SELECT t.tgname, c.relname, (SELECT string_agg(a.attname, ', ') FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum = ANY (t.tgattr)),
  t.tgtype, t.tgenabled::text, t.tgqual IS NULL, p.proname, p.prosrc, p.proconfig
FROM pg_catalog.pg_trigger AS t
  JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
WHERE c.relnamespace = '{SCHEMA}'::regnamespace AND NOT t.tgisinternal
"""  # noqa: S608 - names of ours
"""The statement that says how PostgreSQL's triggers stand."""


def lost_triggers(standing: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """Yield the names of those that are gone, disabled or do something else."""
    known = {name: tuple(facts) for name, *facts in standing}
    path = ["search_path=pg_catalog, pg_temp"]
    for one in postgresql_triggers():
        wanted = (one.table, one.columns, one.fires, "A", True, one.function, one.body, path)
        if known.get(one.name) != wanted:
            yield one.name


def _erases(table: str) -> str:
    """Return the body that lets a text be erased, and nothing else be changed."""
    salt = "" if table == "attachment" else "NEW.salt || "
    body = "NEW.body" if table == "attachment" else "convert_to(NEW.body, 'UTF8')"
    breach = _not_erased(
        table,
        same="IS NOT DISTINCT FROM",
        schema=f"{SCHEMA}.",
        has="strpos",
        holds=f" AND e.digest = encode(sha256({salt}{body}), 'hex')",
    )
    return (
        f"BEGIN IF {breach} THEN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = '{SQLSTATE}';"
        " END IF; RETURN NEW; END"
    )
