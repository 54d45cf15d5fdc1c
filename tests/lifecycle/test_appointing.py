"""Granting and revoking roles."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lifecycle.appointing import appoint
from lifecycle.entry import Actor
from lifecycle.order import Order
from states.problem import InvalidInputError
from states.roles import Holding, Holdings, RoleChange
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, BEN, DORA
from tests.conftest import Staging
from tests.hands import ADMIN, CITY
from tests.stage import FIRST_DAY, Stage, codes, policy_file


def holdings(stage: Stage) -> Holdings:
    """Return who holds which role."""
    with stage.store.reading() as reader:
        return reader.roles()


def held(stage: Stage) -> set[tuple[str, Role]]:
    """Return who holds which role, without since and until when."""
    return {(one.name, one.role) for one in holdings(stage)}


def test_real_program_begins_with_its_admin_and_nobody_else(staged: Staging) -> None:
    """Who makes the database, or whom they name; on its stream, as everything."""
    stage = staged(sandbox=False)
    assert held(stage) == {(ADMIN, Role.ADMIN)}
    assert [line.event for line in stage.entries(None)] == [
        Event.POLICY_ADOPTED,
        Event.ROLE_CHANGED,
    ]
    assert codes(stage.appoint("zoe", Role.STAFF, actor="zoe")) == ["role.missing"]
    assert stage.verify() == []


def test_roles_are_granted_by_the_admin_on_the_programs_stream(city: Stage) -> None:
    """Each change is a line, with whose role beside it."""
    assert held(city) == {(ADMIN, Role.ADMIN), *CITY}
    line = city.last(None)
    assert (line.event, line.actor.id, line.role, line.agreement) == (
        Event.ROLE_CHANGED,
        ADMIN,
        Role.ADMIN,
        None,
    )
    assert city.verify() == []


def test_role_that_is_revoked_is_missing_at_once(city: Stage) -> None:
    """The next order of its holder is denied."""
    ref = city.propose()
    assert city.appoint(ANNA, Role.STAFF, granted=False).outcome is Outcome.OK
    assert codes(city.advance(ref, Trigger.SUBMIT)) == ["role.missing"]
    assert (ANNA, Role.STAFF) not in held(city)
    assert city.verify() == []


def test_role_ends_after_its_last_day(city: Stage) -> None:
    """That day is included."""
    until = city.day + timedelta(days=1)
    city.appoint("zoe", Role.STAFF, until=until)
    ref = city.propose()
    assert not city.on(until).advance(ref, Trigger.SUBMIT, actor="zoe").refused
    city.on(until + timedelta(days=1))
    assert codes(city.advance(ref, Trigger.WITHDRAW, actor="zoe", ground="dormant")) == [
        "role.missing"
    ]
    assert city.verify() == []


def test_same_grant_again_is_unchanged_and_another_last_day_is_a_line(city: Stage) -> None:
    """The role is held from its first grant on."""
    before, lines = holdings(city), city.raw(None)
    assert city.appoint(ANNA, Role.STAFF).outcome is Outcome.UNCHANGED
    assert (holdings(city), city.raw(None)) == (before, lines)
    until = city.day + timedelta(days=9)
    assert city.appoint(ANNA, Role.STAFF, until=until).outcome is Outcome.OK
    (old,) = [one for one in before if one.name == ANNA]
    assert Holding(ANNA, Role.STAFF, old.since, until) in holdings(city)
    assert city.verify() == []


def test_last_day_in_the_past_or_a_role_that_is_not_held_is_bad_input(city: Stage) -> None:
    """What somebody does hold is named."""
    with pytest.raises(InvalidInputError) as caught:
        city.appoint(ANNA, Role.STAFF, until=city.day - timedelta(days=1))
    assert [problem.code for problem in caught.value.problems] == ["past"]
    with pytest.raises(InvalidInputError) as caught:
        city.appoint(ANNA, Role.DECIDER, granted=False)
    assert caught.value.problems[0].allowed == (Role.STAFF,)


def test_admin_with_a_last_day_is_not_the_last_admin(city: Stage) -> None:
    """Somebody who can grant is always left."""
    city.appoint("root", Role.ADMIN, until=city.day + timedelta(days=30))
    assert codes(city.appoint(ADMIN, Role.ADMIN, granted=False, actor="root")) == [
        "role.last_admin"
    ]
    city.appoint("root", Role.ADMIN)
    assert not city.appoint(ADMIN, Role.ADMIN, granted=False, actor="root").refused
    assert city.verify() == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_role_that_is_held_alone_is_granted_once_the_other_one_has_ended(
    city: Stage, role: Role
) -> None:
    """Whoever stops deciding may audit."""
    assert codes(city.appoint(DORA, role)) == ["role.apart"]
    city.appoint(DORA, Role.DECIDER, until=city.day)
    city.on(city.day + timedelta(days=1))
    assert not city.appoint(DORA, role).refused
    assert codes(city.appoint(DORA, Role.DECIDER)) == ["role.apart"]
    assert city.verify() == []


def test_same_key_grants_once(city: Stage) -> None:
    """A retry is answered with the first receipt, whatever was revoked since."""
    first = city.appoint("zoe", Role.STAFF, key="k")
    city.appoint("zoe", Role.STAFF, granted=False)
    assert city.appoint("zoe", Role.STAFF, key="k").entry == first.entry
    assert ("zoe", Role.STAFF) not in held(city)


def test_first_grant_in_a_sandbox_makes_its_giver_admin(stage: Stage) -> None:
    """From then on roles are told apart there too."""
    ref = stage.propose()
    assert not stage.appoint(BEN, Role.STAFF, actor=ANNA).refused
    assert held(stage) == {(ANNA, Role.ADMIN), (BEN, Role.STAFF)}
    assert codes(stage.advance(ref, Trigger.SUBMIT)) == ["role.missing"]
    assert not stage.advance(ref, Trigger.SUBMIT, actor=BEN).refused
    assert stage.verify() == []


def test_first_grant_in_a_sandbox_may_be_of_an_admin(stage: Stage) -> None:
    """Oneself or somebody else, though not for some days only."""
    until = FIRST_DAY + timedelta(days=9)
    assert codes(stage.appoint(BEN, Role.ADMIN, actor=ANNA, until=until)) == ["role.last_admin"]
    assert codes(stage.appoint(ANNA, Role.STAFF, actor=ANNA)) == ["role.own"]
    assert not stage.appoint(ANNA, Role.ADMIN, actor=ANNA).refused
    assert held(stage) == {(ANNA, Role.ADMIN)}
    assert stage.verify() == []


def test_approval_of_a_sandbox_ends_when_its_roles_are_told_apart(stage: Stage) -> None:
    """Its giver had every role, and has none any more."""
    ref = stage.reach(State.NEGOTIATION)
    stage.approve(ref, "sign")
    stage.appoint(BEN, Role.STAFF, actor="root")
    assert codes(stage.advance(ref, Trigger.SIGN, actor=BEN)) == ["role.missing"]


def test_role_that_ended_east_of_greenwich_is_not_taken_up_again_after_midnight(
    staged: Staging,
) -> None:
    """Days are the program's own: regranted in the morning in Tokyo, it is another role."""
    policy = policy_file({"program": {"time_zone": "Asia/Tokyo"}})
    stage = staged(policy, sandbox=False)
    until = date(2026, 9, 10)

    def grant(now: datetime) -> None:
        order = Order(actor=Actor(ADMIN, "asserted"), now=now)
        with stage.store.unit() as unit:
            change = RoleChange(DORA, Role.DECIDER, granted=True, until=until)
            appoint(unit, order, change)

    grant(datetime(2026, 9, 1, 12, tzinfo=UTC))
    until, morning = date(2026, 9, 30), datetime(2026, 9, 10, 23, tzinfo=UTC)
    grant(morning)
    (holding,) = [one for one in holdings(stage) if one.name == DORA]
    assert holding.since.startswith("2026-09-10T23")
    assert stage.verify() == []
