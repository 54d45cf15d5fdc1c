"""Guards on decisions: scores, factors, grounds, a second person, the city's own checklist."""

from typing import Any

import pytest

from guards.policy import Condition, Criteria
from states.records import FACTORS, Score, ScoreSheet
from states.vocabulary import Guard, State, Trigger
from tests.builders import (
    ANNA,
    DORA,
    case,
    complete_agreement,
    facts,
    policy,
    score_sheet,
    shipped,
    standing,
    unmet,
    unmet_fields,
)


def scored(sheet: ScoreSheet | None) -> list[str]:
    """Return what is said of a proposal's scores."""
    return unmet(Guard.CRITERIA_SCORED, case(Trigger.ACCEPT, among=facts(scores=sheet)))


def test_fully_scored_proposal_is_scored() -> None:
    """Every criterion has a score on the version in force."""
    assert scored(score_sheet()) == []


def test_proposal_without_a_score_sheet_is_not_scored() -> None:
    """That is told once, and not for each criterion."""
    assert scored(None) == ["scores.missing"]


@pytest.mark.parametrize("version", ["2005", None])
def test_sheet_of_another_version_is_told(version: str | None) -> None:
    """Like proposals are compared on the same criteria."""
    assert scored(score_sheet(criteria=version)) == ["scores.other_version"]


def test_missing_mandatory_criterion_is_told_by_name() -> None:
    """Each mandatory criterion without a score is one condition at its own key."""
    sheet = score_sheet(scores={"resources": Score(3)})
    judged = case(Trigger.ACCEPT, among=facts(scores=sheet))
    assert unmet(Guard.CRITERIA_SCORED, judged) == ["scores.mandatory_missing"] * 2
    assert unmet_fields(Guard.CRITERIA_SCORED, judged) == [
        "scores.priority_industries",
        "scores.target_markets",
    ]


def test_criterion_that_is_not_mandatory_may_go_without_a_score() -> None:
    """Only the mandatory ones hold a decision up."""
    mandatory = {"priority_industries": Score(0), "target_markets": Score(5)}
    assert scored(score_sheet(scores=mandatory)) == []


def test_policy_without_criteria_asks_for_no_scores() -> None:
    """Where the rules name no criteria, there is nothing to score."""
    judged = case(Trigger.ACCEPT, under=policy(criteria=Criteria()), among=facts(scores=None))
    assert unmet(Guard.CRITERIA_SCORED, judged) == []


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("answer", [None, "", "TBD"])
def test_each_of_the_five_factors_is_asked_for(factor: str, answer: str | None) -> None:
    """Four answers are not five, and a placeholder is none."""
    answers = dict(score_sheet().factors)
    del answers[factor]
    if answer is not None:
        answers[factor] = answer
    judged = case(Trigger.ACCEPT, among=facts(scores=score_sheet(factors=answers)))
    assert unmet(Guard.FACTORS_ANSWERED, judged) == ["factor.unanswered"]
    assert unmet_fields(Guard.FACTORS_ANSWERED, judged) == [f"factors.{factor}"]


def test_without_a_sheet_all_five_factors_are_unanswered() -> None:
    """No sheet answers nothing."""
    judged = case(Trigger.ACCEPT, among=facts(scores=None))
    assert unmet(Guard.FACTORS_ANSWERED, judged) == ["factor.unanswered"] * 5


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ({"ground": "dormant", "reason": None}, []),
        ({"ground": None, "reason": "The partner withdrew."}, []),
        ({"ground": None, "reason": None}, ["grounds.missing"]),
        ({"ground": "", "reason": " "}, ["grounds.missing"]),
        ({"ground": None, "reason": "n/a"}, ["grounds.missing"]),
    ],
)
def test_grounds_are_a_code_or_words(act: dict[str, Any], expected: list[str]) -> None:
    """A ground of the policy or a reason in words; a placeholder is neither."""
    assert unmet(Guard.GROUNDS_STATED, case(Trigger.DECLINE, **act)) == expected


