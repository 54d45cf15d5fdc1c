"""Notices and alerts: each told once, the nearest only, louder each time, until it is done."""

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from lifecycle import alerting
from lifecycle.errors import NightRefusedError, StoreError
from lifecycle.night import Notice, Report
from lifecycle.nightly import nightly
from lifecycle.sweeping import Run
from states.agreement import Milestone, TakenOver, Term
from states.records import Record
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Event, Role, Rule, State, Trigger
from states.watch import Watch
from store.night import NightStore
from tests.builders import ANNA, DORA, END, START, complete_agreement
from tests.conftest import Staging
from tests.stage import FIRST_DAY, SYSTEM, Stage, policy_file

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def told(report: Report, *rules: Rule) -> list[tuple[str, Rule, str, int]]:
    """Return what a night told of some rules (of all, where none is named): how, what, how loud."""
    return [
        (item.outcome, Rule(item.rule), item.item, item.loudness)
        for item in report.items
        if item.outcome in {"notice", "alert"} and (not rules or item.rule in rules)
    ]


def mails(stage: Stage) -> list[tuple[str, str, str]]:
    """Return the outbox: to whom, subject and text, in order."""
    with stage.store.database.transaction(write=False) as connection:
        rows = connection.command("SELECT recipient, subject, body FROM mail ORDER BY id")
        return list(rows.fetchall())


def test_end_of_a_term_is_told_ahead_at_each_threshold_once(stage: Stage) -> None:
    """180, 90 and 30 days before its last day is over; the night of the day itself expires it."""
    stage.reach(State.ACTIVE)
    over = END + DAY
    seen = []
    for ahead in range(200, -3, -1):
        report = stage.on(over - timedelta(days=ahead)).nightly()
        seen += [(ahead, how) for how, rule, _item, _loud in told(report, Rule.TERM_OVER)]
    assert seen == [(180, "notice"), (90, "notice"), (30, "notice")]


def test_of_thresholds_that_passed_meanwhile_only_the_nearest_is_told(stage: Stage) -> None:
    """Nobody reads that it was ninety days after it is thirty."""
    stage.reach(State.ACTIVE)
    stage.nightly()
    report = stage.on(END - timedelta(days=10)).nightly()
    ((how, rule, _item, _loud),) = told(report, Rule.TERM_OVER)
    assert (how, rule) == ("notice", Rule.TERM_OVER)
    assert told(stage.on(stage.day + DAY).nightly(), Rule.TERM_OVER) == []


def test_owed_decision_alerts_louder_each_week_until_somebody_decides(staged: Staging) -> None:
    """The owner and deciders first, then staff too, then administrators (R57)."""
    city = staged(sandbox=False).with_people()
    city.appoint("ada", Role.ADMIN)
    ref = city.reach(State.EVALUATION)
    (due,) = city.fields(ref, "due")
    city.on(due - DAY).nightly()
    louder = []
    for week in range(5):
        report = city.on(due + week * WEEK).nightly()
        louder += [loud for how, _r, _i, loud in told(report, Rule.DECISION_DUE) if how == "alert"]
        assert told(city.on(city.day + DAY).nightly(), Rule.DECISION_DUE) == []
    assert louder == [1, 2, 3, 4, 5]
    recipients = [
        {name for name, subject, body in mails(city) if f"owed by {due}" in body and day in subject}
        for day in (str(due), str(due + WEEK), str(due + 3 * WEEK))
    ]
    assert recipients[0] == {ANNA, DORA, "erin"}
    assert recipients[0] < recipients[1] < recipients[2]
    assert "ada" in recipients[2] - recipients[1]
    city.pull(ref, Trigger.SUNSET)
    assert told(city.on(city.day + 9 * WEEK).nightly()) == []


def test_milestone_is_told_as_late_until_it_is_recorded(stage: Stage) -> None:
    """It is due on its day; recording it ends the alert, correcting the record away revives it."""
    ref = stage.reach(State.ACTIVE)
    (milestone,) = stage.document(ref).milestones
    assert milestone.due == START
    rule = Rule.MILESTONE_DUE
    assert told(stage.on(START).nightly(), rule) == [("alert", rule, milestone.id, 1)]
    assert told(stage.on(START + WEEK).nightly(), rule) == [("alert", rule, milestone.id, 2)]
    met = stage.record(ref, Record("milestone", stage.day, item=milestone.id))
    assert told(stage.on(START + 3 * WEEK).nightly(), rule) == []
    stage.correct_record(ref, met.n, None)
    assert told(stage.on(START + 4 * WEEK).nightly(), rule) == [("alert", rule, milestone.id, 5)]
    assert stage.verify() == []


