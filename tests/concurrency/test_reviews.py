"""Sixteen reviews at once: what a review decides is done as a whole, once, and within the cap."""

from dataclasses import dataclass
from datetime import date

from lifecycle.reviewing.deciding import Choice, Decision, decide
from states.agreement import TakenOver
from states.ref import Ref
from states.vocabulary import Outcome, State, Trigger
from tests.builders import complete_agreement
from tests.concurrency.conftest import HANDS
from tests.concurrency.crowd import Crowd, Hand, Result
from tests.concurrency.deeds import told
from tests.conftest import Staging
from tests.stage import Stage, with_cap


@dataclass(frozen=True)
class Decide:
    """Decide in a review on the agreement as it was looked at; `parts` are the steps."""

    day: date
    ref: str
    decision: Decision

    def __call__(self, hand: Hand) -> Result:
        """Decide."""
        ground = "dormant" if self.decision.choice is Choice.SUNSET else None
        order = hand.order(self.day, reason="As seen.", ground=ground, expect_version=1)
        parts = [told(one) for one in decide(hand.store, order, Ref.parse(self.ref), self.decision)]
        return Result(parts[-1].outcome, parts[-1].codes, parts=tuple(parts), refs=(self.ref,))


def memorandum(stage: Stage) -> Ref:
    """Return an MOU that was taken over."""
    origin = TakenOver("1990", "The archive.")
    return stage.take_over(
        complete_agreement(type="mou", term=None, projects=(), milestones=(), taken_over=origin)
    )


def test_sixteen_reviews_of_one_agreement_one_decides_both_steps_of_it(
    stage: Stage, crowd: Crowd
) -> None:
    """Nobody comes between its two steps; the others looked at what is not so any more."""
    ref = memorandum(stage)
    deed = Decide(stage.day, str(ref), Decision(Choice.SUNSET))
    results = crowd.at_once(stage.url, [deed] * HANDS)
    (winner,) = (result for result in results if result.outcome == "ok")
    losers = [result for result in results if result is not winner]
    assert [len(winner.parts), {loser.codes for loser in losers}] == [2, {("version_conflict",)}]
    moves = [line for line in stage.entries(ref)[1:] if line.outcome is Outcome.OK]
    assert [line.trigger for line in moves] == [Trigger.TERMINATE, Trigger.SUNSET]
    assert (moves[1].n, {line.actor.id for line in moves}) == (moves[0].n + 1, {winner.actor})
    assert stage.fields(ref, "state") == (State.SUNSET,)
    assert stage.verify() == []


def test_sixteen_reviews_that_reclassify_for_one_place_under_the_cap_one_gets_it(
    staged: Staging, crowd: Crowd
) -> None:
    """An MOU holds none; what it becomes does, and is counted with the others (R11, R32)."""
    stage = staged(with_cap(1))
    refs = [memorandum(stage) for _ in range(HANDS)]
    friends = Decision(Choice.RECLASSIFY, "friendship")
    results = crowd.at_once(stage.url, [Decide(stage.day, str(ref), friends) for ref in refs])
    (winner,) = (result for result in results if result.outcome == "ok")
    assert all("cap.full" in loser.codes for loser in results if loser is not winner)
    assert [str(ref) for ref in refs if stage.standing(ref).counted] == list(winner.refs)
    assert stage.verify() == []
