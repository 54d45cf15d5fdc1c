"""A server that waits for its standby: what is told as done has come to the standby as well."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from lifecycle.drafting import propose
from lifecycle.entry import Actor
from lifecycle.errors import StoreError
from lifecycle.order import Order, Receipt
from store.creating import create_store
from store.opening import open_store
from store.store import Store
from tests import postgres
from tests.builders import ANNA, complete_agreement
from tests.stage import FIRST_NOON, TORONTO

pytestmark = pytest.mark.postgresql

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
Propose = Callable[[], Receipt]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the URL of a program on a server whose standby is away."""
    with postgres.running({}) as url:
        order = Order(actor=Actor("admin", "os"), now=FIRST_NOON)
        create_store(url, order, TORONTO, sandbox=True).close()
        # Whoever runs the server asks for less than what a connection of ours insists on.
        postgres.execute(url, "ALTER ROLE postgres SET synchronous_commit = off")
        postgres.execute(url, "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        postgres.execute(url, "SELECT pg_reload_conf()")
        yield url


@pytest.fixture
def store(server: str) -> Iterator[Store]:
    """Return a store of its own."""
    store = open_store(server)
    yield store
    store.close()


def proposing(store: Store, key: str) -> Receipt:
    """Propose an agreement under a key."""
    with store.unit() as unit:
        order = Order(actor=Actor(ANNA, "asserted"), now=FIRST_NOON, key=key)
        return propose(unit, order, complete_agreement())


def waiting(url: str) -> int:
    """Return which session waits for the standby, as soon as one does."""
    with psycopg.connect(url, autocommit=True) as connection:
        while not (rows := connection.execute(WAITING).fetchall()):
            pass
    return int(rows[0][0])


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
def test_commit_whose_wait_for_the_standby_is_broken_off_is_not_told_as_done(
    server: str, store: Store, end: str
) -> None:
    """Whatever a role asks for, a commit waits; one that did not wait to the end says so.

    The server itself answers a cancelled wait as if it had been one.
    """
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(proposing, store, end)
        pid = waiting(server)
        assert not done.done()
        postgres.execute(server, f"SELECT {end}({pid})")
        with pytest.raises(StoreError) as told:
            done.result()
    assert told.value.code == "unknown_outcome"
    assert "--idempotency-key" in str(told.value.hint)
    # It was written on this server, and reading waits for nobody.
    assert proposing(store, end).repeated
