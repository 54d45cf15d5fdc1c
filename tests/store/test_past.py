"""The reader of a day that has passed, in batches and one by one, on each kind of database."""

from datetime import timedelta

import pytest

from lifecycle.errors import StoreError
from lifecycle.history import Moment
from lifecycle.subjects import of_document
from states.records import Record
from states.vocabulary import State, Trigger
from store import past as module
from tests.builders import complete_agreement
from tests.stage import NEXT_TERM, Stage


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_batches_say_what_each_agreement_says_alone(
    stage: Stage, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order of references, as of every day of a story, as the rows are at its end."""
    monkeypatch.setattr(module, "_BATCH", batch)
    first = stage.day
    refs = [stage.along(NEXT_TERM)]
    stage.on(stage.day + timedelta(days=5))
    refs += [stage.reach(State.SIGNED), stage.reach(State.DECISION)]
    stage.record(refs[1], Record("note", stage.day, "A call."))
    corrected = complete_agreement(title="Trade")
    stage.approve(refs[1], "correct", of_document(corrected))
    assert not stage.correct(refs[1], corrected).refused
    stage.on(stage.day + timedelta(days=5)).taken_back(refs[0])
    found = [stage.standing(ref) for ref in refs][:0]
    for day in (first, stage.day - timedelta(days=6), stage.day - timedelta(days=5), stage.day):
        with stage.store.reading_past(Moment(day)) as past:
            found = list(past.all_then())
            alone = [past.then(ref.key) for ref in refs]
        assert found == [standing for standing in alone if standing]
    assert found == [stage.standing(ref) for ref in refs]


def test_document_that_was_altered_is_told_of(stage: Stage) -> None:
    """A past that can't be told is not made up."""
    ref = stage.reach(State.DECISION)
    triggers = ["DROP TRIGGER document_no_update"]
    if stage.backend == "postgresql":
        triggers = ["ALTER TABLE document DISABLE TRIGGER USER"]
    stage.tamper(*triggers, "UPDATE document SET body = '{}'")
    with stage.store.reading_past(Moment(stage.day)) as past:
        with pytest.raises(StoreError, match="gone or was altered"):
            list(past.all_then())
        with pytest.raises(StoreError, match="gone or was altered"):
            past.then(ref.key)


def test_refused_step_of_then_is_no_step(stage: Stage) -> None:
    """A refusal changes nothing on any day."""
    ref = stage.reach(State.DECISION)
    stage.advance(ref, Trigger.ACCEPT)
    with stage.store.reading_past(Moment(stage.day)) as past:
        found = past.then(ref.key)
    assert found == stage.standing(ref)
