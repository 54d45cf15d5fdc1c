"""PostgreSQL that is away, slow, full or gone in the middle: told with what to do next."""

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from lifecycle.advance import advance
from lifecycle.drafting import apply
from lifecycle.errors import StoreError
from lifecycle.nightly import nightly
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from states.ref import Ref
from states.vocabulary import State, Trigger
from store import postgresql
from store.database import Database
from store.migrating import upgrade
from store.opening import open_store
from store.refusals import refusal
from store.store import Store
from store.urls import shown
from tests import postgres
from tests.postgres import PASSWORD, over_tcp
from tests.proxy import Proxy
from tests.stage import Stage
from tests.store.child import edited
from tests.store.raw import everything, fails, query, unchanged

pytestmark = pytest.mark.postgresql

SAID = {
    "25006": "read_only",
    "28P01": "denied",
    "3D000": "missing",
    "40001": "changed_meanwhile",
    "40P01": "deadlock",
    "42501": "not_permitted",
    "53100": "no_space",
    "53200": "no_memory",
    "53300": "too_many",
    "55P03": "held",
    "57014": "too_slow",
    "57P01": "connection_lost",
    "57P03": "shutting_down",
    "58030": "disk",
    "XX001": "damaged",
    "42P01": "database",
}


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement under negotiation."""
    return stage.reach(State.NEGOTIATION)


def with_setting(url: str, setting: str) -> str:
    """Return a URL that asks the server for a setting."""
    return f"{url}&options={quote(f'-c {setting}')}"


def sign(stage: Stage, store: Store, ref: Ref, **order: str) -> Receipt:
    """Sign an agreement through a store."""
    with store.unit() as unit:
        return advance(unit, stage.order("dora", **order), ref, Trigger.SIGN)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anna:secret@127.0.0.1:1/city",
        "postgres://anna:secret@nowhere.invalid/city",
        "postgresql+psycopg://anna:secret@/city?host=/nowhere",
        "postgresql://anna:secret@127.0.0.1:1,127.0.0.1:2/city",
    ],
)
def test_server_that_is_away_is_told(url: str) -> None:
    """Refused, unknown, no socket, several hosts and none there; the password is not repeated."""
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert caught.value.code == "unreachable"
    assert caught.value.message.startswith(shown(url))
    assert "secret" not in f"{caught.value.message}{caught.value.hint}"
    assert caught.value.of_the_database


def test_server_that_does_not_answer_is_told() -> None:
    """It is waited for as long as the URL says."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://anna@127.0.0.1:{silent.getsockname()[1]}/city?connect_timeout=2"
        with fails("unreachable", shown(url)):
            open_store(url)


def test_wrong_password_is_told(stage: Stage, login: str) -> None:
    """And nothing of it is repeated."""
    url = over_tcp(stage.url, login, password="wrong-horse")  # noqa: S106
    with fails("denied", shown(url)) as _:
        open_store(url)
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert "wrong-horse" not in f"{caught.value.message}{caught.value.hint}"


