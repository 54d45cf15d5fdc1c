"""What was forged on the program's own lines is found: who granted, adopted, ran and was denied."""

from datetime import timedelta

import pytest

from lifecycle.entry import Actor
from states.vocabulary import Event, Outcome, Role
from tests.builders import ANNA, DORA, ERIN
from tests.conftest import Staging
from tests.forging import Change, both, forged, guard, told
from tests.hands import ADMIN, SYSTEM
from tests.stage import Stage, policy_file

pytestmark = pytest.mark.sqlite
"""Forged is what was read; where it was read from makes no difference."""

AUTHORITY, CONTRADICTS = "authority.differs", "line.contradicts"
FOUNDED, FIRST_ADMIN, GRANTED = 1, 2, 3
APPROVED, ADOPTED, NIGHT, DENIED, DENIED_NIGHT, OWN_ROLE = range(8, 14)


def actor(name: str) -> Change:
    """Return a change of who did it."""
    return told(actor=Actor(name, "asserted"))


@pytest.fixture
def ruled(city: Stage) -> Stage:
    """Return a program that adopted a policy by two, ran a night and denied three orders."""
    city.on(city.day + timedelta(days=1))
    for who in (DORA, ERIN):
        city.adopt(policy_file({"in_flight": "new"}), actor=who)
    city.on(city.day + timedelta(days=1)).nightly()
    with pytest.raises(ValueError, match="TOR"):
        city.propose(actor="mallory")
    city.nightly(actor="mallory")
    city.appoint(ADMIN, Role.STAFF)
    assert [one.event for one in city.entries(None)[APPROVED - 1 :]] == [
        Event.APPROVED,
        Event.POLICY_ADOPTED,
        Event.NIGHTLY_COMPLETED,
        *[Event.REFUSED] * 3,
    ]
    assert city.verify() == []
    return city


@pytest.mark.parametrize(
    ("n", "change", "expected"),
    [
        (FOUNDED, told(event=Event.NIGHTLY_COMPLETED), ["policy.differs"]),
        (FIRST_ADMIN, told(role=Role.STAFF), [AUTHORITY]),
        (GRANTED, actor(ANNA), [AUTHORITY]),
        (GRANTED, told(policy="0" * 64), ["policy.differs"]),
        (GRANTED, told(definition="0" * 64), ["definition.unknown"]),
        (GRANTED, told(agreement="TOR-2026-001"), ["line.foreign"]),
        (APPROVED, actor(ANNA), [AUTHORITY]),
        (ADOPTED, actor(ANNA), [AUTHORITY]),
        (ADOPTED, told(role=Role.STAFF), [AUTHORITY]),
        (ADOPTED, told(approver=None), [AUTHORITY]),
        (ADOPTED, actor(DORA), [AUTHORITY]),
        (NIGHT, actor(DORA), [AUTHORITY]),
        (DENIED, actor(ANNA), [AUTHORITY]),
        (DENIED, guard("authority", "unmet:item.missing"), [AUTHORITY]),
        (DENIED, guard("authority", "met"), ["refusal.groundless"]),
        (DENIED, told(guards=()), ["refusal.groundless"]),
        (DENIED_NIGHT, actor(SYSTEM), [AUTHORITY]),
        (NIGHT, told(event=Event.EDITED), ["line.foreign"]),
        (ADOPTED, told(effective_on="2099-01-01"), ["day.impossible", AUTHORITY]),
        (GRANTED, told(effective_on="2026-08-31"), ["day.impossible"]),
        (GRANTED, told(outcome=Outcome.REFUSED), [CONTRADICTS]),
        (GRANTED, told(term=1), [CONTRADICTS]),
        (GRANTED, told(approver=ERIN), [CONTRADICTS]),
        (NIGHT, guard("effective", "met"), [CONTRADICTS]),
        (OWN_ROLE, guard("authority", "unmet:role.last_admin"), []),
    ],
)
def test_forged_line_of_the_program_is_found(
    ruled: Stage, n: int, change: Change, expected: list[str]
) -> None:
    """Who had no role for it, who adopted alone, and who was denied without reason.

    Why a grant was refused that an admin ordered can't be said from its line: it does not tell
    whose role it was.
    """
    found = [one for one in forged(ruled, {(None, n): change}) if one.n == n]
    assert [one.code for one in found] == expected


def test_one_adopts_alone_in_a_sandbox_without_roles(staged: Staging) -> None:
    """And from the first grant on, two do."""
    stage = staged()
    stage.adopt(policy_file({"in_flight": "new"}))
    assert stage.verify() == []
    n = stage.last(None).n
    (found,) = forged(stage, {(None, n): told(approver=ERIN)})
    assert found.message.endswith("it names erin as who approved it, and that was nobody")


def test_lines_before_any_policy_are_not_judged_by_one(city: Stage) -> None:
    """Without its founding line, no line of a program says under which rules it was written."""
    ref = city.propose()
    founding = {(None, 1): told(event=Event.RESTORED)}
    found = {(one.stream, one.n, one.code) for one in forged(city, founding)}
    assert ("TOR", 3, "policy.differs") in found
    assert (str(ref), 1, "policy.differs") in found


def test_refusal_by_the_second_person_is_the_programs_own_affair(city: Stage) -> None:
    """Who approves a policy twice is refused, and the line is in order."""
    for _ in range(2):
        city.adopt(policy_file({"in_flight": "new"}), actor=DORA)
    last = city.last(None)
    assert (last.event, last.guards[0].code) == (Event.REFUSED, "person.same")
    assert city.verify() == []
    made = both(told(event=Event.NIGHTLY_COMPLETED, outcome=Outcome.OK), told(guards=()))
    assert [one.code for one in forged(city, {(None, last.n): made})] == [AUTHORITY]


def test_approval_of_a_policy_that_is_gone_is_said_where_it_was_used(ruled: Stage) -> None:
    """The adoption that it was given for can't be judged without it."""
    drop = "DROP TRIGGER beside_no_delete"
    ruled.tamper("PRAGMA foreign_keys=OFF", drop, "DELETE FROM beside WHERE kind = 'adoption'")
    (found,) = forged(ruled, {})
    assert (found.n, found.code) == (ADOPTED, "not.recomputed")
