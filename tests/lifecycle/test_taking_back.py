"""Taking the last transition back: the one way in which a state goes back."""

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from lifecycle.errors import StoreError
from lifecycle.subjects import of_note
from states.agreement import Term
from states.notes import TakenBack
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import DueRule, Event, Role, State, Trigger
from tests.builders import ANNA, BEN, DORA, END, ERIN, START, complete_agreement, evaluation
from tests.conftest import Staging
from tests.stage import GROUNDED, NEXT_TERM, PATHS, Stage, codes, policy_file, with_cap, with_types

BEFORE = {
    Trigger.SUBMIT: PATHS[State.PROPOSAL],
    Trigger.RETURN: PATHS[State.DECISION],
    Trigger.ACCEPT: PATHS[State.DECISION],
    Trigger.DECLINE: PATHS[State.DECISION],
    Trigger.WITHDRAW: PATHS[State.NEGOTIATION],
    Trigger.SIGN: PATHS[State.NEGOTIATION],
    Trigger.ACTIVATE: PATHS[State.SIGNED],
    Trigger.CONCLUDE: PATHS[State.ACTIVE],
    Trigger.TERMINATE: PATHS[State.ACTIVE],
    Trigger.REINSTATE: PATHS[State.EVALUATION],
    Trigger.RENEW: PATHS[State.EVALUATION],
    Trigger.RENEGOTIATE: PATHS[State.RENEWAL],
    Trigger.SUNSET: PATHS[State.RENEWAL],
}
"""By which way each trigger that people pull is come to; the system's two stand further below."""

ENDS = {
    State.PROPOSAL: Trigger.WITHDRAW,
    State.DECISION: Trigger.DECLINE,
    State.NEGOTIATION: Trigger.SUNSET,
    State.SIGNED: Trigger.TERMINATE,
    State.ACTIVE: Trigger.TERMINATE,
    State.EVALUATION: Trigger.SUNSET,
    State.RENEWAL: Trigger.SUNSET,
}
MOVES_ON = {"version", "n", "head", "document", "document_version", "entered_on", "acted_on", "due"}
"""What goes on even when a transition is taken back."""


def made_ready(stage: Stage, trigger: Trigger) -> Ref:
    """Return an agreement on which the trigger can be pulled, scored and evaluated as it needs."""
    ref = stage.along(BEFORE[trigger])
    if trigger is Trigger.ACCEPT:
        stage.score(ref)
    if trigger is Trigger.RENEW:
        stage.evaluate(ref)
        stage.report(ref)
    if trigger is Trigger.ACTIVATE:
        stage.on(date(2027, 1, 1))
    if trigger is Trigger.CONCLUDE:
        stage.on(END - timedelta(days=90))
    return ref


def pull(stage: Stage, ref: Ref, trigger: Trigger) -> None:
    """Pull a trigger with its ground, as the person whose it is."""
    ground = {"ground": "needs_changed"} if trigger in GROUNDED else {}
    receipt = stage.advance(ref, trigger, **ground)
    assert not receipt.refused, receipt.unmet


def kept(stage: Stage, ref: Ref) -> dict[str, object]:
    """Return where an agreement stands, without what goes on."""
    known = msgspec.structs.asdict(stage.standing(ref))
    return {name: value for name, value in known.items() if name not in MOVES_ON | {"moved_n"}}


@pytest.mark.parametrize("trigger", BEFORE)
def test_every_transition_of_people_can_be_taken_back_and_pulled_again_to_the_end(
    city: Stage, trigger: Trigger
) -> None:
    """What it did is as it was before; the story then goes on as if it had never been."""
    ref = made_ready(city, trigger)
    before, terms = kept(city, ref), city.terms(ref)
    pull(city, ref, trigger)
    n = city.standing(ref).n
    receipt, line = city.taken_back(ref), city.last(ref)
    assert kept(city, ref) == before
    assert city.terms(ref) == terms
    assert (receipt.event, receipt.to, line.approver) == (Event.CORRECTED, before["state"], ERIN)
    assert (line.n, line.actor.id, line.trigger) == (n + 2, ANNA, None)
    assert city.verify() == []
    pull(city, ref, trigger)
    while trigger_to_the_end := ENDS.get(city.standing(ref).state):
        signed = city.standing(ref).signed_term is not None
        never = city.standing(ref).state is State.NEGOTIATION and not signed
        pull(city, ref, Trigger.WITHDRAW if never else trigger_to_the_end)
    assert city.verify() == []


def test_expiry_of_what_has_no_term_is_taken_back_once_its_next_review_is_set(city: Stage) -> None:
    """Back in force it needs a juncture ahead; the check then sends it to its next review."""
    ref = city.take_over()
    review = city.standing(ref).review
    assert review is not None
    city.on(review).nightly()
    note = of_note(TakenBack(city.standing(ref).moved_n))
    city.approve(ref, "correct", note)
    refused = city.take_back(ref)
    assert codes(refused) == ["review.past"]
    assert city.fields(ref, "state") == (State.EVALUATION,)
    later = review + timedelta(days=200)
    city.apply(ref, replace(city.document(ref), review=later))
    city.take_back(ref)
    assert city.fields(ref, "state", "due", "due_rule", "counted") == (
        State.ACTIVE,
        later,
        DueRule.REVIEW_DUE,
        True,
    )
    city.on(later).nightly()
    assert city.fields(ref, "state") == (State.EVALUATION,)
    assert city.verify() == []


