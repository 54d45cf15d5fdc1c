"""Whether digests can be sent: the settings, the login and who has an address; connects to nothing.

Whether the server takes them, `lifecycle notices test` says.
"""

import os
from collections.abc import Iterator

from cli.configuration import configurations, tables_of
from cli.mail.credentials import PASSWORD, USER, login
from cli.mail.settings import MailSettings, Security, mail_settings, on_this_machine
from cli.mail.transport import Line
from states.problem import InvalidInputError
from store.checks.check import Check, finding, good, note

_NONE = "mail is not set up, so nobody is sent what the nightly check has for them"
_BEGIN = "give lifecycle.toml a table [mail]: docs/operations.md"


def mail() -> Iterator[Check]:
    """Yield whether mail is set up, and rightly."""
    if not _readable():
        return
    settings = mail_settings()
    if settings is None:
        yield note("mail", _NONE, _BEGIN)
        return
    who = login(settings)
    # Takes in the certificates.
    Line(settings, who)
    if who is not None and os.environ.get(USER):
        message = f"{PASSWORD} can be read by every program that you start"
        yield note("mail login", message, "better, a file of mode 0600: mail.credentials")
    elif who is not None:
        yield good("mail login", f"{settings.credentials} is yours alone")
    yield _server(settings)
    if not (settings.domain or settings.addresses):
        message = "nobody has an address, so no digest can be sent"
        fix = f'in {settings.file}: mail.domain = "example.org", or [mail.addresses] NAME = "..."'
        yield finding("mail addresses", message, fix)


def _readable() -> bool:
    """Whether the files can be read at all; what is wrong with them is told as such."""
    try:
        return all(tables_of(file) is not None for file in configurations())
    except (InvalidInputError, OSError):
        return False


def _server(settings: MailSettings) -> Check:
    plain = settings.security is Security.NONE
    how = "without TLS" if plain else f"by {settings.security}"
    said = f"it goes to {settings.server} {how}, from {settings.sender}"
    if plain and not on_this_machine(settings.host):
        message = f"{said}: everybody on the way can read it"
        return note("mail", message, 'set mail.security = "starttls" or "tls"')
    return good("mail", f"{said}; lifecycle notices test ADDRESS tries it")