def test_dormant_agreement_is_told_of_whatever_the_nights_write(stage: Stage) -> None:
    """Months without activity or a letter received; the check's own lines are none (R46)."""
    ref = stage.take_over()
    stage.apply(ref, replace(stage.document(ref), review=date(2027, 9, 1)))
    for day in (date(2027, 3, 1), date(2027, 8, 31)):
        assert told(stage.on(day).nightly(), Rule.DORMANT) == []
    policy = {"dormancy_months": 11}
    stage.adopt(policy_file(policy))
    assert told(stage.nightly(), Rule.DORMANT) == [("alert", Rule.DORMANT, "", 2)]
    stage.record(ref, Record("correspondence", stage.day, "They wrote.", direction="received"))
    assert told(stage.on(stage.day + 5 * WEEK).nightly(), Rule.DORMANT) == []


def test_report_lists_what_is_late_every_night_and_tells_it_only_when_it_grows(
    stage: Stage,
) -> None:
    """State-driven: a night says what stands open, whoever was told before."""
    stage.reach(State.ACTIVE)
    first = stage.on(START).nightly()
    second = stage.on(START + DAY).nightly()
    assert [told(first, Rule.MILESTONE_DUE) != [], told(second, Rule.MILESTONE_DUE)] == [True, []]
    for report in (first, second):
        assert report.late[Rule.MILESTONE_DUE] == 1
        assert Rule.MILESTONE_DUE in {watch.rule for _standing, watch in report.alerts}


def test_activation_that_is_refused_is_told_until_it_succeeds(staged: Staging) -> None:
    """Its term runs and it has no place."""
    stage = staged(policy_file({"cap": {"at_most": 0}}))
    stage.reach(State.SIGNED)
    report = stage.on(START).nightly()
    assert told(report, Rule.TERM_STARTS) == [("alert", Rule.TERM_STARTS, "", 1)]
    stage.adopt(policy_file({"cap": {"at_most": 1}}))
    report = stage.on(START + 2 * WEEK).nightly()
    assert [item.to for item in report.moves] == [State.ACTIVE]
    assert told(report, Rule.TERM_STARTS) == []


def test_what_is_watched_follows_the_policy_that_is_adopted(stage: Stage) -> None:
    """A shorter dormancy and other days ahead hold for what is there already."""
    stage.reach(State.ACTIVE)
    notices = {"before": {"term_over": [400]}, "off": ["annual_due"]}
    changes = {"dormancy_months": 6, "notices": notices}
    stage.adopt(policy_file(changes))
    report = stage.on(END - timedelta(days=399)).nightly()
    rules = {rule for _how, rule, _item, _loud in told(report)}
    assert {Rule.TERM_OVER, Rule.DORMANT} <= rules
    assert Rule.ANNUAL_DUE not in rules
    assert stage.verify() == []


def test_people_get_one_digest_a_night_and_what_a_second_run_finds_waits(stage: Stage) -> None:
    """It is in the next night's, and in no other."""
    stage.reach(State.ACTIVE)
    assert stage.on(START).nightly().digests == 1
    late = Milestone("First visit", due=FIRST_DAY)
    origin = TakenOver("1986", "The City Clerk's archive.")
    document = complete_agreement(term=None, projects=(), milestones=(late,), taken_over=origin)
    ref = stage.take_over(document)
    second = stage.nightly()
    assert [item.ref for item in second.items] == [str(ref)]
    assert (second.digests, len(mails(stage))) == (0, 1)
    assert stage.on(START + DAY).nightly().digests == 1
    assert [str(ref) in body for _name, _subject, body in mails(stage)] == [False, True]
    assert stage.on(START + 2 * DAY).nightly().digests == 0


def test_digest_names_what_is_late_first_with_the_command_to_type(stage: Stage) -> None:
    """Plain text; everything of one person in one mail."""
    ref = stage.reach(State.ACTIVE)
    stage.on(START).nightly()
    ((recipient, subject, body),) = mails(stage)
    assert recipient == ANNA
    assert subject.startswith("[TOR] ")
    assert subject.endswith(f"late ({START})")
    assert f"lifecycle record {ref} milestone item=first-mission" in body
    assert "LATE: SOMEBODY HAS TO ACT" in body
    assert all(len(line) <= 100 for line in body.splitlines())


