"""A run's record: that it began, that it is alive, how it ended and why."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from lifecycle import sweeping
from lifecycle.errors import NightRefusedError, NightStoppedError, StoreError
from lifecycle.night import Item, Night, Process
from lifecycle.nightly import nightly
from lifecycle.recording import BEAT, LONGEST_CAUSE, cause_of
from states.vocabulary import State
from tests.builders import ANNA, START
from tests.conftest import Staging
from tests.stage import SYSTEM, Stage

LATER = START + timedelta(days=400)
PROCESS = Process(pid=4711, log_file="nightly.log")


def last(stage: Stage) -> Night:
    """Return the record of the run that began last."""
    with stage.store.reading() as reader:
        return reader.nights(1)[0]


def ticking(stage: Stage, step: timedelta) -> tuple[datetime, list[datetime]]:
    """Return when a run begins, and the instants that its clock tells one after the other."""
    began = stage.order(SYSTEM).now
    return began, [began + step * number for number in range(1, 1000)]


def test_completed_run_says_what_it_did_where_and_when(stage: Stage) -> None:
    """The record has the counts of the report, the process, and no cause."""
    stage.reach(State.SIGNED)
    stage.day = START
    order = stage.order(SYSTEM, run="night-1", host="town")
    report = nightly(stage.store, order, catch_up=True, process=PROCESS)
    night = last(stage)
    assert (night.id, night.run_date, night.outcome) == ("night-1", START, "completed")
    assert (night.host, night.pid, night.log_file) == ("town", 4711, "nightly.log")
    assert night.counts["fired"] == report.count("fired") == 1
    assert night.cause is None
    assert night.started_at == night.heartbeat_at == night.finished_at


def test_run_is_recorded_as_running_before_it_does_anything(stage: Stage) -> None:
    """What is killed at its first agreement has left that it began."""
    stage.reach(State.SIGNED)
    stage.day = START
    seen: list[str] = []

    def observe(_item: Item) -> None:
        seen.append(last(stage).outcome)

    nightly(stage.store, stage.order(SYSTEM), catch_up=True, observe=observe)
    assert set(seen) == {"running"}


def test_long_run_says_between_batches_that_it_is_alive(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every few seconds, with the counts so far; not after each batch of a fast run."""
    monkeypatch.setattr(sweeping, "BATCH", 1)
    for _ in range(4):
        stage.take_over()
    stage.day = LATER
    began, instants = ticking(stage, BEAT / 2)
    clock = iter(instants)
    seen: list[tuple[str, int]] = []

    def observe(_item: Item) -> None:
        night = last(stage)
        seen.append((night.heartbeat_at, night.counts["fired"]))

    order = stage.order(SYSTEM)
    nightly(stage.store, order, catch_up=True, observe=observe, clock=lambda: next(clock))
    beats = list(dict.fromkeys(seen))
    assert 1 < len(beats) < len(seen)
    assert beats == sorted(beats)
    assert beats[-1][0] > began.isoformat()[:19]


