"""Due dates: what happens, or is owed, next in each state, and who holds a place."""

from datetime import date, timedelta
from typing import Any

import pytest

from guards.policy import Deadlines
from lifecycle.evolve import juncture
from states.agreement import Agreement, TakenOver, Term
from states.ref import Ref
from states.vocabulary import DueRule, State, Trigger
from tests.builders import END, START, complete_agreement, policy, standing
from tests.conftest import Staging
from tests.stage import FIRST_DAY, NEXT_TERM, Stage, policy_file, with_cap

REVIEW = date(2027, 6, 1)
OPEN_ENDED = policy_file({"types": {"partnership": {"open_ended": True, "review_months": 12}}})
UNTIMED = complete_agreement(term=None, review=REVIEW)


def due(stage: Stage, ref: Ref) -> tuple[Any, ...]:
    """Return the due date and its rule."""
    return stage.fields(ref, "due", "due_rule")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.PROPOSAL, (None, None)),
        (State.DECISION, (FIRST_DAY + timedelta(days=180), DueRule.DECISION_DUE)),
        (State.NEGOTIATION, (FIRST_DAY + timedelta(days=365), DueRule.DECISION_DUE)),
        (State.SIGNED, (START, DueRule.TERM_STARTS)),
        (State.ACTIVE, (END + timedelta(days=1), DueRule.TERM_OVER)),
        (State.EVALUATION, (START + timedelta(days=180), DueRule.DECISION_DUE)),
        (State.RENEWAL, (START + timedelta(days=180), DueRule.DECISION_DUE)),
        (State.SUNSET, (None, None)),
        (State.DECLINED, (None, None)),
    ],
)
def test_each_state_has_its_own_juncture(
    stage: Stage, state: State, expected: tuple[date | None, DueRule | None]
) -> None:
    """What the calendar demands, or a decision that is owed, or nothing."""
    assert due(stage, stage.reach(state)) == expected


def test_agreement_without_a_term_is_due_for_review(staged: Staging) -> None:
    """Signed, it is due at once; active, on its review date."""
    stage = staged(OPEN_ENDED)
    ref = stage.reach(State.SIGNED, UNTIMED)
    assert due(stage, ref) == (FIRST_DAY, DueRule.TERM_STARTS)
    stage.on(FIRST_DAY).nightly()
    assert due(stage, ref) == (REVIEW, DueRule.REVIEW_DUE)


def test_review_that_is_moved_moves_the_due_date(staged: Staging) -> None:
    """Who keeps an agreement says until when it is looked at again."""
    stage = staged(OPEN_ENDED)
    ref = stage.reach(State.ACTIVE, UNTIMED)
    later = date(2027, 11, 1)
    stage.apply(ref, complete_agreement(term=None, review=later))
    assert due(stage, ref) == (later, DueRule.REVIEW_DUE)


def test_term_goes_before_a_review(stage: Stage) -> None:
    """An agreement with an end has its juncture there."""
    ref = stage.reach(State.ACTIVE, complete_agreement(review=REVIEW))
    assert due(stage, ref) == (END + timedelta(days=1), DueRule.TERM_OVER)


@pytest.mark.parametrize(
    ("state", "key"),
    [
        (State.DECISION, "decision_days"),
        (State.NEGOTIATION, "negotiation_days"),
        (State.EVALUATION, "evaluation_days"),
        (State.RENEWAL, "renewal_days"),
    ],
)
def test_each_decision_has_its_own_deadline(staged: Staging, state: State, key: str) -> None:
    """The policy counts its days from the day on which the state was entered."""
    stage = staged(policy_file({"deadlines": {key: 7}}))
    ref = stage.reach(state)
    assert due(stage, ref) == (stage.day + timedelta(days=7), DueRule.DECISION_DUE)


def test_deadline_runs_from_the_day_it_was_recorded_and_not_from_the_act(stage: Stage) -> None:
    """Who has to decide learns of it when it is entered."""
    ref = stage.propose()
    stage.on(FIRST_DAY + timedelta(days=60))
    stage.advance(ref, Trigger.SUBMIT, effective_on=FIRST_DAY)
    assert due(stage, ref) == (stage.day + timedelta(days=180), DueRule.DECISION_DUE)


def test_decision_without_a_deadline_is_never_due() -> None:
    """A policy may leave it to the people when they decide."""
    under = policy(deadlines=Deadlines(evaluation_days=None))
    assert juncture(standing(state=State.EVALUATION), under) == (None, None)


def test_edit_of_a_drafted_agreement_does_not_move_its_deadline(stage: Stage) -> None:
    """Otherwise a decision could be put off for ever by editing."""
    ref = stage.reach(State.DECISION)
    stage.on(FIRST_DAY + timedelta(days=60)).apply(ref, complete_agreement(title="Trade"))
    assert due(stage, ref) == (FIRST_DAY + timedelta(days=180), DueRule.DECISION_DUE)


def test_term_that_has_begun_before_signing_is_due_at_once(stage: Stage) -> None:
    """The next nightly activates it, as of the day of signing."""
    ref = stage.reach(State.NEGOTIATION)
    stage.on(date(2027, 2, 1)).pull(ref, Trigger.SIGN)
    assert due(stage, ref) == (START, DueRule.TERM_STARTS)
    stage.nightly()
    assert stage.fields(ref, "state", "acted_on") == (State.ACTIVE, date(2027, 2, 1))


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        (State.SIGNED, False),
        (State.ACTIVE, True),
        (State.EVALUATION, True),
        (State.RENEWAL, True),
        (State.SUNSET, False),
    ],
)
def test_place_under_the_cap_is_held_from_activation_to_the_end(
    stage: Stage, state: State, *, holds: bool
) -> None:
    """In the states that the policy names."""
    assert stage.fields(stage.reach(state), "counted") == (holds,)


def test_place_is_kept_while_the_next_term_is_negotiated_and_signed(stage: Stage) -> None:
    """Or renewing would cost an agreement the place that it has."""
    ref = stage.along(NEXT_TERM)
    assert stage.fields(ref, "state", "counted") == (State.NEGOTIATION, True)
    stage.apply(ref, complete_agreement())
    stage.pull(ref, Trigger.SIGN)
    assert stage.fields(ref, "state", "counted") == (State.SIGNED, True)


def test_place_is_not_kept_where_renewal_does_not_hold_one(staged: Staging) -> None:
    """A policy that counts only what is active counts no next term either."""
    stage = staged(with_cap(10, cap={"at_most": 10, "states": ["active"]}))
    assert stage.fields(stage.along(NEXT_TERM), "counted") == (False,)


@pytest.mark.parametrize("kind", ["mou", "friendship"])
def test_type_that_does_not_count_holds_no_place(stage: Stage, kind: str) -> None:
    """A memorandum of understanding stands outside the cap, a friendship does not."""
    document: Agreement = complete_agreement(
        type=kind, term=Term(START, END), taken_over=TakenOver("1998", "The archive.")
    )
    ref = stage.take_over(document, State.ACTIVE)
    assert stage.fields(ref, "counted") == (kind == "friendship",)


def test_program_without_a_cap_counts_nothing(staged: Staging) -> None:
    """There are no places to hold."""
    stage = staged(policy_file({"cap": None}))
    assert stage.fields(stage.reach(State.ACTIVE), "counted") == (False,)
