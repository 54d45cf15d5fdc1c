"""What became of a row of a review: done, done before, refused, or not even tried (R48)."""

from dataclasses import replace

from lifecycle.reviewing.carrying import Outcome, carry_out
from lifecycle.reviewing.deciding import Choice, Decision
from lifecycle.reviewing.sheet import Wanted
from states.agreement import TakenOver
from states.ref import Ref
from tests.builders import BEN, DORA, ERIN, complete_agreement
from tests.stage import Stage


def carried(stage: Stage, wanted: Wanted, actor: str = DORA) -> Outcome:
    """Carry out what a row wants, under its key."""
    order = stage.order(actor, reason=wanted.reason, ground=wanted.ground, key=wanted.key)
    return carry_out(stage.store, order, wanted)


def sunset(ref: Ref) -> Wanted:
    """Return a row that ends an agreement."""
    return Wanted(2, ref, Decision(Choice.SUNSET), "Nobody answers.", "dormant", 1)


def test_row_is_carried_out_once_and_known_again(city: Stage) -> None:
    """The second time its receipts are those of the first."""
    plain = {"term": None, "projects": (), "milestones": ()}
    ref = city.take_over(complete_agreement(taken_over=TakenOver("1990", "The archive."), **plain))
    refused = carried(city, sunset(ref), actor=BEN)
    assert (refused.refused, refused.repeated, refused.problems) == (True, False, ())
    first, again = carried(city, sunset(ref)), carried(city, sunset(ref))
    assert (first.refused, first.repeated, len(first.receipts)) == (False, False, 2)
    assert (again.refused, again.repeated) == (False, True)
    assert city.verify() == []


def test_row_that_somebody_else_carried_out_is_told_so(city: Stage) -> None:
    """Nobody is told of a key that they never chose; nothing is done twice."""
    ref = city.take_over()
    row = Wanted(2, ref, Decision(Choice.KEEP), "Schools write to each other.", None, 1)
    assert not carried(city, row).refused
    lines = city.raw(ref)
    again = carried(city, row, actor=ERIN)
    (problem,) = again.problems
    assert problem.message == "somebody else has carried this row out already"
    assert str(ref) in (problem.hint or "")
    assert city.raw(ref) == lines


def test_row_that_can_not_be_tried_says_why_and_changes_nothing(city: Stage) -> None:
    """A ground that the policy does not have is bad input and no refusal."""
    ref = city.take_over()
    before = city.raw(ref)
    found = carried(city, replace(sunset(ref), ground="bored"))
    assert (found.refused, found.repeated, found.receipts) == (True, False, ())
    assert [problem.code for problem in found.problems] == ["unknown_ground"]
    assert city.raw(ref) == before
