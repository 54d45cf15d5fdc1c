"""What `lifecycle notices test` does: takes the way of digests, and tells how far it came."""

import os
import secrets
from datetime import UTC, datetime

from cli.mail.credentials import Login, login
from cli.mail.failures import MailError
from cli.mail.message import composed, message_id
from cli.mail.settings import MailSettings, is_address, needed
from cli.mail.transport import Line
from cli.output.shapes import json_text
from cli.output.streams import out, out_data, style, width
from cli.output.text import paragraphs
from cli.settings import Settings
from lifecycle.entry import instant
from states.problem import InvalidInputError, Problem
from store.outbox import SENT, Mail

NOT_SENT = 1

_CODE = "test"


def send_test(settings: Settings, address: str) -> int:
    """Send one message to an address; returns the exit code."""
    if not is_address(address):
        message = f"{address!r} is no address such as anna@example.org"
        raise InvalidInputError([Problem("bad_address", message, key="ADDRESS")])
    how = needed()
    who = login(how)
    mail = _message()
    failure: MailError | None = None
    try:
        with Line(how, who) as line:
            line.send(address, composed(how, mail, address, _CODE))
    except MailError as error:
        failure = error
    _tell(settings, address, how, who, message_id(how, mail.id, _CODE), failure)
    return 0 if failure is None else NOT_SENT


def _message() -> Mail:
    now, host = datetime.now(UTC), os.uname().nodename
    body = (
        f"This is a test message of lifecycle on {host}, sent because somebody typed\n"
        "lifecycle notices test. Digests take the same way.\n"
    )
    name = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    subject = f"Test message of lifecycle on {host}"
    at = instant(now)
    return Mail(name, "", at[:10], subject, SENT, 1, at, None, at, None, body)


def _tell(  # noqa: PLR0917 - what is told
    settings: Settings,
    address: str,
    how: MailSettings,
    who: Login | None,
    name: str,
    failure: MailError | None,
) -> None:
    if settings.json:
        error = failure and {
            "code": failure.code,
            "message": failure.message,
            "hint": failure.hint,
        }
        shape = {"sent": failure is None, "address": address, "server": how.server}
        shape |= {"security": how.security, "login": who is not None}
        out_data(json_text({**shape, "message_id": name, "error": error}))
        return
    if failure is not None:
        head = paragraphs(f"Not sent: {failure.message}.", width(), first="✗ ")
        hint = paragraphs(f"{failure.hint}.", width(), first="  to do: ")
        out(f"{style(head, fg='red')}\n{hint}\n")
        return
    private = "without TLS" if how.security == "none" else f"by {how.security}"
    by = f"{private}, {'logged in' if who else 'without a login'}"
    said = f"{how.server} took the message to {address} ({by}). Its Message-ID is {name}"
    out(f"{style(paragraphs(said, width(), first='✓ '), fg='green')}\n")
