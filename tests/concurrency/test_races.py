"""Many hands on one database: exactly one wins, the others are told who, nothing is done twice."""

from collections import Counter
from datetime import date

from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import END, START
from tests.concurrency.crowd import Crowd, Result, Task
from tests.conftest import Staging
from tests.stage import Stage, with_cap

HANDS = 8
ROUNDS = 3


def winners(results: list[Result]) -> list[Result]:
    """Return those whose order was carried out."""
    return [result for result in results if result.outcome == "ok"]


def test_eight_processes_on_one_agreement_one_wins_and_seven_are_told_who(stage: Stage) -> None:
    """One decision is taken once; who comes second learns who was first."""
    refs = [str(stage.propose()) for _ in range(ROUNDS)]
    with Crowd(stage.url, HANDS) as crowd:
        for ref in refs:
            task = Task(stage.day, ref, Trigger.SUBMIT)
            results = crowd.at_once([task] * HANDS)
            [winner] = winners(results)
            for loser in results:
                if loser is not winner:
                    assert loser.codes == ("version_conflict",)
                    assert winner.actor in loser.messages[0]
            standing = stage.standing(Ref.parse(ref))
            assert (standing.state, standing.version, standing.n) == (State.DECISION, 2, 9)
            outcomes = Counter(line.outcome for line in stage.entries(Ref.parse(ref))[1:])
            assert outcomes == {"ok": 1, "refused": HANDS - 1}
    assert stage.verify() == []


def test_eight_activations_with_one_place_left_under_the_cap_one_wins(staged: Staging) -> None:
    """The places of the cap are counted in the transaction that takes one."""
    stage = staged(with_cap(1))
    with Crowd(stage.url, HANDS) as crowd:
        for _ in range(ROUNDS):
            refs = [stage.reach(State.SIGNED) for _ in range(HANDS)]
            day = stage.on(max(stage.day, START)).day
            results = crowd.at_once([Task(day, str(ref), Trigger.ACTIVATE) for ref in refs])
            [winner] = winners(results)
            assert all("cap.full" in loser.codes for loser in results if loser is not winner)
            for ref in refs:
                stage.pull(ref, Trigger.TERMINATE)
                stage.pull(ref, Trigger.SUNSET)
    assert stage.verify() == []


def test_two_nightly_checks_at_once_expire_each_agreement_once(staged: Staging) -> None:
    """Two hosts that run the same night share the work or wait, and never repeat."""
    stage = staged(with_cap(20))
    refs = {str(stage.reach(State.ACTIVE)) for _ in range(20)}
    day = date.fromordinal(END.toordinal() + 1)
    with Crowd(stage.url, 2) as crowd:
        results = crowd.at_once([Task(day)] * 2)
    fired = [ref for result in results for ref in result.fired]
    assert sorted(fired) == sorted(refs)
    for ref in refs:
        moves = [e.trigger for e in stage.entries(Ref.parse(ref)) if e.trigger is Trigger.EXPIRE]
        assert moves == [Trigger.EXPIRE]
    assert stage.verify() == []


def test_nightly_check_and_people_at_once_do_each_agreement_once(stage: Stage) -> None:
    """Who terminates what expires that night is first, or is refused; the check passes it by."""
    refs = [str(stage.take_over()) for _ in range(HANDS - 1)]
    day = stage.day.replace(year=stage.day.year + 1)
    people = [Task(day, ref, Trigger.TERMINATE, "needs_changed") for ref in refs]
    with Crowd(stage.url, HANDS) as crowd:
        *told, night = crowd.at_once([*people, Task(day)])
    for ref, one in zip(refs, told, strict=True):
        assert (one.outcome == "refused") is (ref in night.fired)
        fields = stage.fields(Ref.parse(ref), "state", "version")
        assert fields == (State.EVALUATION, 2)
    assert stage.verify() == []
