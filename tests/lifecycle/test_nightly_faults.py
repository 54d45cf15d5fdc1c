"""Nights on which something goes wrong: one agreement that fails stops nobody else."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest

from guards.case import Act
from lifecycle import sweeping as module
from lifecycle.advance import decided
from lifecycle.errors import StoreError
from lifecycle.machine import Decision
from lifecycle.matter import Matter
from lifecycle.night import Process
from lifecycle.nightly import nightly
from lifecycle.ports import Unit
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import DueRule, Event, State
from store.night import NightStore
from tests.builders import START
from tests.stage import FIRST_DAY, SYSTEM, Stage, policy_file

A_YEAR_ON = FIRST_DAY + timedelta(days=365)


def corrupt_document(stage: Stage, ref: Ref) -> None:
    """Make an agreement's document unreadable."""
    stage.tamper(
        "DROP TRIGGER document_no_update",
        "UPDATE document SET body = '{' WHERE key = :key",
        key=ref.key,
    )


def test_agreement_that_fails_is_named_and_stops_nobody_else(stage: Stage) -> None:
    """The others of its batch are done, the run completes, and the counts say one failed."""
    refs = [stage.reach(State.SIGNED) for _ in range(3)]
    stage.day = START
    corrupt_document(stage, refs[1])
    report = stage.nightly()
    assert [item.outcome for item in report.moves] == ["fired", "failed", "fired"]
    (failed,) = (item for item in report.moves if item.outcome == "failed")
    assert (failed.ref, failed.rule, failed.due) == (str(refs[1]), DueRule.TERM_STARTS, START)
    assert "DecodeError" in failed.codes[0]
    assert report.completed
    assert [stage.standing(ref).state for ref in refs] == [
        State.ACTIVE,
        State.SIGNED,
        State.ACTIVE,
    ]
    with stage.store.reading() as reader:
        (content,) = reader.beside(None, stage.last(None).n)
    assert b'"failed":1,"fired":2' in content.body


def test_agreement_that_fails_is_tried_again_every_night(stage: Stage) -> None:
    """It stays due until it is repaired; the second sweep of a night does not name it twice."""
    broken, _other = stage.reach(State.SIGNED), stage.reach(State.SIGNED)
    stage.day, lines = START, len(stage.raw(broken))
    stage.tamper("UPDATE agreement SET n = 40 WHERE key = :key", key=broken.key)
    assert [item.outcome for item in stage.nightly().moves] == ["failed", "fired"]
    assert [item.outcome for item in stage.nightly().moves] == ["failed"]
    stage.tamper("UPDATE agreement SET n = :n WHERE key = :key", key=broken.key, n=lines)
    assert [item.outcome for item in stage.nightly().moves] == ["fired"]


def test_row_that_does_not_extend_its_log_fails_alone(stage: Stage) -> None:
    """The append-only trigger refuses its line; whoever tampered does not stop the night."""
    refs = [stage.take_over() for _ in range(3)]
    stage.tamper("UPDATE agreement SET n = 40 WHERE key = :key", key=refs[0].key)
    report = stage.on(A_YEAR_ON).nightly()
    assert [item.outcome for item in report.moves] == ["failed", "fired", "fired"]
    assert "append-only" in report.moves[0].codes[0]
    assert report.completed


def test_failing_agreement_is_told_once_though_two_sweeps_find_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What started that night is looked at again, what had failed is not told again."""
    broken = stage.take_over()
    stage.reach(State.SIGNED)

    def failing(matter: Matter, act: Act) -> Decision:
        if matter.ref == broken:
            message = "a fault"
            raise ZeroDivisionError(message)
        return decided(matter, act)

    monkeypatch.setattr(module, "decided", failing)
    report = stage.on(A_YEAR_ON).nightly()
    assert sorted((item.outcome, item.codes) for item in report.moves) == [
        ("failed", ("ZeroDivisionError: a fault",)),
        ("fired", ()),
    ]


def test_database_that_is_locked_stops_the_night_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other agreement would fare better, so each is not waited for in turn."""
    for _ in range(3):
        stage.take_over()
    asked: list[Ref] = []

    def locked(matter: Matter, _act: object) -> Decision:
        asked.append(matter.ref)
        message = "another program is writing to it"
        raise StoreError(message, "locked")

    monkeypatch.setattr(module, "decided", locked)
    with pytest.raises(StoreError, match="another program"):
        stage.on(A_YEAR_ON).nightly()
    assert len(asked) == 1
    assert stage.last(None).event is Event.POLICY_ADOPTED


