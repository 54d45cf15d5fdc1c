"""What staff see beside what is public: guards as `check` asks them, alerts, money, forecast."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from guards.policy import Policy
from lifecycle import dossiers as walking
from lifecycle.checking import check
from lifecycle.dossiers import dossiers
from lifecycle.money.accounts import costs_of
from lifecycle.money.budget import year_budget
from lifecycle.publishing.internal import InternalAgreement, InternalProgram
from lifecycle.publishing.of_internal import PARTS, InternalTally, for_staff
from lifecycle.publishing.signed import wanted
from states.agreement import TakenOver
from states.records import Record
from states.vocabulary import Guard, Role, Rule, State, Trigger
from tests.builders import START, complete_agreement, funding, policy, with_resources
from tests.conftest import Staging
from tests.hands import publication
from tests.stage import NEXT_TERM, PATHS, Stage, with_cap

_OF_THE_ACT = {Guard.GROUNDS_STATED, Guard.SECOND_PERSON}
ZOE = "zoe"


def internal(
    stage: Stage, under: Policy | None = None
) -> tuple[dict[str, InternalAgreement], InternalProgram]:
    """Return what staff see of all agreements, by reference, and of the program."""
    with stage.store.reading() as reader:
        in_force = under or reader.policy(reader.policy_in_force(stage.day))
        tally = InternalTally(reader, stage.order(ZOE), in_force, stage.day)
        walk = dossiers(reader, *PARTS, wanted=wanted(for_staff(in_force)))
        found = {str(one.ref): tally.agreement(one) for one in walk}
    return found, tally.program()


def test_r22_next_steps_lack_what_check_says_in_every_state(staged: Staging) -> None:
    """To the word, for somebody who drafted nothing; but for what only the act brings."""
    stage = staged(with_cap(4, limits=[{"code": "per-country", "at_most": 4, "per": "country"}]))
    refs = [stage.along(triggers) for state, triggers in PATHS.items() if state is not State.ACTIVE]
    refs += [stage.along(NEXT_TERM), stage.reach(State.ACTIVE)]
    refs.append(stage.reach(State.NEGOTIATION, with_resources(())))
    refs.append(stage.reach(State.SIGNED))
    stage.publish(publication(refs[-1]))
    waiving = stage.propose(complete_agreement(origin=None))
    stage.waive(waiving, "proposal_complete:origin.missing", Trigger.SUBMIT)
    found, program = internal(stage)
    for ref in (*refs, waiving):
        own = found[str(ref)]
        with stage.store.reading() as reader:
            steps = check(reader, stage.order(ZOE), stage.standing(ref))
        expected = {
            one.trigger: [
                (severity, unmet.guard, unmet.code, unmet.field, unmet.message, unmet.waived_by)
                for severity, unmet in one.unmet
                if unmet.guard not in _OF_THE_ACT
            ]
            for one in steps
            if one.by != (Role.SCHEDULER,)
        }
        assert {
            step.trigger: [
                (one.severity, one.guard, one.code, one.field, one.message, one.waived_by)
                for one in step.unmet
            ]
            for step in own.steps
        } == expected, ref
    assert str(waiving) in next(one.refs for one in program.missing if one.code == "origin.missing")
    assert found[str(refs[-1])].owner == "anna"
    full = {one.code: one.refs for one in program.missing if one.trigger is Trigger.ACTIVATE}
    assert {"cap.full", "limit.per-country"} <= set(full)


def test_r57_overdue_are_the_alerts_that_people_are_told_of(stage: Stage) -> None:
    """The latest last, with what to do; what is met or due today is not late."""
    ref = stage.reach(State.ACTIVE)
    stage.on(START + timedelta(days=400))
    with stage.store.reading() as reader:
        late = dict.fromkeys(reader.count_alerts(stage.day - timedelta(days=1)), 1)
    found, program = internal(stage)
    overdue = found[str(ref)].overdue
    assert {one.rule: 1 for one in overdue} == late
    assert program.overdue == tuple(sorted(overdue, key=lambda one: (one.on, one.ref, one.rule)))
    (milestone,) = [one for one in overdue if one.rule is Rule.MILESTONE_DUE]
    assert milestone.fix == f"lifecycle record {ref} milestone item=first-mission"
    assert (milestone.on, milestone.owner) == (START, "anna")
    stage.record(ref, Record("milestone", stage.day, item="first-mission"))
    found, _program = internal(stage)
    assert Rule.MILESTONE_DUE not in {one.rule for one in found[str(ref)].overdue}


def test_r50_r51_budget_and_forecast_are_those_of_the_commands(stage: Stage) -> None:
    """Year by year, with what is free of each budget and other currencies apart."""
    euros = funding(amount=Decimal(500), currency="EUR")
    ref = stage.reach(State.ACTIVE, with_resources((funding(), euros, *_STAFF)))
    spending = {"value": Decimal(100), "currency": "CAD", "year": 2027}
    spent = Record("expenditure", stage.day, project="trade-mission", **spending)  # type: ignore[arg-type] # fields of Record
    assert not stage.record(ref, spent).refused
    budgeted = replace(policy().program, budget={"2027": Decimal(50_000)})
    under = policy(program=budgeted)
    _found, program = internal(stage, under)
    with stage.store.reading() as reader:
        costs = [costs_of(one) for one in dossiers(reader, *PARTS)]
    money = year_budget(costs, under.program, 2027)
    (year,) = program.budgets
    assert money.free is not None
    assert (year.budget, year.committed, year.spent, year.free, year.other) == (
        Decimal(50_000),
        money.committed.amount,
        Decimal(100),
        money.free.amount,
        {"EUR": Decimal(500)},
    )
    assert [one.year for one in program.forecast] == list(range(2027, 2032))
    first, last = program.forecast[0], program.forecast[-1]
    assert (first.active, first.held, first.staff, last.active) == (1, 1, Decimal("0.5"), 0)
    assert (first.budget, last.budget) == (Decimal(50_000), None)
    assert sum(one.decisions for one in program.forecast) == 1
    bare = internal(stage, policy(cap=None, program=replace(budgeted, budget={})))[1]
    assert (bare.cap, bare.budgets[0].free) == (None, None)


_STAFF = complete_agreement().projects[0].resources[1:]


def test_what_staff_see_is_read_with_as_many_statements_for_many_agreements_as_for_few(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch costs its statements, however many are in it, waivers and approvals included."""

    def statements() -> int:
        seen: list[str] = []
        stage.store.close()

        @event.listens_for(stage.store.database.engine, "connect")
        def _trace(connection: sqlite3.Connection, _record: object) -> None:
            connection.set_trace_callback(seen.append)

        internal(stage)
        return len(seen)

    def enter(count: int) -> None:
        for _ in range(count):
            ref = stage.reach(State.NEGOTIATION, complete_agreement(renewal_guidelines=""))
            stage.waive(ref, "guidelines_stated:renewal.missing", Trigger.SIGN)
            stage.approve(ref, "sign")
            stage.reach(State.EVALUATION)
            stage.take_over(complete_agreement(type="mou", taken_over=TakenOver("1986", "Archive")))

    monkeypatch.setattr(walking, "_BATCH", 100)
    stage.on(date(2026, 9, 1))
    enter(1)
    few = statements()
    enter(4)
    assert statements() == few
