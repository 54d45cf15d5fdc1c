"""What others held when a line was written is worked out again, as closely as it can be known."""

from datetime import timedelta

import pytest

from states.records import Record
from states.vocabulary import State, Trigger
from tests.builders import DORA, ERIN, START
from tests.conftest import Staging
from tests.forging import both, denied, forged, guard, moved
from tests.stage import PATHS, codes, policy_file, with_cap

pytestmark = pytest.mark.sqlite
"""Forged is what was read; where it was read from makes no difference."""

A_DAY = timedelta(days=1)
IN_FORCE = ["active", "evaluation", "renewal"]
ACTIVATED = moved(State.ACTIVE)
SIGNED = moved(State.SIGNED)
REFUSED = denied()


def limited(per: str) -> bytes:
    """Return a policy that lets one agreement a year, country, region or program be in force."""
    limit = {"code": "one", "at_most": 1, "per": per, "types": [], "states": IN_FORCE}
    regions = {"asia": ["CN", "JP"]} if per == "region" else {}
    return policy_file({"limits": [limit], "regions": regions, "projects_per_year": None})


@pytest.mark.parametrize("per", ["program", "country", "region", "year"])
def test_limit_that_was_reached_is_known_again(staged: Staging, per: str) -> None:
    """A refusal made an activation is found, and so is the activation made a refusal."""
    city = staged(limited(per), sandbox=False).with_people()
    first = city.on(city.day + A_DAY).reach(State.ACTIVE)
    second = city.on(city.day + A_DAY).along(PATHS[State.SIGNED])
    receipt = city.on(city.day + A_DAY).advance(second, Trigger.ACTIVATE)
    assert receipt.refused
    assert city.verify() == []
    freed = both(guard("cap_available", "met"), ACTIVATED)
    full = both(guard("cap_available", "unmet:limit.one"), REFUSED)
    for ref, n, change in ((second, receipt.n, freed), (first, city.standing(first).n, full)):
        found = [(one.stream, one.code) for one in forged(city, {(ref, n): change})]
        assert (str(ref), "guard.differs") in found


def test_place_of_who_was_ended_is_free_again(staged: Staging) -> None:
    """What counts is who held a place on that day, neither earlier nor later."""
    city = staged(with_cap(1), sandbox=False).with_people()
    first = city.on(city.day + A_DAY).reach(State.ACTIVE)
    second = city.on(city.day + A_DAY).along(PATHS[State.SIGNED])
    for trigger in (Trigger.TERMINATE, Trigger.SUNSET):
        city.on(city.day + A_DAY).pull(first, trigger)
    city.on(city.day + A_DAY).pull(second, Trigger.ACTIVATE)
    city.on(city.day + A_DAY).voided(second)
    third = city.on(city.day + A_DAY).reach(State.ACTIVE)
    assert city.verify() == []
    n = city.standing(third).n
    assert len(forged(city, {(third, n): guard("cap_available", "warned:cap.full")})) == 1


def test_budget_that_others_had_used_up_is_known_again(staged: Staging) -> None:
    """Of two that commit 60,000 each, one fits; the other's refusal made a signature is found."""
    policy = policy_file({"program": {"budget": {"2027": 100_000}}})
    city = staged(policy, sandbox=False).with_people()
    city.on(city.day + A_DAY).reach(State.SIGNED)
    second = city.on(city.day + A_DAY).reach(State.NEGOTIATION)
    receipt = city.advance(second, Trigger.SIGN)
    assert codes(receipt) == ["budget.exceeded"]
    city.reach(State.PROPOSAL)
    assert city.verify() == []
    signed = both(guard("resourced", "met"), SIGNED)
    (found,) = forged(city, {(second, receipt.n): signed})
    assert "judged again it is unmet (budget.exceeded)" in found.message


def test_projects_that_others_began_are_known_again(staged: Staging) -> None:
    """A focus on one project a year lets one begin, and warns or refuses the next."""
    city = staged(policy_file({"projects_per_year": 1}), sandbox=False).with_people()
    city.on(city.day + A_DAY).reach(State.ACTIVE)
    second = city.on(city.day + A_DAY).along(PATHS[State.SIGNED])
    receipt = city.on(city.day + A_DAY).advance(second, Trigger.ACTIVATE)
    assert "projects.too_many" in codes(receipt)
    assert city.verify() == []
    (found,) = forged(city, {(second, receipt.n): guard("project_focus", "met")})
    assert "judged again it is" in found.message


def test_what_was_written_close_by_may_have_come_before_or_after(staged: Staging) -> None:
    """Of two that ask for one place within the hour, either may have been the first."""
    city = staged(with_cap(1), sandbox=False).with_people()
    refs = [city.on(city.day + A_DAY).along(PATHS[State.SIGNED]) for _ in range(2)]
    city.on(START)
    receipts = [city.advance(ref, Trigger.ACTIVATE) for ref in refs]
    assert [receipt.refused for receipt in receipts] == [False, True]
    swapped = {
        (refs[0], receipts[0].n): both(guard("cap_available", "unmet:cap.full"), REFUSED),
        (refs[1], receipts[1].n): both(guard("cap_available", "met"), ACTIVATED),
    }
    assert forged(city, swapped) == []
    assert forged(city, {(refs[0], receipts[0].n): guard("cap_available", "off")}) != []


def test_clock_that_was_set_back_leaves_open_what_came_first(staged: Staging) -> None:
    """What was recorded while it was ahead may have come before or after what followed."""
    city = staged(with_cap(1), sandbox=False).with_people()
    refs = [city.on(city.day + A_DAY).along(PATHS[State.SIGNED]) for _ in range(2)]
    city.on(START + 9 * A_DAY).advance(refs[0], Trigger.ACTIVATE)
    city.record(refs[0], Record("note", START, "The clock is ahead."))
    city.on(START)
    city.record(refs[0], Record("note", START, "The clock is right."))
    receipt = city.advance(refs[1], Trigger.ACTIVATE)
    assert receipt.refused
    assert city.verify() == []


def test_history_of_an_adoption_is_that_of_its_day(staged: Staging) -> None:
    """A policy that counts otherwise moves every place, also of what keeps another policy."""
    city = staged(with_cap(1), sandbox=False).with_people()
    refs = [city.on(city.day + A_DAY).along(PATHS[State.SIGNED]) for _ in range(3)]
    waiting = city.on(city.day + A_DAY).reach(State.DECISION)
    city.on(START).advance(refs[0], Trigger.ACTIVATE)
    wide = with_cap(1, in_flight="new", cap={"at_most": 2, "states": ["active"]})
    city.on(city.day + A_DAY)
    for who in (DORA, ERIN):
        city.adopt(wide, actor=who)
    city.on(city.day + A_DAY)
    assert not city.advance(refs[1], Trigger.ACTIVATE).refused
    assert city.on(city.day + A_DAY).advance(refs[2], Trigger.ACTIVATE).refused
    city.pull(waiting, Trigger.ACCEPT)
    assert city.verify() == []
