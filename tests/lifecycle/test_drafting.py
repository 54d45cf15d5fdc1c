"""Proposing agreements and applying whole documents to them."""

import pytest

from lifecycle.drafting import with_ids
from lifecycle.errors import UnknownRefError
from states.agreement import Contact, Milestone, TakenOver
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import Event, Outcome, Severity, State, Trigger
from tests.builders import ANNA, DORA, complete_agreement, complete_project
from tests.conftest import Staging
from tests.stage import Stage, codes, policy_file

ANNAS_CONTACT = Contact("partner", "Li Wei", "li@example.cn", None, "Foreign Affairs Office")


def test_proposal_gets_the_next_reference_of_its_year(stage: Stage) -> None:
    """Numbers run without a gap within a year and begin again with the next."""
    assert [str(stage.propose()) for _ in range(2)] == ["TOR-2026-001", "TOR-2026-002"]
    stage.on(stage.day.replace(year=2027))
    assert str(stage.propose()) == "TOR-2027-001"
    stage.on(stage.day.replace(year=2026))
    assert str(stage.propose()) == "TOR-2026-003"


def test_proposal_is_created_in_its_first_version(stage: Stage) -> None:
    """Its line is the first of its stream, and brings the document."""
    ref = stage.propose()
    (line,) = stage.entries(ref)
    standing = stage.standing(ref)
    assert (line.event, line.to, line.from_, line.trigger) == (
        Event.CREATED,
        State.PROPOSAL,
        None,
        None,
    )
    assert (line.n, line.version, line.term, line.prev) == (1, 1, 1, None)
    assert line.document == standing.document
    assert (standing.version, standing.n, standing.drafters) == (1, 1, (ANNA,))
    assert stage.document(ref) == complete_agreement()


def test_proposal_without_an_owner_belongs_to_who_proposes_it(stage: Stage) -> None:
    """Nothing is ever without an owner."""
    ref = stage.propose(complete_agreement(owner=None), actor="carol")
    assert stage.fields(ref, "owner") == ("carol",)
    stage.apply(ref, complete_agreement(owner="dave"))
    stage.apply(ref, complete_agreement(owner=None))
    assert stage.fields(ref, "owner") == ("dave",)


def test_proposal_with_unknown_words_is_bad_input_and_takes_no_number(stage: Stage) -> None:
    """Every unknown word is told, and the next proposal gets the number."""
    with pytest.raises(InvalidInputError) as caught:
        stage.propose(complete_agreement(type="treaty", origin="hearsay"))
    assert [problem.key for problem in caught.value.problems] == ["type", "origin"]
    assert str(stage.propose()) == "TOR-2026-001"


def test_proposal_that_says_it_was_taken_over_is_bad_input(stage: Stage) -> None:
    """What was never signed can't be flagged as signed before the program went live."""
    with pytest.raises(InvalidInputError) as caught:
        stage.propose(complete_agreement(taken_over=TakenOver("1986", "The archive.")))
    assert [problem.key for problem in caught.value.problems] == ["taken_over"]


def test_edited_document_is_a_new_version_and_its_editor_a_drafter(stage: Stage) -> None:
    """The line cites the new document; the old one is still there under its version."""
    ref = stage.propose()
    first = stage.standing(ref)
    receipt = stage.apply(ref, complete_agreement(title="Trade"), actor="carol")
    after = stage.standing(ref)
    assert (receipt.event, receipt.outcome, receipt.version) == (Event.EDITED, Outcome.OK, 2)
    assert (after.title, after.version, after.document_version) == ("Trade", 2, 2)
    assert (after.drafters, after.document != first.document) == ((ANNA, "carol"), True)
    with stage.store.reading() as reader:
        assert reader.versions(ref.key) == [1, 2]
        old = reader.document_at(ref.key, 1)
        assert old is not None
        assert old.title == complete_agreement().title


def test_same_document_again_is_unchanged_and_leaves_no_line(stage: Stage) -> None:
    """The receipt points at the present line."""
    ref = stage.propose()
    before = stage.standing(ref)
    receipt = stage.apply(ref, complete_agreement())
    assert (receipt.outcome, receipt.entry, receipt.n) == (Outcome.UNCHANGED, before.head, 1)
    assert stage.standing(ref) == before


def test_document_for_an_unknown_reference_is_an_error(stage: Stage) -> None:
    """Nothing is created by applying to what is not there."""
    with pytest.raises(UnknownRefError):
        stage.apply(Ref("TOR", 2026, 1), complete_agreement())


def test_document_of_an_older_version_is_refused_on_the_log(stage: Stage) -> None:
    """Nobody's edit is overwritten unseen, not even with the same content."""
    ref = stage.propose()
    stage.apply(ref, complete_agreement(title="Trade"))
    receipt = stage.apply(ref, complete_agreement(), expect_version=1)
    assert (receipt.refused, codes(receipt)) == (True, ["version_conflict"])
    assert stage.fields(ref, "title", "version", "n") == ("Trade", 2, 3)
    assert (stage.last(ref).event, stage.last(ref).document) == (Event.REFUSED, None)


@pytest.mark.parametrize("state", [State.PROPOSAL, State.DECISION, State.NEGOTIATION])
def test_whole_document_may_change_until_it_is_signed(stage: Stage, state: State) -> None:
    """Staff work on it as long as nothing is agreed."""
    ref = stage.reach(state)
    assert not stage.apply(ref, complete_agreement(title="Trade")).refused
    assert stage.fields(ref, "title", "state") == ("Trade", state)


