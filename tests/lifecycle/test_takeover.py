"""Taking over what was signed before the program went live."""

from datetime import date, timedelta

import pytest

from states.agreement import Agreement, TakenOver, Term
from states.problem import InvalidInputError
from states.vocabulary import DueRule, Event, State
from tests.builders import END, complete_agreement
from tests.conftest import Staging
from tests.stage import FIRST_DAY, Stage, with_cap


def existing(signed: str = "1986", **changes: object) -> Agreement:
    """Return an agreement signed before the program, without objectives."""
    told = {"projects": (), "milestones": (), "term": None, **changes}
    return complete_agreement(taken_over=TakenOver(signed, "The City Clerk's archive."), **told)


@pytest.mark.parametrize("state", [State.SIGNED, State.ACTIVE, State.EVALUATION])
def test_signed_agreement_enters_in_its_real_state(stage: Stage, state: State) -> None:
    """Flagged for good, with the date of signing in the precision of its source."""
    ref = stage.take_over(existing("2002-04"), state)
    standing, (line,) = stage.standing(ref), stage.entries(ref)
    assert (standing.state, standing.taken_over) == (state, True)
    assert (standing.signed_on, standing.signed_term) == ("2002-04", 1)
    assert (standing.drafters, standing.version) == ((), 1)
    assert (line.event, line.to, line.from_) == (Event.TAKEN_OVER, state, None)
    assert stage.verify() == []


def test_agreement_without_a_term_gets_its_first_review(stage: Stage) -> None:
    """The policy says how far ahead; nothing is ever without a juncture."""
    ref = stage.take_over(existing(), State.ACTIVE)
    assert stage.fields(ref, "review", "due", "due_rule") == (
        date(2027, 9, 1),
        date(2027, 9, 1),
        DueRule.REVIEW_DUE,
    )


def test_review_that_the_source_gives_is_kept(stage: Stage) -> None:
    """The policy's interval is only for those that have none."""
    ref = stage.take_over(existing(review=date(2026, 12, 1)), State.ACTIVE)
    assert stage.fields(ref, "review") == (date(2026, 12, 1),)


def test_term_that_the_source_gives_is_its_juncture(stage: Stage) -> None:
    """It expires on the day after its last day."""
    ref = stage.take_over(existing(term=Term(date(2024, 1, 1), date(2028, 12, 31))), State.ACTIVE)
    assert stage.fields(ref, "review", "due", "due_rule") == (
        None,
        date(2029, 1, 1),
        DueRule.TERM_OVER,
    )


@pytest.mark.parametrize(
    "state", [State.PROPOSAL, State.DECISION, State.NEGOTIATION, State.RENEWAL, State.SUNSET]
)
def test_state_before_signing_or_after_the_end_can_not_be_taken_over(
    stage: Stage, state: State
) -> None:
    """What is not signed is proposed; what has ended needs no lifecycle."""
    with pytest.raises(InvalidInputError) as caught:
        stage.take_over(existing(), state)
    assert [problem.code for problem in caught.value.problems] == ["not_signed"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (complete_agreement(), "not_signed"),
        (existing("2027"), "future"),
        (existing("2026-09-02"), "future"),
        (existing("once"), "bad_date"),
        (existing(type="treaty"), "not_allowed"),
    ],
)
def test_agreement_that_was_not_signed_in_the_past_is_bad_input(
    stage: Stage, document: Agreement, code: str
) -> None:
    """No date, one in the future, one that is none, a type that the policy does not have."""
    with pytest.raises(InvalidInputError) as caught:
        stage.take_over(document, State.ACTIVE)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert str(stage.take_over()) == "TOR-2026-001"


@pytest.mark.parametrize("signed", ["2026", "2026-09", "2026-09-01"])
def test_agreement_signed_this_year_month_or_day_is_taken_over(stage: Stage, signed: str) -> None:
    """A date that is half known is read as the first day that it can mean."""
    assert stage.fields(stage.take_over(existing(signed)), "signed_on") == (signed,)


def test_portfolio_over_its_cap_can_be_taken_over(staged: Staging) -> None:
    """Only new activations are refused; every one taken over holds a place."""
    stage = staged(with_cap(1))
    refs = [stage.take_over() for _ in range(3)]
    assert [stage.fields(ref, "counted") for ref in refs] == [(True,)] * 3


def test_same_key_takes_an_agreement_over_once(stage: Stage) -> None:
    """A file that is imported twice changes nothing the second time."""
    assert stage.take_over(key="row-1") == stage.take_over(key="row-1")
    assert str(stage.take_over()) == "TOR-2026-002"


def test_signed_agreement_taken_over_is_activated_by_the_next_nightly(stage: Stage) -> None:
    """Its term has begun, or it has none; the day of the act is that of the take-over."""
    ref = stage.take_over(existing(), State.SIGNED)
    stage.on(FIRST_DAY + timedelta(days=1)).nightly()
    assert stage.fields(ref, "state", "acted_on") == (State.ACTIVE, FIRST_DAY)


def test_agreement_taken_over_after_its_term_goes_to_evaluation(stage: Stage) -> None:
    """The next nightly finds its term over; the act can't lie before it was entered."""
    ref = stage.take_over(existing(term=Term(date(2020, 1, 1), date(2024, 12, 31))))
    stage.on(FIRST_DAY + timedelta(days=1)).nightly()
    assert stage.fields(ref, "state", "acted_on") == (State.EVALUATION, FIRST_DAY)


def test_first_term_of_what_was_taken_over_is_a_row(stage: Stage) -> None:
    """Its activation was before our time, and is not invented."""
    ref = stage.take_over(existing(term=Term(date(2024, 1, 1), END)))
    (term,) = stage.terms(ref)
    assert (term.term, term.starts, term.ends, term.signed_on, term.activated_on) == (
        1,
        date(2024, 1, 1),
        END,
        "1986",
        None,
    )
