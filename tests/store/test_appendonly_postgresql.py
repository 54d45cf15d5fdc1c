"""Append-only tables on PostgreSQL: its triggers refuse whoever tries, the superuser included."""

from collections.abc import Sequence

import psycopg
import pytest

from lifecycle.attaching import Paper, attach
from states.vocabulary import State
from store.append.functions import functions
from store.appendonly import SENTENCE, SQLSTATE, postgresql_triggers
from store.migrating import upgrade
from store.tables import APPEND_ONLY, metadata
from store.version import missing_triggers
from tests import postgres
from tests.conftest import seldom
from tests.erased import erase
from tests.stage import Stage
from tests.store.child import edited
from tests.store.raw import fails, query, seal_rows, unchanged

pytestmark = pytest.mark.postgresql
TABLES = tuple(table.name for table in APPEND_ONLY)
FUNCTIONS = [function.name for function in functions()]
TRIGGERS = {trigger.name: trigger for trigger in postgresql_triggers()}
NEVER = "RETURNS bool LANGUAGE sql AS 'SELECT false'"
GROWING = (
    "entry",
    "document",
    "beside",
    "attachment",
    "adoption",
    "seal",
    "signing_key",
    "erasure",
)


@pytest.fixture
def written(stage: Stage) -> Stage:
    """Return a stage on which every append-only table has rows."""
    ref = stage.reach(State.NEGOTIATION)
    stage.apply(ref, edited(), key="k1")
    stage.do(lambda u, o: attach(u, o, ref, Paper("letter.txt", "letter", b"Dear Li Wei")))
    erase(stage, ref, stage.attach(ref, "l.txt").n, "attachment")
    seal_rows(stage.url)
    assert all(query(stage.url, f"SELECT count(*) FROM {name}") > [(0,)] for name in TABLES)  # noqa: S608
    return stage


def refused(stage: Stage, *statements: str) -> None:
    """Expect the database to refuse the last of some statements, with nothing changed."""
    each_refused(stage, statements)


def each_refused(stage: Stage, *several: Sequence[str]) -> None:
    """Expect the same of each of several, with nothing changed by all of them."""
    options = "-c search_path=lifecycle"
    with unchanged(stage):
        for statements in several:
            with psycopg.connect(stage.url, options=options) as connection:
                for statement in statements[:-1]:
                    connection.execute(statement.encode())
                with pytest.raises(psycopg.Error) as caught:
                    connection.execute(statements[-1].encode())
                assert (caught.value.sqlstate, SENTENCE in str(caught.value)) == (SQLSTATE, True)
                connection.rollback()


def test_every_append_only_table_has_its_triggers() -> None:
    """Changing, removing and emptying; where order counts, inserting too."""
    expected = {
        f"{table}_no_{what}" for table in TABLES for what in ("update", "delete", "truncate")
    }
    growing = {f"{table}_extends" for table in GROWING}
    assert set(TRIGGERS) == expected | growing | {"agreement_stays", "program_stays", "program_day"}


