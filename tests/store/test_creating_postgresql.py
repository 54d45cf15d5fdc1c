"""Founding programs in a PostgreSQL database: whole, or nothing of it is there."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from lifecycle.entry import Actor, entry_of
from lifecycle.errors import StoreError
from lifecycle.order import Order
from states.problem import InvalidInputError
from states.vocabulary import Event
from store.creating import create_store, login_at, refuse_existing
from store.opening import open_store
from store.store import Store
from tests import postgres
from tests.stage import TORONTO, parsed, policy_file
from tests.store.raw import everything, fails, query

pytestmark = pytest.mark.postgresql

NIGHT = Order(actor=Actor(postgres.ADMIN, "database"), now=datetime(2026, 9, 1, 2, tzinfo=UTC))
MONTREAL = policy_file({"program": {"code": "MTL", "name": "Montréal"}})
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('lifecycle')"


@pytest.fixture
def empty() -> Iterator[str]:
    """Return the URL of a database with nothing in it."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


def found(url: str, policy: bytes = TORONTO, order: Order = NIGHT) -> Store:
    """Found a program and close its store."""
    store = create_store(url, order, policy, sandbox=False)
    store.close()
    return store


@pytest.mark.parametrize("kind", ["postgresql", "postgres", "postgresql+psycopg"])
def test_program_is_founded_in_an_empty_database_however_it_is_spelled(
    empty: str, kind: str
) -> None:
    """The stream begins with adoption and first admin, and replay agrees with the rows."""
    url = empty.replace("postgresql", kind, 1)
    found(url)
    store = open_store(url)
    with store.reading() as reader:
        events = [entry_of(line).event for line in reader.lines(None)]
        assert list(reader.verify()) == []
    store.close()
    assert events == [Event.POLICY_ADOPTED, Event.ROLE_CHANGED]


def test_second_city_shares_the_database_and_not_the_program(empty: str) -> None:
    """Each has its own log, and is opened by its code."""
    assert [found(empty, policy).program.id for policy in (TORONTO, MONTREAL)] == [1, 2]
    with fails("several_programs", empty):
        open_store(empty)
    store = open_store(empty, "MTL")
    with store.reading() as reader:
        assert len(list(reader.lines(None))) == 2
        assert list(reader.verify()) == []
    store.close()


def test_program_that_is_there_already_is_refused_and_left_alone(empty: str) -> None:
    """Its code is taken, now and in a rehearsal."""
    found(empty)
    before = everything(empty)
    with fails("exists", empty):
        found(empty)
    with fails("exists", empty):
        refuse_existing(empty, parsed(TORONTO))
    refuse_existing(empty, parsed(MONTREAL))
    assert everything(empty) == before


def test_two_that_found_the_same_program_at_once_found_it_once(empty: str) -> None:
    """The second one waits for the schema, and finds the code taken."""
    with psycopg.connect(empty) as other:
        other.execute("SELECT pg_advisory_xact_lock(1279476039)")
        first = postgres.waiting(empty, lambda: outcome(empty))
        second = postgres.waiting(empty, lambda: outcome(empty))
        other.rollback()
    assert sorted([first(), second()]) == ["exists", "founded"]


def outcome(url: str) -> str:
    """Return what became of founding a program."""
    try:
        found(url)
    except StoreError as error:
        return error.code
    return "founded"


@pytest.mark.parametrize("policy", [b"cap = [", policy_file({"program": {"time_zone": "Mars/A"}})])
def test_policy_that_can_not_be_taken_leaves_nothing_behind(empty: str, policy: bytes) -> None:
    """Not even the schema."""
    with pytest.raises(InvalidInputError):
        found(empty, policy)
    assert query(empty, TABLES) == []


def test_whatever_fails_leaves_nothing_behind(empty: str) -> None:
    """A clock at the beginning of time has no day in Toronto; that shows after the tables."""
    with pytest.raises(OverflowError):
        found(empty, order=Order(actor=NIGHT.actor, now=datetime.min.replace(tzinfo=UTC)))
    assert query(empty, "SELECT to_regnamespace('lifecycle')::text") == [(None,)]


def test_schema_of_somebody_else_is_refused_and_left_alone(empty: str) -> None:
    """Their tables in other schemas are nobody's business."""
    query(empty, "CREATE TABLE public.agreement (id int)")
    query(empty, "CREATE SCHEMA lifecycle")
    query(empty, "CREATE TABLE lifecycle.agreement (id int)")
    with fails("foreign", empty):
        found(empty)
    with fails("foreign", empty):
        open_store(empty)
    query(empty, "DROP TABLE lifecycle.agreement")
    found(empty)


def test_empty_database_says_how_a_program_is_founded(empty: str) -> None:
    """It is there, and holds nothing."""
    with pytest.raises(StoreError) as caught:
        open_store(empty)
    assert (caught.value.code, "lifecycle init" in str(caught.value.hint)) == ("empty", True)


def test_database_of_another_release_is_not_added_to(empty: str) -> None:
    """First the one that is there is brought to this release."""
    found(empty)
    query(empty, "UPDATE alembic_version SET version_num = '0000'")
    with fails("older", empty):
        found(empty, MONTREAL)


def test_database_in_another_encoding_is_refused() -> None:
    """What people write must come back as they wrote it."""
    name = "latin"
    made = f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
    postgres.admin().execute(made.encode())
    url = postgres.named(name)
    with fails("encoding", url):
        found(url)
    postgres.drop(url)


def test_login_that_may_make_nothing_is_told(empty: str) -> None:
    """Whoever owns the database is to found the program."""
    login = f"login_{empty.partition('@/')[2].partition('?')[0]}"
    query(empty, f"CREATE ROLE {login} LOGIN")
    url = postgres.as_login(empty, login)
    assert login_at(url) == login
    with fails("not_permitted", url):
        found(url)
    query(empty, f"DROP ROLE {login}")
