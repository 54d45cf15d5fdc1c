"""What a review has before it: what each agreement did, owes and costs, and what is suggested."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lifecycle.reviewing.agenda import Asked, Count, Item, agenda
from lifecycle.reviewing.deciding import Choice
from states.agreement import Agreement, Indicator, Milestone, Obligation, TakenOver, Term
from states.money import Money
from states.records import Record
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement, complete_project, evaluation
from tests.conftest import Staging
from tests.stage import TORONTO, Stage, parsed, policy_file

POLICY = parsed(TORONTO)
LATER = date(2028, 7, 1)


def old(**changes: object) -> Agreement:
    """Return a partnership of 1990 without a term, as it is taken over."""
    plain = {"term": None, "projects": (), "milestones": (), **changes}
    return complete_agreement(taken_over=TakenOver("1990", "The archive."), **plain)


def seen(stage: Stage, policy: bytes = TORONTO, **asked: Any) -> list[Item]:  # noqa: ANN401
    """Return what is to be reviewed on the stage's day."""
    with stage.store.reading() as reader:
        return list(agenda(reader, parsed(policy), stage.day, Asked(**asked)))


def measured(indicator: Indicator, value: int, day: date) -> Record:
    """Return what was measured of an indicator."""
    unit = indicator.unit
    return Record("actual", day, item=indicator.name, unit=unit, value=Decimal(value), source="Us")


@pytest.fixture
def busy(city: Stage) -> Ref:
    """Return a partnership in force of which everything is on record."""
    project = complete_project()
    (objective,) = project.objectives
    (indicator,) = objective.indicators
    falling = replace(indicator, name="days to a permit", baseline=Decimal(30), target=Decimal(10))
    untold = replace(indicator, name="jobs")
    objective = replace(objective, indicators=(indicator, falling, untold))
    agreement = complete_agreement(
        projects=(replace(project, objectives=(objective,)),),
        milestones=(Milestone("First mission", "m1"), Milestone("Second", "m2")),
        obligations=(
            Obligation("o1", "partner", "Two desks."),
            Obligation("o2", "partner", "A report."),
            Obligation("o3", "home", "A room."),
        ),
    )
    ref = city.reach(State.ACTIVE, agreement)
    day = city.day
    (project,) = city.document(ref).projects
    for fact in (
        Record("activity", day, "A mission."),
        measured(indicator, 1, day),
        measured(indicator, 44, day),
        measured(falling, 9, day),
        Record("milestone", day, item="m1"),
        Record("obligation", day, item="o1", outcome="met"),
        Record("annual", day, "A year.", year=2026),
        Record(
            "expenditure", day, value=Decimal(500), currency="CAD", project=project.id, year=2027
        ),
    ):
        assert not city.record(ref, fact).refused
    return ref


def test_what_an_agreement_did_owes_and_costs_is_before_the_review(city: Stage, busy: Ref) -> None:
    """Activities, targets, milestones, reports, obligations and money, from its records (R48)."""
    (item,) = seen(city)
    assert item.ref == busy
    assert (item.last_activity, item.dormant_since, item.activities) == (city.day, None, 1)
    assert (item.targets, item.milestones) == (Count(2, 3), Count(1, 2))
    assert [one.obligation.id for one in item.open_obligations] == ["o2"]
    assert (item.reports, item.spent) == ([2026], [Money(Decimal(500), "CAD")])
    assert [money.currency for money in item.committed] == ["CAD"]
    assert (item.advice.choice, item.last_review) == (Choice.KEEP, None)
    city.record(busy, Record("review", city.day, "Kept."), actor="dora")
    assert seen(city)[0].last_review == city.day