def test_no_row_is_changed_removed_or_emptied_away(written: Stage) -> None:
    """Not even to what it is already; an upsert is an update."""
    for table in TABLES:
        columns = [column.name for column in metadata.tables[table].columns]
        statements = [f"UPDATE {table} SET {column} = {column}" for column in columns]  # noqa: S608
        statements += [f"DELETE FROM {table}"]  # noqa: S608
        statements += [f"TRUNCATE {table} CASCADE", "TRUNCATE program CASCADE"]
        key = ", ".join(column.name for column in metadata.tables[table].primary_key)
        if table not in GROWING:
            upsert = f"ON CONFLICT ({key}) DO UPDATE SET {columns[-1]} = EXCLUDED.{columns[-1]}"
            statements += [f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1 {upsert}"]  # noqa: S608
        each_refused(written, *([statement] for statement in statements))


@pytest.mark.parametrize(
    "before",
    [
        ["SET session_replication_role = replica"],
        [
            "CREATE SCHEMA evil",
            f"CREATE FUNCTION evil.never(bigint, bigint) {NEVER}",
            "CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.never)",
            "SET search_path = evil, pg_catalog, lifecycle",
        ],
        ["CREATE TEMP TABLE entry (program_id int, stream bigint, n bigint)"],
    ],
    ids=["replica", "operators of one's own", "table of one's own"],
)
def test_no_setting_of_a_session_leads_round_a_trigger(
    written: Stage, before: Sequence[str]
) -> None:
    """Whoever may set it; the functions know their tables and operators themselves."""
    columns = "program_id, stream, n, line"
    line = f"INSERT INTO lifecycle.entry ({columns}) VALUES (1, 0, 7, '{{}}')"  # noqa: S608
    refused(written, *before, line)
    refused(written, *before, "DELETE FROM lifecycle.entry")


@pytest.mark.parametrize("step", ["max(n) + 2", "max(n)", "1", "0", "-1"])
def test_line_that_is_not_the_streams_next_is_refused(written: Stage, step: str) -> None:
    """Neither a gap nor a second line in the place of one; a new stream begins at one."""
    select = f"SELECT 1, stream, {step}, '{{}}' FROM entry WHERE stream > 0 GROUP BY stream"  # noqa: S608
    refused(written, f"INSERT INTO entry (program_id, stream, n, line) {select}")
    refused(written, "INSERT INTO entry (program_id, stream, n, line) VALUES (1, 777, 2, '')")


def test_history_is_written_forwards_only(written: Stage) -> None:
    """No earlier version of a document, and no earlier adoption, is slipped in."""
    columns = "program_id, key, version, digest, salt, body"
    select = "SELECT program_id, key, 0, digest, salt, body FROM document LIMIT 1"
    refused(written, f"INSERT INTO document ({columns}) {select}")
    refused(
        written, "INSERT INTO adoption SELECT program_id, 0, digest, effective_on FROM adoption"
    )


@pytest.mark.parametrize("name", seldom(TRIGGERS, 2))
def test_trigger_that_is_gone_or_altered_is_found_and_set_again(written: Stage, name: str) -> None:
    """`db upgrade` sets each anew, whatever stood in its place, and changes no row."""
    database, trigger = written.store.database, TRIGGERS[name]
    assert missing_triggers(database) == ()
    each = "STATEMENT" if trigger.event == "TRUNCATE" else "ROW"
    function = (
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    )
    made = f"CREATE TRIGGER {name} BEFORE {trigger.event} ON {trigger.table} FOR EACH {each}"
    drop = f"DROP TRIGGER {name} ON {trigger.table}"
    for statements in (
        [drop],
        [f"ALTER TABLE {trigger.table} DISABLE TRIGGER {name}"],
        [f"ALTER TABLE {trigger.table} ENABLE TRIGGER {name}"],
        [function, drop, f"{made} EXECUTE FUNCTION nothing()"],
        [drop, f"{made} WHEN (1 = 2) EXECUTE FUNCTION {trigger.function}()"],
    ):
        for statement in statements:
            query(written.url, statement)
        assert missing_triggers(database) == (name,)
        with unchanged(written):
            upgrade(written.url)
        assert missing_triggers(database) == ()


def test_function_that_was_altered_is_found_and_set_again(written: Stage) -> None:
    """All the triggers that call it are named."""
    body = "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    query(written.url, f"{body} 'BEGIN RETURN NEW; END'")
    assert set(missing_triggers(written.store.database)) == {
        name for name, trigger in TRIGGERS.items() if trigger.function == "refuse_change"
    }
    upgrade(written.url)
    assert missing_triggers(written.store.database) == ()


@pytest.mark.parametrize("name", seldom(FUNCTIONS, 2))
def test_function_that_lines_go_through_is_found_and_set_again(stage: Stage, name: str) -> None:
    """Gone, with another body, with the caller's path or rights, open to everybody, somebody's."""
    database, login = stage.store.database, f"{postgres.name_of(stage.url)}_eve"
    ((kind,),) = query(stage.url, f"SELECT oid::regprocedure FROM pg_proc WHERE proname = '{name}'")  # noqa: S608
    ((definer,),) = query(stage.url, f"SELECT prosecdef FROM pg_proc WHERE proname = '{name}'")  # noqa: S608
    query(stage.url, f"CREATE ROLE {login}")
    for statement in (
        f"DROP FUNCTION {kind}",
        f"UPDATE pg_proc SET prosrc = 'BEGIN END' WHERE proname = '{name}'",  # noqa: S608
        f"ALTER FUNCTION {kind} SET search_path = public",
        f"ALTER FUNCTION {kind} SECURITY {'INVOKER' if definer else 'DEFINER'}",
        f"GRANT EXECUTE ON FUNCTION {kind} TO PUBLIC",
        f"ALTER FUNCTION {kind} OWNER TO {login}",
    ):
        query(stage.url, statement)
        assert missing_triggers(database) == (name,), statement
        upgrade(stage.url)
        assert missing_triggers(database) == (), statement
    query(stage.url, f"DROP ROLE {login}")


def test_fault_of_the_product_itself_is_told_as_one(written: Stage) -> None:
    """Should it ever try, it is stopped like anybody else."""
    with (
        unchanged(written),
        fails("append_only", written.url),
        written.store.database.transaction(write=True) as connection,
    ):
        connection.command("DELETE FROM entry")


def test_two_upgrades_at_once_wait_for_each_other(stage: Stage) -> None:
    """Two hosts install a release at the same time: the second one finds it done."""
    with psycopg.connect(stage.url) as other:
        other.execute("SELECT pg_advisory_xact_lock(1279476039)")
        waiting = postgres.waiting(stage.url, lambda: upgrade(stage.url))
        other.rollback()
    assert waiting()[0] == waiting()[1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE beside SET body = 'x' WHERE part = 'reason'",
        "UPDATE beside SET salt = '\\x00' WHERE part = 'reason'",
        "UPDATE beside SET kind = 'x' WHERE part = 'reason'",
        "UPDATE beside SET body = 'x' WHERE part = 'content'",
        "UPDATE document SET body = '{}'",
        "UPDATE attachment SET body = '\\x00'",
    ],
)
def test_text_is_replaced_only_by_what_the_last_line_says(stage: Stage, statement: str) -> None:
    """The server holds the new bytes against the digest that was named, at once and later on."""
    ref = stage.propose()
    stage.attach(ref)
    scored = stage.score(ref, reason="Li Wei asked.")
    erase(stage, ref, scored.n, "reason")
    refused(stage, statement)
    stage.score(ref)
    refused(stage, statement)


def test_row_of_an_erasure_alone_lets_nothing_through(stage: Stage) -> None:
    """The last line has to be an `erased` one, and what stands there what it names."""
    ref = stage.propose()
    n = stage.score(ref, reason="Li Wei asked.").n
    digest = "encode(sha256(salt || 'x'), 'hex')"
    row = f"SELECT 1, stream, n, part, n, {digest} FROM beside WHERE n = {n} AND part = 'reason'"  # noqa: S608
    refused(
        stage,
        f"INSERT INTO erasure {row}",
        "UPDATE beside SET body = 'x' WHERE part = 'reason'",
    )
