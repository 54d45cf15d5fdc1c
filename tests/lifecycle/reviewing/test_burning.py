"""How the worklist burns down: what the log says of each day (R30, R32)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.history import Moment
from lifecycle.reviewing.burning import How, Movement, burn_down, movements
from lifecycle.reviewing.worklist import stands_on_it, worklist
from states.agreement import Agreement, TakenOver
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import DORA, complete_agreement
from tests.conftest import Staging
from tests.stage import FIRST_DAY, TORONTO, Stage, parsed, policy_file

POLICY = parsed(TORONTO)
TODAY = date(2027, 11, 15)


def mou(title: str = "Friends of old", **changes: object) -> Agreement:
    """Return a memorandum of 1990 as it is taken over."""
    plain = {"type": "mou", "term": None, "projects": (), "milestones": (), **changes}
    return complete_agreement(title=title, taken_over=TakenOver("1990", "The archive."), **plain)


def moved(stage: Stage, ref: Ref) -> list[Movement]:
    """Return when an agreement came onto the worklist and left it."""
    with stage.store.reading() as reader:
        standing = stage.standing(ref)
        found = movements(
            reader.lines(ref.key),
            standing,
            POLICY,
            lambda digest: reader.document_of(ref.key, digest).type,
        )
        return list(found)


def test_taken_over_reclassified_and_sunset_are_told_with_their_days(city: Stage) -> None:
    """Each by the day of the act, not of its entry."""
    first, second = city.take_over(mou()), city.take_over(mou("Another"))
    city.on(FIRST_DAY + timedelta(40))
    city.reclassify(first, "friendship", effective_on=FIRST_DAY + timedelta(30))
    city.pull(second, Trigger.TERMINATE, actor=DORA)
    city.pull(second, Trigger.SUNSET, actor=DORA)
    assert moved(city, first) == [
        Movement(FIRST_DAY, 1, How.TAKEN_OVER),
        Movement(FIRST_DAY + timedelta(30), -1, How.RECLASSIFIED),
    ]
    assert moved(city, second)[1:] == [Movement(city.day, -1, How.SUNSET)]


def test_what_was_taken_back_or_voided_never_left_or_never_stood_there(city: Stage) -> None:
    """A sunset by mistake, and a duplicate."""
    first, second = city.take_over(mou()), city.take_over(mou("Twice"))
    city.pull(first, Trigger.TERMINATE, actor=DORA)
    city.pull(first, Trigger.SUNSET, actor=DORA)
    city.taken_back(first)
    city.voided(second)
    assert moved(city, first) == [Movement(FIRST_DAY, 1, How.TAKEN_OVER)]
    assert moved(city, second) == []


def test_second_reclassification_does_not_count_again(city: Stage) -> None:
    """It left with the first; a refusal changed nothing."""
    ref = city.take_over(mou())
    assert city.reclassify(ref, "friendship", actor="eve").refused
    city.reclassify(ref, "partnership")
    city.reclassify(ref, "friendship")
    assert [one.how for one in moved(city, ref)] == [How.TAKEN_OVER, How.RECLASSIFIED]


def test_what_a_policy_put_onto_the_list_or_took_off_it_is_told_apart(staged: Staging) -> None:
    """A type that could be made once; and a later term under negotiation."""
    stage = staged(policy_file({"types": {"mou": {"may_be_created": True}}}))
    made = complete_agreement(type="mou")
    ref = stage.reach(State.SIGNED, made)
    other = stage.along((), made)
    for trigger in (Trigger.SUBMIT, Trigger.ACCEPT, Trigger.SIGN, Trigger.TERMINATE):
        stage.pull(other, trigger)
    stage.pull(other, Trigger.RENEW)
    stage.pull(other, Trigger.RENEGOTIATE)
    assert [(one.change, one.how) for one in moved(stage, ref)] == [(1, How.OTHERWISE)]
    assert [one.how for one in moved(stage, other)] == [How.OTHERWISE, How.OTHERWISE]


def of(day: date, change: int, how: How) -> Movement:
    """Return a movement."""
    return Movement(day, change, how)


def months() -> Iterator[Movement]:
    """Yield what came and went in 2027."""
    for _ in range(8):
        yield of(date(2027, 1, 10), 1, How.TAKEN_OVER)
    yield of(date(2027, 2, 1), -1, How.RECLASSIFIED)
    yield of(date(2027, 2, 28), -1, How.SUNSET)
    yield of(date(2027, 10, 1), 1, How.TAKEN_OVER)
    yield of(date(2027, 10, 2), -1, How.OTHERWISE)
    yield of(date(2027, 12, 1), -1, How.SUNSET)


def test_burn_down_tells_each_months_end_and_today() -> None:
    """What is still to come counts for nothing; each point adds up from the one before."""
    found = burn_down(months(), TODAY)
    days = [point.day for point in found.points]
    assert (days[0], days[1], days[-1]) == (date(2027, 1, 31), date(2027, 2, 28), TODAY)
    assert [(p.taken_over, p.reclassified, p.sunset, p.otherwise, p.left) for p in found.points][
        :2
    ] == [(8, 0, 0, 0, 8), (0, 1, 1, 0, 6)]
    assert found.points[-2].otherwise == -1
    assert found.remaining == 6


def test_pace_of_the_last_year_says_when_the_worklist_is_empty() -> None:
    """Six are left, two net went in 309 days: 927 days more."""
    pace = burn_down(months(), TODAY).pace
    assert pace is not None
    assert (pace.since, pace.left, pace.came) == (date(2027, 1, 10), 3, 1)
    assert pace.empty_on == TODAY + timedelta(927)


@pytest.mark.parametrize(
    "known",
    [
        [of(date(2020, 1, 1), 1, How.TAKEN_OVER), of(date(2020, 2, 1), -1, How.SUNSET)],
        [of(date(2027, 1, 1), 1, How.TAKEN_OVER), of(date(2027, 2, 1), 1, How.TAKEN_OVER)],
        [of(date(2027, 1, 1), 1, How.TAKEN_OVER)] * 999 + [of(date(2027, 8, 1), -1, How.SUNSET)],
    ],
    ids=["nothing went for a year", "more came than went", "beyond the calendar"],
)
def test_worklist_that_does_not_shrink_has_no_day_on_which_it_is_empty(
    known: list[Movement],
) -> None:
    """Nobody is told a day that nothing speaks for."""
    pace = burn_down(known, TODAY).pace
    assert pace is not None
    assert pace.empty_on is None


def test_first_day_tells_no_pace_and_no_agreement_no_points() -> None:
    """It is too early to say, or there is nothing to say."""
    assert burn_down([of(TODAY, 1, How.TAKEN_OVER)], TODAY).pace is None
    assert burn_down([], TODAY).remaining == 0


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        (date(2026, 9, 1), date(2026, 9, 30), 15),
        (date(2024, 11, 2), date(2024, 12, 31), 13),
        (date(2010, 5, 5), date(2010, 12, 31), 18),
    ],
)
def test_long_stories_are_told_by_quarter_and_by_year(
    first: date, second: date, count: int
) -> None:
    """So that it fits a page."""
    points = burn_down([of(first, 1, How.TAKEN_OVER)], TODAY).points
    assert (points[0].day, len(points)) == (second, count)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["take_over", "reclassify", "end", "back", "void", "wait"]),
        st.integers(0, 3),
        st.integers(0, 40),
    ),
    min_size=3,
    max_size=14,
)


def play(stage: Stage, act: str, which: int, days: int) -> None:
    """Do something with one of the agreements that there are; what can't be done is refused."""
    with stage.store.reading() as reader:
        known = [Ref.of("TOR", standing.key) for standing in reader.portfolio(-1, 100)]
    if act == "take_over" or not known:
        stage.take_over(mou(f"Number {len(known)}"))
        return
    ref = known[which % len(known)]
    last = stage.standing(ref).acted_on
    day = max(last, stage.day - timedelta(days))
    match act:
        case "reclassify":
            stage.reclassify(ref, ("partnership", "friendship")[days % 2], effective_on=day)
        case "end":
            for trigger in (Trigger.TERMINATE, Trigger.SUNSET):
                stage.advance(ref, trigger, actor=DORA, ground="dormant", effective_on=day)
        case "back" if stage.standing(ref).moved_n and not stage.standing(ref).voided:
            stage.taken_back(ref)
        case "void" if which == 0 and not stage.standing(ref).voided:
            stage.voided(ref)
        case _:
            stage.on(stage.day + timedelta(days))


