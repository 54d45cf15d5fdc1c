"""The nightly check in all its phases: what is due fires once, as of its due date."""

from datetime import date, timedelta

import pytest

from lifecycle import sweeping as module
from lifecycle.night import Item, Report
from lifecycle.nightly import nightly
from states.agreement import Term
from states.codec import decode
from states.ref import Ref
from states.vocabulary import DueRule, Event, Outcome, Role, Rule, State, Trigger
from tests.builders import END, START, complete_agreement, complete_project
from tests.conftest import Staging
from tests.stage import FIRST_DAY, NEXT_TERM, SYSTEM, Stage, policy_file, with_cap, with_types

ONE_DAY = timedelta(days=1)
REVIEW = date(2027, 6, 1)
OPEN_ENDED = with_types(open_ended=True, review_months=24)
UNTIMED = complete_agreement(term=None, review=REVIEW)
LAPSING = with_types(lapse=True)
ANY_LENGTH = {"term_years": {"min": 0, "max": 5}}


def test_night_with_nothing_due_completes_and_says_so_on_the_log(stage: Stage) -> None:
    """Its line is the program's own, with the run, the host and what was counted."""
    stage.propose()
    report = stage.nightly(run="r1", host="h1")
    line = stage.last(None)
    assert (report.completed, report.moves, report.run_date) == (True, [], FIRST_DAY)
    assert (line.event, line.agreement, line.role) == (
        Event.NIGHTLY_COMPLETED,
        None,
        Role.SCHEDULER,
    )
    assert (line.run, line.host, line.actor.id, line.effective) == ("r1", "h1", SYSTEM, FIRST_DAY)
    with stage.store.reading() as reader:
        (content,) = reader.beside(None, line.n)
    counts = decode(dict[str, int], content.body)
    assert counts == dict.fromkeys(("alert", "digests", "failed", "fired", "notice", "refused"), 0)


@pytest.mark.parametrize(("day", "state"), [(START - ONE_DAY, State.SIGNED), (START, State.ACTIVE)])
def test_signed_agreement_is_activated_on_its_first_day(
    stage: Stage, day: date, state: State
) -> None:
    """Not a day before."""
    ref = stage.reach(State.SIGNED)
    report = stage.on(day).nightly()
    assert stage.fields(ref, "state") == (state,)
    assert report.count("fired") == (state is State.ACTIVE)


@pytest.mark.parametrize(("day", "state"), [(END, State.ACTIVE), (END + ONE_DAY, State.EVALUATION)])
def test_active_agreement_expires_on_the_day_after_its_last(
    stage: Stage, day: date, state: State
) -> None:
    """The last day is included in the term."""
    ref = stage.reach(State.ACTIVE)
    stage.on(day).nightly()
    assert stage.fields(ref, "state") == (state,)


@pytest.mark.parametrize(
    ("day", "state"), [(REVIEW - ONE_DAY, State.ACTIVE), (REVIEW, State.EVALUATION)]
)
def test_agreement_without_a_term_goes_to_evaluation_on_its_review_date(
    staged: Staging, day: date, state: State
) -> None:
    """Nothing runs on without being looked at (R47)."""
    stage = staged(OPEN_ENDED)
    ref = stage.reach(State.ACTIVE, UNTIMED)
    report = stage.on(day).nightly()
    assert stage.fields(ref, "state") == (state,)
    assert [item.rule for item in report.moves] == [DueRule.REVIEW_DUE] * (day == REVIEW)


def test_item_and_line_of_what_fired_name_rule_and_due_date(stage: Stage) -> None:
    """The act is of the due date, recorded when the check ran, however late."""
    ref = stage.reach(State.ACTIVE)
    stage.on(END + timedelta(days=12))
    report = stage.nightly(run="late")
    due, line = END + ONE_DAY, stage.last(ref)
    assert report.moves == [
        Item(str(ref), DueRule.TERM_OVER, due, "fired", Trigger.EXPIRE, State.EVALUATION)
    ]
    assert (line.rule, line.due, line.effective) == ("term_over", due.isoformat(), due)
    assert (line.recorded.date(), line.run, line.role) == (stage.day, "late", Role.SCHEDULER)
    assert stage.fields(ref, "acted_on", "entered_on") == (due, stage.day)


