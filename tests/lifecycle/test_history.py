"""What was so on a day that has passed: what was recorded by then, and what was true."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lifecycle.entry import Actor, Entry, line_of
from lifecycle.errors import StoreError
from lifecycle.history import Moment, in_effect, known
from lifecycle.role_changes import holdings
from lifecycle.subjects import of_document, of_sheet
from states.agreement import Agreement, Contact
from states.records import Record
from states.ref import Ref
from states.roles import RoleChange
from states.standing import Standing
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, BEN, ERIN, START, complete_agreement, evaluation, score_sheet
from tests.stage import FIRST_DAY, NEXT_TERM, Stage, policy_file

RETITLED = complete_agreement(title="Trade with Chongqing")
AMENDED = complete_agreement(renewal_guidelines="Renewed if half of the targets are met.")


def days(count: int) -> timedelta:
    """Return so many days."""
    return timedelta(days=count)


def as_of(stage: Stage, ref: Ref, day: date) -> Standing:
    """Return where an agreement stood on a day, by all that is known now."""
    with stage.store.reading_past(Moment(day)) as past:
        standing = past.then(ref.key)
    assert standing is not None
    return standing


def document_as_of(stage: Stage, ref: Ref, day: date) -> Agreement:
    """Return an agreement's document as it was on a day, by all that is known now."""
    with stage.store.reading_past(Moment(day)) as past:
        standing = past.then(ref.key)
        assert standing is not None
        return past.document(standing)


def by_two(stage: Stage, word: str, ref: Ref, agreement: Agreement) -> None:
    """Amend or correct with another one's approval; it goes through."""
    assert not stage.approve(ref, word, of_document(agreement)).refused
    change = stage.amend if word == "amend" else stage.correct
    receipt = change(ref, agreement)
    assert not receipt.refused, receipt.unmet


def test_act_is_true_from_its_day_and_known_from_its_recording(stage: Stage) -> None:
    """A signature on the 10th that was entered on the 20th."""
    ref = stage.reach(State.NEGOTIATION)
    signed, entered = stage.day + days(10), stage.day + days(20)
    stage.on(entered).advance(ref, Trigger.SIGN, actor="dora", effective_on=signed)
    assert as_of(stage, ref, signed - days(1)).state is State.NEGOTIATION
    assert as_of(stage, ref, signed).state is State.SIGNED
    with stage.store.reading_past(Moment(signed, f"{signed + days(1)}")) as past:
        found = past.then(ref.key)
    assert found is not None
    assert found.state is State.NEGOTIATION


def test_what_a_step_rests_on_is_so_when_the_step_is(stage: Stage) -> None:
    """A draft of the 15th that was signed as of the 10th is what was signed on the 10th."""
    ref = stage.reach(State.NEGOTIATION)
    first = stage.day
    stage.on(first + days(15)).apply(ref, RETITLED)
    stage.on(first + days(20)).advance(
        ref, Trigger.SIGN, actor="dora", effective_on=first + days(10)
    )
    assert as_of(stage, ref, first + days(9)).title == complete_agreement().title
    assert as_of(stage, ref, first + days(10)).title == RETITLED.title


def test_agreement_was_not_there_before_it_was_entered(stage: Stage) -> None:
    """Neither by reference nor in a list."""
    ref = stage.on(FIRST_DAY + days(5)).propose()
    with stage.store.reading_past(Moment(FIRST_DAY)) as past:
        assert past.then(ref.key) is None
        assert list(past.all_then()) == []
        assert list(past.lines(ref.key)) == []
        assert list(past.terms(ref.key)) == []
        assert past.records(ref.key) == []


def test_transition_that_was_taken_back_later_never_was(stage: Stage) -> None:
    """Between it and its taking back; from then on both stand, as they do today."""
    ref = stage.reach(State.NEGOTIATION)
    before = stage.standing(ref)
    signed, back = stage.day + days(5), stage.day + days(9)
    stage.on(signed).pull(ref, Trigger.SIGN)
    stage.on(back).taken_back(ref)
    found = as_of(stage, ref, signed)
    assert (found.state, found.signed_on, found.version) == (before.state, None, before.version)
    assert as_of(stage, ref, back) == stage.standing(ref)


def test_what_only_a_wrong_step_would_rest_on_waits_for_its_own_day(stage: Stage) -> None:
    """A draft of the 15th is not drawn back to the 10th by a signature that was taken back."""
    ref = stage.reach(State.NEGOTIATION)
    first = stage.day
    stage.on(first + days(15)).apply(ref, RETITLED)
    stage.on(first + days(20)).advance(
        ref, Trigger.SIGN, actor="dora", effective_on=first + days(10)
    )
    stage.on(first + days(25)).taken_back(ref)
    assert as_of(stage, ref, first + days(12)).title == complete_agreement().title
    assert as_of(stage, ref, first + days(16)).title == RETITLED.title


