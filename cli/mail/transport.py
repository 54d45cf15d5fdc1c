"""The line to the mail server: opened when the first mail goes, kept for the next, reopened if cut.

The server's certificate is always verified. Without TLS nothing is sent but to this machine, or
where the settings say so in as many words.
"""

import smtplib
import ssl
from contextlib import suppress
from typing import Self

from cli.mail.credentials import Login
from cli.mail.failures import MailError, told
from cli.mail.settings import MailSettings, Security
from states.problem import InvalidInputError, Problem


class Line:
    """A line to the server; as a context manager it is closed at the end."""

    def __init__(self, settings: MailSettings, login: Login | None) -> None:
        """Take the settings; connects to nothing yet. Raises InvalidInputError."""
        self._settings, self._login = settings, login
        self._context = None if settings.security is Security.NONE else _context(settings)
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Return the line."""
        return self

    def __exit__(self, *_how: object) -> None:
        """Say goodbye, if anybody is there."""
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.quit()
            self._drop()

    def send(self, address: str, mail: bytes) -> None:
        """Send one mail; raises MailError if the server has not said that it took it."""
        try:
            with told(self._settings):
                smtp = self._smtp or self._open()
                smtp.sendmail(self._settings.sender, [address], mail)
        except MailError as error:
            # After a refused address or text the line is good for the next one.
            if error.of_server or self._smtp is None or self._smtp.sock is None:
                self._drop()
            raise

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        place = (settings.host, settings.port)
        if settings.security is Security.TLS:
            self._smtp = smtplib.SMTP_SSL(*place, timeout=settings.timeout, context=self._context)
        else:
            self._smtp = smtplib.SMTP(*place, timeout=settings.timeout)
        self._smtp.ehlo_or_helo_if_needed()
        if settings.security is Security.STARTTLS:
            self._smtp.starttls(context=self._context)
            self._smtp.ehlo_or_helo_if_needed()
        if self._login is not None:
            self._smtp.login(self._login.user, self._login.password)
        return self._smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.close()
        self._smtp = None


def _context(settings: MailSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        message = f"{settings.ca_file} is no file of certificates that can be read"
        problem = Problem("bad_ca", message, str(settings.file), None, "mail.ca_file")
        raise InvalidInputError([problem]) from error