def test_expiry_of_a_term_that_is_over_stays(city: Stage) -> None:
    """An agreement is in force within its term alone."""
    ref = city.reach(State.ACTIVE)
    city.on(END + timedelta(days=1)).nightly()
    city.approve(ref, "correct", of_note(TakenBack(city.standing(ref).moved_n)))
    assert codes(city.take_back(ref)) == ["term.over"]
    assert city.fields(ref, "state") == (State.EVALUATION,)
    assert city.verify() == []


def test_expiry_of_what_was_never_activated_goes_back_to_signed(staged: Staging) -> None:
    """And the next check expires it again, for its term is over."""
    city = staged(with_cap(1), sandbox=False).with_people()
    city.take_over()
    ref = city.reach(State.SIGNED)
    for day in (START, END + timedelta(days=1)):
        city.on(day).nightly()
    assert [line.trigger for line in city.entries(ref)[-2:]] == [Trigger.ACTIVATE, Trigger.EXPIRE]
    city.taken_back(ref)
    assert city.fields(ref, "state", "due_rule") == (State.SIGNED, DueRule.TERM_STARTS)
    assert city.terms(ref)[0].concluded_by is None
    city.nightly()
    assert city.fields(ref, "state") == (State.EVALUATION,)
    assert city.verify() == []


def test_lapse_is_taken_back_to_where_nobody_had_decided(staged: Staging) -> None:
    """The deadline begins anew, so that it does not lapse again the same night."""
    stage = staged(with_types(lapse=True), sandbox=False).with_people()
    ref = stage.reach(State.EVALUATION)
    for days in (181, 61):
        stage.on(stage.day + timedelta(days=days)).nightly()
    assert stage.fields(ref, "state") == (State.SUNSET,)
    stage.taken_back(ref)
    stage.nightly()
    assert stage.fields(ref, "state", "due") == (
        State.EVALUATION,
        stage.day + timedelta(days=180),
    )
    assert stage.verify() == []


def test_renegotiation_taken_back_restores_the_old_terms_document(city: Stage) -> None:
    """With today's contacts; the term that was opened is none, until it is opened again."""
    ref = city.along(NEXT_TERM)
    old = complete_agreement()
    terms = city.terms(ref)
    assert len(terms) == 2
    second = Term(date(2030, 1, 1), date(2032, 12, 31))
    city.apply(ref, complete_agreement(title="The second term", term=second))
    city.taken_back(ref)
    assert city.document(ref) == old
    assert city.terms(ref) == terms[:1]
    assert city.fields(ref, "state", "term", "term_end", "title") == (
        State.RENEWAL,
        1,
        END,
        old.title,
    )
    assert city.fields(ref, "drafters") == ((ANNA,),)
    assert city.verify() == []
    city.pull(ref, Trigger.RENEGOTIATE, actor=BEN)
    assert city.terms(ref) == terms
    assert city.fields(ref, "term", "term_start", "drafters") == (2, None, (BEN,))
    assert city.document(ref).projects == ()
    assert city.verify() == []


def test_renegotiated_again_the_second_term_is_signed_and_counted(city: Stage) -> None:
    """Nothing of the first attempt is left in it."""
    ref = city.along(NEXT_TERM)
    city.taken_back(ref)
    city.pull(ref, Trigger.RENEGOTIATE)
    begins = city.day.replace(year=city.day.year + 1, day=1)
    ends = begins.replace(year=begins.year + 3) - timedelta(days=1)
    project = complete_agreement().projects[0]
    moved = replace(project, start=begins, end=ends, examined=ends)
    city.apply(ref, complete_agreement(term=Term(begins, ends), projects=(moved,), milestones=()))
    city.pull(ref, Trigger.SIGN)
    first, second = city.terms(ref)
    assert (first.signed_on, second.signed_on) == ("2026-09-01", city.day.isoformat())
    assert (second.starts, second.ends, second.activated_on) == (begins, ends, None)
    assert city.fields(ref, "signed_term") == (2,)
    city.taken_back(ref)
    assert [term.signed_on for term in city.terms(ref)] == ["2026-09-01", None]
    assert city.fields(ref, "signed_term", "signed_on") == (1, "2026-09-01")
    assert city.verify() == []


def test_place_that_somebody_took_meanwhile_is_not_taken_back(staged: Staging) -> None:
    """What comes back needs a place under the cap like any other."""
    stage = staged(with_cap(1), sandbox=False).with_people()
    ref = stage.reach(State.SUNSET)
    stage.reach(State.ACTIVE)
    stage.approve(ref, "correct", of_note(TakenBack(stage.standing(ref).moved_n)))
    receipt = stage.take_back(ref)
    assert codes(receipt) == ["cap.full"]
    assert stage.fields(ref, "state", "counted") == (State.SUNSET, False)
    assert stage.verify() == []


