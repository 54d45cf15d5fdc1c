"""The line to PostgreSQL, cut at every message of a write: told, all or nothing, safe to repeat."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lifecycle.advance import advance
from lifecycle.errors import StoreError
from lifecycle.order import Order, Receipt
from lifecycle.ports import Ledger
from states.ref import Ref
from states.vocabulary import Outcome, State, Trigger
from store import postgresql
from store.opening import open_store
from store.store import Store
from tests import postgres
from tests.postgres import over_tcp
from tests.proxy import Cut, Proxy, Side
from tests.stage import Stage, codes
from tests.store.raw import unchanged

pytestmark = pytest.mark.postgresql

CAMPAIGN = pytest.mark.reliability


def sign(ledger: Ledger, order: Order, ref: Ref) -> Receipt:
    """Sign an agreement in a unit of its own."""
    with ledger.unit() as unit:
        return advance(unit, order, ref, Trigger.SIGN)


def signatures(stage: Stage, ref: Ref) -> int:
    """Return how many times an agreement was signed."""
    lines = stage.entries(ref)
    return sum(line.trigger is Trigger.SIGN and line.outcome is Outcome.OK for line in lines)


@dataclass
class Signing:
    """Signs over lines that are cut."""

    stage: Stage
    login: str

    def over(self, cut: Cut | None, order: Order, ref: Ref) -> tuple[str, Proxy]:
        """Open the store and sign; returns the code of what went wrong, and the line."""
        code = ""
        with Proxy(postgres.port_of(self.stage.url), cut_at=cut) as proxy:
            try:
                store = open_store(over_tcp(self.stage.url, self.login, proxy.port))
                try:
                    sign(store, order, ref)
                finally:
                    store.close()
            except StoreError as error:
                code = error.code
        postgres.await_end(self.login)
        return code, proxy

    def messages(self, side: Side, key: str | None) -> tuple[int, int]:
        """Return which messages of a side are the first of the signing and the last.

        The last one of those that are asked is the commit. The first agreement that is signed on a
        day says a little more, and is not looked at.
        """
        wire = None
        for turn in range(2):
            ref = self.stage.reach(State.NEGOTIATION)
            order = self.stage.order("dora", key=key and f"{key}-{turn}")
            code, wire = self.over(None, order, ref)
            assert code == ""
        assert wire is not None
        sides = [whose for whose, _message in wire.said]
        asked = [message if whose == "asked" else b"" for whose, message in wire.said]
        begin = next(n for n, message in enumerate(asked) if _BEGIN in message)
        commit = max(n for n, message in enumerate(asked) if b"COMMIT" in message)
        last = sides[:commit].count(side) if side == "asked" else sides.count(side) - 1
        return sides[:begin].count(side), last


def asked_to_commit(wire: Proxy) -> bool:
    """Whether a line was cut at the signing's commit or after it; what is said before may vary."""
    asked = [*(message for whose, message in wire.said if whose == "asked"), wire.stopped]
    began = [n for n, message in enumerate(asked) if _BEGIN in message]
    return any(b"COMMIT" in message for message in asked[began[0] :]) if began else False


_BEGIN = b"\0BEGIN\0"
"""How a transaction that writes begins; those that read say more."""


@pytest.mark.parametrize("key", [pytest.param(None, marks=CAMPAIGN), "k"], ids=["no key", "key"])
@pytest.mark.parametrize(
    "within", [False, pytest.param(True, marks=CAMPAIGN)], ids=["between", "within"]
)
@pytest.mark.parametrize(
    "opening", [False, pytest.param(True, marks=CAMPAIGN)], ids=["signing", "opening and signing"]
)
@pytest.mark.parametrize("side", ["asked", "answered"])
def test_signing_over_a_line_cut_at_every_message_is_told_and_done_once(  # noqa: PLR0913
    stage: Stage, login: str, side: Side, key: str | None, *, within: bool, opening: bool
) -> None:
    """Either nothing was written, or the commit was under way and that is what is told.

    Repeated under its key the order tells its own receipt; without one, that somebody was first.
    """
    signing = Signing(stage, login)
    first, last = signing.messages(side, key)
    ref = stage.reach(State.NEGOTIATION)
    for number in range(0 if opening else first, last + 1):
        cut = Cut(side, number, within)
        order = stage.order("dora", key=key and f"{key}{number}")
        before = stage.raw(ref)
        code, wire = signing.over(cut, order, ref)
        assert wire.cut.is_set(), cut
        committing = asked_to_commit(wire)
        written = side == "answered" and committing
        known = {"unreachable", "connection_lost"}
        assert code in ({"unknown_outcome"} if committing else known), cut
        assert (stage.raw(ref) != before) is written, cut
        if not written:
            with stage.store.rehearsal() as ledger:
                receipt = sign(ledger, order, ref)
            assert (receipt.outcome, receipt.repeated) == (Outcome.OK, False)
            continue
        receipt = sign(stage.store, order, ref)
        if key:
            assert (receipt.outcome, receipt.repeated) == (Outcome.OK, True)
            assert receipt.entry == stage.standing(ref).head
        else:
            assert codes(receipt) == ["version_conflict"]
        assert signatures(stage, ref) == 1
        ref = stage.reach(State.NEGOTIATION)
    assert stage.verify() == []


