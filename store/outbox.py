"""The outbox of one program: which digests wait, and what became of those that were tried.

It stands outside the units of the core: nothing here is on the log, and no lock is held while
somebody talks to a mail server. A digest is claimed in one short transaction, which lends it to
whoever sends it for `LEASE`, and marked in another. Whoever dies between the two leaves a digest
that is sent again under the same Message-ID: at least once, and never silently not at all.

When a digest is tried again, when it is given up and when it is too old to be sent is decided here;
what sending is, is not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, null, or_, select, update
from sqlalchemy.sql.expression import BindParameter, Executable, Select

from lifecycle.entry import instant
from store.connection import Connection
from store.store import Store
from store.tables import mail

WAITING, SENT, FAILED, HELD, EXPIRED = "waiting", "sent", "failed", "held", "expired"

BACKOFF = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
DAILY = timedelta(hours=22)
"""After the last of `BACKOFF`: less than a day, so that a check of each night comes in time."""

GIVEN_UP_AFTER = timedelta(days=7)
TOO_OLD_AFTER = timedelta(days=14)
"""After this long nobody is sent a digest any more: newer ones say what is still late."""

LEASE = timedelta(minutes=10)
"""How long a digest is its sender's alone; far longer than a mail server's timeouts take."""

NO_ADDRESS = "no address"
BEING_SENT = "being sent; if that was long ago, it was interrupted, and is sent again"
_EXPIRED = "not sent within 14 days; newer digests say what is still late"


@dataclass(frozen=True, slots=True)
class Mail:
    """One digest in the outbox; instants are UTC text as lines have them. Lists leave out `body`.

    `error` is why it was not sent at the last attempt, in a sentence for people.
    """

    id: str
    recipient: str
    run_date: str
    subject: str
    state: str
    attempts: int
    made_at: str
    next_at: str | None
    sent_at: str | None
    error: str | None
    body: str = ""


class Outbox:
    """The digests of an open store's program."""

    def __init__(self, store: Store) -> None:
        """Take an open store; reads nothing yet."""
        self._database = store.database
        self._program_id = store.program.id

    def claim(self, now: datetime, due: datetime | None = None) -> Mail | None:
        """Borrow the digest that has waited longest of what is due, or None if nothing is.

        `due` is the instant by which it was to be tried, where that is not `now`: a round of
        deliveries names its beginning, so that it ends.
        """
        with self._database.transaction(write=True) as connection:
            row = connection.row(_NEXT, **self._with(now=instant(due or now)))
            if row is None:
                return None
            found = Mail(*row)
            values = {"to_attempts": found.attempts + 1, "to_next_at": instant(now + LEASE)}
            self._set(connection, found, _MOVE, to_state=WAITING, to_error=BEING_SENT, **values)
        return replace(found, attempts=found.attempts + 1)

    def sent(self, one: Mail, now: datetime) -> None:
        """Mark a claimed digest as sent."""
        with self._database.transaction(write=True) as connection:
            self._set(connection, one, _SENT, sent_at_=instant(now))

    def failed(self, one: Mail, error: str, now: datetime) -> str:
        """Mark a claimed digest as not sent; returns its state: it is tried again, or given up."""
        later = now + _pause(one.attempts)
        over = later > datetime.fromisoformat(one.made_at) + GIVEN_UP_AFTER
        state = FAILED if over else WAITING
        self._put_back(one, state, one.attempts, error, None if over else later)
        return state

    def unaddressed(self, one: Mail, now: datetime) -> None:
        """Put a claimed digest back whose recipient has no address; that counts as no attempt."""
        self._put_back(one, WAITING, one.attempts - 1, NO_ADDRESS, now + BACKOFF[0])

    def expire(self, now: datetime) -> int:
        """Let what is too old and waits expire; returns how many that were."""
        values = self._with(before=instant(now - TOO_OLD_AFTER), error_=_EXPIRED)
        with self._database.transaction(write=True) as connection:
            return connection.run(_EXPIRE, **values)()

    def release(self, states: Iterable[str], now: datetime) -> int:
        """Let digests in some states be tried at once, but for those too old or being sent."""
        values = {"now": instant(now), "after": instant(now - TOO_OLD_AFTER)}
        with self._database.transaction(write=True) as connection:
            counts = [
                connection.run(_RELEASE, **self._with(at_state=state, **values))()
                for state in states
            ]
        return sum(counts)

    def counts(self) -> Mapping[str, int]:
        """Return how many digests there are in each state."""
        return dict(self._rows(_COUNTS))

    def without_address(self) -> Mapping[str, int]:
        """Return whose digests wait for an address, and how many."""
        return dict(self._rows(_WITHOUT_ADDRESS, no_address=NO_ADDRESS))

    def latest(self, most: int) -> Sequence[Mail]:
        """Return the latest digests without their bodies, the newest first."""
        return [Mail(*row) for row in self._rows(_LATEST, most=most)]

    def starting(self, beginning: str) -> Sequence[Mail]:
        """Return the digests whose id begins so, bodies included; no more than a few."""
        pattern = "".join(f"!{letter}" if letter in "!%_" else letter for letter in beginning)
        return [Mail(*row) for row in self._rows(_STARTING, pattern=f"{pattern}%")]

    def _put_back(
        self, one: Mail, state: str, attempts: int, error: str, later: datetime | None
    ) -> None:
        """Put back what was claimed, unless the lease ran out and somebody else has it now."""
        values = {"to_state": state, "to_attempts": attempts, "to_error": error}
        with self._database.transaction(write=True) as connection:
            self._set(
                connection,
                one,
                _PUT_BACK,
                at_attempts=one.attempts,
                to_next_at=None if later is None else instant(later),
                **values,
            )

    def _set(
        self, connection: Connection, one: Mail, statement: Executable, **values: object
    ) -> None:
        connection.run(statement, **self._with(at_id=one.id, **values))()

    def _rows(self, statement: Executable, **values: object) -> Sequence[Any]:
        with self._database.transaction(write=False) as connection:
            return connection.rows(statement, **self._with(**values))

    def _with(self, **values: object) -> dict[str, Any]:
        return {"program_id": self._program_id, **values}


