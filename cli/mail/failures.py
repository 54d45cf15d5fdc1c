"""What goes wrong on the way to a mail server, each in a sentence that says what to do.

A server's own words are told shortened and on one line; of a login that it refused, only the
number, since some servers answer with what they were given.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cli.mail.settings import MailSettings
from cli.output.text import one_line

_LONGEST = 200
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_PORTS = 'port 465 is security = "tls", port 587 security = "starttls"'


class MailError(Exception):
    """A mail was not sent. `code` names the cause, `hint` says what to do next.

    `of_server` says that it is not this mail's fault, so that no other would fare better.
    """

    def __init__(self, code: str, message: str, hint: str, *, of_server: bool = True) -> None:
        """Keep what is told."""
        self.code, self.message, self.hint, self.of_server = code, message, hint, of_server
        super().__init__(message)


@contextmanager
def told(settings: MailSettings) -> Iterator[None]:
    """Raise MailError for what goes wrong inside the block."""
    try:
        yield
    except (OSError, EOFError) as error:
        raise _mail_error(error, settings) from error


def _mail_error(error: BaseException, settings: MailSettings) -> MailError:
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, OSError):
        # smtplib says of whatever ends a line that the server did it.
        error = error.__context__
    return next(make for kinds, make in _KINDS if isinstance(error, kinds))(error, settings)


def _dns(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401 - as in _KINDS
    message = f"the name {settings.host} is not known here (DNS: {error.strerror})"
    return MailError("dns", message, "see that mail.host is right and that DNS answers")


def _certificate(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    why = one_line(error.verify_message)
    message = f"the certificate of {settings.server} is not trusted: {why}"
    hint = (
        "name the server as its certificate does; if your own authority signed it, mail.ca_file"
        " names that authority's certificate"
    )
    return MailError("certificate", message, hint)


def _tls(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    why = one_line(error.reason or "no answer in TLS")
    return MailError("tls", f"no TLS could be agreed on with {settings.server}: {why}", _PORTS)


def _refused(_error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    message = f"nothing takes mail at {settings.server} (connection refused)"
    return MailError("refused", message, "see that mail.host and mail.port are right")


def _silent(_error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    message = f"{settings.server} did not answer within {settings.timeout} seconds"
    return MailError("timeout", message, f"see that no firewall stands between; {_PORTS}")


def _cut(_error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    hint = f"it is tried again; if it stays so: {_PORTS}"
    return MailError("cut", f"{settings.server} cut the line", hint)


def _not_offered(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    what = "STARTTLS" if "STARTTLS" in str(error) else "login that is known here"
    return MailError("not_offered", f"{settings.server} offers no {what}", _PORTS)


def _login(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    found = _ENHANCED.search(_text(error.smtp_error))
    number = f"{error.smtp_code}{f' {found[0]}' if found else ''}"
    message = f"{settings.server} refused the name or the password ({number})"
    hint = "correct them in LIFECYCLE_SMTP_USER and LIFECYCLE_SMTP_PASSWORD, or in the file that"
    return MailError("login", message, f"{hint} mail.credentials names")


def _recipient(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    said = _said(*next(iter(error.recipients.values())))
    message = f"{settings.server} does not take mail to this address ({said})"
    hint = "correct the address in mail.addresses, or ask who runs the server"
    return MailError("recipient", message, hint, of_server=False)


def _sender(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    said = _said(error.smtp_code, error.smtp_error)
    message = f"{settings.server} does not take mail from {settings.sender} ({said})"
    return MailError("sender", message, "set mail.from to an address that it lets you use")


def _rejected(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    said = _said(error.smtp_code, error.smtp_error)
    message = f"{settings.server} did not take the mail ({said})"
    return MailError("rejected", message, "ask who runs the server", of_server=False)


def _answered(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    if error.smtp_code < 0:
        # What smtplib says where an answer has no number.
        return _protocol(error, settings)
    said = _said(error.smtp_code, error.smtp_error)
    return MailError("answer", f"{settings.server} said no ({said})", "ask who runs the server")


def _protocol(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    if "authentication method" in str(error):
        return _not_offered(error, settings)
    # What smtplib says otherwise may hold what the server was told.
    message = f"{settings.server} does not answer as a mail server does"
    return MailError("protocol", message, _PORTS)


def _unreachable(error: Any, settings: MailSettings) -> MailError:  # noqa: ANN401
    why = one_line(getattr(error, "strerror", None) or error)
    message = f"{settings.server} can't be reached: {why}"
    return MailError("unreachable", message, "see that this machine has a way there")


_Kinds = type[BaseException] | tuple[type[BaseException], ...]
_KINDS: tuple[tuple[_Kinds, Callable[[Any, MailSettings], MailError]], ...] = (
    (smtplib.SMTPServerDisconnected, _cut),
    (smtplib.SMTPNotSupportedError, _not_offered),
    (smtplib.SMTPAuthenticationError, _login),
    (smtplib.SMTPRecipientsRefused, _recipient),
    (smtplib.SMTPSenderRefused, _sender),
    (smtplib.SMTPDataError, _rejected),
    (smtplib.SMTPResponseException, _answered),
    (smtplib.SMTPException, _protocol),
    (socket.gaierror, _dns),
    (ssl.SSLCertVerificationError, _certificate),
    (ssl.SSLEOFError, _cut),
    (ssl.SSLError, _tls),
    (ConnectionRefusedError, _refused),
    (TimeoutError, _silent),
    ((ConnectionError, EOFError), _cut),
    (BaseException, _unreachable),
)
"""What each kind of error is told by; the first that fits. All of smtplib's are OSErrors too."""


def _said(code: int, words: bytes | str) -> str:
    return f"{code} {one_line(_text(words))[:_LONGEST]}".strip()


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
