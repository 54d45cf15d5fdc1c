"""What a year asks of each division, for its business plan (R40)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from lifecycle.results.plan import DivisionPlan, plan_of
from states.agreement import Milestone
from states.records import Record
from states.vocabulary import State
from tests.builders import complete_agreement, complete_project, funding, staff
from tests.lifecycle.results.investing import annual, investing
from tests.stage import NEXT_TERM, Stage

CULTURE, TRADE = "Economic Development and Culture", "Trade Office"

MISSION = complete_project(
    division=TRADE,
    resources=(funding(), funding(year=2028), funding(year=2028), staff(), staff(year=None)),
)
TOUR = complete_project(id="tour", end=date(2027, 6, 30), examined=date(2027, 9, 30))
STEPS = (
    Milestone("Late", "late", "tour", date(2027, 3, 1)),
    Milestone("Done", "done", "tour", date(2027, 3, 2)),
    Milestone("Next", "next", "trade-mission", date(2028, 5, 1)),
    Milestone("Far", "far", None, date(2029, 5, 1)),
    Milestone("Undated", "undated"),
)


def plans_of(stage: Stage, year: int) -> Sequence[DivisionPlan]:
    """Return the plans of a year."""
    with stage.store.reading() as reader:
        return plan_of(reader, year, stage.day)


def test_plan_has_what_a_year_asks_of_each_division(stage: Stage) -> None:
    """R40: projects that run, goals, milestones due and overdue, indicators, money and staff."""
    document = complete_agreement(
        division=f" {CULTURE}", projects=(MISSION, TOUR), milestones=STEPS
    )
    ref = stage.reach(State.ACTIVE, document)
    stage.on(date(2027, 11, 1))
    stage.record(ref, Record("milestone", date(2027, 3, 2), item="done"))
    stage.record(ref, replace(annual(2028, "goals"), on=stage.day))
    culture, trade = plans_of(stage, 2028)
    assert (culture.name, trade.name) == (CULTURE, TRADE)
    assert [work.project.id for work in (*culture.work, *trade.work)] == ["trade-mission"]
    assert [record.text for _one, (_n, record) in culture.goals] == ["The goals of 2028."]
    assert [(s.milestone.id, s.status) for _one, s in culture.milestones] == [("late", "overdue")]
    assert [(s.milestone.id, s.status) for _one, s in trade.milestones] == [("next", "ahead")]
    assert [each.indicator.name for _one, _p, each in trade.indicators] == ["businesses reached"]
    assert not culture.indicators
    assert trade.totals == [
        ((2028, "funding", "CAD", True), Decimal(120_000)),
        ((None, "staff", None, True), Decimal("0.5")),
    ]


def test_what_is_negotiated_is_planned_apart_and_what_is_not_signed_is_not(stage: Stage) -> None:
    """R40: a proposal asks for nothing yet; a second term's draft is no agreed money."""
    stage.propose(investing())
    ref = stage.along(NEXT_TERM, investing())
    draft = investing(term=None)
    stage.apply(ref, draft)
    (plan,) = plans_of(stage, 2027)
    assert (plan.name, list(plan.agreements)) == (None, [ref])
    assert {agreed for (_year, _kind, _currency, agreed), _sum in plan.totals} == {False}
    assert not [each.last for _one, _project, each in plan.indicators if each.last]
    stage.voided(ref)
    assert not plans_of(stage, 2027)