@pytest.mark.parametrize(("actor", "expected"), [(DORA, []), (ANNA, ["person.same"])])
def test_who_drafted_does_not_decide(actor: str, expected: list[str]) -> None:
    """Whoever proposed or negotiated needs somebody else to decide."""
    assert unmet(Guard.SECOND_PERSON, case(actor=actor)) == expected


def test_each_of_several_drafters_is_kept_from_deciding() -> None:
    """Having changed the document once is enough."""
    at = standing(drafters=(ANNA, "ben", DORA))
    assert unmet(Guard.SECOND_PERSON, case(at=at)) == ["person.same"]


@pytest.mark.parametrize(
    ("signed_term", "never", "was"),
    [(None, [], ["signed.never"]), (1, ["signed.before"], [])],
)
def test_signed_once_decides_between_withdrawing_and_sunset(
    signed_term: int | None, never: list[str], was: list[str]
) -> None:
    """What never was signed is withdrawn, what was is sunset: exactly one of the two holds."""
    at = standing(state=State.NEGOTIATION, signed_term=signed_term)
    assert unmet(Guard.NEVER_SIGNED, case(Trigger.WITHDRAW, at=at)) == never
    assert unmet(Guard.WAS_SIGNED, case(Trigger.SUNSET, at=at)) == was


REVIEWED = Condition("legal_review", "Has the solicitor read it?", Trigger.SIGN)
FORMED = Condition(
    "form", "Which form?", Trigger.SIGN, ("friendship",), ("Long form", "short", "n/a")
)


def answered(
    condition: Condition, answer: str | None, trigger: Trigger = Trigger.SIGN
) -> list[str]:
    """Return what the guard says of a friendship with this answer."""
    answers = {} if answer is None else {condition.code: answer}
    of = complete_agreement(type="friendship", conditions=answers)
    return unmet(Guard.CONDITIONS_MET, case(trigger, of=of, under=policy(conditions=(condition,))))


@pytest.mark.parametrize("answer", ["yes", "Yes.", " YES", "yes, on 3 May", "yes;", "yes\nindeed"])
def test_condition_is_met_by_an_answer_that_begins_as_asked(answer: str) -> None:
    """More words may follow, and capitals don't matter."""
    assert answered(REVIEWED, answer.strip()) == []


@pytest.mark.parametrize("answer", [None, "", "no", "not yes", "yesterday", "y", "yes2"])
def test_condition_is_unmet_by_any_other_answer(answer: str | None) -> None:
    """The code of the unmet condition is the policy's own."""
    assert answered(REVIEWED, answer) == ["legal_review"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("long form", []), ("Short, by choice", []), ("N/A", []), ("long", ["form"])],
)
def test_answer_of_several_words_is_matched_whole(answer: str, expected: list[str]) -> None:
    """What the policy asks for may be more than one word, in any letters."""
    assert answered(FORMED, answer) == expected


def test_condition_of_another_trigger_or_type_is_not_asked() -> None:
    """A checklist point holds where the policy puts it."""
    assert answered(REVIEWED, None, Trigger.SUBMIT) == []
    judged = case(under=policy(conditions=(FORMED,)))
    assert unmet(Guard.CONDITIONS_MET, judged) == []


@pytest.mark.parametrize(
    ("code", "type_", "expected"),
    [
        ("toronto-2005", "partnership", 4),
        ("toronto-2005", "friendship", 5),
        ("toronto-2018", "partnership", 0),
    ],
)
def test_shipped_checklists_ask_what_their_rules_had(code: str, type_: str, expected: int) -> None:
    """2005 asked three things of every candidate and one more of friendships."""
    judged = case(Trigger.ACCEPT, of=complete_agreement(type=type_), under=shipped(code))
    assert len(unmet(Guard.CONDITIONS_MET, judged)) == expected