def test_digest_that_would_be_too_long_names_the_loudest_and_counts_the_rest(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads a thousand lines, and a mail server takes none of a hundred megabytes."""
    monkeypatch.setattr("lifecycle.digests.MOST", 2)
    for _ in range(7):
        stage.reach(State.SIGNED)
    stage.day = START
    stage.nightly()
    ((_recipient, _subject, body),) = mails(stage)
    assert body.count("milestone item=") <= 2
    assert "more: lifecycle status" in body


def test_owner_is_told_where_nobody_holds_the_role_that_the_policy_names(staged: Staging) -> None:
    """Somebody always is."""
    stage = staged(policy_file({"notices": {"to": {"milestone_due": ["auditor"]}, "louder": []}}))
    stage.reach(State.ACTIVE)
    stage.on(START).nightly()
    assert [name for name, _subject, _body in mails(stage)] == [ANNA]


def test_two_names_of_one_person_are_written_to_once(staged: Staging) -> None:
    """The owner is staff as well, and writes the name in capitals."""
    city = staged(sandbox=False).with_people()
    document = complete_agreement(owner="ANNA")
    city.reach(State.ACTIVE, document)
    city.on(START + 3 * WEEK).nightly()
    names = [name for name, _subject, _body in mails(city)]
    assert len({name.casefold() for name in names}) == len(names)


def test_watch_that_can_not_be_told_of_fails_alone_and_comes_again_tomorrow(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are told; nothing is given up."""
    bad, good = stage.reach(State.ACTIVE), stage.reach(State.ACTIVE)
    stage.on(START)
    real = alerting._notice  # noqa: SLF001 - what can fail of one agreement alone

    def failing(run: Run, standing: Standing, watch: Watch, threshold: int) -> Notice:
        if standing.key == bad.key:
            message = "a fault"
            raise ZeroDivisionError(message)
        return real(run, standing, watch, threshold)

    with monkeypatch.context() as patched:
        patched.setattr(alerting, "_notice", failing)
        report = stage.nightly()
    failed = {item.ref for item in report.items if item.outcome == "failed"}
    assert failed == {str(bad)}
    assert str(good) in {item.ref for item in report.items if item.outcome == "alert"}
    again = stage.on(START + DAY).nightly()
    assert {item.ref for item in again.items if item.outcome == "alert"} == {str(bad)}


@pytest.mark.parametrize("alone", [False, True])
def test_database_that_fails_while_it_is_told_stops_the_night(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, *, alone: bool
) -> None:
    """No other would fare better, neither in a batch nor one by one."""
    stage.reach(State.ACTIVE)
    faults: list[Exception] = [StoreError("no space", "no_space")]
    if alone:
        faults.append(ZeroDivisionError("a fault"))

    def failing(_self: NightStore, _notices: object) -> None:
        raise faults.pop()

    monkeypatch.setattr(NightStore, "give", failing)
    with pytest.raises(StoreError, match="no space"):
        stage.on(START).nightly()
    assert stage.last(None).event is not Event.NIGHTLY_COMPLETED
    monkeypatch.undo()
    assert told(stage.nightly(), Rule.MILESTONE_DUE)


def test_day_before_the_last_completed_one_is_refused(stage: Stage) -> None:
    """A clock that went backwards would undo nothing, but nobody could say what day it was."""
    stage.reach(State.ACTIVE)
    stage.on(date(2028, 1, 1)).nightly()
    before = stage.raw(None)
    with pytest.raises(NightRefusedError) as refused:
        stage.on(date(2027, 12, 31)).nightly()
    assert refused.value.code == "clock_backwards"
    assert stage.raw(None) == before


def test_long_gap_wants_somebody_to_say_that_it_is_meant(stage: Stage) -> None:
    """Forty-five days pass; one more could be a clock that runs ahead."""
    stage.reach(State.SIGNED)
    stage.nightly()
    stage.on(stage.day + timedelta(days=46))
    with pytest.raises(NightRefusedError) as refused:
        nightly(stage.store, stage.order(SYSTEM))
    assert refused.value.code == "long_gap"
    assert "--catch-up" in refused.value.hint
    assert nightly(stage.store, stage.order(SYSTEM), catch_up=True).completed
    stage.on(stage.day + timedelta(days=45))
    assert nightly(stage.store, stage.order(SYSTEM)).completed


def test_first_night_of_all_needs_nobody_to_say_so(stage: Stage) -> None:
    """However long ago the program was founded."""
    stage.on(date(2030, 1, 1))
    assert nightly(stage.store, stage.order(SYSTEM)).completed


def test_each_batch_is_recorded_when_it_was_done(stage: Stage) -> None:
    """Not when the night began: a check of many takes its time."""
    stage.reach(State.ACTIVE)
    stage.on(END + DAY)
    order = stage.order(SYSTEM)
    ticks = iter(order.now + timedelta(minutes=n) for n in range(1, 1_000))
    nightly(stage.store, order, catch_up=True, clock=lambda: next(ticks))
    at = [entry.recorded for entry in stage.entries(Ref.parse("TOR-2026-001"))][-1]
    assert at > order.now
    assert stage.last(None).recorded > at


def test_approval_is_told_of_before_it_runs_out(staged: Staging) -> None:
    """Once, and once when it has."""
    city = staged(sandbox=False).with_people()
    ref = city.reach(State.NEGOTIATION)
    city.approve(ref, "sign")
    (approval,) = city.fields(ref, "approvals")[0]
    rule = Rule.APPROVAL_ENDS
    notice = city.on(approval.until - timedelta(days=10)).nightly()
    assert [(how, item) for how, _r, item, _l in told(notice, rule)] == [
        ("notice", f"sign by {approval.by}")
    ]
    ended = city.on(approval.until + DAY).nightly()
    assert [how for how, _r, _i, _l in told(ended, rule)] == ["alert"]
    assert told(city.on(city.day + 9 * WEEK).nightly(), rule) == []


def test_nights_in_a_row_never_tell_one_thing_twice(stage: Stage) -> None:
    """Every (agreement, term, rule, item, threshold, date) once, in four years of nights."""
    stage.reach(State.ACTIVE)
    stage.take_over()
    seen = []
    while stage.day < date(2031, 1, 1):
        report = stage.on(stage.day + timedelta(days=13)).nightly()
        news = [item for item in report.items if item.outcome in {"notice", "alert"}]
        assert all((item.days >= 0) == (item.outcome == "alert") for item in news)
        seen += [(one.ref, one.rule, one.item, one.due, one.loudness or one.days) for one in news]
    assert len(seen) == len(set(seen))
    assert stage.verify() == []


@pytest.mark.parametrize("state", [State.SIGNED, State.ACTIVE])
def test_approval_that_the_calendar_overtook_is_watched_no_more(
    staged: Staging, state: State
) -> None:
    """The move ended it, and nobody is told that it runs out."""
    city = staged(sandbox=False).with_people()
    ref = city.reach(state)
    city.approve(ref, "terminate")
    city.on(START if state is State.SIGNED else END + DAY).nightly()
    assert city.fields(ref, "approvals") == ((),)
    assert told(city.on(city.day + 40 * WEEK).nightly(), Rule.APPROVAL_ENDS) == []
    assert city.verify() == []


def test_what_was_recorded_before_signing_counts_once_it_is_signed(stage: Stage) -> None:
    """A milestone that was met while it was negotiated is not owed."""
    ref = stage.reach(State.NEGOTIATION)
    (milestone,) = stage.document(ref).milestones
    stage.record(ref, Record("milestone", stage.day, item=milestone.id))
    stage.pull(ref, Trigger.SIGN)
    assert stage.verify() == []
    assert told(stage.on(START).nightly(), Rule.MILESTONE_DUE) == []


def test_what_was_settled_since_is_in_no_digest(stage: Stage) -> None:
    """Though a second run of the day before had found it."""
    ref = stage.reach(State.SIGNED)
    stage.on(START - DAY).nightly()
    late = Milestone("First visit", due=FIRST_DAY)
    origin = TakenOver("1986", "The City Clerk's archive.")
    document = complete_agreement(term=None, projects=(), milestones=(late,), taken_over=origin)
    other = stage.take_over(document)
    (known,) = stage.document(other).milestones
    stage.nightly()
    stage.record(other, Record("milestone", stage.day, item=known.id))
    stage.on(START).nightly()
    bodies = [body for _name, _subject, body in mails(stage)]
    assert any(str(ref) in body for body in bodies)
    assert not any("First visit" in body or str(other) in body for body in bodies)


def test_catching_up_counts_places_as_they_were_on_each_day(staged: Staging) -> None:
    """What ended later had its place still; nights one by one would have done the same."""
    stage = staged(policy_file({"cap": {"at_most": 1, "states": ["active"]}}))
    first = stage.reach(State.ACTIVE)
    term = Term(date(2029, 12, 21), date(2032, 12, 20))
    origin = TakenOver("2029-02-01", "The City Clerk's archive.")
    later = complete_agreement(term=term, projects=(), milestones=(), taken_over=origin)
    stage.on(date(2029, 3, 1))
    second = stage.take_over(later, State.SIGNED)
    report = stage.on(date(2030, 1, 5)).nightly()
    assert [(item.ref, item.outcome) for item in report.moves] == [
        (str(second), "refused"),
        (str(first), "fired"),
        (str(second), "fired"),
    ]
    assert stage.last(second).effective == stage.day
    assert stage.verify() == []


@pytest.fixture
def held(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Ref:
    """Return an agreement with a late milestone of which somebody else holds what is watched."""
    ref = stage.reach(State.ACTIVE)
    stage.on(START)
    monkeypatch.setattr(NightStore, "watched", lambda *_arguments: [])
    return ref


def test_what_somebody_held_is_told_at_the_end(stage: Stage, held: Ref) -> None:
    """Once it is free, in the same night."""
    report = stage.nightly()
    assert {(item.ref, item.outcome) for item in report.items} == {(str(held), "alert")}
    assert report.digests == 1


def test_what_another_host_told_meanwhile_is_not_told_again(
    stage: Stage, held: Ref, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at as it is once it is free."""
    real = NightStore.watch_now

    def later(unit: NightStore, key: int, watch: Watch) -> tuple[Standing, Watch] | None:
        now = real(unit, key, watch)
        assert now is not None
        return now[0], msgspec.structs.replace(now[1], next_on=END)

    monkeypatch.setattr(NightStore, "watch_now", later)
    assert stage.nightly().items == []
    monkeypatch.setattr(NightStore, "watch_now", lambda *_arguments: None)
    assert stage.nightly().items == []
    assert stage.standing(held).state is State.ACTIVE


def test_what_is_held_for_too_long_fails_alone_and_comes_again_tomorrow(
    stage: Stage, held: Ref, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night is completed, with its digests."""

    def waited(*_arguments: object) -> None:
        message = "somebody else is changing the same thing"
        raise StoreError(message, "held")

    with monkeypatch.context() as patched:
        patched.setattr(NightStore, "watch_now", waited)
        report = stage.nightly()
    assert report.completed
    assert {(item.ref, item.outcome) for item in report.items} == {(str(held), "failed")}
    again = stage.on(START + DAY).nightly()
    assert {(item.ref, item.outcome) for item in again.items} == {(str(held), "alert")}


def test_agreement_that_is_held_for_too_long_fails_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is due and can't be had is done the next night."""
    ref = stage.reach(State.ACTIVE)

    def waited(*_arguments: object) -> None:
        message = "somebody else is changing the same thing"
        raise StoreError(message, "held")

    with monkeypatch.context() as patched:
        patched.setattr(NightStore, "due", lambda *_arguments: [])
        patched.setattr(NightStore, "lock", waited)
        report = stage.on(END + DAY).nightly()
    assert (report.completed, report.count("failed")) == (True, 1)
    assert [item.ref for item in stage.nightly().moves] == [str(ref)]


def test_day_that_came_too_early_is_put_right_and_nobody_is_told(stage: Stage) -> None:
    """As after a release whose own days ahead are fewer."""
    ref = stage.reach(State.ACTIVE)
    stage.tamper(
        "UPDATE watch SET next_on = '2027-01-02' WHERE rule = 'term_over'",
    )
    report = stage.on(START + DAY).nightly()
    assert told(report, Rule.TERM_OVER) == []
    with stage.store.reading() as reader:
        (watch,) = [one for one in reader.watches(ref.key) if one.rule is Rule.TERM_OVER]
    assert watch.next_on == END + DAY - timedelta(days=180)


def test_role_that_has_ended_is_told_of_nothing(staged: Staging) -> None:
    """Whoever held it until a day before."""
    city = staged(sandbox=False).with_people()
    city.appoint("old", Role.DECIDER, until=city.day)
    ref = city.reach(State.EVALUATION)
    city.on(city.fields(ref, "due")[0]).nightly()
    names = {name for name, _subject, _body in mails(city)}
    assert DORA in names
    assert "old" not in names
