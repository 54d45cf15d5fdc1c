"""Append-only tables on SQLite: the database refuses to change, delete or replace rows."""

import re
import sqlite3

import pytest

from lifecycle.attaching import Paper, attach
from states.vocabulary import State
from store.appendonly import SENTENCE, sqlite_triggers
from store.migrating import upgrade
from store.tables import APPEND_ONLY
from store.version import missing_triggers
from tests.conftest import seldom
from tests.erased import erase
from tests.stage import Stage
from tests.store.child import edited
from tests.store.raw import fails, query, seal_rows, unchanged

pytestmark = pytest.mark.sqlite

KEYS = {
    "entry": "stream, n",
    "beside": "stream, n",
    "document": "key, version",
    "attachment": "digest",
    "policy": "digest",
    "adoption": "n",
    "definition": "digest",
    "leaf": "leaf",
    "tile": "level, tile",
    "seal": "size",
    "signing_key": "n",
    "erasure": "stream, n, part, by_n",
}
TABLES = tuple(KEYS)
ROWID_TABLES = tuple(name for name in TABLES if name not in {"adoption", "leaf"})
TRIGGERS = dict(sqlite_triggers())
VERBS = ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT")


@pytest.fixture
def written(stage: Stage) -> Stage:
    """Return a stage on which every append-only table has rows."""
    ref = stage.reach(State.NEGOTIATION)
    stage.apply(ref, edited(), key="k1")
    stage.propose(key="k2")
    stage.do(lambda u, o: attach(u, o, ref, Paper("letter.txt", "letter", b"Dear Li Wei")))
    erase(stage, ref, stage.attach(ref, "l.txt").n, "attachment")
    seal_rows(stage.url)
    assert all(query(stage.url, f"SELECT count(*) FROM {name}") > [(0,)] for name in TABLES)  # noqa: S608
    return stage


def refused(stage: Stage, *statements: str) -> None:
    """Expect the database to refuse each statement, with nothing changed by all of them."""
    with unchanged(stage):
        for statement in statements:
            with pytest.raises(sqlite3.IntegrityError) as caught:
                query(stage.url, statement)
            assert str(caught.value) == SENTENCE


def test_these_are_all_the_append_only_tables() -> None:
    """What the module of tables says is what the triggers hold."""
    assert {table.name for table in APPEND_ONLY} == set(TABLES)
    held = {f"{table}_{what}" for table in TABLES for what in ("no_update", "no_delete", "extends")}
    assert set(TRIGGERS) == held | {"entry_queued"}


def test_no_column_of_a_row_can_be_updated(written: Stage) -> None:
    """Not even to what it is already, and not under a REPLACE either."""
    for table in TABLES:
        columns = query(written.url, "SELECT name FROM pragma_table_info(?)", (table,))
        for verb in ("UPDATE", "UPDATE OR REPLACE"):
            refused(written, *(f"{verb} {table} SET {name} = {name}" for (name,) in columns))


def test_no_row_can_be_deleted(written: Stage) -> None:
    """Neither all nor one."""
    for table in TABLES:
        refused(written, f"DELETE FROM {table}")  # noqa: S608
        one = f"({KEYS[table]}) = (SELECT {KEYS[table]} FROM {table} LIMIT 1)"  # noqa: S608
        refused(written, f"DELETE FROM {table} WHERE {one}")  # noqa: S608


def test_no_row_can_be_put_in_the_place_of_another(written: Stage) -> None:
    """SQLite's REPLACE deletes without asking a delete trigger; the insert's own trigger asks."""
    for table in TABLES:
        same = f"INTO {table} SELECT * FROM {table} LIMIT 1"  # noqa: S608
        refused(written, *(f"{verb} {same}" for verb in VERBS))


def test_no_row_can_be_changed_by_an_upsert(written: Stage) -> None:
    """ON CONFLICT DO UPDATE is an update."""
    for table in TABLES:
        key = KEYS[table] if table == "definition" else f"program_id, {KEYS[table]}"
        target = f"{key}, part" if table == "beside" else key
        change = f"ON CONFLICT ({target}) DO UPDATE SET {KEYS[table].split(',')[0]} = 'x'"
        refused(written, f"INSERT INTO {table} SELECT * FROM {table} WHERE true LIMIT 1 {change}")  # noqa: S608


def test_no_row_can_be_replaced_through_its_rowid(written: Stage) -> None:
    """A row with a new key is not taken in the place of one that SQLite knows by number."""
    for table in ROWID_TABLES:
        rows = query(written.url, "SELECT name FROM pragma_table_info(?)", (table,))
        names = [name for (name,) in rows]
        new = {"stream": "777", "n": "1", "key": "777", "digest": "'new'"}
        new["idempotency_key"] = "NULL"
        values = ", ".join(new.get(name, name) for name in names)
        if table == "document":
            values = ", ".join("99" if name == "version" else name for name in names)
        statement = f"INSERT OR REPLACE INTO {table} (rowid, {', '.join(names)})"
        refused(written, f"{statement} SELECT rowid, {values} FROM {table} LIMIT 1")  # noqa: S608


