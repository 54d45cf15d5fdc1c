"""The login at the mail server: from the environment, or from a file that nobody else can read.

Never from the command line, where everybody who lists the processes reads it, and never told.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cli.mail.settings import MailSettings, Security, on_this_machine
from states.problem import InvalidInputError, Problem
from states.schema import read
from store.documents import read_toml

USER, PASSWORD = "LIFECYCLE_SMTP_USER", "LIFECYCLE_SMTP_PASSWORD"

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MOST = 65_536
_EXAMPLE = 'it has two lines: user = "..." and password = "..."'


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password; the password is in no text that is made of this."""

    user: str
    password: str = field(repr=False)


def login(settings: MailSettings, environ: Mapping[str, str] = os.environ) -> Login | None:
    """Return the login to use, or None where none is named; the environment comes first.

    Raises InvalidInputError.
    """
    found = _from_environment(settings, environ) or _from_file(settings.credentials)
    if found is not None and not (found.user + found.password).isascii():
        message = "the name or the password has letters beside those of ASCII, which can't be sent"
        raise InvalidInputError([Problem("not_ascii", message, hint="choose another password")])
    return found


def _from_environment(settings: MailSettings, environ: Mapping[str, str]) -> Login | None:
    user, password = environ.get(USER), environ.get(PASSWORD)
    if not (user or password):
        return None
    if not (user and password):
        there, lacking = (USER, PASSWORD) if user else (PASSWORD, USER)
        message = f"{there} is set and {lacking} is not; it takes both"
        raise InvalidInputError([Problem("missing_key", message, key=lacking)])
    if settings.security is Security.NONE and not on_this_machine(settings.host):
        message = "the password would go over the network for everybody to read"
        hint = 'set security = "starttls" or "tls"'
        problem = Problem("plain_password", message, str(settings.file), None, "mail.security")
        raise InvalidInputError([replace(problem, hint=hint)])
    return Login(user, password)


def _from_file(path: Path | None) -> Login | None:
    if path is None:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        message = f"it can't be read: {error.strerror}"
        hint = f"make it yours and nobody else's (chmod 600); {_EXAMPLE}"
        problem = Problem("unreadable", message, str(path), hint=hint)
        raise InvalidInputError([problem]) from error
    try:
        _refuse_open(path, os.fstat(descriptor))
        data = os.read(descriptor, _MOST)
    finally:
        os.close(descriptor)
    try:
        return read(Login, read_toml(data, str(path)), file=str(path))
    except InvalidInputError as error:
        # Nothing of what was read is told: it may be a password.
        problems = (replace(one, hint=_EXAMPLE) for one in error.problems)
        raise InvalidInputError(map(_untold, problems)) from None


def _refuse_open(path: Path, found: os.stat_result) -> None:
    """Raise InvalidInputError for a file that others can read or write, or that is none."""
    if not stat.S_ISREG(found.st_mode):
        raise InvalidInputError([Problem("unreadable", "it is not a file", str(path))])
    if found.st_uid not in {os.geteuid(), 0}:
        message = "it belongs to somebody else, who can change it"
        raise InvalidInputError([Problem("not_yours", message, str(path))])
    if found.st_mode & _OTHERS:
        mode = stat.S_IMODE(found.st_mode)
        message = f"it holds a password and is open to others (mode {mode:04o})"
        problem = Problem("too_open", message, str(path), hint=f"chmod 600 {path}")
        raise InvalidInputError([problem])


def _untold(problem: Problem) -> Problem:
    if problem.code in {"missing_key", "wrong_type"}:
        return problem
    return replace(problem, message="this is not what it is to hold", key=None, allowed=())
