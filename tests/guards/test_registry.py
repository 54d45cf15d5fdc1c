"""Which guards are asked, what they read, and what they do under a policy."""

from dataclasses import replace

import msgspec
import pytest

from guards.case import Facts, Need
from guards.policy import Condition
from guards.registry import NEEDS, PREDICATES, guards_for, judge, needs_of
from states.table import BY_TRIGGER, TRANSITIONS
from states.vocabulary import Guard, Severity, Trigger
from tests.builders import (
    case,
    complete_agreement,
    facts,
    lapsing,
    policy,
    policy_with_type,
    shipped,
)

ACCEPTING = Condition("ties", "Are there ties?", Trigger.ACCEPT, ("friendship",))


def test_every_guard_has_its_predicate() -> None:
    """No name of the table is without its rule."""
    assert set(PREDICATES) == set(Guard)


@pytest.mark.parametrize("trigger", Trigger)
def test_complete_case_meets_every_guard_of_its_trigger(trigger: Trigger) -> None:
    """The builders' own case passes, so that a test that changes one thing sees what it does."""
    under = lapsing() if trigger is Trigger.LAPSE else policy()
    verdicts = judge(BY_TRIGGER[trigger].guards, case(trigger, under=under))
    assert not any(verdict.unmet for verdict in verdicts)


@pytest.mark.parametrize("guard", Guard)
def test_guard_reads_nothing_that_it_did_not_declare(guard: Guard) -> None:
    """With only what it declared in the case, a guard finds what it finds with everything."""
    rows = [row for row in TRANSITIONS if guard in row.guards] or [BY_TRIGGER[Trigger.SIGN]]
    needs, known = NEEDS.get(guard, frozenset()), facts(counted=10, projects={2027: 2})
    fetched = Facts(
        counted=known.counted if Need.PORTFOLIO in needs else 0,
        projects=known.projects if Need.PROJECTS in needs else {},
        scores=known.scores if Need.SCORES in needs else None,
        evaluation=known.evaluation if Need.EVALUATION in needs else None,
        annual=known.annual if Need.REPORTS in needs else frozenset(),
        notice=known.notice if Need.NOTICE in needs else None,
        published=known.published if Need.PUBLICATIONS in needs else frozenset(),
    )
    for row in rows:
        whole = case(row.trigger, among=known)
        lean = msgspec.structs.replace(
            whole, facts=fetched, document=whole.document if Need.DOCUMENT in needs else None
        )
        assert list(PREDICATES[guard](lean)) == list(PREDICATES[guard](whole))


def test_needs_of_several_guards_are_all_of_theirs() -> None:
    """What is fetched for a transition is what its guards read together."""
    guards = BY_TRIGGER[Trigger.ACCEPT].guards
    assert needs_of(guards) == {Need.SCORES, Need.PORTFOLIO}
    assert needs_of(()) == frozenset()


@pytest.mark.parametrize(
    ("trigger", "type_", "asked"),
    [
        (Trigger.ACCEPT, "friendship", True),
        (Trigger.ACCEPT, "partnership", False),
        (Trigger.SIGN, "friendship", False),
    ],
)
def test_checklist_is_asked_where_the_policy_has_one(
    *, trigger: Trigger, type_: str, asked: bool
) -> None:
    """The city's own conditions come after the table's guards, for their trigger and type."""
    row = BY_TRIGGER[trigger]
    found = guards_for(row, policy(conditions=(ACCEPTING,)), type_)
    assert found == (*row.guards, *([Guard.CONDITIONS_MET] if asked else []))


def test_checklist_for_all_types_is_asked_of_each() -> None:
    """A condition that names no type holds for any."""
    row = BY_TRIGGER[Trigger.ACCEPT]
    found = guards_for(row, policy(conditions=(replace(ACCEPTING, types=()),)), "mou")
    assert found[-1] is Guard.CONDITIONS_MET


def test_shipped_policy_of_2018_asks_only_the_tables_guards() -> None:
    """The report has no checklist of its own."""
    for row in TRANSITIONS:
        assert guards_for(row, policy(), "partnership") == row.guards


def test_guard_that_is_off_is_not_asked() -> None:
    """Its verdict is off, and nothing is said of what it would have found."""
    under = policy_with_type(guards={"guidelines_stated": Severity.OFF})
    of = complete_agreement(renewal_guidelines="")
    (verdict,) = judge([Guard.GUIDELINES_STATED], case(of=of, under=under))
    assert (verdict.outcome, verdict.unmet) == ("off", ())


def test_guard_that_warns_tells_and_lets_pass() -> None:
    """A warning carries the same conditions as a refusal."""
    under = policy_with_type(guards={"guidelines_stated": Severity.WARN})
    of = complete_agreement(renewal_guidelines="")
    (verdict,) = judge([Guard.GUIDELINES_STATED], case(of=of, under=under))
    assert (verdict.outcome, len(verdict.unmet), verdict.blocks) == ("warned", 1, False)


@pytest.mark.parametrize(
    ("trigger", "blocks"),
    [(Trigger.ACCEPT, False), (Trigger.SIGN, False), (Trigger.ACTIVATE, True)],
)
def test_full_cap_warns_early_and_blocks_activation(*, trigger: Trigger, blocks: bool) -> None:
    """Until activation a place may still come free."""
    (verdict,) = judge([Guard.CAP_AVAILABLE], case(trigger, among=facts(counted=10)))
    assert [condition.code for condition in verdict.unmet] == ["cap.full"]
    assert verdict.blocks == blocks


def test_verdicts_come_in_the_order_of_the_guards() -> None:
    """A refusal reads in the order in which the table has its guards."""
    guards = BY_TRIGGER[Trigger.SIGN].guards
    assert tuple(verdict.guard for verdict in judge(guards, case())) == guards


def test_rules_of_2005_only_warn_about_what_came_in_2018() -> None:
    """Under the old rules an agreement without SMART projects could be signed, and was."""
    bare = complete_agreement(projects=(), renewal_guidelines="", termination_guidelines="")
    judged = case(of=bare, under=shipped("toronto-2005"))
    verdicts = {v.guard: v.outcome for v in judge(BY_TRIGGER[Trigger.SIGN].guards, judged)}
    assert verdicts[Guard.SMART_COMPLETE] == "warned"
    assert verdicts[Guard.GUIDELINES_STATED] == "off"
    assert not {"unmet"} & set(verdicts.values())
