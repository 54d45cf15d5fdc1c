"""What `db grants` prints, run on a real server: each login can do its work and nothing else."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from lifecycle.errors import StoreError
from states.agreement import Contact
from states.problem import InvalidInputError
from states.records import Record
from states.vocabulary import State, Trigger
from store.checks import checks
from store.grants import grants
from store.listing import listed
from store.migrating import upgrade
from store.opening import open_store
from store.tables import APPEND_ONLY, metadata
from tests import postgres
from tests.builders import END, complete_agreement
from tests.conftest import seldom
from tests.stage import FIRST_DAY, NEXT_TERM, Stage, policy_file
from tests.store.raw import fails, query, unchanged

pytestmark = pytest.mark.postgresql

CONTACT = Contact("partner", "Li Wei", "li@example.cn")
FORBIDDEN = [
    *(f"UPDATE {table.name} SET digest = ''" for table in APPEND_ONLY if "digest" in table.c),  # noqa: S608
    "UPDATE entry SET line = ''",
    "UPDATE beside SET kind = ''",
    "UPDATE document SET version = 0",
    *(f"DELETE FROM {table.name}" for table in APPEND_ONLY),  # noqa: S608
    *(f"TRUNCATE {name} CASCADE" for name in metadata.tables),
    *(f"ALTER TABLE {table.name} DISABLE TRIGGER ALL" for table in APPEND_ONLY),
    "DROP TRIGGER entry_no_update ON entry",
    "CREATE TRIGGER mine BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "DROP TABLE entry",
    "DROP SCHEMA lifecycle CASCADE",
    "CREATE TABLE lifecycle.mine (id int)",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "SET session_replication_role = replica",
    "SET SESSION AUTHORIZATION postgres",
    "DELETE FROM agreement",
    "DELETE FROM term",
    "DELETE FROM program",
    "INSERT INTO program SELECT * FROM program",
    "UPDATE program SET sandbox = true",
    "UPDATE program SET code = 'MTL'",
    "UPDATE alembic_version SET version_num = '9999'",
]


class Logins:
    """The roles that the SQL made, and the logins of a writer and a reader."""

    def __init__(self, stage: Stage) -> None:
        """Run the SQL, twice, and make the logins."""
        self.name = str(conninfo_to_dict(stage.url)["dbname"])
        self.roles = tuple(f"{self.name}_{what}" for what in ("owner", "writer", "reader"))
        self.anna, self.audra = f"{self.name}_anna", f"{self.name}_audra"
        self.stage = stage
        self.run()
        self.run()
        query(stage.url, f"CREATE ROLE {self.anna} LOGIN IN ROLE {self.roles[1]}")
        query(stage.url, f"CREATE ROLE {self.audra} LOGIN IN ROLE {self.roles[2]}")

    def run(self) -> None:
        """Run what is printed."""
        query(self.stage.url, "\n".join(grants(*self.roles)))

    def url(self, login: str) -> str:
        """Return the database's URL for a login."""
        return postgres.as_login(self.stage.url, login)

    def drop(self) -> None:
        """Take the roles away again."""
        for role in (self.anna, self.audra, *self.roles):
            query(self.stage.url, f"DROP OWNED BY {role} CASCADE")
            query(self.stage.url, f"DROP ROLE {role}")


@pytest.fixture
def logins(stage: Stage) -> Iterator[Logins]:
    """Return the logins on a stage."""
    made = Logins(stage)
    yield made
    stage.store.close()
    made.drop()


def test_writer_does_everything_that_the_program_does(logins: Logins) -> None:
    """A whole life, its renewal, records, contacts, a new policy and a night, under the login."""
    stage = logins.stage
    stage.store.close()
    stage.store = open_store(logins.url(logins.anna))
    assert stage.store.login == logins.anna
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
    assert [check.name for check in checks(logins.url(logins.anna)) if not check.ok] == []


@pytest.mark.parametrize("statement", seldom(FORBIDDEN, 9))
def test_writer_can_neither_rewrite_the_past_nor_take_its_guards_away(
    logins: Logins, statement: str
) -> None:
    """Whatever tool the login is used with."""
    logins.stage.reach(State.ACTIVE)
    options = "-c search_path=lifecycle"
    with unchanged(logins.stage), psycopg.connect(logins.url(logins.anna), options=options) as own:
        with pytest.raises(psycopg.Error) as caught:
            own.execute(statement.encode())
        assert caught.value.sqlstate == "42501", caught.value
        own.rollback()


def test_reader_reads_everything_and_writes_nothing(logins: Logins) -> None:
    """Told in the program's words, with what to do."""
    stage = logins.stage
    ref = stage.reach(State.NEGOTIATION)
    url = logins.url(logins.audra)
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


def test_login_without_either_role_is_told_whom_to_ask(logins: Logins) -> None:
    """It sees that something is there, and not what."""
    stranger = f"{logins.name}_stranger"
    query(logins.stage.url, f"CREATE ROLE {stranger} LOGIN")
    with fails("not_permitted", logins.url(stranger)):
        open_store(logins.url(stranger))
    query(logins.stage.url, f"DROP ROLE {stranger}")


def test_role_that_is_taken_on_does_not_change_who_acts(logins: Logins) -> None:
    """The log says who is connected, whatever SET ROLE says."""
    url = logins.url(logins.anna)
    store = open_store(f"{url}&options=-c%20role%3D{logins.roles[1]}")
    with store.database.transaction(write=False) as connection:
        assert connection.command("SELECT current_user").fetchone() == (logins.roles[1],)
    assert store.login == logins.anna
    store.close()


def test_what_was_granted_by_hand_is_taken_back_by_the_next_run(logins: Logins) -> None:
    """The SQL says all there is, not only what is to be added."""
    query(logins.stage.url, f"GRANT DELETE ON agreement TO {logins.roles[2]}, PUBLIC")
    logins.run()
    with psycopg.connect(logins.url(logins.audra)) as own, pytest.raises(psycopg.Error):
        own.execute("DELETE FROM lifecycle.agreement")


def test_every_table_of_the_schema_is_spoken_of() -> None:
    """A new one can't be forgotten."""
    text = "\n".join(grants())
    assert all(f"lifecycle.{name} " in text for name in [*metadata.tables, "alembic_version"])
    assert "OWNER TO" not in text


@pytest.mark.parametrize("name", ['a"b', "a;b", "$$", "", "1a", "a" * 64, "a b"])
def test_name_that_is_no_roles_is_refused(name: str) -> None:
    """What is printed will be run by a superuser."""
    with pytest.raises(InvalidInputError):
        list(grants(name))


def test_line_in_another_login_is_refused_and_ones_own_is_not(logins: Logins) -> None:
    """A line that says that the database proves its actor is written by that login."""
    ref = logins.stage.propose()
    insert = (
        b"INSERT INTO lifecycle.entry SELECT program_id, stream, n + 1, regexp_replace(line,"
        b" '\"actor\":{[^}]*}', %s), NULL FROM lifecycle.entry WHERE stream = %s"
    )

    def line_of(name: str) -> tuple[str, int]:
        return f'"actor":{{"how":"database","id":"{name}"}}', ref.key

    with psycopg.connect(logins.url(logins.anna)) as own:
        with pytest.raises(psycopg.Error) as caught, own.transaction():
            own.execute(insert, line_of(logins.audra))
        assert caught.value.sqlstate == "42501"
        with own.transaction(force_rollback=True):
            assert own.execute(insert, line_of(logins.anna)).rowcount == 1