def test_run_that_is_asked_to_stop_ends_after_its_batch(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it has done stays done, the record says why it ended, and the next run does the rest."""
    monkeypatch.setattr(sweeping, "BATCH", 2)
    refs = [stage.take_over() for _ in range(5)]
    stage.day = LATER
    seen: list[Item] = []
    process = Process(stop=lambda: len(seen) >= 2)
    order = stage.order(SYSTEM)
    with pytest.raises(NightStoppedError):
        nightly(stage.store, order, catch_up=True, observe=seen.append, process=process)
    states = [stage.standing(ref).state for ref in refs]
    assert states == [State.EVALUATION] * 2 + [State.ACTIVE] * 3
    night = last(stage)
    assert (night.outcome, night.counts["fired"]) == ("failed", 2)
    assert night.cause == "stopped on request; the next run does the rest"
    assert stage.nightly().count("fired") == 3
    assert last(stage).outcome == "completed"


def test_run_is_stopped_while_it_tells_of_what_is_owed(stage: Stage) -> None:
    """Also between two batches of notices."""
    stage.reach(State.SIGNED)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 1

    stage.day = START
    with pytest.raises(NightStoppedError):
        nightly(stage.store, stage.order(SYSTEM), catch_up=True, process=Process(stop=stop))
    assert last(stage).outcome == "failed"


def test_run_that_fails_says_why(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record has the cause in one line, and the way into the database is not in it."""
    stage.take_over()
    stage.day = LATER

    def full(*_: object) -> object:
        message = "postgresql://anna:hunter2@db/city: no space\nis left"
        raise StoreError(message, "no_space")

    monkeypatch.setattr(sweeping, "decided", full)
    with pytest.raises(StoreError):
        stage.nightly()
    night = last(stage)
    assert (night.outcome, night.counts["fired"]) == ("failed", 0)
    assert night.cause == "postgresql://anna@db/city: no space is left"


def test_record_that_can_not_be_kept_hides_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not even the record can be written, what went wrong at first is what is told."""
    stage.take_over()
    stage.day = LATER

    def gone(*_: object) -> object:
        monkeypatch.setattr("store.night.NightStore.keep_night", gone)
        message = "the server is gone"
        raise StoreError(message, "connection_lost")

    monkeypatch.setattr(sweeping, "decided", gone)
    with pytest.raises(StoreError, match="is gone"):
        stage.nightly()
    assert last(stage).outcome == "running"


@pytest.mark.parametrize("days", [-1, 46])
def test_refused_night_leaves_its_record(stage: Stage, days: int) -> None:
    """A clock that went backwards and a long gap: nothing is done, and the record says why."""
    stage.nightly()
    stage.day += timedelta(days=days)
    with pytest.raises(NightRefusedError) as refused:
        nightly(stage.store, stage.order(SYSTEM))
    with stage.store.reading() as reader:
        (night,) = (one for one in reader.nights(9) if one.outcome == "refused")
    assert night.run_date == stage.day
    assert night.cause == refused.value.message
    assert night.finished_at is not None


def test_night_of_somebody_without_the_role_leaves_its_record(city: Stage) -> None:
    """Beside the refusal on the log, for whoever looks at the runs."""
    assert city.nightly(actor=ANNA).denied is not None
    night = last(city)
    assert (night.outcome, night.cause) == (
        "refused",
        "anna may not run nightly: that is for scheduler.",
    )


def test_causes_are_one_line(stage: Stage) -> None:
    """Faults have their type, what explains itself has not, and nothing is endless."""
    del stage
    assert cause_of(KeyboardInterrupt()) == "interrupted"
    assert cause_of(ZeroDivisionError()) == "ZeroDivisionError"
    assert cause_of(ValueError("a\nb")) == "ValueError: a b"
    assert cause_of(StoreError("it is locked", "locked")) == "it is locked"
    assert len(cause_of(ValueError("x" * 999))) == LONGEST_CAUSE


def test_runs_of_a_clock_that_was_ahead_are_annulled_on_word(stage: Stage) -> None:
    """The check goes on from the right day; what was done early can be taken back on its day."""
    ref, ahead = stage.reach(State.SIGNED), START + timedelta(days=5)
    stage.on(START - timedelta(days=20)).nightly()
    stage.on(ahead).nightly()
    assert stage.standing(ref).state is State.ACTIVE
    stage.on(START - timedelta(days=19))
    with pytest.raises(NightRefusedError, match="completed for"):
        stage.nightly()
    order = stage.order(SYSTEM)
    report = nightly(stage.store, order, set_back=True)
    assert (report.completed, report.run_date) == (True, stage.day)
    with stage.store.reading() as reader:
        outcomes = {night.run_date: night.outcome for night in reader.nights(9) if night.cause}
        assert reader.last_night() == stage.day
    assert outcomes[ahead] == "annulled"
    stage.on(START).nightly()
    assert stage.standing(ref).state is State.ACTIVE
    stage.taken_back(ref)
    assert stage.standing(ref).state is State.SIGNED
    assert stage.verify() == []


def notices(stage: Stage) -> set[tuple[object, ...]]:
    """Return which notices were given."""
    with closing(sqlite3.connect(stage.path)) as connection:
        rows = connection.execute("SELECT rule, item, threshold, due FROM notice")
        return set(rows.fetchall())


@pytest.mark.sqlite
def test_notices_after_a_clock_that_was_ahead_are_all_given(staged: Staging) -> None:
    """What would have been told is told, if it was not told early; the database keeps it once."""
    told = []
    for astray in (False, True):
        stage = staged()
        stage.reach(State.ACTIVE)
        for days in range(120):
            stage.on(START + timedelta(days=days))
            meant = astray and days == 11
            order = stage.order(SYSTEM, run=f"night-{days}")
            nightly(stage.store, order, catch_up=days == 0, set_back=meant)
            if astray and days == 10:
                stage.on(START + timedelta(days=45)).nightly(run="astray")
        told.append(notices(stage))
    assert told[0]
    assert told[1] >= told[0]


def test_runs_of_days_that_were_are_never_annulled(stage: Stage) -> None:
    """Where no run is ahead of today, saying so changes nothing."""
    stage.nightly()
    report = nightly(stage.store, stage.order(SYSTEM), set_back=True)
    assert report.completed
    with stage.store.reading() as reader:
        assert {night.outcome for night in reader.nights(9)} == {"completed"}
    assert nightly(stage.store, stage.order(SYSTEM)).completed
