"""Whether like proposals were decided alike, on a real store: what is found, and what is not."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lifecycle.choosing.consistency import Consistency, Question, Rules, consistency
from lifecycle.choosing.judged import Adoptions
from lifecycle.choosing.likes import Likes
from lifecycle.dossiers import Part, dossiers
from lifecycle.entry import entry_of
from lifecycle.subjects import of_sheet
from states.records import Score, ScoreSheet
from states.ref import Ref
from states.vocabulary import Trigger
from tests.builders import DORA, score_sheet
from tests.conftest import Staging
from tests.stage import Stage, policy_file

ACCEPT, DECLINE = Trigger.ACCEPT, Trigger.DECLINE
LENIENT = {"guards": {"criteria_scored": "warn", "factors_answered": "warn"}}
NEWER: dict[str, Any] = {**LENIENT, "criteria": {"version": "2027"}}
TWICE_AS_LONG: dict[str, Any] = {"criteria": {"lowest": 0, "highest": 10}}


@pytest.fixture
def stage(staged: Staging) -> Stage:
    """Return a stage on which criteria only warn, so that whatever is wrong can be decided on."""
    return staged(policy_file(LENIENT))


def scores(value: int, *left_out: str, evidence: str = "The file.", **other: int) -> ScoreSheet:
    """Return a sheet with one value, but for those that are `other` or left out."""
    codes = [code for code in score_sheet().scores if code not in left_out]
    given = {code: Score(other.get(code, value), evidence) for code in codes}
    return score_sheet(scores=given)


def decided(stage: Stage, sheet: ScoreSheet | None, trigger: Trigger, **order: str) -> Ref:
    """Return a proposal that was scored so and decided on, a day later than the one before."""
    stage.on(stage.day + timedelta(days=1))
    ref = stage.propose()
    if sheet is not None:
        stage.score(ref, sheet)
    stage.advance(ref, Trigger.SUBMIT)
    ground = {} if trigger is ACCEPT else {"ground": "fails_criteria"}
    assert not stage.advance(ref, trigger, **{"actor": DORA, **ground, **order}).refused
    return ref


def found(
    stage: Stage, year: int | None = None, margin: str | None = None, most: int | None = None
) -> Consistency:
    """Return what the report finds."""
    stated = Fraction(Decimal(margin)) if margin else None
    with stage.store.reading() as reader:
        rules = Rules(Adoptions.told_by(reader.lines(None)), reader.policy)
        walk = dossiers(reader, Part.LINES, Part.SCORINGS, Part.REASONS)
        return consistency(walk, rules, Question(year, stated, most))


def findings(told: Consistency) -> dict[Ref, tuple[str, ...]]:
    """Return what is found of each decision."""
    return {one.decision.dossier.ref: one.findings for one in told.found}


def pairs(told: Consistency) -> list[tuple[Ref, Ref, Fraction]]:
    """Return the pairs, each with the accepted one first."""
    return [
        (pair.accepted.decision.dossier.ref, pair.declined.decision.dossier.ref, pair.apart)
        for pair in told.likes.pairs
    ]


def test_decision_that_skipped_a_criterion_or_its_evidence_is_listed(stage: Stage) -> None:
    """Mandatory criteria and others apart (R8, REC2); one on all of them, with evidence, is not."""
    decided(stage, scores(4), ACCEPT)
    mandatory = decided(stage, scores(4, "target_markets"), ACCEPT)
    other = decided(stage, scores(4, "resources"), DECLINE)
    unproved = decided(stage, scores(4, "resources", "target_markets", evidence=" "), DECLINE)
    nothing = decided(stage, None, DECLINE)
    empty = decided(stage, ScoreSheet(), ACCEPT)
    told = found(stage)
    assert findings(told) == {
        mandatory: ("mandatory_skipped",),
        other: ("criterion_skipped",),
        unproved: ("mandatory_skipped", "criterion_skipped", "evidence_missing"),
        nothing: ("not_scored",),
        empty: ("not_scored",),
    }
    assert (len(told.judged), told.unjudged) == (6, 0)


def test_decision_on_another_version_than_the_one_then_in_force_is_listed(stage: Stage) -> None:
    """What was adopted afterwards changes nothing of a decision that was right on its day (R8)."""
    right = decided(stage, scores(4), ACCEPT)
    stage.on(stage.day + timedelta(days=1))
    late = stage.propose()
    stage.score(late, scores(4))
    stage.advance(late, Trigger.SUBMIT)
    stage.adopt(policy_file(NEWER))
    stage.advance(late, DECLINE, ground="dormant")
    told = found(stage)
    assert findings(told) == {late: ("other_version",)}
    (judged,) = told.found
    assert judged.weighed is not None
    assert (judged.weighed.version, judged.in_force.version) == ("2018", "2027")
    assert right not in findings(told)


def test_decision_is_judged_by_the_scores_that_stood_then(stage: Stage) -> None:
    """Neither a correction afterwards nor a later score changes what it was taken on."""
    ref = decided(stage, scores(3), ACCEPT)
    n = stage.standing(ref).score_n
    assert n is not None
    subject = of_sheet(n, scores(5))
    assert not stage.approve(ref, "correct", subject, actor="erin").refused
    assert not stage.correct_sheet(ref, n, scores(5)).refused
    (judged,) = found(stage).judged
    assert judged.weighed is not None
    assert judged.weighed.total == 3


def test_decision_that_was_taken_back_is_none(stage: Stage) -> None:
    """Only the one that stands counts, with the scores that stand with it."""
    ref = decided(stage, scores(2), ACCEPT)
    stage.taken_back(ref)
    assert found(stage).judged == ()
    stage.score(ref, scores(5))
    stage.advance(ref, DECLINE, ground="dormant")
    (judged,) = found(stage).judged
    assert not judged.decision.accepted
    assert judged.weighed is not None
    assert judged.weighed.total == 5


def test_like_proposals_that_were_decided_differently_are_a_pair(stage: Stage) -> None:
    """Totals less than the margin apart, one accepted and one declined; closest first (R8)."""
    low = decided(stage, scores(3), DECLINE, reason="No staff.")
    high = decided(stage, scores(4), ACCEPT)
    between = decided(stage, scores(4, resources=3), DECLINE)
    same = decided(stage, scores(3), ACCEPT)
    decided(stage, None, DECLINE)
    eighth = Fraction(1, 8)
    assert pairs(found(stage)) == [(same, low, Fraction(0)), (high, between, eighth)]
    assert pairs(found(stage, margin="0.125")) == [(same, low, Fraction(0))]
    assert len(pairs(found(stage, margin="0.9"))) == 3
    assert len(pairs(found(stage, margin="1.1"))) == 4
    closest = found(stage, margin="1.1", most=1)
    assert pairs(closest) == [(same, low, Fraction(0))]
    assert closest.likes.count == 4
    told = closest.likes.pairs[0].declined.decision
    assert (told.reason, told.decider, told.entry.ground) == ("No staff.", DORA, "fails_criteria")


def test_totals_on_different_criteria_make_no_pair(stage: Stage) -> None:
    """Not even under the same name of a version: what they say depends on the scale."""
    decided(stage, scores(4), ACCEPT)
    stage.adopt(policy_file({**LENIENT, **TWICE_AS_LONG}))
    decided(stage, scores(4), DECLINE)
    assert found(stage, margin="5").likes == Likes()


def test_year_is_that_of_the_decision_and_a_pair_needs_one_of_it(stage: Stage) -> None:
    """Decisions of other years are compared with, and not listed."""
    first = decided(stage, scores(3), ACCEPT)
    stage.on(stage.day + timedelta(days=366))
    second = decided(stage, scores(3, "resources"), DECLINE)
    third = decided(stage, scores(3), DECLINE)
    year = stage.day.year
    told = found(stage, year)
    assert [one.decision.dossier.ref for one in told.judged] == [second, third]
    assert pairs(told) == [(first, second, Fraction(0)), (first, third, Fraction(0))]
    assert found(stage, year + 1).judged == ()
    assert found(stage, year + 1).likes == Likes()


def test_decisions_without_criteria_in_force_are_counted_and_not_judged(staged: Staging) -> None:
    """There is nothing to hold them against."""
    stage = staged(policy_file({**LENIENT, "criteria": {"items": []}}))
    decided(stage, None, ACCEPT)
    told = found(stage)
    assert (told.judged, told.unjudged) == ((), 1)


def test_decider_is_the_body_the_approver_or_who_acted(stage: Stage) -> None:
    """Whoever's word it was; an attempt that was refused decides nothing."""
    council = {"on_behalf_of": "City Council", "item": "EX1"}
    decided(stage, scores(4), ACCEPT, **council)
    ref = stage.propose()
    stage.score(ref, scores(4))
    stage.advance(ref, Trigger.SUBMIT)
    assert stage.advance(ref, ACCEPT, actor="anna").refused
    stage.approve(ref, "accept")
    stage.advance(ref, ACCEPT, actor="anna")
    deciders = {one.decision.decider for one in found(stage).judged}
    assert deciders == {"City Council", DORA}


def test_policy_in_force_is_known_at_every_line(stage: Stage) -> None:
    """And before the first one was adopted there was none."""
    with stage.store.reading() as reader:
        lines = list(reader.lines(None))
        adoptions = Adoptions.told_by(lines)
    assert adoptions.at(entry_of(lines[0])) == entry_of(lines[0]).policy
    assert Adoptions().at(entry_of(lines[0])) is None