def kill_who_waits(stage: Stage) -> None:
    """Let the server end the session that waits for a lock in the stage's database."""
    ends = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    here = "datname = current_database() AND wait_event_type = 'Lock'"
    [(ended,)] = postgres.execute(stage.url, f"{ends} WHERE {here}")
    assert ended


def test_session_killed_while_it_waits_for_its_first_answer_begins_again(stage: Stage) -> None:
    """Nothing can have been done in it yet, so that nobody needs to be told."""
    ref = stage.reach(State.NEGOTIATION)
    order = stage.order("dora")
    with stage.store.unit() as unit:
        unit.lock(ref.key)
        late = postgres.waiting(stage.url, lambda: sign(stage.store, order, ref))
        kill_who_waits(stage)
    assert late().outcome is Outcome.OK
    assert signatures(stage, ref) == 1
    assert stage.verify() == []


def test_session_killed_while_it_waits_later_is_told_and_has_written_nothing(stage: Stage) -> None:
    """An order with a key has asked for the key before it waits for the lock."""
    ref = stage.reach(State.NEGOTIATION)
    order = stage.order("dora", key="k1")
    with unchanged(stage):
        with stage.store.unit() as unit:
            unit.lock(ref.key)
            late = postgres.waiting(stage.url, lambda: sign(stage.store, order, ref))
            kill_who_waits(stage)
        with pytest.raises(StoreError) as caught:
            late()
    assert (caught.value.code, caught.value.of_the_database) == ("connection_lost", True)
    assert "nothing was changed" in str(caught.value.hint)
    assert not sign(stage.store, order, ref).repeated


@pytest.fixture
def line(stage: Stage) -> Iterator[Proxy]:
    """Return a line to the server."""
    with Proxy(postgres.port_of(stage.url)) as proxy:
        yield proxy


@pytest.fixture
def store(stage: Stage, login: str, line: Proxy) -> Iterator[Store]:
    """Return a store that is open over the line."""
    store = open_store(over_tcp(stage.url, login, line.port))
    yield store
    store.close()


def test_server_that_stops_answering_is_given_up_and_told(
    stage: Stage, store: Store, line: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine still takes what is sent, so that neither its timeouts nor TCP's would end it."""
    ref = stage.reach(State.NEGOTIATION)

    def stopped() -> None:
        with store.unit() as unit:
            unit.lock(ref.key)
            line.freeze()
            monkeypatch.setattr(postgresql, "SILENT_SECONDS", 0)
            advance(unit, stage.order("dora"), ref, Trigger.SIGN)

    with unchanged(stage):
        with pytest.raises(StoreError, match="stopped answering") as caught:
            stopped()
        line.fall()
    assert (caught.value.code, caught.value.of_the_database) == ("connection_lost", True)


@pytest.mark.measured
def test_order_repeated_while_its_lost_commit_still_runs_tells_its_own_receipt(
    stage: Stage, store: Store, line: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server comes to the commit after the client has given it up; it is done once."""
    ref = stage.reach(State.NEGOTIATION)
    order = stage.order("dora", key="k1")

    def stopped(patch: pytest.MonkeyPatch) -> None:
        with store.unit() as unit:
            advance(unit, order, ref, Trigger.SIGN)
            line.freeze()
            patch.setattr(postgresql, "SILENT_SECONDS", 0)

    with monkeypatch.context() as patch, pytest.raises(StoreError) as caught:
        stopped(patch)
    assert caught.value.code == "unknown_outcome"
    again = postgres.waiting(stage.url, lambda: sign(stage.store, order, ref))
    line.thaw()
    receipt = again()
    assert (receipt.outcome, receipt.repeated) == (Outcome.OK, True)
    assert receipt.entry == stage.standing(ref).head
    assert signatures(stage, ref) == 1
    assert stage.verify() == []


def test_long_lived_process_goes_on_when_its_server_is_back(
    stage: Stage, store: Store, line: Proxy
) -> None:
    """While it is away each order is told so; between two orders, nobody needs to know."""
    refs = [stage.reach(State.NEGOTIATION) for _ in range(3)]
    assert not sign(store, stage.order("dora"), refs[0]).refused
    line.fall()
    for _ in range(2):
        with pytest.raises(StoreError) as caught:
            sign(store, stage.order("dora"), refs[1])
        assert caught.value.code == "unreachable"
    line.rise()
    assert not sign(store, stage.order("dora"), refs[1]).refused
    line.fall()
    line.rise()
    assert not sign(store, stage.order("dora"), refs[2]).refused
    assert stage.verify() == []
