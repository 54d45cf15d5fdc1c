"""Results of guards that were forged on a line are found, though its chain is whole."""

from datetime import timedelta

import pytest

from states.ref import Ref
from states.vocabulary import Role, State, Trigger
from tests.builders import DORA, ERIN, complete_agreement
from tests.conftest import Staging
from tests.forging import Change, both, forged, guard, moved, told
from tests.stage import PATHS, Stage, with_cap

pytestmark = pytest.mark.sqlite
"""Forged is what was read; where it was read from makes no difference."""

SIGNED = moved(State.SIGNED)
ACTIVE = moved(State.ACTIVE)


@pytest.mark.parametrize(
    ("n", "change", "said"),
    [
        (4, guard("criteria_scored", "waived:scores.missing"), "says waived (scores.missing)"),
        (4, guard("criteria_scored", "warned:scores.missing"), "judged again it is met"),
        (4, guard("criteria_scored", "off"), "criteria_scored: the line says off"),
        (4, guard("criteria_scored"), "criteria_scored: the line says nothing"),
        (7, guard("conditions_met", "met"), "conditions_met: the line says met"),
        (8, guard("published", "met"), "judged again it is warned (publication.missing)"),
        (8, guard("published", "warned:a.b"), "published: the line says warned (a.b)"),
        (5, guard("guidelines_stated", "unmet:a.b"), "judged again it is unmet (renewal.missing)"),
        (5, guard("endorsed", "unmet:endorsement.missing"), "judged again it is met"),
        (1, guard("proposal_complete", "met"), "judged again it is nothing"),
    ],
)
def test_other_result_is_found_and_named(
    city: Stage, ref: Ref, n: int, change: Change, said: str
) -> None:
    """Met for unmet, another code, waived or off without reason, left out, or added."""
    (found,) = forged(city, {(ref, n): change})
    assert (found.stream, found.n, found.code) == (str(ref), n, "guard.differs")
    assert said in found.message


def test_guards_in_another_order_are_found(city: Stage, ref: Ref) -> None:
    """They stand in the order of the table, in which they were asked."""
    last = city.entries(ref)[3]
    (found,) = forged(city, {(ref, 4): told(guards=last.guards[::-1])})
    assert "are not those that were asked: criteria_scored" in found.message


def test_transition_with_an_unmet_guard_is_found(city: Stage, ref: Ref) -> None:
    """It would have been refused; and the guard was met."""
    found = forged(city, {(ref, 7): guard("endorsed", "unmet:endorsement.missing")})
    assert [one.code for one in found] == ["guard.unmet", "guard.differs"]


@pytest.mark.parametrize("change", [guard("guidelines_stated", "met"), told(guards=())])
def test_refusal_that_nothing_refuses_is_found(city: Stage, ref: Ref, change: Change) -> None:
    """A refusal has its reason on its line."""
    (found,) = forged(city, {(ref, 5): change})
    assert (found.n, found.code) == (5, "refusal.groundless")


def test_decider_who_had_drafted_is_found(city: Stage, ref: Ref) -> None:
    """Where who edited becomes who signed, the second person is one."""
    editor = city.entries(ref)[6].actor
    found = forged(city, {(ref, 6): told(actor=editor)})
    assert [(one.n, one.code) for one in found] == [
        (6, "authority.differs"),
        (7, "guard.differs"),
    ]
    assert "judged again it is unmet (person.same)" in found[1].message


def test_waiver_that_was_never_given_is_found(staged: Staging) -> None:
    """What was unmet and is said to have been waived, with the refusal made a transition."""
    city = staged(sandbox=False).with_people()
    ref = city.reach(State.NEGOTIATION, complete_agreement(type="friendship"))
    receipt = city.advance(ref, Trigger.SIGN)
    assert receipt.refused
    waived = both(guard("endorsed", "waived:endorsement.missing"), SIGNED)
    (found,) = forged(city, {(ref, receipt.n): waived})
    assert "says waived (endorsement.missing), and judged again it is unmet" in found.message


def test_waiver_of_who_holds_the_role_no_more_is_found(city: Stage) -> None:
    """It was given, and its giver's role ended before it could be used."""
    ref = city.reach(State.NEGOTIATION, complete_agreement(type="friendship"))
    city.waive(ref, "endorsed:endorsement.missing", Trigger.SIGN, actor=ERIN)
    city.on(city.day + timedelta(days=1)).appoint(ERIN, Role.DECIDER, granted=False)
    city.on(city.day + timedelta(days=1))
    receipt = city.advance(ref, Trigger.SIGN)
    assert receipt.refused
    assert city.verify() == []
    waived = both(guard("endorsed", "waived:endorsement.missing"), SIGNED)
    (found,) = forged(city, {(ref, receipt.n): waived})
    assert (found.n, found.code) == (receipt.n, "guard.differs")


def test_cap_that_was_exceeded_is_found(staged: Staging) -> None:
    """The refusal of the one place that was taken, made an activation."""
    city = staged(with_cap(1), sandbox=False).with_people()
    city.reach(State.ACTIVE)
    city.on(city.day.replace(month=2))
    ref = city.along(PATHS[State.SIGNED])
    receipt = city.advance(ref, Trigger.ACTIVATE)
    assert receipt.refused
    assert city.verify() == []
    freed = both(guard("cap_available", "met"), ACTIVE)
    (found,) = forged(city, {(ref, receipt.n): freed})
    assert (found.n, found.code) == (receipt.n, "guard.differs")
    assert "says met, and judged again it is unmet (cap.full)" in found.message


def test_approval_by_who_had_drafted_is_found(city: Stage) -> None:
    """Nobody approves their own draft."""
    ref = city.reach(State.NEGOTIATION)
    receipt = city.approve(ref, "sign", actor=DORA)
    author = city.entries(ref)[receipt.n - 1].actor
    found = forged(city, {(ref, 1): told(actor=author)})
    assert (receipt.n, "guard.differs") in [(one.n, one.code) for one in found]
    assert "second_person" in found[-1].message