def test_second_night_of_the_same_day_does_nothing_again(stage: Stage) -> None:
    """What is done is done; only the run itself is on the log twice."""
    ref = stage.reach(State.SIGNED)
    stage.on(START).nightly()
    lines = stage.raw(ref)
    assert stage.nightly().moves == []
    assert stage.raw(ref) == lines
    assert len(stage.raw(None)) == 3


def test_years_of_downtime_are_caught_up_in_one_night(stage: Stage) -> None:
    """Started and ended meanwhile: both happen, each as of its own day."""
    ref = stage.reach(State.SIGNED)
    report = stage.on(date(2031, 5, 5)).nightly()
    assert [(item.trigger, item.due) for item in report.moves] == [
        (Trigger.ACTIVATE, START),
        (Trigger.EXPIRE, END + ONE_DAY),
    ]
    assert [line.effective for line in stage.entries(ref)[-2:]] == [START, END + ONE_DAY]
    assert stage.nightly().moves == []
    assert stage.verify() == []


def test_review_that_fell_into_the_downtime_is_caught_up_in_the_same_night(
    staged: Staging,
) -> None:
    """What has no term is no exception."""
    stage = staged(OPEN_ENDED)
    ref = stage.reach(State.SIGNED, UNTIMED)
    report = stage.on(REVIEW + ONE_DAY).nightly()
    assert [item.trigger for item in report.moves] == [Trigger.ACTIVATE, Trigger.EXPIRE]
    assert stage.fields(ref, "state", "acted_on") == (State.EVALUATION, REVIEW)


def test_expiries_come_before_activations(staged: Staging) -> None:
    """So a place that comes free that night is given that night."""
    stage = staged(with_cap(1, cap={"at_most": 1, "states": ["active"]}))
    running = stage.reach(State.ACTIVE)
    later = Term(END + ONE_DAY, date(2032, 12, 31))
    project = complete_project(end=later.end, examined=later.end)
    waiting = stage.reach(State.SIGNED, complete_agreement(term=later, projects=(project,)))
    report = stage.on(END + ONE_DAY).nightly()
    assert [(item.ref, item.outcome) for item in report.moves] == [
        (str(running), "fired"),
        (str(waiting), "fired"),
    ]


def test_activations_come_by_due_date_and_then_by_reference(staged: Staging) -> None:
    """Who has waited longest gets the last place."""
    stage = staged(with_cap(1, types={"partnership": ANY_LENGTH}))
    later = stage.reach(State.SIGNED, complete_agreement(term=Term(date(2027, 3, 2), END)))
    first = stage.reach(State.SIGNED, complete_agreement(term=Term(date(2027, 3, 1), END)))
    tied = stage.reach(State.SIGNED, complete_agreement(term=Term(date(2027, 3, 1), END)))
    report = stage.on(date(2027, 3, 5)).nightly()
    assert [(item.ref, item.outcome) for item in report.moves] == [
        (str(first), "fired"),
        (str(tied), "refused"),
        (str(later), "refused"),
    ]


def test_refused_activation_is_logged_once_until_its_reasons_change(staged: Staging) -> None:
    """Every night reports it; the log tells of it again only when something is new."""
    stage = staged(with_cap(1))
    stage.reach(State.ACTIVE)
    ref = stage.reach(State.SIGNED)
    stage.on(START + ONE_DAY)
    report = stage.nightly()
    line = stage.last(ref)
    assert [(item.outcome, item.codes) for item in report.moves] == [
        ("refused", ("cap_available:cap.full",))
    ]
    assert (line.event, line.outcome, line.rule, line.to) == (
        Event.REFUSED,
        Outcome.REFUSED,
        "term_starts",
        None,
    )
    lines = stage.raw(ref)
    for days in (2, 3):
        again = stage.on(START + timedelta(days=days)).nightly()
        assert again.count("refused") == 1
    assert stage.raw(ref) == lines
    limit = {"code": "one", "at_most": 1, "per": "program"}
    stage.adopt(policy_file({"cap": {"at_most": 1}, "limits": [limit]}))
    changed = stage.nightly()
    assert changed.items[0].codes == ("cap_available:cap.full", "cap_available:limit.one")
    assert len(stage.raw(ref)) == len(lines) + 1
    assert stage.verify() == []


