"""A URL that names several hosts: the one that takes writes is found, or told not to be there."""

import socket

import pytest

from lifecycle.drafting import propose
from lifecycle.errors import StoreError
from states.ref import Ref
from store.opening import open_store
from tests import postgres
from tests.builders import complete_agreement
from tests.postgres import PASSWORD, over_tcp
from tests.stage import Stage

pytestmark = pytest.mark.postgresql


@pytest.fixture
def away() -> int:
    """Return a port at which nobody is."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def over_two(stage: Stage, login: str, away: int) -> str:
    """Return the database's URL, in which a host that is away comes first."""
    url = over_tcp(stage.url, login).replace("@127.0.0.1:", f"@127.0.0.1:{away},127.0.0.1:")
    return f"{url}&target_session_attrs=read-write"


def refused(url: str) -> StoreError:
    """Return what is told of a store that can't be opened; the password is not."""
    with pytest.raises(StoreError) as told:
        open_store(url)
    assert PASSWORD not in str(told.value.message)
    assert told.value.hint
    return told.value


def test_host_that_is_away_is_passed_over(stage: Stage, login: str, away: int) -> None:
    """The store opens on the other one, and writes there."""
    store = open_store(over_two(stage, login, away))
    with store.unit() as unit:
        ref = Ref.parse(propose(unit, stage.order(), complete_agreement()).ref)
    store.close()
    assert stage.standing(ref).n == 1


def test_hosts_of_which_none_takes_writes_are_told_as_such(
    stage: Stage, login: str, away: int
) -> None:
    """While a standby takes over, the old primary is away and the new one can only be read."""
    postgres.execute(stage.url, f"ALTER ROLE {login} SET default_transaction_read_only = on")
    told = refused(over_two(stage, login, away))
    assert (told.code, f"127.0.0.1:{away}" in told.message) == ("unreachable", True)
    assert "taking over" in told.message
    assert "wait a moment" in str(told.hint)


def test_wrong_password_is_told_though_another_host_is_away(
    stage: Stage, login: str, away: int
) -> None:
    """What somebody can do something about is told first."""
    url = over_two(stage, login, away).replace(PASSWORD, "wrong-horse")
    assert refused(url).code == "denied"