def test_database_that_is_locked_half_way_stops_the_night(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while a batch that failed is done again one by one; what was done stays done."""
    refs = [stage.take_over() for _ in range(3)]
    asked: list[Ref] = []

    def failing(matter: Matter, act: Act) -> Decision:
        asked.append(matter.ref)
        if asked == [refs[0]]:
            message = "a fault"
            raise ZeroDivisionError(message)
        if matter.ref == refs[1]:
            message = "there is no space left"
            raise StoreError(message, "no_space")
        return decided(matter, act)

    monkeypatch.setattr(module, "decided", failing)
    with pytest.raises(StoreError, match="no space"):
        stage.on(A_YEAR_ON).nightly()
    assert [stage.standing(ref).state for ref in refs] == [
        State.EVALUATION,
        State.ACTIVE,
        State.ACTIVE,
    ]


def test_fault_in_finding_what_is_due_is_not_swallowed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no agreement to blame, the run does not complete."""

    def broken(_self: object, *_arguments: object) -> None:
        message = "a fault"
        raise ZeroDivisionError(message)

    monkeypatch.setattr("store.night.NightStore.due", broken)
    with pytest.raises(ZeroDivisionError):
        stage.nightly()
    assert stage.last(None).event is Event.POLICY_ADOPTED


class Interfering:
    """A ledger in which another night passes between a batch that fails and its redoing."""

    def __init__(self, stage: Stage) -> None:
        """Interfere once, when the first of the batch is about to be redone."""
        self.stage = stage
        self.opened = 0

    def unit(self) -> AbstractContextManager[Unit]:
        """Return the store's own unit."""
        return self._unit()

    @contextmanager
    def _unit(self) -> Iterator[Unit]:
        self.opened += 1
        if self.opened == 6:
            self.stage.nightly()
        with self.stage.store.unit() as unit:
            yield unit


def test_agreement_that_somebody_else_did_meanwhile_is_not_done_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is redone is looked at afresh under its own lock."""
    refs = [stage.take_over() for _ in range(2)]
    stage.on(A_YEAR_ON)
    faults = [ZeroDivisionError("a fault")]

    def failing_once(matter: Matter, act: Act) -> Decision:
        if faults:
            raise faults.pop()
        return decided(matter, act)

    monkeypatch.setattr(module, "decided", failing_once)
    report = nightly(Interfering(stage), stage.order(SYSTEM))
    assert report.moves == []
    assert [stage.fields(ref, "n") for ref in refs] == [(2,), (2,)]


def test_what_another_host_did_while_it_was_waited_for_is_not_asked_for_one_by_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the first is found done, the rest of what that host had locked is gone as well."""
    refs = [stage.take_over() for _ in range(3)]
    stage.on(A_YEAR_ON)
    real = NightStore.lock
    locked: list[int] = []
    by_another: list[bool] = []

    def lock(unit: NightStore, key: int) -> Standing | None:
        locked.append(key)
        return real(unit, key)

    def another() -> bool:
        if not by_another:
            by_another.append(True)
            assert stage.nightly().count("fired") == 3
            locked.clear()
        return False

    monkeypatch.setattr(NightStore, "due", lambda *_arguments: [])
    monkeypatch.setattr(NightStore, "lock", lock)
    report = nightly(stage.store, stage.order(SYSTEM), process=Process(stop=another))
    assert (report.completed, report.moves, locked) == (True, [], [refs[0].key])


def test_batch_that_fails_leaves_nothing_half_done(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its changes are rolled back before they are done again one by one."""
    refs = [stage.take_over() for _ in range(4)]
    asked: list[Ref] = []

    def failing(matter: Matter, act: Act) -> Decision:
        asked.append(matter.ref)
        if matter.ref == refs[3]:
            message = "a fault"
            raise ZeroDivisionError(message)
        return decided(matter, act)

    monkeypatch.setattr(module, "decided", failing)
    stage.on(A_YEAR_ON).nightly()
    assert asked == [*refs, *refs]
    assert [stage.fields(ref, "n") for ref in refs] == [(2,), (2,), (2,), (1,)]
    assert stage.verify() == []


def test_day_is_the_programs_own(stage: Stage) -> None:
    """At three in the morning UTC it is still the day before in Toronto."""
    ref = stage.reach(State.SIGNED)
    stage.on(START).hour = 3
    assert stage.nightly().run_date == START - timedelta(days=1)
    assert stage.fields(ref, "state") == (State.SIGNED,)
    stage.hour = 6
    assert stage.nightly().run_date == START
    assert stage.fields(ref, "state") == (State.ACTIVE,)


def test_rehearsed_night_says_the_same_and_leaves_nothing(stage: Stage) -> None:
    """A dry run has the same report; its failing batches roll back to where they began."""
    refs = [stage.reach(State.SIGNED) for _ in range(3)]
    stage.adopt(policy_file({"cap": {"at_most": 1}}))
    stage.day = START
    corrupt_document(stage, refs[0])
    lines = [stage.raw(ref) for ref in refs]
    with stage.store.rehearsal() as ledger:
        rehearsed = nightly(ledger, stage.order(SYSTEM))
    assert [stage.raw(ref) for ref in refs] == lines
    report = stage.nightly()
    assert rehearsed.items == report.items
    assert [item.outcome for item in report.moves] == ["failed", "fired", "refused"]
