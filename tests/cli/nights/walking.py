"""A walk through the days of a time zone: the scheduler's look, a passed-in clock, restarts.

The service is begun anew at random, is down for days, and is told to stop in the middle of a night.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cli.runs.scheduler import Service, look
from cli.settings import Settings

HOUR = 1
_STEPS = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 180, 360, 540))
_QUARTER = timedelta(minutes=15)
_MOST_DAYS_DOWN = 9


@dataclass(slots=True)
class Walk:
    """A service in its place and time; `up` are the local days on which it had its hour."""

    url: str
    zone: ZoneInfo
    now: datetime
    chance: random.Random
    up: list[date] = field(default_factory=list)
    looks: int = 0
    starts: int = 0
    stops: int = 0
    days_down: int = 0

    @property
    def local(self) -> datetime:
        """Tell the local time."""
        return self.now.astimezone(self.zone)

    def go(self, days: int) -> None:
        """Walk on for so many days."""
        end = self.now + timedelta(days=days)
        service = self._begin()
        while self.now < end:
            self._look(service)
            if self.chance.random() < 0.1:
                service = self._begin()
            self.now += self._step()
            if self.chance.random() < 0.002:
                down = self.chance.randint(1, _MOST_DAYS_DOWN)
                self.days_down += down
                self.now += timedelta(days=down)

    def _begin(self) -> Service:
        self.starts += 1
        return Service(Settings(db=self.url, as_name="system"), clock=lambda: self.now)

    def _look(self, service: Service) -> None:
        """Look; now and then it is told to stop, and the next look does the rest."""
        self.looks += 1
        local = self.local
        owed = local.hour >= HOUR and local.date() not in self.up[-1:]
        if owed and self.chance.random() < 0.1:
            self.stops += 1
            countdown = iter(range(self.chance.randint(1, 4), 0, -1))
            stopping = Service(
                service.settings, clock=lambda: self.now, stop=lambda: next(countdown, 0) == 0
            )
            assert look(stopping) in {0, 3}
        assert look(service) == 0
        if owed:
            self.up.append(local.date())

    def _step(self) -> timedelta:
        """Go a quarter of an hour where the clocks are about to change, else as it comes."""
        ahead = (self.now + timedelta(hours=30)).astimezone(self.zone)
        if ahead.utcoffset() != (self.now - timedelta(hours=3)).astimezone(self.zone).utcoffset():
            return _QUARTER
        return self.chance.choice(_STEPS)


def changes(zone: ZoneInfo, first: date, days: int) -> Iterator[date]:
    """Yield the local days on which clocks change, and the one on which February has 29 days."""
    for number in range(days):
        day = first + timedelta(days=number)
        noons = [
            datetime(one.year, one.month, one.day, 12, tzinfo=UTC).astimezone(zone).utcoffset()
            for one in (day - timedelta(days=1), day)
        ]
        if noons[0] != noons[1]:
            yield day
        if (day.month, day.day) == (2, 29):
            yield day
