"""Terms as rows: what is known of each, through renewals, on any order of events (R43)."""

from dataclasses import replace
from datetime import date, timedelta

from states.agreement import Agreement, Endorsement, Signature, Term
from states.ref import Ref
from states.terms import TermRow
from states.vocabulary import State, Trigger
from tests.builders import ANNA, END, START, complete_agreement, complete_project
from tests.stage import FIRST_DAY, NEXT_TERM, Stage

SECOND = Term(date(2030, 7, 1), date(2034, 6, 30))
ONE_DAY = timedelta(days=1)


def second_term(**changes: object) -> Agreement:
    """Return the document of the second term, complete again."""
    project = complete_project(end=date(2032, 6, 30), examined=date(2032, 9, 30))
    return complete_agreement(**{"term": SECOND, "projects": (project,), **changes})


def in_second_negotiation(stage: Stage) -> Ref:
    """Bring an agreement through its whole first term into the negotiation of its second."""
    ref = stage.reach(State.SIGNED)
    stage.on(START).nightly()
    stage.on(END + ONE_DAY).nightly()
    stage.pull(ref, Trigger.RENEW)
    stage.pull(ref, Trigger.RENEGOTIATE, actor="carol")
    return ref


def test_term_is_open_from_the_first_draft_on(stage: Stage) -> None:
    """Its bounds are those of the document, and follow it."""
    ref = stage.propose()
    assert stage.terms(ref) == [TermRow(term=1, starts=START, ends=END)]
    stage.apply(ref, complete_agreement(term=None))
    assert stage.terms(ref) == [TermRow(term=1)]


def test_whole_life_of_two_terms_is_two_rows(stage: Stage) -> None:
    """Signed, activated, concluded: each term by its own days, the first one untouched."""
    ref = in_second_negotiation(stage)
    first = TermRow(
        term=1,
        starts=START,
        ends=END,
        signed_on=FIRST_DAY.isoformat(),
        activated_on=START,
        concluded_on=END + ONE_DAY,
        concluded_by=Trigger.EXPIRE,
    )
    assert stage.terms(ref) == [first, TermRow(term=2)]
    stage.on(date(2030, 6, 1)).apply(ref, second_term())
    stage.pull(ref, Trigger.SIGN)
    stage.on(SECOND.start).nightly()
    stage.on(date(2033, 1, 1)).pull(ref, Trigger.TERMINATE)
    assert stage.terms(ref) == [
        first,
        TermRow(
            term=2,
            starts=SECOND.start,
            ends=SECOND.end,
            signed_on="2030-06-01",
            activated_on=SECOND.start,
            concluded_on=date(2033, 1, 1),
            concluded_by=Trigger.TERMINATE,
        ),
    ]
    assert stage.verify() == []


def test_term_signed_on_the_same_day_as_the_one_before_says_so(stage: Stage) -> None:
    """Two terms may be signed on one day; each has its date of signing."""
    ref = stage.along((Trigger.SUBMIT, Trigger.ACCEPT, Trigger.SIGN, Trigger.TERMINATE))
    stage.pull(ref, Trigger.RENEW)
    stage.pull(ref, Trigger.RENEGOTIATE)
    stage.apply(ref, complete_agreement())
    stage.pull(ref, Trigger.SIGN)
    assert [term.signed_on for term in stage.terms(ref)] == [FIRST_DAY.isoformat()] * 2


def test_next_term_starts_fresh(stage: Stage) -> None:
    """No objectives, milestones, endorsement, signatures or term are carried over (R43)."""
    document = complete_agreement(
        endorsement=Endorsement("Councillor Lee", FIRST_DAY),
        signatures=(Signature("home", "Mayor Chow", "Mayor", FIRST_DAY),),
    )
    ref = stage.along(NEXT_TERM, document)
    assert stage.document(ref) == replace(
        document, term=None, projects=(), milestones=(), endorsement=None, signatures=()
    )
    standing = stage.standing(ref)
    assert (standing.term, standing.term_start, standing.term_end) == (2, None, None)
    assert (standing.document_version, standing.version) == (standing.version, standing.version)
    assert (standing.score_n, standing.drafters) == (None, (ANNA,))
    assert (standing.signed_term, standing.evaluation_term) == (1, 1)


