"""Two to three partnerships have priority a year: one more is refused, or overridden on record."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lifecycle.entry import Entry
from lifecycle.order import Receipt
from states.problem import InvalidInputError
from states.records import Record
from states.ref import Ref
from states.vocabulary import Event, Role, Trigger
from tests.builders import ANNA, BEN, DORA
from tests.conftest import Staging
from tests.forging import both, forged, guard, told
from tests.stage import Stage, codes, policy_file

A_WEEK = timedelta(days=7)
LIMIT = "cap_available"
WHY = "The Premier's mission goes there."


def priority(stage: Stage, year: int = 2027) -> Record:
    """Return that a partnership has priority in a year."""
    return Record("priority", stage.day, year=year)


def give(stage: Stage, ref: Ref, year: int = 2027, actor: str = BEN, **order: str) -> Receipt:
    """Give a partnership priority in a year, a week after what was done last."""
    stage.on(stage.day + A_WEEK)
    return stage.record(ref, priority(stage, year), actor=actor, **order)


def results(entry: Entry) -> list[tuple[str, str, str | None]]:
    """Return what the guards said, as it stands on a line."""
    return [(one.guard, one.outcome, one.code) for one in entry.guards]


@pytest.fixture
def city(staged: Staging) -> Stage:
    """Return a real program that gives two partnerships a year priority."""
    policy = policy_file({"priority_partnerships_per_year": 2})
    return staged(policy, sandbox=False).with_people()


@pytest.fixture
def full(city: Stage) -> Stage:
    """Return the same with both places of 2027 taken, by the first two agreements."""
    for _ in range(2):
        assert not give(city, city.propose()).refused
    return city


def refs(stage: Stage) -> list[Ref]:
    """Return the agreements."""
    with stage.store.reading() as reader:
        return [Ref.of("TOR", standing.key) for standing in reader.portfolio(-1, 100)]


def test_one_priority_partnership_more_than_the_policy_has_is_refused(full: Stage) -> None:
    """Under cap_available, on the log (R13, REC4); in another year there are places."""
    third = full.propose()
    receipt = give(full, third)
    assert codes(receipt) == ["limit.priority"]
    assert "2 of 2 partnerships have priority in 2027" in receipt.unmet[0][1].message
    assert results(full.last(third)) == [(LIMIT, "unmet", "limit.priority")]
    assert not give(full, third, 2028).refused
    assert results(full.last(third)) == [(LIMIT, "met", None)]
    assert full.verify() == []


def test_decider_gives_one_more_priority_by_saying_why_and_it_is_on_record(full: Stage) -> None:
    """As a condition that was waived, and by whom; without a reason it stays refused."""
    third = full.propose()
    assert codes(give(full, third, actor=DORA)) == ["limit.priority"]
    assert codes(give(full, third, actor=BEN, reason=WHY)) == ["limit.priority"]
    receipt = give(full, third, actor=DORA, reason=WHY)
    assert not receipt.refused
    assert receipt.unmet[0][1].waived_by == DORA
    line = full.last(third)
    assert (line.event, line.role) == (Event.RECORDED, Role.DECIDER)
    assert results(line) == [(LIMIT, "waived", "limit.priority")]
    fourth = full.propose()
    assert not give(full, fourth, reason=WHY, on_behalf_of="City Council", item="EX1.2").refused
    assert full.last(fourth).on_behalf_of == "City Council"
    assert full.verify() == []


def test_nobody_gives_priority_beyond_the_limit_to_what_they_drafted(full: Stage) -> None:
    """A second person does."""
    full.appoint(ANNA, Role.DECIDER)
    third = full.propose()
    assert codes(give(full, third, actor=ANNA, reason=WHY)) == ["limit.priority", "person.same"]
    assert codes(give(full, third, actor="mallory", reason=WHY)) == ["role.missing"]
    assert full.verify() == []


@pytest.mark.parametrize("way", ["retracted", "declined", "voided"])
def test_place_of_what_lost_its_priority_is_free_again(full: Stage, way: str) -> None:
    """One that is ended keeps it: it had its year."""
    first, third = refs(full)[0], full.propose()
    match way:
        case "retracted":
            full.correct_record(first, full.standing(first).n, None)
        case "voided":
            full.voided(first)
        case _:
            full.pull(first, Trigger.SUBMIT)
            full.pull(first, Trigger.DECLINE)
    assert not give(full, third).refused
    assert results(full.last(third)) == [(LIMIT, "met", None)]
    assert full.verify() == []


def test_priority_is_not_moved_into_another_year_by_a_correction(full: Stage) -> None:
    """Whose places were not asked for; within its year it may be corrected."""
    first = refs(full)[0]
    n = full.standing(first).n
    with pytest.raises(InvalidInputError) as caught:
        full.correct_record(first, n, priority(full, 2028))
    assert caught.value.problems[0].code == "other_year"
    text = Record("priority", full.day, year=2027, text="Trade.")
    assert not full.correct_record(first, n, text).refused
    assert codes(give(full, full.propose())) == ["limit.priority"]
    assert full.verify() == []


def test_policy_says_how_many_and_whether_one_more_is_refused(staged: Staging) -> None:
    """No limit where it is silent; a warning where the guard only warns, or nothing at all."""
    for guards, expected in (
        ({}, None),
        ({LIMIT: "warn"}, (LIMIT, "warned", "limit.priority")),
        ({LIMIT: "off"}, (LIMIT, "off", None)),
    ):
        most = 1 if guards else None
        policy = policy_file({"priority_partnerships_per_year": most, "guards": guards})
        stage = staged(policy, sandbox=False).with_people()
        first, second = stage.propose(), stage.propose()
        give(stage, first)
        assert not give(stage, second).refused
        assert results(stage.last(second)) == ([expected] if expected else [])
        assert stage.verify() == []


def test_priority_given_before_there_was_a_limit_counts_and_is_no_finding(
    staged: Staging,
) -> None:
    """What is on record under an earlier policy holds its place under the next."""
    stage = staged(policy_file({"priority_partnerships_per_year": None}))
    first, second = stage.propose(), stage.propose()
    give(stage, first)
    stage.adopt(policy_file({"priority_partnerships_per_year": 1}))
    assert codes(give(stage, second)) == ["limit.priority"]
    assert stage.verify() == []


Change = Callable[[Entry], Entry]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (guard(LIMIT), "guard.differs"),
        (guard(LIMIT, "met"), "guard.differs"),
        (both(guard(LIMIT, "waived:limit.priority"), told(role=Role.STAFF)), "authority.differs"),
        (told(reason=None), "guard.differs"),
    ],
    ids=["unsaid", "met", "by staff", "without a reason"],
)
def test_log_verify_finds_a_priority_that_was_given_without_a_place(
    full: Stage, change: Change, code: str
) -> None:
    """Or beyond the limit without a decider's word, or without a reason."""
    third = full.propose()
    give(full, third, actor=DORA, reason=WHY)
    found = forged(full, {(third, full.standing(third).n): change})
    assert code in [one.code for one in found]


def test_log_verify_finds_a_limit_that_was_waived_while_there_was_room(city: Stage) -> None:
    """Nobody goes beyond what is not reached."""
    first = city.propose()
    give(city, first, actor=DORA, reason=WHY)
    waived = guard(LIMIT, "waived:limit.priority")
    (found,) = forged(city, {(first, city.standing(first).n): waived})
    assert found.code == "guard.differs"


def test_priority_whose_record_is_gone_is_not_judged(full: Stage) -> None:
    """That it is gone is said elsewhere, once."""
    first = refs(full)[0]
    n = full.standing(first).n
    delete = "DELETE FROM beside WHERE stream = :stream AND n = :n"
    full.tamper("DROP TRIGGER beside_no_delete", delete, stream=first.key, n=n)
    with full.store.reading() as reader:
        assert [one for one in reader.recompute() if one.n == n] == []