def test_refused_attempt_of_a_person_does_not_silence_the_nightlys_own(staged: Staging) -> None:
    """The two are told apart: what staff tried is not what the calendar demanded."""
    stage = staged(with_cap(1))
    stage.reach(State.ACTIVE)
    ref = stage.reach(State.SIGNED)
    stage.on(START)
    assert stage.advance(ref, Trigger.ACTIVATE).refused
    assert stage.fields(ref, "refusal") == (None,)
    stage.nightly()
    assert stage.fields(ref, "refusal") == ("cap_available:cap.full",)


def test_activation_that_was_refused_takes_effect_on_the_day_it_succeeds(staged: Staging) -> None:
    """Not as of a day on which there was no place for it."""
    stage = staged(with_cap(1))
    running = stage.reach(State.ACTIVE)
    ref = stage.reach(State.SIGNED)
    stage.on(START + ONE_DAY).nightly()
    stage.pull(running, Trigger.TERMINATE)
    stage.pull(running, Trigger.SUNSET)
    stage.on(START + timedelta(days=9)).nightly()
    assert stage.fields(ref, "state", "acted_on", "refusal") == (State.ACTIVE, stage.day, None)
    (term,) = stage.terms(ref)
    assert term.activated_on == stage.day


def test_agreement_whose_term_passed_without_a_place_expires_on_the_day_after(
    staged: Staging,
) -> None:
    """As of the day on which its term was over, though it never was active."""
    stage = staged(with_cap(1))
    stage.take_over()
    ref = stage.reach(State.SIGNED)
    stage.on(START).nightly()
    report = stage.on(END + timedelta(days=30)).nightly()
    assert [(i.ref, i.trigger) for i in report.moves if i.outcome == "fired"][-1:] == [
        (str(ref), Trigger.EXPIRE)
    ]
    assert stage.fields(ref, "state", "acted_on") == (State.EVALUATION, END + ONE_DAY)
    line = stage.last(ref)
    assert (line.rule, line.due) == ("term_over", (END + ONE_DAY).isoformat())
    (term,) = stage.terms(ref)
    assert (term.activated_on, term.concluded_on) == (None, END + ONE_DAY)


def decisions(report: Report) -> list[str]:
    """Return what was told of decisions that are owed."""
    return [item.outcome for item in report.items if item.rule is Rule.DECISION_DUE]


def lapses(report: Report) -> list[str]:
    """Return what was told of agreements that will lapse."""
    return [item.outcome for item in report.items if item.rule is Rule.LAPSES]


def overdue(stage: Stage, state: State = State.EVALUATION) -> Ref:
    """Bring an agreement into a state and let its decision be due."""
    ref = stage.along(NEXT_TERM) if state is State.NEGOTIATION else stage.reach(state)
    (due,) = stage.fields(ref, "due")
    stage.on(due)
    return ref


@pytest.mark.parametrize("state", [State.EVALUATION, State.RENEWAL, State.NEGOTIATION])
def test_overdue_decision_lapses_after_its_notice_has_been_out(
    staged: Staging, state: State
) -> None:
    """First the notice, then the days that the policy gives, then the end."""
    stage = staged(LAPSING)
    ref = overdue(stage, state)
    day = stage.day
    assert decisions(stage.on(day - ONE_DAY).nightly()) == ["notice"]
    assert lapses(stage.on(day).nightly()) == ["alert"]
    assert lapses(stage.nightly()) == []
    eve = stage.on(day + timedelta(days=59)).nightly()
    assert (decisions(eve), lapses(eve), eve.moves) == (["alert"], [], [])
    assert stage.fields(ref, "state") == (state,)
    last = stage.on(day + timedelta(days=60)).nightly()
    assert [(item.trigger, item.to) for item in last.moves] == [(Trigger.LAPSE, State.SUNSET)]
    line = stage.last(ref)
    assert (line.rule, line.due, line.effective) == ("decision_due", day.isoformat(), stage.day)
    assert stage.verify() == []