def test_place_of_the_own_is_kept(staged: Staging) -> None:
    """A portfolio over its cap takes back what changes no place."""
    stage = staged(with_cap(1), sandbox=False).with_people()
    ref = stage.reach(State.EVALUATION)
    stage.take_over()
    stage.taken_back(ref)
    assert stage.fields(ref, "state") == (State.ACTIVE,)


def test_termination_before_the_first_day_goes_back_to_signed_and_not_into_force(
    city: Stage,
) -> None:
    """Reinstating would put it in force before its term; taking the termination back does not."""
    ref = city.reach(State.SIGNED)
    city.pull(ref, Trigger.TERMINATE)
    refused = city.advance(ref, Trigger.REINSTATE, ground="needs_changed", actor=ERIN)
    assert codes(refused) == ["term.not_started"]
    city.taken_back(ref)
    assert city.fields(ref, "state") == (State.SIGNED,)
    assert city.verify() == []


def test_what_was_written_since_stays_written(city: Stage) -> None:
    """Records, sheets and amendments after the transition are not its work."""
    ref = city.reach(State.EVALUATION)
    sheet = evaluation()
    n = city.evaluate(ref, sheet).n
    city.apply(ref, complete_agreement(owner=BEN))
    city.taken_back(ref)
    assert city.fields(ref, "state", "evaluation_n", "owner") == (State.ACTIVE, n, BEN)
    assert city.verify() == []


def test_transition_is_taken_back_once(city: Stage) -> None:
    """Before the next one there is nothing more to take back, further back least of all."""
    ref = city.reach(State.SIGNED)
    n = city.standing(ref).moved_n
    city.taken_back(ref)
    for line in (n, n - 1, 0):
        with pytest.raises(InvalidInputError) as caught:
            city.take_back(ref, line)
        (problem,) = caught.value.problems
        assert (problem.code, problem.hint) == ("not_last", "the last one was taken back already")
    assert city.standing(ref).moved_n == 0


def test_other_line_than_the_last_transition_is_bad_input(city: Stage) -> None:
    """Which line could be taken back is said."""
    ref = city.reach(State.SIGNED)
    with pytest.raises(InvalidInputError) as caught:
        city.take_back(ref, 1)
    assert caught.value.problems[0].hint == f"that is line {city.standing(ref).moved_n}"


def test_what_was_taken_over_has_no_transition_yet(city: Stage) -> None:
    """Its entry is voided instead."""
    with pytest.raises(InvalidInputError):
        city.take_back(city.take_over())


def test_row_that_names_a_transition_of_which_the_log_knows_nothing_is_damaged(
    city: Stage,
) -> None:
    """It is told, and nothing is made up."""
    ref = city.propose()
    city.tamper("UPDATE agreement SET moved_n = 1")
    with pytest.raises(StoreError) as caught:
        city.take_back(ref)
    assert caught.value.code == "damaged"


def test_same_key_takes_back_once(city: Stage) -> None:
    """A retry is answered with the first receipt, though the state has moved on since."""
    ref = city.reach(State.SIGNED)
    n = city.standing(ref).moved_n
    first = city.taken_back(ref, key="k")
    city.pull(ref, Trigger.SIGN)
    again = city.take_back(ref, n, key="k")
    assert (again.entry, again.repeated) == (first.entry, True)
    assert city.fields(ref, "state") == (State.SIGNED,)


def test_changed_agreement_is_not_taken_back_unseen(city: Stage) -> None:
    """A version that somebody else made meanwhile refuses it."""
    ref = city.reach(State.SIGNED)
    old = city.standing(ref).version
    city.apply(ref, complete_agreement(owner=BEN))
    city.approve(ref, "correct", of_note(TakenBack(city.standing(ref).moved_n)))
    assert codes(city.take_back(ref, expect_version=old)) == ["version_conflict"]
    assert city.verify() == []


def test_void_agreement_goes_nowhere(city: Stage) -> None:
    """Not back either."""
    ref = city.reach(State.SIGNED)
    city.voided(ref)
    assert codes(city.take_back(ref)) == ["agreement.void"]


def test_deadline_begins_anew(staged: Staging) -> None:
    """The decision is owed from the day on which it is open again."""
    policy = policy_file({"deadlines": {"decision_days": 10}})
    stage = staged(policy, sandbox=False).with_people()
    ref = stage.reach(State.NEGOTIATION)
    stage.on(stage.day + timedelta(days=30))
    stage.taken_back(ref)
    assert stage.fields(ref, "due") == (stage.day + timedelta(days=10),)


def test_taken_back_by_two_people_of_any_role(city: Stage) -> None:
    """A decider carries out what another decider approved."""
    ref = city.reach(State.SIGNED)
    city.taken_back(ref, actor=DORA)
    line = city.last(ref)
    assert (line.actor.id, line.role, line.approver) == (DORA, Role.DECIDER, ERIN)
