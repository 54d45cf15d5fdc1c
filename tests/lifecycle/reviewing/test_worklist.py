"""The worklist: what is only taken over, until it is reclassified or sunset (R30 to R32)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lifecycle.reviewing.worklist import Left, Worklist, left_of, worklist
from states.agreement import Agreement, TakenOver
from states.calendar import add_months
from states.problem import InvalidInputError
from states.records import Record
from states.ref import Ref
from states.vocabulary import DueRule, Guard, Rule, Severity, State, Trigger
from store.policies import shipped_policy
from tests.builders import complete_agreement, complete_project
from tests.conftest import Staging
from tests.stage import FIRST_DAY, TORONTO, Stage, codes, parsed, with_cap

POLICY = parsed(TORONTO)


def mou(**changes: object) -> Agreement:
    """Return a memorandum of 1990 about trade, as it is taken over."""
    plain = {"type": "mou", "term": None, "milestones": (), **changes}
    return complete_agreement(taken_over=TakenOver("1990", "The archive."), **plain)


def seen(stage: Stage, policy: bytes = TORONTO) -> Worklist:
    """Return the worklist of the stage's day, of which what is left of it says the same."""
    rules = parsed(policy)
    with stage.store.reading() as reader:
        found = worklist(reader, rules, stage.day)
        left = left_of(reader, rules, stage.day)
    assert left == Left(len(found.items), found.burn_down, found.types)
    return found


def test_mou_stays_on_the_worklist_until_it_is_reclassified_or_sunset(city: Stage) -> None:
    """With its type, its days, its last activity; what is of another type is not on it (R30)."""
    ref, other = city.take_over(mou()), city.take_over(mou(title="Friends"))
    city.reach(State.ACTIVE)
    city.on(FIRST_DAY + timedelta(20))
    city.record(ref, Record("activity", FIRST_DAY + timedelta(3), "A delegation came."))
    found = seen(city)
    assert [one.ref for one in found.items] == [ref, other]
    (item, _) = found.items
    assert (item.since, item.last_activity) == (FIRST_DAY, FIRST_DAY + timedelta(3))
    assert item.suggestion.type == "partnership"
    assert found.types == ("mou",)
    city.reclassify(ref, "partnership")
    assert [one.ref for one in seen(city).items] == [other]
    assert seen(city).burn_down.remaining == 1


def test_suggested_type_is_asked_what_reclassifying_would_ask(city: Stage) -> None:
    """The same conditions, and as for what was taken over they only warn (R31)."""
    ref = city.take_over(mou(projects=(complete_project(resources=()),)))
    (item,) = seen(city).items
    assert item.suggestion.type == "partnership"
    receipt = city.reclassify(ref, "partnership")
    assert [unmet for _severity, unmet in item.asks] == [unmet for _, unmet in receipt.unmet]
    assert {severity for severity, _unmet in item.asks} == {Severity.WARN}


def test_full_cap_is_told_before_it_refuses_to_reclassify(staged: Staging) -> None:
    """An MOU holds no place; what it becomes needs one (R32)."""
    rules = with_cap(1)
    stage = staged(rules, sandbox=False).with_people()
    ref = stage.take_over(mou())
    assert not [one for one in seen(stage, rules).items[0].asks if one[0] is Severity.BLOCK]
    stage.reach(State.ACTIVE)
    (item,) = seen(stage, rules).items
    blocked = [unmet for severity, unmet in item.asks if severity is Severity.BLOCK]
    assert [(one.guard, one.code) for one in blocked] == [(Guard.CAP_AVAILABLE, "cap.full")]
    assert stage.reclassify(ref, "partnership").refused


def test_signed_here_under_an_older_policy_is_held_to_what_its_new_type_asks(
    stage: Stage,
) -> None:
    """Such conditions refuse; only what was signed before the program is spared."""
    ref = stage.reach(State.ACTIVE)
    kinds = dict(POLICY.types)
    kinds["partnership"] = replace(kinds["partnership"], may_be_created=False, reclassify_to=False)
    kinds["friendship"] = replace(kinds["friendship"], serves=("grow_trade",))
    with stage.store.reading() as reader:
        (item,) = worklist(reader, replace(POLICY, types=kinds), date(2028, 1, 1)).items
    assert (item.ref, item.suggestion.type) == (ref, "friendship")
    assert [(severity, unmet.code) for severity, unmet in item.asks] == [
        (Severity.BLOCK, "endorsement.missing")
    ]


def test_voided_and_ended_are_on_no_worklist(city: Stage) -> None:
    """Nor in what it burned down from, where they were voided."""
    city.voided(city.take_over(mou()))
    assert seen(city).items == ()
    assert seen(city).burn_down.points == ()


def test_type_after_a_second_reclassification_is_read_from_its_documents(city: Stage) -> None:
    """The row keeps one former type; the list knows that it left with the first."""
    ref = city.take_over(mou())
    city.reclassify(ref, "partnership")
    city.on(FIRST_DAY + timedelta(40)).reclassify(ref, "friendship")
    (point, *_, last) = seen(city).burn_down.points
    assert (point.taken_over, point.reclassified, last.left) == (1, 1, 0)


def test_mou_is_outside_cap_and_reporting_until_it_is_reclassified(city: Stage) -> None:
    """It holds no place and owes no annual report; as a partnership it does both (R32)."""
    ref = city.take_over(mou())
    assert city.fields(ref, "counted") == (False,)
    assert Rule.ANNUAL_DUE not in watched(city, ref)
    assert Rule.NOT_RECLASSIFIED in watched(city, ref)
    city.reclassify(ref, "partnership")
    assert city.fields(ref, "counted") == (True,)
    assert Rule.ANNUAL_DUE in watched(city, ref)
    assert Rule.NOT_RECLASSIFIED not in watched(city, ref)


def test_mou_is_taken_over_and_never_proposed_or_reclassified_into(city: Stage) -> None:
    """No other becomes one (R30)."""
    ref = city.propose(complete_agreement(type="mou"))
    assert "type.not_created" in codes(city.advance(ref, Trigger.SUBMIT))
    partnership = city.take_over(mou(type="partnership"))
    with pytest.raises(InvalidInputError, match="no agreement is reclassified as 'mou'"):
        city.reclassify(partnership, "mou")


def test_taken_over_without_a_term_has_a_day_on_which_it_is_reviewed(city: Stage) -> None:
    """So that none lacks a juncture (R47)."""
    ref = city.take_over(mou(type="partnership", projects=()))
    review = add_months(FIRST_DAY, POLICY.takeover_review_months)
    assert city.fields(ref, "review", "due", "due_rule") == (review, review, DueRule.REVIEW_DUE)


def watched(stage: Stage, ref: Ref) -> set[Rule]:
    """Return what an agreement is watched for."""
    with stage.store.reading() as reader:
        return {watch.rule for watch in reader.watches(ref.key)}


def test_type_that_the_policy_does_not_know_is_told_apart_from_the_worklist(city: Stage) -> None:
    """It is neither made nor reclassified into, and to be reclassified as well."""
    ref, ended = city.take_over(mou()), city.take_over(mou(title="Ended"))
    for trigger in (Trigger.TERMINATE, Trigger.SUNSET):
        city.pull(ended, trigger)
    found = seen(city, shipped_policy("toronto-2024"))
    assert (found.items, found.types, found.unknown) == ((), (), ((ref, "mou"),))
