"""What differs between two policies: by key path, entries by code, as both mean it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guards.policy import (
    Attachments,
    Body,
    Cap,
    Condition,
    Criteria,
    Criterion,
    Deadlines,
    Limit,
    Policy,
    Priority,
    TermYears,
    Vocabulary,
    Waivers,
)
from guards.policy_diff import GROUPS, policy_changes
from states.vocabulary import Role, Severity, State, Trigger
from tests.builders import policy, policy_with_type, program, shipped

NAMES = ("toronto-2005", "toronto-2018", "toronto-2024")
ONE, TWO = Limit("one", 1, per="country"), Limit("two", 2)
COUNCIL, MAYOR = Body("City Council"), Body("Mayor")
MARKET = Priority("market", "JP")
Keys = list[tuple[str, str, Any, Any]]


def changes(before: Policy, after: Policy) -> Keys:
    """Return group, key and both values of every difference."""
    return [(c.group, c.key, c.before, c.after) for c in policy_changes(before, after)]


def changed(**keys: Any) -> Keys:  # noqa: ANN401 - any key of the policy
    """Return what differs once some keys of Toronto's policy are others."""
    return changes(policy(), policy(**keys))


@pytest.mark.parametrize("name", NAMES)
def test_policy_differs_in_nothing_from_itself(name: str) -> None:
    """Reading the same file twice gives the same rules."""
    assert not changes(shipped(name), shipped(name))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            {"program": program(leap_day="march-1")},
            ("program", "program.leap_day", "february-28", "march-1"),
        ),
        ({"cap": Cap(12)}, ("cap", "cap.at_most", 10, 12)),
        ({"cap": None}, ("cap", "cap", policy().cap, None)),
        ({"projects_per_year": None}, ("limits", "projects_per_year", 2, None)),
        (
            {"deadlines": Deadlines(decision_days=None)},
            ("deadlines", "deadlines.decision_days", 180, None),
        ),
        ({"approval_days": 30}, ("deadlines", "approval_days", 90, 30)),
        ({"signs_up_to": Decimal(500)}, ("bodies", "signs_up_to", None, Decimal(500))),
        ({"in_flight": "new"}, ("other", "in_flight", "keep", "new")),
        (
            {"attachments": Attachments(at_most=5)},
            ("other", "attachments.at_most", 50, 5),
        ),
        (
            {"waivers": Waivers(by=Role.STAFF)},
            ("guards", "waivers.by", Role.DECIDER, Role.STAFF),
        ),
        (
            {"regions": {"asia": ("CN", "JP")}},
            ("limits", "regions.asia", None, ("CN", "JP")),
        ),
        (
            {"program": program(budget={"2017": Decimal(900_001)})},
            ("program", "program.budget.2017", Decimal(900_000), Decimal(900_001)),
        ),
        (
            {"vocabulary": Vocabulary(roles=("catalyst",))},
            ("vocabulary", "vocabulary.roles", ("catalyst", "implementer"), ("catalyst",)),
        ),
    ],
)
def test_changed_key_is_told_with_both_values(
    keys: dict[str, Any], expected: tuple[str, str, Any, Any]
) -> None:
    """Under its path in the file, in the group that it belongs to."""
    assert changed(**keys) == [expected]


def test_type_is_compared_by_its_code() -> None:
    """One that is new is told whole, one that stays key by key."""
    longer = policy_with_type(term_years=TermYears(max=9, min=3))
    assert changes(policy(), longer) == [("types", "types.partnership.term_years.max", 5, 9)]
    two = replace(policy(), types={"mou": policy().types["mou"]})
    gone = [("types", f"types.{code}", policy().types[code], None) for code in policy().types]
    assert changes(policy(), two) == gone[:2]
    assert changes(two, policy()) == [(g, k, new, old) for g, k, old, new in gone[:2]]


def test_guard_of_a_type_that_only_one_names_is_told() -> None:
    """Silence there means the policy's word for all types."""
    warned = policy_with_type(guards={"endorsed": Severity.WARN})
    assert changes(policy(), warned) == [
        ("types", "types.partnership.guards.endorsed", None, Severity.WARN)
    ]


def test_list_is_compared_by_code_and_not_by_position() -> None:
    """Turned round it is the same; an entry that changed is told under its code."""
    before = policy(limits=(ONE, TWO), bodies=(COUNCIL, MAYOR))
    assert not changes(before, policy(limits=(TWO, ONE), bodies=(MAYOR, COUNCIL)))
    after = policy(limits=(TWO, replace(ONE, at_most=3)), bodies=(MAYOR,))
    assert changes(before, after) == [
        ("limits", "limits[one].at_most", 1, 3),
        ("bodies", "bodies[City Council]", COUNCIL, None),
    ]
    new = replace(before, limits=(), bodies=(COUNCIL, MAYOR, Body("Board")))
    assert changes(before, new) == [
        ("limits", "limits[one]", ONE, None),
        ("limits", "limits[two]", TWO, None),
        ("bodies", "bodies[Board]", None, Body("Board")),
    ]


def test_criteria_and_conditions_are_compared_by_code() -> None:
    """A question that is asked in other words is a difference of that question."""
    asked = Condition("legal", "Has the solicitor read it?", Trigger.SIGN)
    item = Criterion("reach", "How far does it reach?")
    before = policy(conditions=(asked,), criteria=Criteria("1", items=(item,)))
    after = policy(
        conditions=(replace(asked, trigger=Trigger.ACCEPT),),
        criteria=Criteria("2", items=(replace(item, weight=3),)),
    )
    assert changes(before, after) == [
        ("criteria", "criteria.version", "1", "2"),
        ("criteria", "criteria.items[reach].weight", 1, 3),
        ("conditions", "conditions[legal].trigger", Trigger.SIGN, Trigger.ACCEPT),
    ]


def test_order_of_words_is_no_difference() -> None:
    """Words, states and countries are sets."""
    turned = Vocabulary(roles=("implementer", "catalyst"))
    states = (State.RENEWAL, State.ACTIVE, State.EVALUATION)
    assert not changed(vocabulary=turned, cap=Cap(10, states))


def test_periods_of_one_priority_go_together() -> None:
    """The same market may have priority twice."""
    later = replace(MARKET, since=date(2030, 1, 1))
    found = changes(policy(priorities=(MARKET,)), policy(priorities=(later, MARKET)))
    expected = (frozenset({MARKET}), frozenset({MARKET, later}))
    assert found == [("priorities", "priorities[market JP]", *expected)]


def test_guard_left_out_counts_as_what_it_does_then() -> None:
    """Naming what holds anyway is no difference; what changes is told with what held before."""
    silent = policy(guards={})
    named = {"project_focus": Severity.WARN, "reports_complete": Severity.WARN}
    assert not changes(silent, policy(guards=named))
    assert not changes(silent, policy(guards={"endorsed": Severity.BLOCK}))
    off = policy(guards={"endorsed": Severity.OFF, "published": Severity.OFF})
    assert changes(off, silent) == [
        ("guards", "guards.endorsed", Severity.OFF, Severity.BLOCK),
        ("guards", "guards.published", Severity.OFF, Severity.WARN),
    ]


def test_differences_come_group_by_group() -> None:
    """In the order of the groups, and every key is in one of them."""
    found = [group for group, *_rest in changes(shipped("toronto-2005"), shipped("toronto-2024"))]
    assert found == sorted(found, key=GROUPS.index)
    assert {"types", "cap", "conditions", "guards"} <= set(found)
