"""Waiving one unmet condition, for one trigger at one version."""

import pytest

from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import Event, Outcome, State, Trigger
from tests.builders import ANNA, BEN, DORA, ERIN, complete_agreement, score_sheet
from tests.conftest import Staging
from tests.stage import Stage, codes, policy_file

MISSING = "endorsed:endorsement.missing"
FACTOR = "factors_answered:factor.unanswered"


def unendorsed(stage: Stage) -> Ref:
    """Return a friendship that awaits its signature without its endorsement."""
    return stage.reach(State.NEGOTIATION, complete_agreement(type="friendship"))


def test_waived_condition_lets_somebody_else_sign_and_says_who_waived_it(city: Stage) -> None:
    """It stands on both lines: the waiver with its reason, the signature as waived."""
    ref = unendorsed(city)
    before = city.standing(ref)
    receipt = city.waive(ref, MISSING, Trigger.SIGN)
    assert (receipt.event, receipt.outcome, receipt.version) == (
        Event.WAIVED,
        Outcome.OK,
        before.version,
    )
    (waiver,) = city.standing(ref).waivers
    assert (waiver.by, waiver.guard, waiver.code, waiver.version) == (
        DORA,
        "endorsed",
        "endorsement.missing",
        before.version,
    )
    signed = city.advance(ref, Trigger.SIGN, actor=ERIN)
    ((_severity, unmet),) = [item for item in signed.unmet if item[1].guard == "endorsed"]
    assert (signed.to, unmet.waived_by) == (State.SIGNED, DORA)
    results = {(g.guard, g.outcome, g.code) for g in city.last(ref).guards}
    assert ("endorsed", "waived", "endorsement.missing") in results
    assert city.fields(ref, "waivers") == ((),)
    assert city.verify() == []


def test_waiver_is_for_its_trigger_alone(staged: Staging) -> None:
    """What it lets pass for one step stands in the way of the next."""
    policy = policy_file({"guards": {"project_focus": "block"}, "projects_per_year": 1})
    stage = staged(policy, sandbox=False).with_people()
    ref, other = stage.reach(State.SIGNED), stage.reach(State.SIGNED)
    stage.pull(other, Trigger.ACTIVATE)
    assert "projects.too_many" in codes(stage.advance(ref, Trigger.ACTIVATE))
    stage.waive(ref, "project_focus:projects.too_many", Trigger.ACTIVATE)
    assert stage.nightly().count("fired") == 1
    assert stage.verify() == []


def test_one_of_several_conditions_of_a_code_is_named_by_its_field(city: Stage) -> None:
    """One is waived at a time, and the others still stand in the way."""
    ref = city.reach(State.DECISION)
    city.score(ref, score_sheet(factors={}))
    with pytest.raises(InvalidInputError) as caught:
        city.waive(ref, FACTOR, Trigger.ACCEPT)
    (problem,) = caught.value.problems
    assert (problem.code, len(problem.allowed)) == ("not_unmet", 5)
    for named in problem.allowed:
        assert codes(city.advance(ref, Trigger.ACCEPT, actor=ERIN))
        city.waive(ref, named, Trigger.ACCEPT)
    assert len(city.standing(ref).waivers) == 5
    assert not city.advance(ref, Trigger.ACCEPT, actor=ERIN).refused
    assert city.verify() == []


def test_condition_that_is_met_or_waived_already_is_bad_input(city: Stage) -> None:
    """What is unmet and may be waived is named."""
    ref = unendorsed(city)
    with pytest.raises(InvalidInputError) as caught:
        city.waive(ref, "guidelines_stated:renewal.missing", Trigger.SIGN)
    assert caught.value.problems[0].allowed == (MISSING,)
    city.waive(ref, MISSING, Trigger.SIGN)
    with pytest.raises(InvalidInputError):
        city.waive(ref, MISSING, Trigger.SIGN, actor=ERIN)


def test_waiver_states_its_reason(city: Stage) -> None:
    """And names a guard that there is."""
    ref = unendorsed(city)
    with pytest.raises(InvalidInputError) as caught:
        city.waive(ref, "kindness:none", Trigger.SIGN, reason=None)
    assert [problem.code for problem in caught.value.problems] == ["unknown_guard", "missing_key"]


def test_step_that_does_not_lead_from_here_is_refused(city: Stage) -> None:
    """There is nothing in its way that could be waived."""
    ref = city.propose()
    receipt = city.waive(ref, MISSING, Trigger.SIGN)
    assert codes(receipt) == ["not_from_here"]
    assert city.last(ref).event is Event.REFUSED
    assert city.verify() == []


def test_policy_says_what_is_waived_and_by_whom(staged: Staging) -> None:
    """Staff, and only proposals, for example; nobody for what they drafted."""
    waivers = {"by": "staff", "guards": ["endorsed"]}
    stage = staged(policy_file({"waivers": waivers}), sandbox=False).with_people()
    ref = unendorsed(stage)
    told = codes(stage.waive(ref, "grounds_stated:grounds.missing", Trigger.WITHDRAW, actor=BEN))
    assert told == ["waiver.never"]
    assert codes(stage.waive(ref, MISSING, Trigger.SIGN)) == ["role.missing"]
    assert codes(stage.waive(ref, MISSING, Trigger.SIGN, actor=ANNA)) == ["person.same"]
    assert not stage.waive(ref, MISSING, Trigger.SIGN, actor=BEN).refused
    assert not stage.advance(ref, Trigger.SIGN).refused
    assert stage.verify() == []


def test_waiver_ends_with_the_policy_that_it_was_given_under(city: Stage) -> None:
    """Other rules, other exceptions."""
    ref = unendorsed(city)
    city.waive(ref, MISSING, Trigger.SIGN)
    for decider in (DORA, ERIN):
        city.adopt(policy_file({"in_flight": "new", "approval_days": 9}), actor=decider)
    assert "endorsement.missing" in codes(city.advance(ref, Trigger.SIGN, actor=ERIN))
    assert city.verify() == []


def test_same_key_waives_once(city: Stage) -> None:
    """A retry is answered with the first receipt."""
    ref = unendorsed(city)
    first = city.waive(ref, MISSING, Trigger.SIGN, key="k")
    assert city.waive(ref, MISSING, Trigger.SIGN, key="k").entry == first.entry


def test_agreement_changed_meanwhile_or_void_gets_no_waiver(city: Stage) -> None:
    """The version that was looked at is no longer there, or nothing is done with it."""
    ref = unendorsed(city)
    receipt = city.waive(ref, MISSING, Trigger.SIGN, expect_version=1)
    assert codes(receipt) == ["version_conflict"]
    city.voided(ref)
    assert codes(city.waive(ref, MISSING, Trigger.SIGN)) == ["agreement.void"]


def test_waiver_of_an_older_version_is_dropped_with_the_next_one(city: Stage) -> None:
    """The row holds those of the present version."""
    ref = unendorsed(city)
    city.waive(ref, MISSING, Trigger.SIGN)
    city.apply(ref, complete_agreement(type="friendship", owner=BEN))
    city.waive(ref, MISSING, Trigger.SIGN, actor=ERIN)
    assert [waiver.by for waiver in city.standing(ref).waivers] == [ERIN]
    assert city.verify() == []
