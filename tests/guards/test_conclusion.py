"""Guards on the end of a term: expiry, review, evaluation, renewal, sunset, lapse."""

from datetime import date, timedelta
from typing import Any

import pytest

from guards.conclusion import decision_overdue, evaluated
from states.agreement import Obligation
from states.records import AgreementOutcome, Evaluation, ProjectOutcome, Value
from states.vocabulary import DueRule, Guard, State, Trigger
from tests.builders import (
    END,
    case,
    complete_agreement,
    evaluation,
    facts,
    lapsing,
    policy,
    standing,
    unmet,
    unmet_fields,
)

ONE_DAY = timedelta(days=1)
REVIEW = date(2028, 6, 1)
TERMLESS = complete_agreement(term=None, review=REVIEW)
NO_JUNCTURE = complete_agreement(term=None, review=None)


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2028, 12, 31), ["window.closed"]), (date(2029, 1, 1), [])]
)
def test_evaluation_opens_a_window_before_the_term_is_over(day: date, expected: list[str]) -> None:
    """Twelve months before the day after the last one, to the day."""
    judged = case(Trigger.CONCLUDE, effective_on=day)
    assert unmet(Guard.EVALUATION_OPEN, judged) == expected


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2028, 3, 31), ["window.closed"]), (date(2028, 4, 1), [])]
)
def test_evaluation_opens_a_window_before_the_review(day: date, expected: list[str]) -> None:
    """Without a term the window is counted from the review date, by the policy's months."""
    under = policy(evaluation_window_months=2)
    judged = case(Trigger.CONCLUDE, of=TERMLESS, under=under, effective_on=day)
    assert unmet(Guard.EVALUATION_OPEN, judged) == expected


def test_evaluation_is_always_open_where_there_is_no_juncture() -> None:
    """What has neither term nor review can be evaluated at once."""
    assert unmet(Guard.EVALUATION_OPEN, case(Trigger.CONCLUDE, of=NO_JUNCTURE)) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [(END - ONE_DAY, ["term.running"]), (END, ["term.running"]), (END + ONE_DAY, [])],
)
def test_term_is_over_the_day_after_its_last(day: date, expected: list[str]) -> None:
    """The last day still belongs to the term."""
    assert unmet(Guard.TERM_OVER, case(Trigger.EXPIRE, effective_on=day)) == expected


def test_term_over_has_nothing_to_say_without_a_term() -> None:
    """Review dates are another guard's."""
    assert unmet(Guard.TERM_OVER, case(Trigger.EXPIRE, of=TERMLESS)) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [(REVIEW - ONE_DAY, ["review.not_due"]), (REVIEW, []), (REVIEW + ONE_DAY, [])],
)
def test_review_is_due_on_its_day(day: date, expected: list[str]) -> None:
    """On the review date itself the agreement goes to evaluation."""
    judged = case(Trigger.EXPIRE, of=TERMLESS, effective_on=day)
    assert unmet(Guard.REVIEW_DUE, judged) == expected


def test_missing_review_is_told_where_there_is_no_term() -> None:
    """Neither term nor review is a gap, not a reason to expire."""
    assert unmet(Guard.REVIEW_DUE, case(Trigger.EXPIRE, of=NO_JUNCTURE)) == ["review.missing"]


def test_review_due_has_nothing_to_say_where_there_is_a_term() -> None:
    """With a term, the term decides, whatever review date is set."""
    of = complete_agreement(review=date(2099, 1, 1))
    assert unmet(Guard.REVIEW_DUE, case(Trigger.EXPIRE, of=of)) == []


@pytest.mark.parametrize(("day", "expected"), [(END, []), (END + ONE_DAY, ["term.over"])])
def test_agreement_is_reinstated_while_its_term_runs(day: date, expected: list[str]) -> None:
    """The last day is the last on which it can be kept."""
    assert unmet(Guard.TERM_RUNNING, case(Trigger.REINSTATE, effective_on=day)) == expected


