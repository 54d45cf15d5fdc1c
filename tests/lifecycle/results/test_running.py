"""When a term was in force, and by which document, out of the lines of the log alone."""

from dataclasses import replace
from datetime import date

from lifecycle.results.running import document_line, running
from lifecycle.subjects import of_document
from states.agreement import Agreement
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import ERIN, START
from tests.stage import NEXT_TERM, Stage

LATER = date(2035, 1, 1)


def approved(city: Stage, ref: Ref, word: str, wanted: Agreement) -> int:
    """Correct or amend an agreement on another decider's approval; returns the line."""
    assert not city.approve(ref, word, of_document(wanted), actor=ERIN).refused
    receipt = city.correct(ref, wanted) if word == "correct" else city.amend(ref, wanted)
    assert not receipt.refused, receipt.unmet
    return receipt.n


def test_terms_in_force_are_those_that_the_log_says(stage: Stage) -> None:
    """From activation to the sunset; the next term is one of its own."""
    ref = stage.along(NEXT_TERM)
    lines = stage.entries(ref)
    (one,) = running(lines, LATER)
    ends = lines[-1].effective
    assert (one.term, one.since, one.until, one.state) == (1, START, ends, State.RENEWAL)
    moves = [lines[n - 1].trigger for n in (one.began, one.ended or 0)]
    assert moves == [Trigger.ACTIVATE, Trigger.RENEGOTIATE]
    assert one.in_year(2027)
    assert not one.in_year(2026)
    assert not one.in_year(ends.year + 1)
    assert running(lines, date(2026, 12, 31)) == ()


def test_step_that_was_taken_back_never_was(city: Stage) -> None:
    """Neither did it begin, nor end, what it was taken for."""
    ref = city.reach(State.ACTIVE)
    city.pull(ref, Trigger.TERMINATE)
    assert not city.taken_back(ref).refused
    (one,) = running(city.entries(ref), LATER)
    assert (one.state, one.until) == (State.ACTIVE, None)
    again = city.reach(State.ACTIVE)
    assert not city.taken_back(again).refused
    assert running(city.entries(again), LATER) == ()


def test_step_taken_back_after_a_day_leaves_that_day_as_it_was(city: Stage) -> None:
    """What ran at the end of a year ran then, whatever mistake was made and mended in the next."""
    ref = city.reach(State.ACTIVE)
    then = city.day
    city.on(date(2027, 6, 1))
    city.pull(ref, Trigger.TERMINATE)
    city.taken_back(ref)
    (one,) = running(city.entries(ref), then)
    assert (one.state, one.until) == (State.ACTIVE, None)


def test_what_was_agreed_on_a_day_is_as_corrected_and_not_as_amended(city: Stage) -> None:
    """A correction says what was so all along; an amendment what is so from then on."""
    ref = city.reach(State.ACTIVE)
    then, signed = city.day, city.document(ref)
    (first,) = [e.n for e in city.entries(ref) if e.event == "created"]
    assert document_line(city.entries(ref), 2, then) is None

    def line() -> int:
        found = document_line(city.entries(ref), 1, then)
        assert found is not None
        return found.n

    assert line() == first
    city.on(date(2027, 6, 1))
    city.apply(ref, replace(signed, owner="ben"))
    assert line() == first
    corrected = approved(city, ref, "correct", replace(signed, title="Trade with Chongqing"))
    assert line() == corrected
    amended = replace(city.document(ref), renewal_guidelines="Renewed once.")
    approved(city, ref, "amend", amended)
    assert line() == corrected
    approved(city, ref, "correct", replace(amended, title="Trade"))
    assert line() == corrected
