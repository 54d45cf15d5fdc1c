"""By what right something is done: whose role, whose approval, which body's decision."""

from datetime import timedelta

import pytest

from lifecycle.authority import roles_of
from lifecycle.checking import check
from states.vocabulary import Outcome, Role, State, Trigger
from tests.builders import ANNA, BEN, DORA, ERIN
from tests.conftest import Staging
from tests.hands import ADMIN, SYSTEM
from tests.stage import FIRST_DAY, Stage, codes, policy_file

COUNCIL = "City Council"
RESOLVED = policy_file({"bodies": [{"name": COUNCIL, "resolution": True}]})


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        (ANNA, {Role.STAFF}),
        (DORA, {Role.DECIDER}),
        (ADMIN, {Role.ADMIN}),
        (SYSTEM, {Role.SCHEDULER}),
        ("eve", set()),
        ("Anna", set()),
    ],
)
def test_roles_are_those_that_were_granted_to_exactly_this_name(
    city: Stage, name: str, roles: set[Role]
) -> None:
    """Nobody has another one by being called alike."""
    with city.store.unit() as unit:
        assert roles_of(unit, name, FIRST_DAY) == roles


def test_everybody_has_every_role_in_a_sandbox_until_the_first_grant(stage: Stage) -> None:
    """So that one person can play a city's whole program."""
    with stage.store.unit() as unit:
        assert roles_of(unit, "eve", FIRST_DAY) == set(Role)
    stage.appoint(BEN, Role.STAFF, actor=ANNA)
    with stage.store.unit() as unit:
        assert roles_of(unit, "eve", FIRST_DAY) == set()


def test_approval_stands_in_a_sandbox_too(stage: Stage) -> None:
    """Who drafted carries out what somebody else approved."""
    ref = stage.reach(State.NEGOTIATION)
    assert codes(stage.advance(ref, Trigger.SIGN, actor=ANNA)) == ["person.same"]
    stage.approve(ref, "sign")
    assert not stage.advance(ref, Trigger.SIGN, actor=ANNA).refused
    assert stage.last(ref).approver == DORA
    assert stage.verify() == []


def test_deciders_own_role_comes_before_a_colleagues_approval(city: Stage) -> None:
    """Who decides themselves needs nobody's."""
    ref = city.reach(State.NEGOTIATION)
    city.approve(ref, "sign", actor=ERIN)
    city.advance(ref, Trigger.SIGN)
    line = city.last(ref)
    assert (line.actor.id, line.role, line.approver) == (DORA, Role.DECIDER, None)


def test_drafter_who_is_decider_carries_out_a_colleagues_approval(city: Stage) -> None:
    """As staff, for the decision was the other one's."""
    city.appoint(ANNA, Role.DECIDER)
    ref = city.reach(State.NEGOTIATION)
    city.approve(ref, "sign")
    assert not city.advance(ref, Trigger.SIGN, actor=ANNA).refused
    line = city.last(ref)
    assert (line.role, line.approver) == (Role.STAFF, DORA)


def test_body_decides_by_its_item_entered_by_staff(city: Stage) -> None:
    """The line cites both; the role is the one by which it was entered."""
    ref = city.reach(State.DECISION)
    city.score(ref)
    told = {"actor": BEN, "on_behalf_of": COUNCIL, "item": "EX1.2"}
    assert not city.advance(ref, Trigger.ACCEPT, **told).refused
    line = city.last(ref)
    assert (line.role, line.on_behalf_of, line.item) == (Role.STAFF, COUNCIL, "EX1.2")
    assert city.verify() == []


def test_decider_enters_a_bodys_decision_as_decider(city: Stage) -> None:
    """Their own role, where it may record, is the one on the line."""
    city.appoint(DORA, Role.STAFF)
    ref = city.reach(State.NEGOTIATION)
    city.advance(ref, Trigger.SIGN, on_behalf_of=COUNCIL, item="EX1.2")
    assert city.last(ref).role is Role.DECIDER