@pytest.mark.parametrize(("day", "expected"), [(REVIEW - ONE_DAY, []), (REVIEW, ["review.past"])])
def test_termless_agreement_is_kept_with_a_review_ahead(day: date, expected: list[str]) -> None:
    """Keeping needs a new juncture: a review on a later day."""
    judged = case(Trigger.REINSTATE, of=TERMLESS, effective_on=day)
    assert unmet(Guard.TERM_RUNNING, judged) == expected


def test_termless_agreement_without_a_review_is_not_kept() -> None:
    """Nothing is ever without a juncture."""
    assert unmet(Guard.TERM_RUNNING, case(Trigger.REINSTATE, of=NO_JUNCTURE)) == ["review.past"]


def judged_by(sheet: Evaluation | None, **changes: Any) -> list[str]:  # noqa: ANN401
    """Return what is said of the renewal of an agreement with this evaluation."""
    judged = case(Trigger.RENEW, of=complete_agreement(**changes), among=facts(evaluation=sheet))
    return unmet(Guard.EVALUATED, judged)


def test_evaluation_that_judges_everything_apart_is_enough() -> None:
    """Agreement, projects and the value of renewing are all said."""
    assert judged_by(evaluation()) == []


def test_renewal_without_an_evaluation_is_refused() -> None:
    """That is told once, and not part by part."""
    assert judged_by(None) == ["evaluation.missing"]


@pytest.mark.parametrize("trigger", [Trigger.RENEW, Trigger.SUNSET])
def test_evaluation_of_an_earlier_term_does_not_count(trigger: Trigger) -> None:
    """Each term is judged anew."""
    at = standing(state=State.EVALUATION, signed_term=2, evaluation_term=1)
    (condition,) = evaluated(case(trigger, at=at))
    assert condition.code == "evaluation.missing"
    assert ("--ground" in condition.fix) == (trigger is Trigger.SUNSET)


def test_sunset_on_a_stated_ground_needs_no_evaluation() -> None:
    """A dormant agreement is ended without judging what never happened."""
    judged = case(Trigger.SUNSET, ground="dormant", among=facts(evaluation=None))
    assert unmet(Guard.EVALUATED, judged) == []


def test_renewal_on_a_stated_ground_still_needs_an_evaluation() -> None:
    """Only sunset takes a ground for an evaluation."""
    judged = case(Trigger.RENEW, ground="dormant", among=facts(evaluation=None))
    assert unmet(Guard.EVALUATED, judged) == ["evaluation.missing"]


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ({"agreement": AgreementOutcome("", "Found.")}, "evaluation.agreement", "agreement"),
        ({"agreement": AgreementOutcome("good", "Found.")}, "evaluation.agreement", "agreement"),
        ({"agreement": AgreementOutcome("met", "tbd")}, "evaluation.agreement", "agreement"),
        ({"projects": ()}, "evaluation.project", "projects"),
        (
            {"projects": (ProjectOutcome("trade-mission", "", "Found."),)},
            "evaluation.project",
            "projects",
        ),
        (
            {"projects": (ProjectOutcome("trade-mission", "met", ""),)},
            "evaluation.project",
            "projects",
        ),
        (
            {"projects": (ProjectOutcome("other", "met", "Found."),)},
            "evaluation.project",
            "projects",
        ),
        ({"value": Value("", "renew")}, "evaluation.value", "value"),
        ({"value": Value("Worth it.", "")}, "evaluation.value", "value"),
        ({"value": Value("Worth it.", "maybe")}, "evaluation.value", "value"),
    ],
)
def test_part_that_is_not_judged_is_told(changes: dict[str, Any], code: str, key: str) -> None:
    """Outcome with findings for agreement and each project, value with recommendation."""
    judged = case(Trigger.RENEW, among=facts(evaluation=evaluation(**changes)))
    assert unmet(Guard.EVALUATED, judged) == [code]
    assert unmet_fields(Guard.EVALUATED, judged) == [key]


def test_blank_form_is_told_in_all_its_parts() -> None:
    """An evaluation that was handed in unfilled judges nothing."""
    assert judged_by(Evaluation()) == [
        "evaluation.agreement",
        "evaluation.project",
        "evaluation.value",
    ]