def test_term_that_was_opened_by_mistake_takes_its_drafts_along(stage: Stage) -> None:
    """Renegotiating is taken back: what was drafted for the second term never was."""
    ref = stage.along(NEXT_TERM)
    first, opened = stage.day, stage.last(ref)
    assert opened.trigger is Trigger.RENEGOTIATE
    stage.on(first + days(3)).apply(ref, RETITLED)
    stage.record(ref, Record("note", stage.day, "A call."))
    stage.on(first + days(9)).taken_back(ref)
    found = as_of(stage, ref, first + days(4))
    assert (found.state, found.term) == (State.RENEWAL, 1)
    assert document_as_of(stage, ref, first + days(4)) == complete_agreement()
    assert as_of(stage, ref, stage.day) == stage.standing(ref)


def test_corrected_document_is_so_from_its_signing(stage: Stage) -> None:
    """Title and term as corrected, the owner as it was kept then; the draft as it was drafted."""
    ref = stage.reach(State.NEGOTIATION)
    drafted, signed = stage.day, stage.day + days(3)
    stage.on(signed).pull(ref, Trigger.SIGN)
    stage.on(signed + days(10)).apply(ref, complete_agreement(owner=BEN))
    wrong = complete_agreement(owner=BEN)
    longer = replace(RETITLED.term, end=date(2030, 12, 31)) if RETITLED.term else None
    right = replace(wrong, title=RETITLED.title, term=longer)
    stage.on(signed + days(20))
    by_two(stage, "correct", ref, right)
    assert document_as_of(stage, ref, drafted) == complete_agreement()
    assert document_as_of(stage, ref, signed) == replace(right, owner=ANNA)
    found = as_of(stage, ref, signed)
    assert (found.title, found.term_end, found.owner) == (right.title, date(2030, 12, 31), ANNA)
    with stage.store.reading_past(Moment(signed)) as past:
        past.then(ref.key)
        assert past.terms(ref.key)[-1].ends == date(2030, 12, 31)
    assert as_of(stage, ref, signed + days(12)).owner == BEN
    assert as_of(stage, ref, stage.day) == stage.standing(ref)


def test_correction_of_what_was_amended_leaves_what_was_signed(stage: Stage) -> None:
    """It goes back as far as the same was agreed on, and a correction of a correction too."""
    ref = stage.reach(State.SIGNED)
    signed = stage.day
    stage.on(signed + days(10))
    by_two(stage, "amend", ref, AMENDED)
    for count, title in ((20, "A first correction"), (30, RETITLED.title)):
        stage.on(signed + days(count))
        by_two(stage, "correct", ref, replace(AMENDED, title=title))
    assert document_as_of(stage, ref, signed) == complete_agreement()
    right = replace(AMENDED, title=RETITLED.title)
    assert document_as_of(stage, ref, signed + days(10)) == right
    assert document_as_of(stage, ref, signed + days(20)) == right


def test_corrected_document_has_the_contacts_of_then(stage: Stage) -> None:
    """Contacts stand beside the document, and staff keep them up."""
    with_contact = complete_agreement(contacts=(Contact("partner", "Li Wei", "li@example.cn"),))
    ref = stage.reach(State.SIGNED, with_contact)
    signed = stage.day
    stage.on(signed + days(3))
    by_two(stage, "correct", ref, replace(with_contact, title=RETITLED.title, contacts=()))
    assert document_as_of(stage, ref, signed) == replace(with_contact, title=RETITLED.title)
    assert document_as_of(stage, ref, stage.day).contacts == ()


def test_records_are_those_of_what_had_happened_as_corrected_since(stage: Stage) -> None:
    """Told late, told wrongly, or told and retracted."""
    ref = stage.reach(State.SIGNED)
    first = stage.day
    stage.on(first + days(10))
    late = Record("note", first + days(2), "Told late.")
    wrong = Record("note", first + days(4), "Wrong.")
    for fact in (late, wrong):
        stage.record(ref, fact)
    retracted = stage.record(ref, wrong).n
    stage.on(first + days(20)).correct_record(ref, retracted, None)
    stage.correct_record(ref, retracted - 1, replace(wrong, text="Right."))

    def texts(moment: Moment) -> list[str]:
        with stage.store.reading_past(moment) as past:
            return [record.text for _n, record in past.records(ref.key)]

    assert texts(Moment(first + days(1))) == []
    assert texts(Moment(first + days(2))) == ["Told late."]
    assert texts(Moment(first + days(5))) == ["Told late.", "Right."]
    then = first + days(15)
    assert texts(Moment(then, f"{then}")) == ["Told late.", "Wrong.", "Wrong."]
    assert texts(Moment(first + days(5), f"{first + days(6)}")) == []