def test_body_whose_resolution_is_asked_for_decides_once_it_is_attached(staged: Staging) -> None:
    """After the last step, for each decision its own."""
    city = staged(RESOLVED, sandbox=False).with_people()
    ref = city.reach(State.DECISION)
    city.score(ref)
    told = {"actor": BEN, "on_behalf_of": COUNCIL, "item": "EX1.2"}
    assert codes(city.advance(ref, Trigger.ACCEPT, **told)) == ["resolution.missing"]
    city.attach(ref)
    assert not city.advance(ref, Trigger.ACCEPT, **told).refused
    assert codes(city.advance(ref, Trigger.SIGN, **told)) == ["resolution.missing"]
    assert city.verify() == []


def test_policy_is_adopted_for_a_body_without_a_place_for_its_resolution(staged: Staging) -> None:
    """Files are attached to agreements; the item is cited all the same."""
    city = staged(RESOLVED, sandbox=False).with_people()
    told = {"actor": BEN, "on_behalf_of": COUNCIL, "item": "EX1.2"}
    assert city.adopt(policy_file({"approval_days": 5}), **told).outcome is Outcome.OK


def test_body_adds_nothing_to_what_is_staffs(city: Stage) -> None:
    """Withdrawing is staff's, for a body or not; nobody else may in its name."""
    ref = city.propose()
    told = {"on_behalf_of": COUNCIL, "item": "EX1.2", "ground": "dormant"}
    assert codes(city.advance(ref, Trigger.WITHDRAW, actor=DORA, **told)) == ["role.missing"]
    assert not city.advance(ref, Trigger.WITHDRAW, actor=ANNA, **told).refused
    assert city.verify() == []


def test_two_bodies_approvals_are_told_apart(staged: Staging) -> None:
    """Whoever names a body carries out that body's decision."""
    bodies = [{"name": COUNCIL}, {"name": "Committee", "signs_up_to": 5}]
    city = staged(policy_file({"bodies": bodies}), sandbox=False).with_people()
    ref = city.reach(State.NEGOTIATION)
    for body, who in (("Committee", BEN), (COUNCIL, DORA)):
        city.approve(ref, "sign", actor=who, on_behalf_of=body, item=f"{body} 1")
    refused = city.advance(ref, Trigger.SIGN, actor=ANNA, on_behalf_of="Committee")
    assert codes(refused) == ["signing_limit.exceeded"]
    assert not city.advance(ref, Trigger.SIGN, actor=ANNA, on_behalf_of=COUNCIL).refused
    assert city.last(ref).item == "City Council 1"
    assert city.verify() == []


def test_check_says_who_could_take_each_step(city: Stage) -> None:
    """What is denied is told before it is tried, and nothing is written by asking."""
    ref = city.reach(State.NEGOTIATION)
    lines = city.raw(ref)
    with city.store.unit() as unit:
        moves = check(unit, city.order(BEN), city.standing(ref))
    by_trigger = {move.trigger: [unmet.code for _severity, unmet in move.unmet] for move in moves}
    assert "role.missing" in by_trigger[Trigger.SIGN]
    assert "role.missing" not in by_trigger[Trigger.WITHDRAW]
    assert city.raw(ref) == lines


def test_void_agreement_leads_nowhere(city: Stage) -> None:
    """There is no step to be told of."""
    ref = city.reach(State.NEGOTIATION)
    city.voided(ref)
    with city.store.unit() as unit:
        assert check(unit, city.order(DORA), city.standing(ref)) == ()


def test_approval_of_the_last_day_still_stands(city: Stage) -> None:
    """Until then, that day included."""
    ref = city.reach(State.NEGOTIATION)
    city.approve(ref, "sign")
    city.on(city.day + timedelta(days=90))
    assert not city.advance(ref, Trigger.SIGN, actor=BEN).refused