def test_notice_of_a_lapse_begins_when_the_policy_lets_it_lapse(staged: Staging) -> None:
    """However long the decision has been overdue, and told of, before."""
    stage = staged()
    ref = overdue(stage)
    stage.nightly()
    stage.on(stage.day + timedelta(days=200)).adopt(LAPSING)
    report = stage.nightly()
    assert (lapses(report), report.moves) == (["alert"], [])
    assert stage.on(stage.day + timedelta(days=59)).nightly().moves == []
    stage.on(stage.day + timedelta(days=1)).nightly()
    assert stage.fields(ref, "state") == (State.SUNSET,)


def test_decision_taken_after_the_notice_stops_the_lapse(staged: Staging) -> None:
    """A new state has its own deadline and its own notice."""
    stage = staged(LAPSING)
    ref = overdue(stage)
    stage.nightly()
    stage.pull(ref, Trigger.RENEW)
    report = stage.on(stage.day + timedelta(days=60)).nightly()
    assert report.moves == []
    assert stage.fields(ref, "state") == (State.RENEWAL,)


def test_nothing_lapses_where_no_type_of_the_policy_says_so(stage: Stage) -> None:
    """As every shipped policy: a named person decides."""
    ref = overdue(stage)
    for _ in range(3):
        assert stage.on(stage.day + timedelta(days=100)).nightly().moves == []
    assert stage.fields(ref, "state") == (State.EVALUATION,)


def test_type_that_does_not_lapse_is_only_told_as_overdue(staged: Staging) -> None:
    """Where another type lapses, this one is reported and left alone."""
    stage = staged(policy_file({"types": {"friendship": {"lapse": True}}}))
    ref = overdue(stage)
    for _ in range(2):
        report = stage.on(stage.day + timedelta(days=100)).nightly()
        assert (decisions(report), report.moves) == (["alert"], [])
    assert stage.fields(ref, "state") == (State.EVALUATION,)


def test_agreement_that_was_never_signed_does_not_lapse(staged: Staging) -> None:
    """There is nothing to sunset; it is told as overdue until somebody decides."""
    stage = staged(LAPSING)
    ref = stage.reach(State.DECISION)
    report = stage.on(FIRST_DAY + timedelta(days=400)).nightly()
    assert (decisions(report), report.moves) == (["alert"], [])
    assert stage.fields(ref, "state", "n") == (State.DECISION, 2)


def test_batches_follow_one_another_without_a_gap(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More is due than a batch holds: all of it fires, once, in the order of (due, REF)."""
    monkeypatch.setattr(module, "BATCH", 3)
    refs = [stage.take_over() for _ in range(10)]
    report = stage.on(FIRST_DAY.replace(year=2028)).nightly()
    assert [item.ref for item in report.moves] == [str(ref) for ref in refs]
    assert {stage.standing(ref).state for ref in refs} == {State.EVALUATION}
    assert stage.verify() == []


def test_batch_of_refusals_does_not_hold_up_what_comes_after(
    staged: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stays due is passed by, and the sweep ends."""
    monkeypatch.setattr(module, "BATCH", 2)
    stage = staged(with_cap(0, types={"mou": {"may_be_created": True}}))
    for _ in range(5):
        stage.reach(State.SIGNED)
    mou = stage.reach(State.SIGNED, complete_agreement(type="mou"))
    report = stage.on(START).nightly()
    assert [item.outcome for item in report.moves] == ["refused"] * 5 + ["fired"]
    assert stage.fields(mou, "state") == (State.ACTIVE,)


def test_observer_is_told_of_each_item_after_it_is_committed(stage: Stage) -> None:
    """In the order of the report."""
    refs = [stage.take_over() for _ in range(3)]
    stage.on(FIRST_DAY.replace(year=2028))
    seen: list[Item] = []

    def observe(item: Item) -> None:
        assert {stage.standing(ref).state for ref in refs} == {State.EVALUATION}
        seen.append(item)

    report = nightly(stage.store, stage.order(SYSTEM), observe=observe)
    assert seen == report.items
    assert len(report.moves) == 3


def test_idempotency_key_of_a_night_does_not_make_its_lines_collide(stage: Stage) -> None:
    """A key names one line, and a night writes many."""
    for _ in range(3):
        stage.take_over()
    report = stage.on(FIRST_DAY.replace(year=2028)).nightly(key="night")
    assert (report.completed, report.count("fired")) == (True, 3)
    assert stage.nightly(key="night").completed
