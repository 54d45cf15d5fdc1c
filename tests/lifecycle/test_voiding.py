"""Voiding what was entered in error, or twice."""

import pytest

from lifecycle.errors import UnknownRefError
from lifecycle.evolve import IN_ERROR
from lifecycle.subjects import of_note
from states.notes import Voiding
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import Event, Outcome, State, Trigger
from tests.builders import ANNA, ERIN, complete_agreement
from tests.stage import Stage, codes


@pytest.mark.parametrize("state", list(State))
def test_agreement_is_voided_by_two_people_wherever_it_stands(city: Stage, state: State) -> None:
    """Its state is told as it was; it holds no place, and nothing is due."""
    ref = city.reach(state)
    version = city.standing(ref).version
    receipt, line = city.voided(ref), city.last(ref)
    assert (receipt.event, receipt.outcome, receipt.version) == (
        Event.VOIDED,
        Outcome.OK,
        version + 1,
    )
    assert city.fields(ref, "state", "voided", "counted", "due", "approvals") == (
        state,
        IN_ERROR,
        False,
        None,
        (),
    )
    assert (line.actor.id, line.approver, line.to) == (ANNA, ERIN, None)
    assert city.verify() == []


def test_duplicate_names_the_agreement_that_stands(city: Stage) -> None:
    """And whoever goes on with it is told."""
    first, second = city.reach(State.ACTIVE), city.reach(State.ACTIVE)
    city.voided(second, same_as=first)
    receipt = city.advance(second, Trigger.TERMINATE, ground="dormant")
    ((_severity, unmet),) = receipt.unmet
    assert city.fields(second, "voided") == (str(first),)
    assert f"as a duplicate of {first}" in unmet.message
    assert city.verify() == []


def test_nothing_is_done_with_a_void_agreement(city: Stage) -> None:
    """No step, no sheet, no edit, no file; the nightly check passes it by."""
    ref = city.reach(State.SIGNED)
    city.voided(ref)
    receipts = (
        city.advance(ref, Trigger.ACTIVATE),
        city.apply(ref, complete_agreement(title="Another")),
        city.attach(ref),
        city.approve(ref, "void", of_note(Voiding())),
        city.void(ref),
        city.reclassify(ref, "friendship"),
        city.waive(ref, "published:publication.missing", Trigger.ACTIVATE),
    )
    assert {code for receipt in receipts for code in codes(receipt)} == {"agreement.void"}
    assert city.on(city.standing(ref).term_start or city.day).nightly().items == []
    assert city.verify() == []


def test_duplicate_of_itself_or_of_a_void_one_is_bad_input(city: Stage) -> None:
    """One of the two has to stand."""
    first, second = city.propose(), city.propose()
    city.voided(first)
    for same_as in (first, second):
        with pytest.raises(InvalidInputError) as caught:
            city.void(second, same_as=same_as)
        assert [problem.key for problem in caught.value.problems] == ["same-as"]


@pytest.mark.parametrize("same_as", ["TOR-2026-999", "VAN-2026-001"])
def test_duplicate_of_an_unknown_agreement_is_bad_input(city: Stage, same_as: str) -> None:
    """Of this program's agreements one has to stand for it."""
    with pytest.raises(UnknownRefError):
        city.void(city.propose(), same_as=Ref.parse(same_as))


def test_same_key_voids_once(city: Stage) -> None:
    """A retry is answered with the first receipt."""
    ref = city.propose()
    city.approve(ref, "void", of_note(Voiding()))
    first = city.void(ref, key="k")
    assert city.void(ref, key="k").entry == first.entry


def test_agreement_changed_meanwhile_is_not_voided_unseen(city: Stage) -> None:
    """The version that was looked at is no longer there."""
    ref = city.propose()
    city.pull(ref, Trigger.SUBMIT)
    city.approve(ref, "void", of_note(Voiding()))
    assert codes(city.void(ref, expect_version=1)) == ["version_conflict"]