@pytest.mark.parametrize("state", [State.SIGNED, State.ACTIVE, State.EVALUATION, State.RENEWAL])
def test_only_kept_keys_may_change_once_it_is_signed(stage: Stage, state: State) -> None:
    """Agreed content is refused with the key named; the owner may change, without drafting."""
    ref = stage.reach(state)
    refused = stage.apply(ref, complete_agreement(title="Trade"))
    assert codes(refused) == ["document.agreed"]
    kept = stage.apply(ref, complete_agreement(owner="carol"), actor=DORA)
    assert not kept.refused
    assert stage.fields(ref, "owner", "drafters", "state") == ("carol", (ANNA,), state)


@pytest.mark.parametrize("state", [State.SUNSET, State.DECLINED])
def test_nothing_changes_in_a_final_state(stage: Stage, state: State) -> None:
    """Neither agreed content nor kept keys; the same content is still unchanged."""
    ref = stage.reach(state)
    assert codes(stage.apply(ref, complete_agreement(owner="carol"))) == ["document.final"]
    assert stage.apply(ref, complete_agreement()).outcome is Outcome.UNCHANGED


def test_refused_document_tells_severity_and_key(stage: Stage) -> None:
    """As guards do: what, where and what to do."""
    receipt = stage.apply(stage.reach(State.SIGNED), complete_agreement(title="Trade"))
    ((severity, unmet),) = receipt.unmet
    assert (severity, unmet.field) == (Severity.BLOCK, "title")


def test_contacts_stand_beside_the_line_and_not_in_the_document(stage: Stage) -> None:
    """They are read back with the document, and are in neither line nor stored document."""
    ref = stage.propose(complete_agreement(contacts=(ANNAS_CONTACT,)))
    assert stage.document(ref).contacts == (ANNAS_CONTACT,)
    assert stage.last(ref).content is not None
    assert b"Li Wei" not in b"".join(stage.raw(ref))
    with stage.store.reading() as reader:
        stored = reader.document_at(ref.key, 1)
        assert stored is not None
        assert stored.contacts == ()
        assert [part.kind for part in reader.beside(ref.key, 1)] == ["contacts"]
    stage.advance(ref, Trigger.SUBMIT)
    assert stage.document(ref).contacts == (ANNAS_CONTACT,)
    stage.apply(ref, complete_agreement())
    assert stage.document(ref).contacts == ()
    assert stage.verify() == []


def test_contacts_survive_the_opening_of_a_new_term(stage: Stage) -> None:
    """The next term's document starts fresh; who to call does not."""
    ref = stage.reach(State.RENEWAL, complete_agreement(contacts=(ANNAS_CONTACT,)))
    stage.pull(ref, Trigger.RENEGOTIATE)
    assert stage.document(ref).contacts == (ANNAS_CONTACT,)


def test_projects_and_milestones_get_ids_that_last(stage: Stage) -> None:
    """Made from the name, told apart by number, and kept when the document comes without."""
    projects = tuple(complete_project(name=name, id=None) for name in ("Séance!", "seance", "***"))
    milestones = (Milestone("A first step"), Milestone("A first step"))
    ref = stage.propose(complete_agreement(projects=projects, milestones=milestones))
    document = stage.document(ref)
    assert [project.id for project in document.projects] == ["seance", "seance-2", "item"]
    assert [item.id for item in document.milestones] == ["a-first-step", "a-first-step-2"]
    again = stage.apply(ref, complete_agreement(projects=projects[:1], milestones=milestones))
    assert again.outcome is Outcome.OK
    assert [project.id for project in stage.document(ref).projects] == ["seance"]


def test_id_that_somebody_else_has_taken_is_not_given_twice() -> None:
    """A project that is renamed to another's name does not inherit its id."""
    current = complete_agreement(projects=(complete_project(name="Mission", id="mission"),))
    wanted = complete_agreement(
        projects=(
            complete_project(name="Fair", id="mission"),
            complete_project(name="Mission", id=None),
        )
    )
    assert [p.id for p in with_ids(wanted, current).projects] == ["mission", "mission-2"]


def test_long_name_makes_a_short_id(stage: Stage) -> None:
    """An id is something that people type."""
    ref = stage.propose(
        complete_agreement(projects=(complete_project(name="m" * 90, id=None),), milestones=())
    )
    (project,) = stage.document(ref).projects
    assert project.id == "m" * 40


def test_document_is_held_against_the_policy_that_judges_it(staged: Staging) -> None:
    """In negotiation that is the policy of the last decision, not the one adopted since."""
    stage = staged()
    ref = stage.reach(State.NEGOTIATION)
    words = {"origins": ["global_city", "hearsay"]}
    types = {code: {"serves": None} for code in ("partnership", "friendship")}
    stage.adopt(policy_file({"vocabulary": words, "types": types}))
    with pytest.raises(InvalidInputError):
        stage.apply(ref, complete_agreement(origin="hearsay"))
    assert not stage.apply(stage.propose(), complete_agreement(origin="hearsay")).refused


def test_same_key_proposes_and_edits_once(stage: Stage) -> None:
    """A retry gets the first receipt, though the document has moved on since."""
    ref = stage.propose(key="new")
    assert stage.propose(complete_agreement(title="Other"), key="new") == ref
    first = stage.apply(ref, complete_agreement(title="Trade"), key="edit")
    stage.apply(ref, complete_agreement(title="More trade"))
    again = stage.apply(ref, complete_agreement(title="Trade"), key="edit")
    assert (again.entry, again.version, again.repeated) == (first.entry, 2, True)
    assert stage.fields(ref, "title", "n") == ("More trade", 3)