def test_corrected_sheets_are_as_corrected(stage: Stage) -> None:
    """The scores of a decision and an evaluation, each from when the wrong one was given."""
    ref = stage.reach(State.EVALUATION)
    stage.evaluate(ref)
    given, scored = stage.day, stage.standing(ref).score_n or 0
    evaluated = stage.standing(ref).evaluation_n or 0
    stage.on(given + days(5))
    lower, other = score_sheet(scores={}), evaluation(projects=())
    for n, sheet in ((scored, lower), (evaluated, other)):
        assert not stage.approve(ref, "correct", of_sheet(n, sheet), actor=ERIN).refused
        assert not stage.correct_sheet(ref, n, sheet).refused
    now, found = stage.standing(ref), as_of(stage, ref, given)
    assert (found.score_n, found.evaluation_n) == (now.score_n, now.evaluation_n)
    assert (now.score_n, now.evaluation_n) != (scored, evaluated)
    early = as_of(stage, ref, FIRST_DAY)
    assert (early.score_n, early.evaluation_n) == (now.score_n, None)


def test_void_was_void_from_the_beginning(stage: Stage) -> None:
    """A duplicate counts for nothing on any day; what the record knew is another matter."""
    first, second = stage.reach(State.SIGNED), stage.reach(State.SIGNED)
    entered = stage.day
    stage.on(entered + days(10)).voided(second, first)
    stage.on(entered + days(11)).voided(first)
    assert as_of(stage, second, entered).voided == str(first)
    assert as_of(stage, first, entered).voided == "error"
    assert as_of(stage, second, entered).due is None
    with stage.store.reading_past(Moment(entered, f"{entered + days(1)}")) as past:
        found = past.then(second.key)
    assert found is not None
    assert (found.voided, found.due) == (None, START)


def test_policy_that_was_in_force_judges(stage: Stage) -> None:
    """Due dates are those of then; before the first policy there was none."""
    ref = stage.reach(State.DECISION)
    submitted = stage.day
    due = stage.standing(ref).due
    changes = {"in_flight": "new", "deadlines": {"decision_days": 3}}
    stage.on(submitted + days(10)).adopt(policy_file(changes))
    assert as_of(stage, ref, submitted).due == due
    assert as_of(stage, ref, stage.day).due == stage.standing(ref).due != due
    with stage.store.reading_past(Moment(submitted)) as past:
        assert past.began
        assert [n for _digest, _day, n in past.policies()] == [1]
    with stage.store.reading_past(Moment(submitted, "2001")) as past:
        assert not past.began
        with pytest.raises(StoreError, match="no policy was in force"):
            past.policy_in_force(submitted)


def test_roles_are_those_that_were_held(city: Stage) -> None:
    """Granted, and revoked later."""
    granted = city.day
    city.on(granted + days(10)).appoint(BEN, Role.STAFF, granted=False)
    city.on(granted + days(20))
    for day, held in ((9, True), (10, False)):
        with city.store.reading_past(Moment(granted + days(day))) as past:
            names = {(one.name, one.role) for one in past.roles()}
            assert ((BEN, Role.STAFF) in names) is held
            assert [entry.n for entry in past.lines_back()][-1] == 1
    with city.store.reading_past(Moment(granted)) as past:
        assert len(list(past.lines(None))) == len(city.raw(None)) - 1


def test_holdings_follow_the_changes() -> None:
    """Each change with the instant and the day of its line."""
    change = RoleChange(BEN, Role.STAFF, granted=True)
    [held] = holdings([(entry(1, "2026-09-01"), change)])
    assert (held.name, held.role, held.since) == (BEN, Role.STAFF, "2026-09-01T12:00:00Z")
    assert holdings([]) == ()


def test_streams_order_counts_and_not_its_clocks() -> None:
    """A line whose host's clock was ahead was known when the next one was written."""
    ahead = [line_of(entry(n, day)) for n, day in ((1, "2026-09-01"), (2, "2026-09-09"))]
    lines = [*ahead, line_of(entry(3, "2026-09-02")), line_of(entry(4, "2026-09-09"))]
    assert known(lines, "2026-09-03") == lines[:3]
    assert known(lines, "2026-09-01") == []


def test_note_is_in_effect_from_its_own_day_alone() -> None:
    """An approval that was dated back draws nothing along; a refusal neither."""
    entries = [
        entry(1, "2026-09-01", event=Event.CREATED, to=State.PROPOSAL),
        entry(2, "2026-09-05"),
        entry(3, "2026-09-02", event=Event.APPROVED),
        entry(4, "2026-09-02", event=Event.REFUSED, outcome=Outcome.REFUSED, to=None),
    ]
    assert in_effect(entries, date(2026, 9, 2)) == {1, 3, 4}


def entry(n: int, day: str, **changes: object) -> Entry:
    """Return a line of a day."""
    keys: dict[str, object] = {
        "program": "TOR",
        "agreement": "TOR-2026-001",
        "n": n,
        "event": Event.RECORDED,
        "recorded_at": f"{day}T12:00:00Z",
        "effective_on": day,
        "actor": Actor("anna", "os"),
        "definition": "",
        "sandbox": False,
        "prev": None,
        **changes,
    }
    return Entry(**keys)  # type: ignore[arg-type]