@pytest.mark.parametrize("verb", VERBS)
def test_no_line_can_be_replaced_through_its_idempotency_key(written: Stage, verb: str) -> None:
    """The next line of one stream must not delete the line of another that had the key."""
    ((stream, n),) = query(
        written.url, "SELECT stream, max(n) + 1 FROM entry GROUP BY stream ORDER BY 1 LIMIT 1"
    )
    columns = "program_id, stream, n, line, idempotency_key"
    refused(written, f"{verb} INTO entry ({columns}) VALUES (1, {stream}, {n}, '{{}}', 'k1')")


@pytest.mark.parametrize("step", ["max(n) + 2", "max(n)", "1", "0", "-1", "max(n) + 0.5"])
def test_line_that_is_not_the_streams_next_is_refused(written: Stage, step: str) -> None:
    """Neither a gap nor a second line in the place of one."""
    columns = "program_id, stream, n, line"
    select = f"SELECT 1, stream, {step}, '{{}}' FROM entry GROUP BY stream LIMIT 1"  # noqa: S608
    refused(written, f"INSERT INTO entry ({columns}) {select}")


@pytest.mark.parametrize("n", [0, 2, 9])
def test_new_stream_begins_at_one(written: Stage, n: int) -> None:
    """A stream whose first line is not its first was cut."""
    columns = "program_id, stream, n, line"
    refused(written, f"INSERT INTO entry ({columns}) VALUES (1, 777, {n}, '{{}}')")  # noqa: S608


def test_earlier_version_of_a_document_can_not_be_slipped_in(written: Stage) -> None:
    """History is written forwards only."""
    columns = "program_id, key, version, digest, salt, body"
    select = "SELECT program_id, key, max(version) - 1, digest, salt, body FROM document GROUP BY 2"
    refused(written, f"INSERT INTO document ({columns}) {select}")


def test_earlier_adoption_can_not_be_slipped_in(written: Stage) -> None:
    """Which policy was in force when, is not for later to say."""
    select = "SELECT program_id, 0, digest, effective_on FROM adoption"
    refused(written, f"INSERT INTO adoption {select}")


@pytest.mark.parametrize("name", seldom(TRIGGERS, 8))
def test_trigger_that_is_gone_or_altered_is_found_and_set_again(written: Stage, name: str) -> None:
    """`db upgrade` sets each anew, whatever stood in its place, and changes no row."""
    database = written.store.database
    found = re.match(r"CREATE TRIGGER \w+ (BEFORE|AFTER) \w+ ON \w+", TRIGGERS[name])
    assert found
    altered = f"{found[0]} WHEN 0 BEGIN SELECT 1; END"
    assert missing_triggers(database) == ()
    for statements in ([f"DROP TRIGGER {name}"], [f"DROP TRIGGER {name}", altered]):
        written.tamper(*statements)
        assert missing_triggers(database) == (name,)
        with unchanged(written):
            upgrade(written.url)
        assert missing_triggers(database) == ()


def test_fault_of_the_product_itself_is_told_as_one(written: Stage) -> None:
    """Should it ever try, it is stopped like anybody else."""
    with (
        unchanged(written),
        fails("append_only", written.url),
        written.store.database.transaction(write=True) as connection,
    ):
        connection.command("DELETE FROM entry")


CHANGES = [
    "UPDATE beside SET body = 'x', n = 1 WHERE part = 'reason'",
    "UPDATE beside SET body = 'x', kind = 'x' WHERE part = 'reason'",
    "UPDATE beside SET body = 'x' WHERE part = 'content'",
    "UPDATE beside SET body = 'x', rowid = 99 WHERE part = 'reason'",
    "UPDATE document SET body = 'x'",
    "UPDATE attachment SET body = x'00'",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_text_is_replaced_only_where_the_last_line_says_so(stage: Stage, statement: str) -> None:
    """Of this line and part, with nothing else of the row, and no later than the next line."""
    ref = stage.propose()
    stage.attach(ref)
    scored = stage.score(ref, reason="Li Wei asked.")
    erase(stage, ref, scored.n, "reason")
    refused(stage, statement)
    stage.score(ref)
    refused(stage, "UPDATE beside SET body = 'x' WHERE part = 'reason'")


def test_row_of_an_erasure_alone_lets_nothing_through(stage: Stage) -> None:
    """The last line has to be an `erased` one."""
    ref = stage.propose()
    n = stage.score(ref, reason="Li Wei asked.").n
    query(stage.url, f"INSERT INTO erasure VALUES (1, {ref.key}, {n}, 'reason', {n}, '')")  # noqa: S608
    with pytest.raises(sqlite3.IntegrityError):
        query(stage.url, "UPDATE beside SET body = 'x' WHERE part = 'reason'")