def test_partners_obligations_are_shown_and_never_block() -> None:
    """What the partner owed is seen at the renewal decision; our own debts are not listed."""
    owed = (
        Obligation("list", "partner", "A list of buyers."),
        Obligation("", "partner", "A hall."),
        Obligation("host", "home", "A reception."),
    )
    conditions = list(evaluated(case(Trigger.RENEW, of=complete_agreement(obligations=owed))))
    assert [(c.code, c.advisory) for c in conditions] == [("obligations.unanswered", True)]
    assert "list, A hall." in conditions[0].message


@pytest.mark.parametrize(
    ("day", "reported", "missing"),
    [
        (date(2030, 2, 1), {2027, 2028, 2029}, []),
        (date(2030, 2, 1), {2027}, [2028, 2029]),
        (date(2028, 6, 1), {2027}, [2028]),
        (date(2027, 1, 1), set(), [2027]),
    ],
)
def test_each_calendar_year_of_the_term_so_far_has_a_report(
    day: date, reported: set[int], missing: list[int]
) -> None:
    """Years after the term or after today are not asked for."""
    judged = case(Trigger.RENEW, effective_on=day, among=facts(annual=frozenset(reported)))
    assert unmet(Guard.REPORTS_COMPLETE, judged) == ["annual.missing"] * len(missing)
    fields = [f"annual.{year}" for year in missing]
    assert unmet_fields(Guard.REPORTS_COMPLETE, judged) == fields


def test_open_ended_agreement_is_reported_on_up_to_today() -> None:
    """Where a term has begun and has no end, the day of the act is the end of counting."""
    at = standing(state=State.EVALUATION, term_end=None)
    judged = case(Trigger.RENEW, at=at, among=facts(annual=frozenset({2027, 2028})))
    assert unmet(Guard.REPORTS_COMPLETE, judged) == ["annual.missing"] * 2


def test_agreement_without_a_term_owes_no_reports() -> None:
    """There is no first year to count from."""
    judged = case(Trigger.RENEW, of=TERMLESS, among=facts(annual=frozenset()))
    assert unmet(Guard.REPORTS_COMPLETE, judged) == []


@pytest.mark.parametrize("code", ["partnership", "mou", "other"])
def test_nothing_lapses_under_the_shipped_policy(code: str) -> None:
    """Undecided agreements wait for a named person, whatever their type."""
    judged = case(Trigger.LAPSE, of=complete_agreement(type=code))
    assert unmet(Guard.DECISION_OVERDUE, judged) == ["lapse.off"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2030, 6, 29), ["decision.not_overdue"]),
        (date(2030, 6, 30), ["notice.too_recent"]),
        (date(2030, 8, 29), ["notice.too_recent"]),
        (date(2030, 8, 30), []),
    ],
)
def test_lapse_waits_for_the_deadline_and_for_its_notice(day: date, expected: list[str]) -> None:
    """The decision is overdue, and its notice of 1 July has been out for sixty days."""
    judged = case(Trigger.LAPSE, under=lapsing(), effective_on=day)
    assert unmet(Guard.DECISION_OVERDUE, judged) == expected


def test_nothing_lapses_without_a_notice() -> None:
    """However long it is overdue, somebody was told first."""
    judged = case(Trigger.LAPSE, under=lapsing(), among=facts(notice=None))
    assert unmet(Guard.DECISION_OVERDUE, judged) == ["notice.too_recent"]


@pytest.mark.parametrize(
    "due",
    [
        {"due": None, "due_rule": None},
        {"due": date(2030, 1, 1), "due_rule": DueRule.TERM_OVER},
        {"due": None, "due_rule": DueRule.DECISION_DUE},
    ],
    ids=["nothing_due", "something_else_due", "decision_without_a_day"],
)
def test_only_an_overdue_decision_lapses(due: dict[str, Any]) -> None:
    """Another due date is no decision, and no date is no deadline."""
    at = standing(state=State.EVALUATION, **due)
    (condition,) = decision_overdue(case(Trigger.LAPSE, at=at, under=lapsing()))
    assert condition.code == "decision.not_overdue"
    assert condition.message == "No decision is overdue; the next is due on no day yet."
