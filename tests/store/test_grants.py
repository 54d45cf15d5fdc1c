"""What `db grants` prints, run on a real server: each login can do its work and nothing else."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from lifecycle.errors import StoreError
from states.agreement import Contact
from states.problem import InvalidInputError
from states.records import Record
from states.vocabulary import State, Trigger
from store.checks import checks
from store.grants import Names, grants
from store.migrating import upgrade
from store.opening import open_store
from store.tables import APPEND_ONLY, metadata
from store.version import missing_triggers
from tests.builders import END, complete_agreement
from tests.conftest import seldom
from tests.listed import listed
from tests.stage import FIRST_DAY, NEXT_TERM, Stage, policy_file
from tests.store.logins import Logins
from tests.store.raw import fails, query, unchanged

pytestmark = pytest.mark.postgresql

ANNA, AUDRA, NIGHT = "anna", "audra", "night"
CONTACT = Contact("partner", "Li Wei", "li@example.cn")
SEALED = ("leaf", "tile", "seal", "signing_key")
REBUILT = ("project", "commitment", "watch", "notice")
FORBIDDEN = [
    *(f"UPDATE {table.name} SET digest = ''" for table in APPEND_ONLY if "digest" in table.c),  # noqa: S608
    "UPDATE entry SET line = ''",
    "UPDATE beside SET kind = ''",
    "UPDATE document SET version = 0",
    *(f"DELETE FROM {table.name}" for table in APPEND_ONLY),  # noqa: S608
    *(f"TRUNCATE {name} CASCADE" for name in metadata.tables),
    *(f"ALTER TABLE {table.name} DISABLE TRIGGER ALL" for table in APPEND_ONLY),
    "INSERT INTO entry SELECT program_id, stream, n + 9, line, NULL FROM entry",
    "INSERT INTO adoption SELECT program_id, n + 9, digest, effective_on FROM adoption",
    "INSERT INTO definition VALUES ('', '')",
    "INSERT INTO unsealed VALUES (1, 0, 1)",
    "DROP TRIGGER entry_no_update ON entry",
    "CREATE TRIGGER mine BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "DROP TABLE entry",
    "DROP SCHEMA lifecycle CASCADE",
    "CREATE TABLE lifecycle.mine (id int)",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "CREATE FUNCTION lifecycle.append(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "DROP FUNCTION restate",
    "ALTER FUNCTION restate SET search_path = public",
    "SELECT insist_form(program, 0, 0, '', '{}') FROM program",
    "SET session_replication_role = replica",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE postgres",
    *(f"UPDATE agreement SET {column.name} = {column.name}"  # noqa: S608
      for column in metadata.tables["agreement"].c if column.name != "program_id"),
    *(f"UPDATE program SET {column.name} = {column.name}"  # noqa: S608
      for column in metadata.tables["program"].c if column.name not in {"id", "stands_at"}),
    "INSERT INTO agreement SELECT * FROM agreement",
    "DELETE FROM agreement",
    "DELETE FROM term",
    "DELETE FROM program",
    "INSERT INTO program SELECT * FROM program",
    "UPDATE alembic_version SET version_num = '9999'",
]  # fmt: skip
STAYS = ("UPDATE agreement SET program_id = program_id", "UPDATE program SET id = id")


@pytest.fixture
def logins(stage: Stage) -> Iterator[Logins]:
    """Return the logins of a person, a reader and a machine on a stage."""
    made = Logins(stage.url)
    made.add(ANNA, made.roles.staff)
    made.add(AUDRA, made.roles.auditor)
    made.add(NIGHT, made.roles.scheduler)
    yield made
    stage.store.close()
    made.drop()


def test_staff_do_everything_that_the_program_does(stage: Stage, logins: Logins) -> None:
    """A whole life, its renewal, records, contacts, a new policy and a night, under one login."""
    stage.store.close()
    stage.store = open_store(logins.url_of(ANNA))
    assert stage.store.login == logins.name(ANNA)
    first = stage.propose(complete_agreement(contacts=(CONTACT,)), reason="A good idea.")
    stage.apply(first, complete_agreement(title="Edited"))
    stage.record(first, Record("note", FIRST_DAY, "Met in May."))
    stage.along(NEXT_TERM)
    stage.reach(State.SUNSET)
    stage.take_over()
    stage.adopt(policy_file({"dormancy_months": 7}))
    stage.reach(State.ACTIVE)
    stage.on(END + timedelta(days=400))
    assert stage.nightly().count("fired")
    with stage.store.rehearsal() as ledger, ledger.unit() as unit:
        unit.lock_program()
    assert stage.verify() == []
    assert [check.name for check in checks(logins.url_of(ANNA)) if not check.ok] == []


@pytest.mark.parametrize("who", [ANNA, NIGHT, AUDRA])
def test_nobody_who_works_can_rewrite_the_past_or_take_its_guards_away(
    stage: Stage, logins: Logins, who: str
) -> None:
    """Whatever tool the login is used with."""
    stage.reach(State.ACTIVE)
    with unchanged(stage), logins.as_login(who) as own:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.Error) as caught, own.transaction():
                own.execute(statement.encode())
            assert caught.value.sqlstate == "42501", (statement, caught.value)


@pytest.mark.parametrize("who", [ANNA, NIGHT])
def test_columns_by_whose_right_rows_are_locked_are_updated_by_nobody(
    stage: Stage, logins: Logins, who: str
) -> None:
    """Not even to what they are already."""
    stage.propose()
    with unchanged(stage), logins.as_login(who) as own:
        for statement in STAYS:
            with pytest.raises(psycopg.Error) as caught, own.transaction():
                own.execute(statement.encode())
            assert caught.value.sqlstate == "LC001", caught.value


@pytest.mark.parametrize(
    ("who", "may"), [(ANNA, REBUILT), (NIGHT, (*REBUILT, "unsealed")), (AUDRA, ())]
)
def test_rows_are_removed_where_they_are_derived_and_nowhere_else(
    logins: Logins, who: str, may: tuple[str, ...]
) -> None:
    """Only who seals takes lines out of those that wait for their seal."""
    with logins.as_login(who) as own:
        for name in metadata.tables:
            wanted = f"SELECT has_table_privilege('{name}', 'DELETE, TRUNCATE')"
            assert own.execute(wanted.encode()).fetchone() == (name in may,), name


@pytest.mark.parametrize(("who", "may"), [(ANNA, ()), (NIGHT, SEALED), (AUDRA, ())])
def test_only_who_seals_writes_what_seals_are_made_of(
    logins: Logins, who: str, may: tuple[str, ...]
) -> None:
    """Leaves, tiles, checkpoints and keys."""
    with logins.as_login(who) as own:
        for name in SEALED:
            wanted = f"SELECT has_any_column_privilege('{name}', 'INSERT, UPDATE')"
            assert own.execute(wanted.encode()).fetchone() == (name in may,), name


def test_auditor_reads_everything_and_writes_nothing(stage: Stage, logins: Logins) -> None:
    """Told in the program's words, with what to do."""
    ref = stage.reach(State.NEGOTIATION)
    url = logins.url_of(AUDRA)
    assert [row["ref"] for row in listed(url)[1]] == [str(ref)]
    stage.store.close()
    stage.store = open_store(url)
    assert stage.verify() == []
    assert stage.document(ref).title
    for act in (
        stage.propose,
        lambda: stage.advance(ref, Trigger.SIGN),
        lambda: stage.adopt(policy_file({"dormancy_months": 7})),
        lambda: upgrade(url),
    ):
        with unchanged(stage), pytest.raises(StoreError) as caught:
            act()
        assert (caught.value.code, caught.value.of_the_database) == ("not_permitted", True)
        assert "lifecycle db grants" in str(caught.value.hint)


