"""Whether a night is owed: one a local date, from its hour on, whatever clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lifecycle.alarm import is_owed

QUARTER = timedelta(minutes=15)


def looks(zone: str, first: datetime, last: datetime, hour: int = 1) -> list[datetime]:
    """Return at which local times a scheduler that looks every quarter of an hour runs."""
    done: date | None = None
    at, ran = first, []
    while at <= last:
        local = at.astimezone(ZoneInfo(zone))
        if is_owed(done, local, hour):
            done = local.date()
            ran.append(local)
        at += QUARTER
    return ran


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 23])
@pytest.mark.parametrize(
    ("zone", "month"),
    [
        ("America/Toronto", 3),
        ("America/Toronto", 11),
        ("Europe/Berlin", 3),
        ("Europe/Berlin", 10),
        ("Pacific/Honolulu", 3),
        ("Asia/Kathmandu", 1),
        ("Pacific/Apia", 12),
    ],
)
def test_each_local_date_is_done_once_whatever_the_clocks_do(
    zone: str, month: int, hour: int
) -> None:
    """Also on nights with an hour too many or too few, and for zones that are off by minutes."""
    first = datetime(2026, month, 1, tzinfo=UTC)
    ran = looks(zone, first, first + timedelta(days=40), hour)
    days = [local.date() for local in ran]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) >= 39
    for local in ran[1:]:
        assert timedelta(hours=hour) <= timedelta(hours=local.hour, minutes=local.minute)
        assert local.hour <= hour + 1


def test_a_date_that_a_zone_leaves_out_is_nobodys() -> None:
    """Apia went from 29 to 31 December 2011 over night."""
    first = datetime(2011, 12, 28, 12, tzinfo=UTC)
    days = [local.date() for local in looks("Pacific/Apia", first, first + timedelta(days=5))]
    assert date(2011, 12, 30) not in days
    assert {date(2011, 12, 29), date(2011, 12, 31)} <= set(days)


def test_a_night_that_was_missed_is_owed_at_once() -> None:
    """Whoever comes up in the afternoon does not wait for the next night."""
    assert is_owed(date(2026, 5, 1), datetime(2026, 5, 2, 16, tzinfo=UTC))
    assert is_owed(None, datetime(2026, 5, 2, 16, tzinfo=UTC))
    assert not is_owed(None, datetime(2026, 5, 2, 0, 59, tzinfo=UTC))
    assert not is_owed(date(2026, 5, 2), datetime(2026, 5, 2, 16, tzinfo=UTC))


def test_a_day_to_come_is_looked_into_unless_it_is_about_to() -> None:
    """A clock that was ahead is told of; two hosts whose clocks differ a little are not."""
    assert is_owed(date(2026, 5, 3), datetime(2026, 5, 2, 16, tzinfo=UTC))
    assert not is_owed(date(2026, 5, 3), datetime(2026, 5, 2, 23, 30, tzinfo=UTC))
