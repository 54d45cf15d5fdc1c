"""The order of the examination: the program, time, the machine, the settings, the database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from cli.configuration import configurations
from cli.database import place
from cli.doctor import configuration, machine, mail, packages, sealing
from cli.settings import Settings
from store.checks import Check, checks, zones
from store.checks.check import looked


def examination(settings: Settings) -> Iterator[Check]:
    """Yield everything that is found; one look that fails does not end the others."""
    now = datetime.now(UTC)
    yield from looked("package names", packages.own_names)
    yield from looked("python", packages.python)
    yield from looked("packages", packages.packages)
    yield from looked("time-zone data", lambda: zones.data(now))
    yield from looked("clock of the machine", lambda: machine.clock(now))
    yield from looked("account", machine.account)
    yield from looked("text", machine.text)
    yield from looked("editor", machine.editing)
    yield from looked("state", configuration.state)
    for path in configurations():
        yield from looked("settings", partial(configuration.file, path))
    yield from looked("mail", mail.mail)
    yield from looked("password", lambda: configuration.password(settings))
    yield from looked("place", lambda: _database(settings, now))


def _database(settings: Settings, now: datetime) -> Iterator[Check]:
    where = place(settings)
    yield from configuration.place(where)
    found = list(checks(where.url, where.program, deep=False, now=now))
    yield from found
    if any(check.name == "program" and check.ok for check in found):
        look = partial(sealing.keys, settings, where.url, where.program)
        yield from looked(sealing.NAME, look)