def test_login_in_no_role_is_told_whom_to_ask(logins: Logins) -> None:
    """It sees that something is there, and not what."""
    logins.add("stranger")
    with fails("not_permitted", logins.url_of("stranger")):
        open_store(logins.url_of("stranger"))


def test_role_that_is_taken_on_does_not_change_who_acts(logins: Logins) -> None:
    """The log says who is connected, whatever SET ROLE says."""
    store = open_store(f"{logins.url_of(ANNA)}&options=-c%20role%3D{logins.roles.staff}")
    with store.database.transaction(write=False) as connection:
        assert connection.command("SELECT current_user").fetchone() == (logins.roles.staff,)
    assert store.login == logins.name(ANNA)
    store.close()


def test_what_was_granted_by_hand_is_taken_back_by_the_next_run(logins: Logins) -> None:
    """The SQL says all there is, not only what is to be added."""
    query(logins.url, f"GRANT DELETE ON agreement TO {logins.roles.auditor}, PUBLIC")
    query(logins.url, f"GRANT UPDATE (state) ON agreement TO {logins.roles.staff}")
    logins.run()
    for who, statement in (
        (AUDRA, "DELETE FROM agreement"),
        (ANNA, "UPDATE agreement SET state = ''"),
    ):
        with logins.as_login(who) as own, pytest.raises(psycopg.errors.InsufficientPrivilege):
            own.execute(statement.encode())


