"""400 days in five time zones: what is due comes once, on its own local date, and never early.

The days have two changes of the clocks where there are any, a 29 February, and in Apia a date that
never was: at the end of 29 December 2011 it went to the other side of the date line.
"""

import json
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lifecycle.appointing import appoint
from lifecycle.entry import Actor
from lifecycle.order import Order
from lifecycle.takeover import take_over
from states.roles import RoleChange
from store.creating import create_store
from tests import figures
from tests.cli.nights.dates import Planned, done_on, notices_of, planned
from tests.cli.nights.traces import findings
from tests.cli.nights.walking import Walk, changes
from tests.hands import CITY
from tests.stage import policy_file
from tests.store.raw import query

CAMPAIGN = "{} days in {}"
NEVER = date(2011, 12, 30)
"""The date that Apia never had."""

_SHORT = ("America/Toronto", datetime(2028, 3, 1, 17, tzinfo=UTC), 20, 2)
"""With a change of the clocks in it, a night that is stopped, and nine days down."""
_LEAP = datetime(2027, 9, 15, 17, tzinfo=UTC)
_LONG = {
    "America/Toronto": _LEAP,
    "Europe/Berlin": _LEAP,
    "Pacific/Honolulu": _LEAP,
    "Asia/Kathmandu": _LEAP,
    "Pacific/Apia": datetime(2011, 9, 10, 17, tzinfo=UTC),
}
WALKS = [
    pytest.param(*_SHORT, id="20 days in Toronto"),
    *(
        pytest.param(zone, first, 400, 1, id=f"400 days in {zone}", marks=pytest.mark.reliability)
        for zone, first in _LONG.items()
    ),
]


def city(url: str, zone: str, first: datetime, portfolio: list[Planned]) -> list[int]:
    """Found a city with a portfolio and people; returns the keys in the portfolio's order."""
    types = {"mou": {"review_months": 24}}
    policy = policy_file(
        {"program": {"time_zone": zone}, "cap": {"at_most": 10_000}, "types": types}
    )
    admin = Order(actor=Actor("admin", "asserted"), now=first)
    store = create_store(url, admin, policy, sandbox=False, admin="admin")
    with store.unit() as unit:
        for name, role in CITY:
            appoint(unit, admin, RoleChange(name, role, granted=True))
        staff = Order(actor=Actor("anna", "asserted"), now=first)
        for one in portfolio:
            receipt = take_over(unit, staff, one.document, one.state)
            assert not receipt.refused
    store.close()
    return [row[0] for row in query(url, "SELECT key FROM agreement ORDER BY key")]


@pytest.mark.parametrize(("zone", "first", "days", "usual"), WALKS)
def test_each_due_date_comes_once_and_on_its_local_date(
    tmp_path: Path, zone: str, first: datetime, days: int, usual: int
) -> None:
    """Though the service is begun anew, is down for days, and is stopped in the middle."""
    seed, url = figures.first_seed(usual), str(tmp_path / "city.db")
    place = ZoneInfo(zone)
    entered = first.astimezone(place).date()
    special = [*changes(place, entered, days), *([NEVER] if zone == "Pacific/Apia" else [])]
    portfolio = list(planned(entered, days, [day for day in special if day > entered], seed))
    keys = city(url, zone, first, portfolio)
    walk = Walk(url, place, first, random.Random(seed))  # noqa: S311 - of a test
    with figures.measured(
        CAMPAIGN.format(days, zone),
        database=figures.version_of(url),
        seed=seed,
        rounds=days,
        of="days",
    ) as counts:
        walk.go(days)
        for name in ("looks", "starts", "stops", "days_down"):
            counts[name] = getattr(walk, name)
        assert nights(url) == Counter(walk.up)
        found, given = moves(url, place), notices(url)
        for key, one in zip(keys, portfolio, strict=True):
            wanted = moves_of(one, walk.up)
            assert found.get(key, []) == wanted, one.document
            counts["transitions_once_and_on_their_date"] += len(wanted)
            for rule, item, due in one.told:
                told = given.get((key, rule, item, due), [])
                assert told == notices_of(rule, due, walk.up), (one.document, rule)
                counts["notices_once_and_on_their_date"] += len(told)
        everything = [(due, one) for (*_, due), many in given.items() for one in many]
        assert all(day in walk.up for _due, (_threshold, day) in everything)
        assert all(day >= due + timedelta(days=threshold) for due, (threshold, day) in everything)
        counts["notices_of_all_rules_none_early"] = len(everything)
        assert findings(url, replayed=True) == 0


def moves_of(one: Planned, up: list[date]) -> list[tuple[str, date, date]]:
    """Return the moves of an agreement: by which trigger, as of which day, done on which."""
    days = [(trigger, due, done_on(due, up)) for trigger, due in one.moves]
    return [(trigger, due, day) for trigger, due, day in days if day]


def moves(url: str, zone: ZoneInfo) -> dict[int, list[tuple[str, date, date]]]:
    """Return each agreement's moves as its log has them; the last is the local day of writing."""
    found: dict[int, list[tuple[str, date, date]]] = {}
    for stream, text in query(url, "SELECT stream, line FROM entry WHERE stream > 0 AND n > 1"):
        line = json.loads(text)
        assert (line["outcome"], line["due"]) == ("ok", line["effective_on"])
        day = datetime.fromisoformat(line["recorded_at"]).astimezone(zone).date()
        move = (line["trigger"], date.fromisoformat(line["effective_on"]), day)
        found.setdefault(stream, []).append(move)
    return found


def notices(url: str) -> dict[tuple[int, str, str, date], list[tuple[int, date]]]:
    """Return at which thresholds people were told of each date, and when; told by a digest."""
    found: dict[tuple[int, str, str, date], list[tuple[int, date]]] = {}
    rows = query(
        url,
        "SELECT key, rule, item, due, threshold, given_on, digest FROM notice ORDER BY threshold",
    )
    for key, rule, item, due, threshold, given_on, digest in rows:
        assert digest
        at = (key, rule, item, date.fromisoformat(due))
        found.setdefault(at, []).append((threshold, date.fromisoformat(given_on)))
    return found


def nights(url: str) -> Counter[date]:
    """Return how often a night was completed for each date."""
    rows = query(url, "SELECT run_date FROM run WHERE outcome = 'completed'")
    return Counter(date.fromisoformat(row[0]) for row in rows)