def test_line_that_opens_a_term_carries_its_number_and_document(stage: Stage) -> None:
    """Later lines belong to the new term."""
    ref = stage.along(NEXT_TERM)
    opening = stage.last(ref)
    assert (opening.term, opening.trigger) == (2, Trigger.RENEGOTIATE)
    assert opening.document == stage.standing(ref).document
    stage.apply(ref, second_term())
    assert stage.last(ref).term == 2


def test_evaluation_of_the_last_term_does_not_serve_for_the_next(stage: Stage) -> None:
    """Once the second term is signed, it needs an evaluation of its own."""
    ref = in_second_negotiation(stage)
    stage.on(date(2030, 6, 1)).apply(ref, second_term())
    stage.pull(ref, Trigger.SIGN)
    stage.on(SECOND.start).nightly()
    stage.on(SECOND.end + ONE_DAY).nightly()
    assert stage.advance(ref, Trigger.RENEW).refused
    stage.pull(ref, Trigger.RENEW)
    stage.pull(ref, Trigger.RENEGOTIATE)
    assert stage.fields(ref, "term", "signed_term", "evaluation_term") == (3, 2, 2)
    assert [term.term for term in stage.terms(ref)] == [1, 2, 3]


def test_evaluation_of_the_signed_term_serves_while_the_next_one_is_drafted(stage: Stage) -> None:
    """The projects of the draft are not asked about: they have not been carried out."""
    ref = in_second_negotiation(stage)
    project = complete_project(name="Fair", id="fair")
    stage.apply(ref, second_term(projects=(project,), milestones=()))
    receipt = stage.advance(ref, Trigger.SUNSET)
    assert receipt.to is State.SUNSET


def test_who_negotiates_the_next_term_does_not_sign_it(stage: Stage) -> None:
    """The second person is counted anew for each term: the drafters are the new ones."""
    ref = in_second_negotiation(stage)
    stage.on(date(2030, 6, 1)).apply(ref, second_term(), actor="dave")
    assert stage.fields(ref, "drafters") == (("carol", "dave"),)
    assert stage.advance(ref, Trigger.SIGN, actor="dave").refused
    assert stage.advance(ref, Trigger.SIGN, actor=ANNA).to is State.SIGNED


def test_reinstated_term_is_no_longer_concluded(stage: Stage) -> None:
    """What was concluded in error, or is kept, runs on as the same term."""
    ref = stage.reach(State.EVALUATION)
    (concluded,) = stage.terms(ref)
    assert (concluded.concluded_on, concluded.concluded_by) == (START, Trigger.TERMINATE)
    stage.pull(ref, Trigger.REINSTATE)
    (term,) = stage.terms(ref)
    assert (term.activated_on, term.concluded_on, term.concluded_by) == (START, None, None)


def test_term_concluded_before_it_was_activated_has_no_activation(stage: Stage) -> None:
    """A signed agreement can be terminated before its first day."""
    ref = stage.reach(State.SIGNED)
    stage.pull(ref, Trigger.TERMINATE)
    (term,) = stage.terms(ref)
    assert (term.activated_on, term.concluded_by) == (None, Trigger.TERMINATE)


def test_term_that_was_not_ended_is_not_concluded(stage: Stage) -> None:
    """A refused attempt to end it, and an approval of ending it, leave it as it is."""
    ref = stage.reach(State.ACTIVE)
    before = stage.terms(ref)
    assert stage.advance(ref, Trigger.TERMINATE).refused
    assert not stage.approve(ref, "terminate").refused
    assert stage.terms(ref) == before
    assert stage.verify() == []
