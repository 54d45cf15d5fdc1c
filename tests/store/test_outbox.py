"""The outbox: lent to one sender at a time, tried again ever more seldom, and never forgotten."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from lifecycle.entry import instant
from lifecycle.night import Digest
from store.opening import open_store
from store.outbox import (
    BACKOFF,
    BEING_SENT,
    DAILY,
    EXPIRED,
    FAILED,
    HELD,
    LEASE,
    NO_ADDRESS,
    SENT,
    WAITING,
    Mail,
    Outbox,
)
from tests.stage import Stage

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
LATER = timedelta(minutes=1)


@pytest.fixture
def outbox(stage: Stage) -> Outbox:
    """Return the outbox of a stage on which nothing was written yet."""
    return Outbox(stage.store)


def post(stage: Stage, *ids: str, at: datetime = NOON) -> None:
    """Put digests into the outbox."""
    digests = [
        Digest(name, f"{name}'s", date(2026, 9, 1), "1 late", "Well.\n", instant(at))
        for name in ids
    ]
    stage.do(lambda unit, _order: unit.post(digests))


def claimed(outbox: Outbox, now: datetime = NOON) -> Mail:
    """Claim a digest, which is there."""
    mail = outbox.claim(now)
    assert mail is not None
    return mail


def by_id(outbox: Outbox) -> dict[str, Mail]:
    """Return every digest."""
    return {mail.id: mail for mail in outbox.latest(1_000)}


def test_a_digest_is_lent_to_one_sender_until_its_lease_is_over(
    stage: Stage, outbox: Outbox
) -> None:
    """Whoever dies with it keeps nobody else from sending it then, under the same id."""
    post(stage, "a")
    first = claimed(outbox)
    assert (first.id, first.attempts, first.body) == ("a", 1, "Well.\n")
    assert outbox.claim(NOON + LEASE - LATER) is None
    assert by_id(outbox)["a"].error == BEING_SENT
    again = claimed(outbox, NOON + LEASE)
    assert (again.id, again.attempts) == ("a", 2)
    outbox.sent(again, NOON + LEASE)
    sent = by_id(outbox)["a"]
    assert (sent.state, sent.sent_at, sent.next_at, sent.error) == (
        SENT,
        instant(NOON + LEASE),
        None,
        None,
    )
    assert outbox.claim(NOON + timedelta(days=9)) is None


def test_two_senders_get_different_digests(stage: Stage) -> None:
    """As many at once as there are, each digest once."""
    names = [f"{number:03}" for number in range(40)]
    post(stage, *names)

    def take(_number: int) -> list[str]:
        store = open_store(stage.url)
        try:
            outbox, ids = Outbox(store), []
            while (mail := outbox.claim(NOON)) is not None:
                ids.append(mail.id)
            return ids
        finally:
            store.close()

    with ThreadPoolExecutor(4) as senders:
        taken = [name for ids in senders.map(take, range(4)) for name in ids]
    assert sorted(taken) == names


def test_what_fails_is_tried_again_ever_more_seldom_and_given_up_after_a_week(
    stage: Stage, outbox: Outbox
) -> None:
    """Each time the reason is kept; a digest that was given up stays, and says so."""
    post(stage, "a")
    now, pauses = NOON, []
    while True:
        mail = claimed(outbox, now)
        if outbox.failed(mail, "no route", now) == FAILED:
            break
        waits = by_id(outbox)["a"]
        assert (waits.state, waits.error) == (WAITING, "no route")
        assert waits.next_at is not None
        later = datetime.fromisoformat(waits.next_at)
        assert outbox.claim(later - LATER) is None
        pauses.append(later - now)
        now = later
    assert pauses[: len(BACKOFF)] == list(BACKOFF)
    assert set(pauses[len(BACKOFF) :]) == {DAILY}
    assert timedelta(days=6) < now - NOON <= timedelta(days=7)
    given_up = by_id(outbox)["a"]
    assert (given_up.state, given_up.next_at, given_up.error) == (FAILED, None, "no route")


def test_a_check_of_each_night_comes_in_time_for_the_daily_attempt() -> None:
    """Else every second one would find that it is minutes too early."""
    assert timedelta(hours=23) > DAILY


def test_who_lost_the_lease_marks_nothing_as_failed(stage: Stage, outbox: Outbox) -> None:
    """But what was sent was sent, whoever else has it by now."""
    post(stage, "a", "b")
    slow = {mail.id: mail for mail in (claimed(outbox), claimed(outbox))}
    for _ in slow:
        claimed(outbox, NOON + LEASE)
    outbox.failed(slow["a"], "too slow", NOON + LEASE)
    outbox.unaddressed(slow["a"], NOON + LEASE)
    outbox.sent(slow["b"], NOON + LEASE)
    found = by_id(outbox)
    assert (found["a"].error, found["a"].attempts) == (BEING_SENT, 2)
    assert found["b"].state == SENT


def test_a_round_ends_with_what_was_due_when_it_began(stage: Stage, outbox: Outbox) -> None:
    """What it puts back does not come up again in it."""
    post(stage, "a")
    mail = outbox.claim(NOON + LATER, due=NOON)
    assert mail is not None
    outbox.unaddressed(mail, NOON + LATER)
    assert outbox.claim(NOON + timedelta(days=1), due=NOON + LATER) is None


def test_no_address_counts_as_no_attempt_and_is_told(stage: Stage, outbox: Outbox) -> None:
    """Whose digests wait for one, and how many."""
    post(stage, "a")
    outbox.unaddressed(claimed(outbox), NOON)
    found = by_id(outbox)["a"]
    assert (found.state, found.attempts, found.error) == (WAITING, 0, NO_ADDRESS)
    assert outbox.without_address() == {"a's": 1}
    assert claimed(outbox, NOON + timedelta(days=1)).id == "a"


def test_what_waits_for_two_weeks_expires_and_nothing_else(stage: Stage, outbox: Outbox) -> None:
    """Why it had not been sent stays with it."""
    post(stage, "old", "told", "sent", at=NOON)
    post(stage, "new", at=NOON + timedelta(days=1))
    put(stage, "told", state=WAITING, error=NO_ADDRESS)
    put(stage, "sent", state=SENT)
    assert outbox.expire(NOON + timedelta(days=14)) == 0
    assert outbox.expire(NOON + timedelta(days=14, minutes=1)) == 2
    found = by_id(outbox)
    assert {name: mail.state for name, mail in found.items()} == {
        "old": EXPIRED,
        "told": EXPIRED,
        "sent": SENT,
        "new": WAITING,
    }
    assert found["told"].error == NO_ADDRESS
    assert "14 days" in (found["old"].error or "")
    assert outbox.counts() == {EXPIRED: 2, SENT: 1, WAITING: 1}


def test_release_lets_go_what_is_asked_for_and_is_not_too_old(stage: Stage, outbox: Outbox) -> None:
    """What somebody else is sending at this moment stays theirs."""
    now = NOON + timedelta(days=13)
    post(stage, "failed", "held", "waiting", "lent")
    post(stage, "ancient", at=NOON - timedelta(days=2))
    for name in ("failed", "ancient"):
        put(stage, name, state=FAILED)
    put(stage, "held", state=HELD)
    put(stage, "waiting", state=WAITING, next_at=instant(now + timedelta(hours=1)))
    put(stage, "lent", state=WAITING, next_at=instant(now + LATER), error=BEING_SENT)
    assert outbox.release([WAITING, FAILED], now) == 2
    assert ids(outbox, now) == {"failed", "waiting"}
    assert outbox.release([HELD], now) == 1
    assert ids(outbox, now) == {"held"}
    assert outbox.release([WAITING], now + LATER) == 1


def test_digests_are_found_by_the_beginning_of_their_id(stage: Stage, outbox: Outbox) -> None:
    """Signs that mean something to the database are letters like others."""
    post(stage, "20260901.1", "20260901.2", "2026%")
    assert [mail.id for mail in outbox.starting("20260901")] == ["20260901.1", "20260901.2"]
    assert [mail.id for mail in outbox.starting("2026%")] == ["2026%"]
    assert outbox.starting("_") == []


def put(stage: Stage, name: str, **values: str) -> None:
    """Let a digest be where time and others brought it."""
    changes = ", ".join(f"{key} = :{key}" for key in values)
    stage.tamper(f"UPDATE mail SET {changes} WHERE id = :name", **values, name=name)  # noqa: S608


def ids(outbox: Outbox, now: datetime) -> Iterable[str]:
    """Claim everything that is due."""
    found = set()
    while (mail := outbox.claim(now)) is not None:
        found.add(mail.id)
    return found
