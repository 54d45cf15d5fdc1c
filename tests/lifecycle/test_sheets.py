"""Scores, evaluations and records: lines that cite what stands beside them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lifecycle.errors import UnknownRefError
from states.codec import decode
from states.problem import InvalidInputError
from states.records import Evaluation, ProjectOutcome, Record, Score, ScoreSheet
from states.ref import Ref
from states.vocabulary import Event, State
from tests.builders import evaluation, score_sheet
from tests.stage import FIRST_DAY, Stage, codes

NOTE = Record("note", FIRST_DAY, "Called the partner.")
OPEN = [state for state in State if state not in {State.SUNSET, State.DECLINED}]


def test_score_is_a_line_that_moves_neither_state_nor_version(stage: Stage) -> None:
    """Only n and head move, and the standing knows where the present sheet is."""
    ref = stage.propose()
    before = stage.standing(ref)
    receipt = stage.score(ref)
    after = stage.standing(ref)
    assert (receipt.event, receipt.version, receipt.n) == (Event.SCORED, 1, 2)
    assert (after.version, after.state, after.n) == (before.version, before.state, 2)
    assert (before.score_n, after.score_n) == (None, 2)


def test_score_sheet_is_stamped_with_the_criteria_that_it_was_held_against(stage: Stage) -> None:
    """Whatever version the sheet claims, the record says which criteria it answers."""
    ref = stage.propose()
    stage.score(ref, score_sheet(criteria="1999"))
    with stage.store.reading() as reader:
        (content,) = reader.beside(ref.key, 2)
    sheet = decode(ScoreSheet, content.body)
    assert (content.kind, sheet.criteria) == ("scores", "2018")
    assert sheet.scores == score_sheet().scores


def test_scoring_again_replaces_the_sheet_that_counts(stage: Stage) -> None:
    """Both stay on the log; the last one is judged."""
    ref = stage.reach(State.DECISION)
    stage.score(ref, ScoreSheet())
    stage.score(ref)
    assert stage.fields(ref, "score_n", "n") == (4, 4)


@pytest.mark.parametrize("state", [s for s in State if s not in {State.PROPOSAL, State.DECISION}])
def test_score_after_the_decision_is_refused(stage: Stage, state: State) -> None:
    """Scores precede a decision; the refusal is on the log."""
    ref = stage.reach(state)
    receipt = stage.score(ref)
    assert (receipt.refused, codes(receipt)) == (True, ["not_in_this_state"])
    assert stage.last(ref).event is Event.REFUSED


@pytest.mark.parametrize("state", [State.ACTIVE, State.EVALUATION, State.RENEWAL])
def test_evaluation_judges_the_signed_term(stage: Stage, state: State) -> None:
    """The standing says which term the present evaluation is of."""
    ref = stage.reach(state)
    receipt = stage.evaluate(ref)
    assert receipt.event is Event.EVALUATED
    assert stage.fields(ref, "evaluation_n", "evaluation_term") == (receipt.n, 1)
    with stage.store.reading() as reader:
        (content,) = reader.beside(ref.key, receipt.n)
    assert decode(Evaluation, content.body) == evaluation()


@pytest.mark.parametrize(
    "state", [State.PROPOSAL, State.DECISION, State.NEGOTIATION, State.SIGNED, State.SUNSET]
)
def test_evaluation_of_what_does_not_run_is_refused(stage: Stage, state: State) -> None:
    """There is no term to judge yet, or no decision left to prepare."""
    assert codes(stage.evaluate(stage.reach(state))) == ["not_in_this_state"]


def test_evaluation_of_an_unknown_project_is_bad_input(stage: Stage) -> None:
    """It would judge something that was never agreed on."""
    ref = stage.reach(State.EVALUATION)
    wrong = evaluation(projects=(ProjectOutcome("fair", "met", "All of it."),))
    with pytest.raises(InvalidInputError):
        stage.evaluate(ref, wrong)
    assert stage.fields(ref, "evaluation_n") == (None,)


def test_score_of_an_unknown_criterion_is_bad_input(stage: Stage) -> None:
    """Nothing is scored on a criterion that the policy does not have."""
    with pytest.raises(InvalidInputError):
        stage.score(stage.propose(), score_sheet(scores={"charm": Score(5)}))


@pytest.mark.parametrize("state", OPEN)
def test_record_is_kept_in_every_state_but_a_final_one(stage: Stage, state: State) -> None:
    """What happened is recorded when it happened, whatever the state."""
    ref = stage.reach(state)
    receipt = stage.record(ref, NOTE)
    assert receipt.event is Event.RECORDED
    with stage.store.reading() as reader:
        assert (receipt.n, NOTE) in reader.records(ref.key)


@pytest.mark.parametrize("state", [State.SUNSET, State.DECLINED])
def test_record_in_a_final_state_is_refused(stage: Stage, state: State) -> None:
    """What is over is over."""
    assert codes(stage.record(stage.reach(state), NOTE)) == ["not_in_this_state"]


def test_record_of_the_future_is_bad_input(stage: Stage) -> None:
    """Today is the last day that a record can be of."""
    ref = stage.propose()
    stage.record(ref, NOTE)
    with pytest.raises(InvalidInputError) as caught:
        stage.record(ref, replace(NOTE, on=FIRST_DAY + timedelta(days=1)))
    assert [(p.code, p.key) for p in caught.value.problems] == [("future", "on")]


def test_annual_record_is_found_by_its_year(stage: Stage) -> None:
    """Renewal asks for a report of each year, and this is where it looks."""
    ref = stage.reach(State.ACTIVE)
    stage.on(date(2028, 2, 1))
    stage.record(ref, Record("annual", stage.day, "A good year.", year=2027))
    with stage.store.reading() as reader:
        assert reader.annual_years(ref.key) == {2027}


def test_sheet_for_an_older_version_is_refused(stage: Stage) -> None:
    """Who scores has seen the document that they score."""
    ref = stage.propose()
    stage.score(ref, expect_version=1)
    assert codes(stage.score(ref, expect_version=9)) == ["version_conflict"]
    assert stage.fields(ref, "score_n", "n") == (2, 3)


def test_sheet_for_an_unknown_reference_is_an_error(stage: Stage) -> None:
    """There is nothing to put it beside."""
    with pytest.raises(UnknownRefError):
        stage.record(Ref("TOR", 2026, 9), NOTE)


def test_same_sheet_under_the_same_key_is_kept_once(stage: Stage) -> None:
    """A retry is answered with the first receipt."""
    ref = stage.propose()
    first = stage.score(ref, key="k")
    again = stage.score(ref, key="k")
    assert (again.entry, again.repeated) == (first.entry, True)
    assert stage.fields(ref, "n") == (2,)