@settings(max_examples=20)
@given(ACTS)
def test_burn_down_is_the_log_folded_as_of_each_day(acts: list[tuple[str, int, int]]) -> None:
    """Whatever was done, backdated or taken back: as many as `list --as-of` shows that day."""
    with TemporaryDirectory() as folder, closing_stage(Stage(Path(folder))) as stage:
        burns_as_folded(stage, acts)


@contextmanager
def closing_stage(stage: Stage) -> Iterator[Stage]:
    """Close a stage that was opened for one story."""
    try:
        yield stage
    finally:
        stage.end()


def burns_as_folded(stage: Stage, acts: list[tuple[str, int, int]]) -> None:
    """Hold the burn-down of a story against the log as of each day."""
    for act in acts:
        play(stage, *act)
    with stage.store.reading() as reader:
        found = worklist(reader, POLICY, stage.day)
        known = [
            one
            for standing in reader.portfolio(-1, 100)
            for one in moved(stage, Ref.of("TOR", standing.key))
        ]
    assert found.burn_down == burn_down(known, stage.day)
    assert found.burn_down.remaining == len(found.items)
    for day in {FIRST_DAY, stage.day, *(one.day for one in known)}:
        with stage.store.reading_past(Moment(day)) as past:
            then = sum(stands_on_it(standing, POLICY) for standing in past.all_then())
        assert sum(one.change for one in known if one.day <= day) == then