def test_password_comes_from_the_environment_or_a_file(
    stage: Stage, login: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As everything else that uses libpq finds it; so no URL needs to have one."""
    url = over_tcp(stage.url, login).replace(f":{PASSWORD}@", "@")
    with fails("denied", url):
        open_store(url)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    open_store(url).close()
    monkeypatch.delenv("PGPASSWORD")
    file = tmp_path / "pgpass"
    file.write_text(f"127.0.0.1:*:*:{login}:{PASSWORD}\n")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file))
    store = open_store(url)
    assert store.login == login
    store.close()


def test_login_that_is_unknown_is_told(stage: Stage) -> None:
    """Like a wrong password."""
    with fails("denied", shown(over_tcp(stage.url, "nobody_here"))):
        open_store(over_tcp(stage.url, "nobody_here"))


def test_database_that_is_not_there_says_how_to_make_it() -> None:
    """The server is there, but has none of that name."""
    with pytest.raises(StoreError, match="no such database") as caught:
        open_store(postgres.named("nowhere"))
    assert (caught.value.code, caught.value.hint) == ("missing", "make it: createdb NAME")


def test_server_without_a_free_connection_is_told(stage: Stage, login: str) -> None:
    """It is no fault of the order's: nothing else would fare better."""
    query(stage.url, f"ALTER ROLE {login} NOSUPERUSER CONNECTION LIMIT 0")
    with pytest.raises(StoreError) as caught:
        open_store(postgres.as_login(stage.url, login))
    assert (caught.value.code, caught.value.of_the_database) == ("too_many", True)


def test_server_that_is_too_old_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its version and the one that is needed."""
    monkeypatch.setattr(postgresql, "OLDEST", 99)
    with pytest.raises(StoreError, match="99 or newer") as caught:
        open_store(stage.url)
    assert (caught.value.code, caught.value.of_the_database) == ("too_old", True)


@pytest.mark.parametrize(
    ("setting", "code"), [("lock_timeout=50ms", "held"), ("statement_timeout=80ms", "too_slow")]
)
def test_writer_that_waits_in_vain_is_told_and_changes_nothing(
    stage: Stage, ref: Ref, setting: str, code: str
) -> None:
    """Somebody holds the row for longer than it waits; no other order need suffer from that."""
    store = open_store(with_setting(stage.url, setting))
    with stage.store.unit() as unit:
        unit.lock(ref.key)
        with unchanged(stage), pytest.raises(StoreError) as caught:
            sign(stage, store, ref)
    assert (caught.value.code, caught.value.of_the_database) == (code, False)
    assert not sign(stage, store, ref).refused
    store.close()


def test_upgrade_waits_for_its_turn_only_so_long(stage: Stage) -> None:
    """Another host that migrates holds it up, and is told of."""
    with psycopg.connect(stage.url) as other:
        other.execute("SELECT pg_advisory_xact_lock(1279476039)")
        with unchanged(stage), fails("held", stage.url):
            upgrade(with_setting(stage.url, "lock_timeout=50ms"))


def test_two_that_wait_for_each_other_are_told_apart(stage: Stage, ref: Ref) -> None:
    """One gives way and may repeat; the product's own commands lock in one order."""
    other = stage.propose()
    late = []

    def crosswise(unit: Unit) -> None:
        unit.lock(ref.key)
        late.append(
            postgres.waiting(stage.url, lambda: stage.do(lambda u, _o: both(u, other, ref)))
        )
        unit.lock(other.key)

    codes = [code_of(lambda: stage.do(lambda u, _o: crosswise(u)))]
    codes += [code_of(waits) for waits in late]
    assert sorted(codes) == ["", "deadlock"]


def code_of(act: Callable[[], object]) -> str:
    """Return the code of the StoreError that an act raises, or none."""
    try:
        act()
    except StoreError as error:
        return error.code
    return ""


def both(unit: Unit, first: Ref, second: Ref) -> None:
    """Lock two agreements."""
    unit.lock(first.key)
    unit.lock(second.key)


def test_database_that_may_only_be_read_is_told_and_changes_nothing(stage: Stage, ref: Ref) -> None:
    """As a standby, or a server that was frozen; reading goes on."""
    store = open_store(with_setting(stage.url, "default_transaction_read_only=on"))
    with unchanged(stage), pytest.raises(StoreError) as caught:
        sign(stage, store, ref)
    assert (caught.value.code, caught.value.of_the_database) == ("read_only", True)
    with store.reading() as reader:
        assert reader.standing(ref.key) is not None
    store.close()


@pytest.mark.parametrize(
    "setting",
    [
        "synchronous_commit=off",
        "search_path=public",
        "default_transaction_isolation=serializable",
    ],
)
def test_what_the_promises_stand_on_can_not_be_set_otherwise(stage: Stage, setting: str) -> None:
    """Neither in a URL nor for a login or database: a commit that returns is on disk."""
    name, _, wrong = setting.partition("=")
    database = conninfo_to_dict(stage.url)["dbname"]
    query(stage.url, f"ALTER DATABASE {database} SET {name} = '{wrong}'")
    store = open_store(with_setting(stage.url, setting))
    with store.database.transaction(write=True) as connection:
        assert connection.command(f"SHOW {name}").fetchone()[0] != wrong
    store.close()


def test_tables_of_another_schema_are_never_taken_for_ours(stage: Stage, ref: Ref) -> None:
    """What somebody puts into `public`, or makes for the time of a session, is not looked at."""
    for table in ("agreement", "entry", "alembic_version", "program"):
        query(stage.url, f"CREATE TABLE public.{table} (id int)")
    query(
        stage.url, "CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT 1'"
    )
    with stage.store.database.transaction(write=False) as connection:
        connection.command("SELECT 1")
    with stage.store.reading() as reader:
        assert [found.key for found in reader.find("Chongqing")] == [ref.key]
    assert not sign(stage, stage.store, ref).refused


def test_connection_that_was_closed_while_at_rest_is_replaced(stage: Stage, ref: Ref) -> None:
    """The server was restarted over night; in the morning nobody is told of it."""
    stage.standing(ref)
    postgres.terminate(stage.url)
    assert stage.standing(ref).state is State.NEGOTIATION
    postgres.terminate(stage.url)
    assert not sign(stage, stage.store, ref).refused
    assert stage.verify() == []


def test_connection_lost_before_the_commit_has_written_nothing(stage: Stage, ref: Ref) -> None:
    """Even though everything but the commit was done; the next order has a new connection."""

    def lose(unit: Unit, order: Order) -> None:
        advance(unit, order, ref, Trigger.SIGN)
        postgres.terminate(stage.url)
        unit.lock(ref.key)

    with unchanged(stage), pytest.raises(StoreError) as caught:
        stage.do(lose, actor="dora")
    assert (caught.value.code, caught.value.of_the_database) == ("connection_lost", True)
    assert not sign(stage, stage.store, ref).refused


def test_connection_lost_at_the_commit_says_that_it_does_not_know(stage: Stage, ref: Ref) -> None:
    """Here nothing was written; repeated under its key, it is carried out once."""

    def lose(unit: Unit, order: Order) -> None:
        advance(unit, order, ref, Trigger.SIGN)
        postgres.terminate(stage.url)

    with unchanged(stage), pytest.raises(StoreError) as caught:
        stage.do(lose, actor="dora", key="k1")
    assert caught.value.code == "unknown_outcome"
    assert "--idempotency-key" in str(caught.value.hint)
    assert not sign(stage, stage.store, ref, key="k1").repeated


@pytest.mark.parametrize("passed_on", [False, True], ids=["not heard", "heard"])
@pytest.mark.parametrize(
    ("word", "code"),
    [
        (b"BEGIN", "unreachable"),
        (b"lifecycle.append", "connection_lost"),
        (b"INSERT INTO beside", "connection_lost"),
        (b"COMMIT", "unknown_outcome"),
    ],
)
def test_line_cut_at_any_moment_leaves_all_or_nothing_and_a_retry_is_safe(  # noqa: PLR0913
    stage: Stage, ref: Ref, login: str, word: bytes, code: str, *, passed_on: bool
) -> None:
    """Whether the server heard it or not; what was committed shows by the order's own receipt."""
    before = everything(stage.url)
    order = stage.order(key="k1", reason="As Council asked.")
    with Proxy(postgres.port_of(stage.url), passed_on=passed_on) as proxy:
        store = open_store(over_tcp(stage.url, login, proxy.port))
        proxy.arm(word)
        with pytest.raises(StoreError) as caught, store.unit() as unit:
            apply(unit, order, ref, edited())
        assert proxy.cut.is_set()
        with suppress(psycopg.Error):
            store.close()
    assert caught.value.code == code
    postgres.terminate(stage.url)
    written = code == "unknown_outcome" and passed_on
    assert (everything(stage.url) == before) is not written
    with stage.store.unit() as unit:
        receipt = apply(unit, order, ref, edited())
    assert (receipt.repeated, receipt.refused) == (written, False)
    assert len(stage.entries(ref)) == len([row for row in before["entry"] if row[1] == ref.key]) + 1
    assert stage.verify() == []


def test_night_that_loses_its_server_stops_at_once(stage: Stage) -> None:
    """It does not fail agreement by agreement; what was done is kept, and the next run goes on.

    The third try is the one to write down why it stopped.
    """
    refs = [stage.take_over() for _ in range(3)]
    stage.on(stage.day.replace(year=stage.day.year + 1))
    tried = 0

    class Failing:
        """A ledger whose server goes away with the second transaction."""

        def unit(self) -> AbstractContextManager[Unit]:
            nonlocal tried
            tried += 1
            if tried > 1:
                postgres.terminate(stage.url)
                return open_store(postgres.named("nowhere")).unit()
            return stage.store.unit()

    with pytest.raises(StoreError) as caught:
        nightly(Failing(), stage.order("system"))
    assert (caught.value.code, tried) == ("missing", 3)
    assert stage.nightly().count("fired") == len(refs)


@pytest.mark.parametrize(("state", "code"), SAID.items())
def test_every_cause_has_a_code_and_says_what_to_do(state: str, code: str) -> None:
    """As the server reports it, whatever its language."""
    error = psycopg.errors.lookup(state)("des mots du serveur")
    told = refusal("postgresql://host/city", error)
    assert told.code == code
    assert told.message.startswith("postgresql://host/city: ")
    assert told.hint


def test_url_that_libpq_can_not_read_is_told() -> None:
    """Before anything is asked for."""
    with pytest.raises(StoreError) as caught:
        Database("postgresql://host:secret?nonsense=1")
    assert caught.value.code == "bad_url"
    assert "nonsense" in caught.value.message
