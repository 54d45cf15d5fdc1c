"""Refusals whose transaction was rolled back are written down as they were judged."""

import pytest

from lifecycle.refusing import refuse_as_judged
from states.deeds import pulling
from states.vocabulary import Event, Outcome, State, Trigger
from tests.stage import Stage, codes


def test_line_has_the_reasons_that_were_judged(stage: Stage) -> None:
    """The second transaction judges nothing anew: what was missing then is what is said."""
    ref = stage.reach(State.DECISION)
    judged = stage.advance(ref, Trigger.ACCEPT)
    stage.score(ref)
    deed = pulling(Trigger.ACCEPT)
    receipt = stage.do(lambda u, o: refuse_as_judged(u, o, ref, deed, judged), actor="dora")
    last = stage.last(ref)
    assert (last.event, last.outcome, last.trigger) == (
        Event.REFUSED,
        Outcome.REFUSED,
        Trigger.ACCEPT,
    )
    assert codes(receipt) == codes(judged)
    assert {g.code for g in last.guards if g.code} == set(codes(judged))
    assert stage.verify() == []


def test_what_was_done_is_not_written_down_as_refused(stage: Stage) -> None:
    """That would be a lie on the log."""
    ref = stage.propose()
    done = stage.advance(ref, Trigger.SUBMIT)
    deed = pulling(Trigger.SUBMIT)
    with pytest.raises(ValueError, match="only what was refused"):
        stage.do(lambda u, o: refuse_as_judged(u, o, ref, deed, done))
