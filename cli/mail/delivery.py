"""Delivers what waits in the outbox: after each nightly check, and whenever somebody asks for it.

Nothing that goes wrong here makes a check fail: a digest that is not sent waits, and is told of.
In a sandbox nothing is sent, whatever is configured. smtplib is imported when a digest is due.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from cli.bugs import written_down
from cli.mail.settings import MailSettings, mail_settings
from cli.session import Session
from lifecycle.errors import StoreError
from states.problem import InvalidInputError
from store.outbox import FAILED, HELD, WAITING, Mail, Outbox

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from cli.mail.transport import Line

SANDBOX, NOT_SET_UP, NOT_TRIED = "sandbox", "not_set_up", "not_tried"

_IN_A_ROW = 3
"""After how many failures of the server in a row the others wait for the next round."""

_LONGEST = 600.0
"""Seconds that one round may take; what is left waits for the next one."""


@dataclass(slots=True)
class Delivery:
    """What one round came to.

    `sent` and `failed` count digests of this round: taken by the server, or not. `waiting` counts
    what waits now, `unaddressed` how much of it for an address, and `people` are whose. `gone`
    counts what was given up or grew too old in this round. `reason` says why nothing was tried, if
    nothing was, and `error` what went wrong last.
    """

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    unaddressed: int = 0
    held: int = 0
    gone: int = 0
    people: tuple[str, ...] = ()
    reason: str | None = None
    error: str | None = None
    hint: str | None = field(default=None, repr=False)

    @property
    def whole(self) -> bool:
        """Whether nothing is left to send."""
        return not (self.waiting or self.failed or self.gone or self.error)


def deliver(
    session: Session,
    log: "FilteringBoundLogger",
    *,
    stopped: Callable[[], bool] = lambda: False,
    again: bool = False,
) -> Delivery:
    """Send what is due; raises nothing of what mail servers, settings and databases may do.

    `stopped` is asked before each digest; the ones left wait for the next round. With `again`
    nothing was written since the last round, and what it left waiting is not logged once more.
    """
    this = _Round(session, log, stopped)
    this.again = again
    done = this.done
    try:
        this.run()
    except InvalidInputError as error:
        problem = error.problems[0]
        where = ", ".join(part for part in (problem.file, problem.key) if part)
        done.reason, done.hint = NOT_TRIED, problem.hint
        done.error = f"{where}: {problem.message}" if where else problem.message
        log.warning("mail settings are wrong", key=problem.key, code=problem.code)
    except StoreError as error:
        done.error, done.hint = error.message, error.hint
        log.warning("outbox failed", code=error.code)
    except OSError as error:
        done.error = f"{error.filename or 'mail'}: {error.strerror or error}"
        log.warning("mail failed", error=type(error).__name__)
    return done


class _Round:
    """One round: what it works with, and what it came to so far."""

    def __init__(
        self, session: Session, log: "FilteringBoundLogger", stopped: Callable[[], bool]
    ) -> None:
        self.session, self.log, self.stopped = session, log, stopped
        self.outbox = Outbox(session.store)
        self.done = Delivery()
        self.again = False

    def run(self) -> None:
        """Let expire what is too old, send what is due, and count what is left."""
        done = self.done
        done.gone = self.outbox.expire(self.session.now)
        if done.gone:
            self.log.warning("mail expired", digests=done.gone)
        try:
            self._try()
        finally:
            self._count()
        if self.again and not (done.sent or done.failed):
            return
        if done.reason == NOT_SET_UP and done.waiting:
            self.log.warning("mail not set up", waiting=done.waiting)
        elif done.reason is None and (done.sent or done.waiting or done.failed):
            counts = {"sent": done.sent, "waiting": done.waiting, "failed": done.failed}
            self.log.info("mail delivered", **counts, unaddressed=done.unaddressed)

    def _try(self) -> None:
        if self.session.store.program.sandbox:
            self.done.reason = SANDBOX
        elif (settings := mail_settings()) is None:
            self.done.reason = NOT_SET_UP
        else:
            self._send_all(settings)

    def _count(self) -> None:
        counts, missing = self.outbox.counts(), self.outbox.without_address()
        self.done.waiting, self.done.held = counts.get(WAITING, 0), counts.get(HELD, 0)
        self.done.unaddressed, self.done.people = sum(missing.values()), tuple(missing)

    def _send_all(self, settings: MailSettings) -> None:
        from cli.mail.credentials import login
        from cli.mail.transport import Line

        began, until, in_a_row = _now(), monotonic() + _LONGEST, 0
        with Line(settings, login(settings)) as line:
            while in_a_row < _IN_A_ROW and monotonic() < until and not self.stopped():
                mail = self.outbox.claim(_now(), due=began)
                if mail is None:
                    return
                in_a_row = in_a_row + 1 if self._send(line, settings, mail) else 0

    def _send(self, line: "Line", settings: MailSettings, mail: Mail) -> bool:
        """Send one digest; returns whether the server failed, and not this digest alone."""
        from cli.mail.failures import MailError
        from cli.mail.message import composed

        address = settings.address_of(mail.recipient)
        if address is None:
            self.outbox.unaddressed(mail, _now())
            self.log.warning("mail has no address", mail=mail.id)
            return False
        try:
            line.send(address, composed(settings, mail, address, self.session.code))
        except MailError as error:
            self._not_sent(mail, error.code, error.message, error.hint)
            return error.of_server
        except Exception as error:  # noqa: BLE001 - one digest's fault must not keep the others
            message = f"this is a bug in the program: {type(error).__name__}"
            where = written_down(error, self.session.settings)
            self._not_sent(mail, "bug", message, where and f"the details are in {where}")
            return True
        self.outbox.sent(mail, _now())
        self.done.sent += 1
        return False

    def _not_sent(self, mail: Mail, code: str, message: str, hint: str | None) -> None:
        state = self.outbox.failed(mail, message, _now())
        self.done.failed += 1
        self.done.gone += state == FAILED
        self.done.error, self.done.hint = message, hint
        # Not the server's words: they may name an address, and a log can't be made to forget.
        self.log.warning("mail not sent", mail=mail.id, code=code, state=state)


def _now() -> datetime:
    return datetime.now(UTC)
