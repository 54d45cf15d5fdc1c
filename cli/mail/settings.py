"""The table `[mail]` of lifecycle.toml: the mail server, and under which address people get mail.

Addresses stand here and neither in the policy nor on the log, so that a person's can be erased.
Opens no connection and reads no password.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cli.configuration import CONFIGURATION, MAIL, configurations, tables_of
from states.person import folded
from states.problem import InvalidInputError, Problem
from states.schema import read

LONGEST_TIMEOUT = 45
"""Seconds. A dozen answers of a server, each this slow, still come within a digest's lease."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_ADDRESS = re.compile(rf"{_LOCAL}@{_DOMAIN}")
_NAMED = re.compile(rf"(?:[^<>]*<({_LOCAL}@{_DOMAIN})>|({_LOCAL}@{_DOMAIN}))")
_LONGEST = 254
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LAST_PORT = 65_535
_SENDER = "sender"


class Security(StrEnum):
    """How the line to the server is kept private: TLS after the greeting, at once, or not."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class _Table:
    """The keys as they are written; `from`, which Python keeps for itself, is `sender` here."""

    host: str
    sender: str
    port: int | None = None
    security: Security | None = None
    credentials: str | None = None
    ca_file: str | None = None
    timeout: int = 30
    domain: str | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail is sent, as a lifecycle.toml says it.

    `sender` is a bare address, `sender_name` what stands before it; `addresses` is by folded name.
    """

    file: Path
    host: str
    port: int
    security: Security
    sender: str
    sender_name: str
    credentials: Path | None
    ca_file: Path | None
    timeout: int
    domain: str | None
    addresses: Mapping[str, str]

    @property
    def sender_domain(self) -> str:
        """The second half of every Message-ID."""
        return self.sender.rpartition("@")[2].lower()

    @property
    def server(self) -> str:
        """The server as it is told."""
        return f"{self.host}:{self.port}"

    def address_of(self, name: str) -> str | None:
        """Return where somebody gets mail, or None where nothing says."""
        if known := self.addresses.get(folded(name)):
            return known
        address = f"{name}@{self.domain}" if self.domain else ""
        return address if is_address(address) else None


def is_address(text: str) -> bool:
    """Whether a text is a plain address such as anna@example.org."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def mail_settings() -> MailSettings | None:
    """Return what the first lifecycle.toml with a table [mail] says; None where none has one.

    Raises InvalidInputError with everything that is wrong with it.
    """
    return next((found for file in configurations() if (found := settings_of(file))), None)


def needed() -> MailSettings:
    """Return the settings; raises InvalidInputError where there are none, saying how to begin."""
    settings = mail_settings()
    if settings is None:
        looked = " and ".join(map(str, configurations()))
        message = f"no table [mail] says which mail server to use; looked at {looked}"
        hint = (
            f'begin {CONFIGURATION} with: [mail] host = "smtp.example.org", from ='
            ' "lifecycle@example.org", domain = "example.org"; docs/operations.md has it all'
        )
        raise InvalidInputError([Problem("no_mail", message, key=MAIL, hint=hint)])
    return settings


def settings_of(file: Path) -> MailSettings | None:
    """Return what one lifecycle.toml says of mail, if anything; raises InvalidInputError."""
    table = tables_of(file).get(MAIL)
    if table is None:
        return None
    try:
        keys = read(_Table, _with_sender(table))
    except InvalidInputError as error:
        problems = [_placed(problem, file) for problem in error.problems]
        raise InvalidInputError(problems) from error
    if problems := [_placed(problem, file) for problem in _problems(keys)]:
        raise InvalidInputError(problems)
    security = _security(keys)
    return MailSettings(
        file=file,
        host=keys.host,
        port=keys.port or _PORTS[security],
        security=security,
        sender=_bare(keys.sender) or "",
        sender_name=keys.sender.rpartition("<")[0].strip(' "'),
        credentials=_beside(file, keys.credentials),
        ca_file=_beside(file, keys.ca_file),
        timeout=keys.timeout,
        domain=keys.domain,
        addresses={folded(name): address for name, address in keys.addresses.items()},
    )


def on_this_machine(host: str) -> bool:
    """Whether a host is this machine, so that nothing said to it leaves it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _with_sender(table: object) -> Any:  # noqa: ANN401 - whatever the file says
    if not isinstance(table, Mapping):
        return table
    known = {key: value for key, value in table.items() if key not in {"from", _SENDER}}
    renamed = {_SENDER: table["from"]} if "from" in table else {}
    stray = {"from_": table[_SENDER]} if _SENDER in table else {}
    return {**known, **renamed, **stray}


def _placed(problem: Problem, file: Path) -> Problem:
    key = (problem.key or "").replace(_SENDER, "from") if problem.key == _SENDER else problem.key
    allowed = tuple("from" if word == _SENDER else word for word in problem.allowed)
    return replace(problem, file=str(file), key=f"{MAIL}.{key}" if key else MAIL, allowed=allowed)


def _security(keys: _Table) -> Security:
    usual = Security.NONE if on_this_machine(keys.host) else Security.STARTTLS
    return keys.security or usual


def _problems(keys: _Table) -> Iterator[Problem]:
    if not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", keys.host):
        message = f"{keys.host!r} is no name of a server, such as smtp.example.org"
        yield Problem("bad_host", message, key="host")
    if keys.port is not None and not 0 < keys.port <= _LAST_PORT:
        yield Problem("out_of_range", "a port is between 1 and 65535", key="port")
    if not 0 < keys.timeout <= LONGEST_TIMEOUT:
        message = f"between 1 and {LONGEST_TIMEOUT} seconds are expected"
        yield Problem("out_of_range", message, key="timeout")
    if _bare(keys.sender) is None:
        message = f"{keys.sender!r} is no address such as lifecycle@example.org"
        hint = "or with a name: International Relations <lifecycle@example.org>"
        yield Problem("bad_address", message, key=_SENDER, hint=hint)
    if keys.domain is not None and not re.fullmatch(_DOMAIN, keys.domain):
        message = f"{keys.domain!r} is no domain such as example.org"
        yield Problem("bad_domain", message, key="domain")
    if keys.credentials and _security(keys) is Security.NONE and not on_this_machine(keys.host):
        message = "the password would go over the network for everybody to read"
        hint = 'set security = "starttls" or "tls"'
        yield Problem("plain_password", message, key="security", hint=hint)
    yield from _addresses(keys.addresses.items())


def _addresses(pairs: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, address in pairs:
        if not is_address(address):
            message = f"{address!r} is no address such as anna@example.org"
            yield Problem("bad_address", message, key=f"addresses.{name}")
        if seen.setdefault(folded(name), name) != name:
            message = f"{name} and {seen[folded(name)]} are one person's name"
            yield Problem("repeated", message, key=f"addresses.{name}")


def _bare(sender: str) -> str | None:
    """Return the address of a sender without the name before it, or None where it is none."""
    found = _NAMED.fullmatch(sender)
    address = (found[1] or found[2]) if found else ""
    return address if is_address(address) else None


def _beside(file: Path, path: str | None) -> Path | None:
    """Return a path named in a file; one that is not absolute is taken from its folder."""
    return None if path is None else file.parent / Path(path).expanduser()