def test_roles_of_releases_before_become_members_and_have_no_right_of_their_own(
    logins: Logins,
) -> None:
    """Who was in them goes on under the new roles' rights, and past the functions no more."""
    lines = [line for line in grants(logins.roles) if line not in {"BEGIN;", "COMMIT;"}]
    with psycopg.connect(logins.url, options="-c search_path=lifecycle") as own:
        for name in ("lifecycle_writer", "lifecycle_reader"):
            own.execute(f"CREATE ROLE {name}".encode())
            own.execute(f"GRANT ALL ON SCHEMA lifecycle TO {name}".encode())
            own.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA lifecycle TO {name}".encode())
        own.execute("\n".join(lines).encode())
        asked = (
            b"SELECT has_table_privilege(%(r)s, 'beside', 'INSERT'),"
            b" has_table_privilege(%(r)s, 'entry', 'INSERT'),"
            b" has_table_privilege(%(r)s, 'entry', 'SELECT'),"
            b" has_any_column_privilege(%(r)s, 'term', 'UPDATE')"
        )
        rights = [
            own.execute(asked, {"r": name}).fetchone()
            for name in ("lifecycle_writer", "lifecycle_reader")
        ]
        own.rollback()
    assert rights == [(True, False, True, True), (False, False, True, False)]


def test_owner_has_no_login_and_owns_everything(logins: Logins) -> None:
    """Also what an upgrade by somebody else made since."""
    query(logins.url, "DROP FUNCTION restate")
    query(logins.url, "DROP TABLE erasure")
    query(logins.url, "CREATE TABLE erasure (program_id int, stream bigint, n bigint, part text,"
          " by_n bigint, digest text)")  # fmt: skip
    upgrade(logins.url)
    owners = (
        "SELECT DISTINCT rolname, rolcanlogin FROM pg_roles WHERE oid IN (SELECT relowner FROM"
        " pg_class WHERE relnamespace = 'lifecycle'::regnamespace UNION SELECT proowner FROM"
        " pg_proc WHERE pronamespace = 'lifecycle'::regnamespace UNION SELECT nspowner FROM"
        " pg_namespace WHERE nspname = 'lifecycle')"
    )
    assert query(logins.url, owners) == [(logins.roles.owner, False)]


def test_owner_of_a_database_who_is_no_superuser_can_run_it(stage: Stage) -> None:
    """With the right to make roles; and goes on to upgrade as the owner's member."""
    made = Logins(stage.url)
    dba = made.add("dba")
    query(stage.url, f"ALTER ROLE {dba} CREATEROLE")
    query(stage.url, f"ALTER DATABASE {made.database} OWNER TO {dba}")
    query(stage.url, f"GRANT {made.roles.owner} TO {dba} WITH ADMIN OPTION")
    for role in (made.roles.staff, made.roles.auditor, made.roles.scheduler):
        query(stage.url, f"GRANT {role} TO {dba} WITH ADMIN OPTION")
    query(made.url_of("dba"), "\n".join(grants(made.roles)))
    query(stage.url, "DROP FUNCTION append_program")
    upgrade(made.url_of("dba"))
    assert missing_triggers(stage.store.database) == ()
    query(stage.url, f"ALTER DATABASE {made.database} OWNER TO postgres")
    stage.store.close()
    made.drop()


def test_every_table_of_the_schema_is_spoken_of() -> None:
    """A new one can't be forgotten."""
    text = "\n".join(grants())
    assert all(f"lifecycle.{name} " in text for name in [*metadata.tables, "alembic_version"])


@pytest.mark.parametrize("name", seldom(['a"b', "a;b", "$$", "", "1a", "a" * 64, "a b"], 3))
def test_name_that_is_no_roles_is_refused(name: str) -> None:
    """What is printed will be run by a superuser."""
    for names in (Names(owner=name), Names(staff=name), Names(auditor=name), Names(scheduler=name)):
        with pytest.raises(InvalidInputError):
            list(grants(names))
