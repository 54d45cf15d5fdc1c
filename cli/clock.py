"""The one clock of the program, and the day that a sandbox stands at.

A real database goes by the clock. A sandbox goes by `--today`, else by the later of the clock and
its last entry, at the clock's time of day.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import click

from cli.settings import Settings

Clock = Callable[[], datetime]
"""What tells the present instant."""


def utc() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def now(
    settings: Settings, zone: str, *, sandbox: bool, stands_at: date | None, by: Clock = utc
) -> datetime:
    """Return the instant at which this run takes place; refuses `--today` on a real database."""
    clock = by().astimezone(ZoneInfo(zone))
    if settings.today is not None and not sandbox:
        message = "--today is for sandboxes; a real database goes by the clock."
        raise click.UsageError(message)
    if not sandbox:
        return clock.astimezone(UTC)
    staged = settings.today or max(clock.date(), stands_at or date.min)
    return datetime.combine(staged, clock.timetz()).astimezone(UTC)


def day(settings: Settings, zone: str, *, sandbox: bool, stands_at: date | None) -> date:
    """Return the day on which this run takes place, in the program's time zone."""
    moment = now(settings, zone, sandbox=sandbox, stands_at=stands_at)
    return moment.astimezone(ZoneInfo(zone)).date()


def going_on(began: datetime) -> Clock:
    """Return a clock that goes on from where a run began, which a sandbox sets at will."""
    ahead = began - utc()
    return lambda: utc() + ahead
