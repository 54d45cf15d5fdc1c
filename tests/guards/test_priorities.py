"""Priorities: which of the policy's dated markets and sectors an agreement serves on a day."""

from datetime import date

import pytest

from guards.policy import Priority
from guards.priorities import serves
from tests.builders import complete_agreement, partner_party, policy

SINCE, UNTIL = date(2026, 6, 1), date(2027, 5, 31)
DAY = date(2026, 10, 1)
RULES = policy(
    priorities=(
        Priority("market", "CN"),
        Priority("market", "east-asia"),
        Priority("market", "Andes"),
        Priority("sector", "film", SINCE, UNTIL),
        Priority("theme", "film"),
    ),
    regions={"east-asia": ("CN", "JP")},
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["CN", "east-asia"]),
        ({"markets": ("andes",)}, ["CN", "east-asia", "Andes"]),
        ({"sectors": ("Film", "CN")}, ["CN", "east-asia", "film"]),
        ({"parties": (partner_party(country="JP"),)}, ["east-asia"]),
        ({"parties": (partner_party(country=None),)}, []),
        ({"parties": ()}, []),
    ],
)
def test_market_is_served_by_name_country_or_region_and_sector_by_name(
    changes: dict[str, object], expected: list[str]
) -> None:
    """Whatever the case; a sector's name is no market, and a kind that nobody knows is nothing."""
    found = serves(complete_agreement(**changes), RULES, DAY)
    assert [one.code for one in found] == expected


@pytest.mark.parametrize(
    ("day", "served"),
    [
        (date(2026, 5, 31), False),
        (SINCE, True),
        (UNTIL, True),
        (date(2027, 6, 1), False),
    ],
)
def test_priority_holds_from_its_first_to_its_last_day(day: date, *, served: bool) -> None:
    """Both are included (R12)."""
    found = serves(complete_agreement(sectors=("film",)), RULES, day)
    assert ("film" in [one.code for one in found]) is served
