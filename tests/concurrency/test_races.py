"""Sixteen hands on one database: exactly one wins, the others are told who, nothing is done twice.

Each race is run a few times by default; the campaign of the issue, a hundred rounds on both kinds
of databases, is marked `reliability` (docs/reliability.md).
"""

from collections import Counter
from datetime import date

import pytest

from lifecycle.sheets import record
from states.records import Record
from states.ref import Ref
from states.vocabulary import Outcome, State, Trigger
from tests import figures
from tests.builders import END, START
from tests.concurrency.conftest import HANDS
from tests.concurrency.crowd import Crowd, Result
from tests.concurrency.deeds import Give, Night, Pull
from tests.conftest import Staging
from tests.stage import Stage, policy_file, with_cap

ON_ONE = "sixteen on one agreement"
FOR_ONE = "sixteen for one place"
ROUNDS = [
    pytest.param(5, id="5 rounds"),
    pytest.param(100, id="100 rounds", marks=pytest.mark.reliability),
]


def winner_of(results: list[Result]) -> Result:
    """Return the one whose order was carried out."""
    [winner] = [result for result in results if result.outcome == "ok"]
    return winner


def in_order(stage: Stage, ref: Ref) -> Counter[tuple[Outcome, str]]:
    """Return who did what in an agreement's stream, whose lines are numbered without a gap."""
    lines = stage.entries(ref)
    assert [line.n for line in lines] == list(range(1, len(lines) + 1))
    return Counter((line.outcome, line.actor.id) for line in lines)


def one_won(stage: Stage, ref: Ref, results: list[Result]) -> int:
    """Hold that one submitted the agreement; returns how many others were told who."""
    winner = winner_of(results)
    losers = [result for result in results if result is not winner]
    assert [loser.codes for loser in losers] == [("version_conflict",)] * (HANDS - 1)
    assert all(winner.actor in loser.messages[0] for loser in losers)
    standing = stage.standing(ref)
    assert (standing.state, standing.version, standing.n) == (State.DECISION, 2, 1 + HANDS)
    assert in_order(stage, ref) == {
        (Outcome.OK, "anna"): 1,
        (Outcome.OK, winner.actor): 1,
        **{(Outcome.REFUSED, loser.actor): 1 for loser in losers},
    }
    return len(losers)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_sixteen_processes_on_one_agreement_one_wins_and_fifteen_are_told_who(
    stage: Stage, crowd: Crowd, rounds: int
) -> None:
    """One decision is taken once; who comes second learns who was first, and that is on the log."""
    database = figures.version_of(stage.url)
    with figures.measured(ON_ONE, database=database, seed=None, rounds=rounds) as counts:
        for _ in range(rounds):
            ref = stage.propose()
            results = crowd.at_once(stage.url, [Pull(stage.day, str(ref), Trigger.SUBMIT)] * HANDS)
            counts["one_winner"] += 1
            counts["told_who"] += one_won(stage, ref, results)
        assert stage.verify() == []


@pytest.mark.parametrize("rounds", ROUNDS)
def test_sixteen_activations_with_one_place_left_under_the_cap_one_wins(
    staged: Staging, crowd: Crowd, rounds: int
) -> None:
    """The places of the cap are counted in the transaction that takes one."""
    stage = staged(with_cap(1))
    refs = [stage.reach(State.SIGNED) for _ in range(HANDS)]
    stage.on(START)
    database = figures.version_of(stage.url)
    with figures.measured(FOR_ONE, database=database, seed=None, rounds=rounds) as counts:
        for _ in range(rounds):
            before = [stage.standing(ref).n for ref in refs]
            pulls = [Pull(stage.day, str(ref), Trigger.ACTIVATE) for ref in refs]
            results = crowd.at_once(stage.url, pulls)
            winner = winner_of(results)
            assert all("cap.full" in loser.codes for loser in results if loser is not winner)
            assert [stage.standing(ref).n for ref in refs] == [n + 1 for n in before]
            [active] = [ref for ref in refs if stage.standing(ref).state is State.ACTIVE]
            assert str(active) in winner.refs
            counts["one_winner"] += 1
            counts["told_that_the_cap_is_full"] += len(results) - 1
            stage.pull(active, Trigger.TERMINATE)
            stage.pull(active, Trigger.SUNSET)
            in_order(stage, active)
            refs[refs.index(active)] = stage.reach(State.SIGNED)
        for ref in refs:
            in_order(stage, ref)
        assert stage.verify() == []


def test_sixteen_for_the_last_priority_partnership_of_a_year_one_gets_it(
    staged: Staging, crowd: Crowd
) -> None:
    """The year's places are counted in the transaction that takes one (R13)."""
    stage = staged(policy_file({"priority_partnerships_per_year": 1}))
    refs = [stage.propose() for _ in range(HANDS)]
    fact = Record("priority", stage.day, year=2027)
    gives = [Give(stage.day, record, (ref, fact)) for ref in refs]
    results = crowd.at_once(stage.url, gives)
    winner = winner_of(results)
    assert all(loser.codes == ("limit.priority",) for loser in results if loser is not winner)
    assert stage.verify() == []


@pytest.mark.parametrize("nights", [2, HANDS])
def test_nightly_checks_at_once_expire_each_agreement_once(
    staged: Staging, crowd: Crowd, nights: int
) -> None:
    """Hosts that run the same night share the work or wait, and never repeat."""
    stage = staged(with_cap(20))
    refs = {str(stage.reach(State.ACTIVE)) for _ in range(20)}
    day = date.fromordinal(END.toordinal() + 1)
    results = crowd.at_once(stage.url, [Night(day)] * nights)
    assert [result.outcome for result in results] == ["ran"] * nights
    fired = [ref for result in results for ref in result.refs]
    assert sorted(fired) == sorted(refs)
    for ref in refs:
        moves = [e.trigger for e in stage.entries(Ref.parse(ref)) if e.trigger is Trigger.EXPIRE]
        assert moves == [Trigger.EXPIRE]
    assert stage.verify() == []


def test_nightly_checks_at_once_fill_the_cap_and_no_more(staged: Staging, crowd: Crowd) -> None:
    """Two hosts that activate what starts today take the free places between them, each once."""
    stage = staged(with_cap(3))
    refs = [stage.reach(State.SIGNED) for _ in range(6)]
    results = crowd.at_once(stage.url, [Night(START)] * 2)
    fired = sorted(ref for result in results for ref in result.refs)
    assert fired == [str(ref) for ref in refs[:3]]
    states = [stage.standing(ref).state for ref in refs]
    assert states == [State.ACTIVE] * 3 + [State.SIGNED] * 3
    assert stage.verify() == []


def test_nightly_check_and_people_at_once_do_each_agreement_once(
    stage: Stage, crowd: Crowd
) -> None:
    """Who terminates what expires that night is first, or is refused; the check passes it by."""
    refs = [str(stage.take_over()) for _ in range(HANDS - 1)]
    day = stage.day.replace(year=stage.day.year + 1)
    people = [Pull(day, ref, Trigger.TERMINATE, "needs_changed") for ref in refs]
    *told, night = crowd.at_once(stage.url, [*people, Night(day)])
    for ref, one in zip(refs, told, strict=True):
        assert (one.outcome == "refused") is (ref in night.refs)
        fields = stage.fields(Ref.parse(ref), "state", "version")
        assert fields == (State.EVALUATION, 2)
    assert stage.verify() == []