def test_review_comes_to_what_is_asked_for(city: Stage) -> None:
    """By reference, type, dormancy and what is due; all that is in force where nothing is."""
    first = city.take_over(old())
    second = city.take_over(old(type="mou"))
    city.reach(State.PROPOSAL)
    city.on(LATER)
    third = city.take_over(old(title="New"))
    assert [one.ref for one in seen(city)] == [first, second, third]
    assert [one.ref for one in seen(city, refs=(third,))] == [third]
    assert [one.ref for one in seen(city, types=("mou",))] == [second]
    assert [one.ref for one in seen(city, dormant=True)] == []
    assert [one.ref for one in seen(city, due_by=LATER)] == [first, second]
    city.on(date(2028, 9, 1))
    assert [one.ref for one in seen(city, dormant=True)] == [first, second]


def test_dormant_agreement_is_suggested_for_sunset_with_that_ground(staged: Staging) -> None:
    """Where the policy has no such ground, none is named."""
    stage = staged(sandbox=False).with_people()
    stage.take_over(old())
    advice = seen(stage)[0].advice
    assert (advice.choice, advice.ground) == (None, None)
    assert "after 24 months it is called dormant" in advice.why
    stage.on(date(2028, 9, 1))
    advice = seen(stage)[0].advice
    assert (advice.choice, advice.ground) == (Choice.SUNSET, "dormant")
    assert advice.why == "Dormant since 2028-09-01: no activity on record."
    other = policy_file({"vocabulary": {"grounds": ["needs_changed"]}})
    assert seen(stage, other)[0].advice.ground is None


def test_what_waits_in_evaluation_without_activity_is_dormant_as_well(city: Stage) -> None:
    """The nightly check asks it of what runs; who reviews asks it of all (R46)."""
    city.take_over(old(), State.EVALUATION)
    city.on(date(2028, 9, 1))
    (item,) = seen(city, dormant=True)
    assert (item.standing.state, item.dormant_since) == (State.EVALUATION, city.day)


def test_mou_is_advised_by_what_it_states_and_whether_it_is_dormant(city: Stage) -> None:
    """The type suggested on the worklist, or none; never a guess."""
    city.take_over(old(type="mou", projects=(complete_project(),)))
    city.take_over(old(type="mou"))
    city.on(date(2028, 9, 1))
    first, second = (one.advice for one in seen(city))
    assert (first.choice, first.type) == (Choice.RECLASSIFY, "partnership")
    assert (second.choice, second.type) == (None, None)
    assert second.why.endswith("It is dormant: no activity on record.")


@pytest.mark.parametrize(
    ("recommended", "choice"),
    [("sunset", Choice.SUNSET), ("reclassify", Choice.RECLASSIFY), ("renew", None)],
)
def test_what_an_evaluation_recommends_goes_before_all_else(
    city: Stage, recommended: str, choice: Choice | None
) -> None:
    """Renewing is a step of its own, and said so."""
    ref = city.reach(State.EVALUATION)
    sheet = evaluation()
    city.evaluate(ref, replace(sheet, value=replace(sheet.value, recommendation=recommended)))
    advice = seen(city)[0].advice
    assert advice.choice == choice
    assert advice.why.startswith(f"Its evaluation recommends to {recommended}.")
    assert ("renew" in advice.why) is (choice is None)


def test_renewed_agreement_is_measured_afresh(city: Stage) -> None:
    """What an earlier term reached is no result of the one under review (R43)."""
    ref = city.reach(State.ACTIVE)
    ((indicator,),) = [one.indicators for one in complete_project().objectives]
    city.record(ref, measured(indicator, 1000, city.day))
    (before,) = seen(city)
    assert before.targets == Count(1, 1)
    city.on(date(2027, 6, 1))
    for trigger in (Trigger.TERMINATE, Trigger.RENEW, Trigger.RENEGOTIATE):
        city.pull(ref, trigger)
    term = Term(date(2028, 1, 1), date(2030, 12, 31))
    city.apply(ref, complete_agreement(term=term, milestones=()))
    for trigger in (Trigger.SIGN, Trigger.ACTIVATE):
        city.pull(ref, trigger)
    (after,) = seen(city)
    assert after.targets == Count(0, 1)