def _pause(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts."""
    return BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else DAILY


_OF_PROGRAM = mail.c.program_id == bindparam("program_id")
_NOW: BindParameter[Any] = bindparam("now")
_WAITS = and_(_OF_PROGRAM, mail.c.state == WAITING)
_HEAD = (
    mail.c.id,
    mail.c.recipient,
    mail.c.run_date,
    mail.c.subject,
    mail.c.state,
    mail.c.attempts,
    mail.c.made_at,
    mail.c.next_at,
    mail.c.sent_at,
    mail.c.error,
)
# Whoever comes meanwhile takes the next one; on SQLite nobody else writes.
_NEXT: Select[Any] = (
    select(*_HEAD, mail.c.body)
    .where(_WAITS, mail.c.next_at <= _NOW)
    .order_by(mail.c.next_at, mail.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_ONE = update(mail).where(_OF_PROGRAM, mail.c.id == bindparam("at_id"))
_MOVE = _ONE.values(
    state=bindparam("to_state"),
    attempts=bindparam("to_attempts"),
    next_at=bindparam("to_next_at"),
    error=bindparam("to_error"),
)
_PUT_BACK = _MOVE.where(mail.c.state == WAITING, mail.c.attempts == bindparam("at_attempts"))
_SENT = _ONE.values(state=SENT, sent_at=bindparam("sent_at_"), next_at=null(), error=null())
_EXPIRE = (
    update(mail)
    .where(_WAITS, mail.c.made_at < bindparam("before"))
    .values(state=EXPIRED, next_at=null(), error=func.coalesce(mail.c.error, bindparam("error_")))
)
_RELEASE = (
    update(mail)
    .where(
        _OF_PROGRAM,
        mail.c.state == bindparam("at_state"),
        mail.c.made_at >= bindparam("after"),
        or_(mail.c.error.is_(None), mail.c.error != BEING_SENT, mail.c.next_at <= _NOW),
    )
    .values(state=WAITING, next_at=_NOW)
)
_COUNTS = select(mail.c.state, func.count()).where(_OF_PROGRAM).group_by(mail.c.state)
_WITHOUT_ADDRESS = (
    select(mail.c.recipient, func.count())
    .where(_WAITS, mail.c.error == bindparam("no_address"))
    .group_by(mail.c.recipient)
    .order_by(mail.c.recipient)
)
_LATEST: Select[Any] = (
    select(*_HEAD)
    .where(_OF_PROGRAM)
    .order_by(mail.c.made_at.desc(), mail.c.id)
    .limit(bindparam("most"))
)
_STARTING: Select[Any] = (
    select(*_HEAD, mail.c.body)
    .where(_OF_PROGRAM, mail.c.id.like(bindparam("pattern"), escape="!"))
    .order_by(mail.c.id)
    .limit(20)
)
