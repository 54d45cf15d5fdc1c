"""Lines that contradict themselves or those before them are found, and bounds are kept."""

from datetime import timedelta

import pytest

from lifecycle.entry import Actor, GuardResult
from lifecycle.recomputing.comparing import differences
from states.ref import Ref
from states.vocabulary import Event, Outcome, State, Trigger
from tests.builders import START, complete_agreement
from tests.conftest import seldom
from tests.forging import Change, forged, told
from tests.stage import NEXT_TERM, Stage

pytestmark = pytest.mark.sqlite
"""Forged is what was read; where it was read from makes no difference."""

CONTRADICTS = ["line.contradicts"]
SOMETHING = "a" * 64


@pytest.mark.parametrize(
    ("n", "change", "expected"),
    [
        (3, told(outcome=Outcome.REFUSED), CONTRADICTS),
        (3, told(trigger=Trigger.SIGN), CONTRADICTS),
        (3, told(rule="term_over"), CONTRADICTS),
        (3, told(from_=State.ACTIVE), CONTRADICTS),
        (3, told(content=None), CONTRADICTS),
        (3, told(version=9), CONTRADICTS),
        (3, told(term=2), CONTRADICTS),
        (5, told(to=State.SIGNED), CONTRADICTS * 2),
        (6, told(document=None), CONTRADICTS * 2),
        (6, told(event=Event.SCORED), CONTRADICTS * 2),
        (6, told(effective_on="2026-09-11"), ["day.impossible"]),
        (7, told(effective_on="2020-01-01"), ["day.impossible"]),
        (7, told(ground="a whim"), ["day.impossible"]),
        (8, told(effective_on="2026-09-09"), ["day.impossible"]),
        (8, told(effective_on="2027-01-02"), ["day.impossible"]),
        (8, told(recorded_at="some day"), ["not.recomputed"]),
        (3, told(event=Event.NIGHTLY_COMPLETED), ["not.recomputed"]),
        (3, told(event=Event.CORRECTED), ["authority.differs"]),
        (3, told(event=Event.ERASED), ["authority.differs"]),
    ],
)
def test_line_that_can_not_be_is_found(
    city: Stage, ref: Ref, n: int, change: Change, expected: list[str]
) -> None:
    """A trigger where nothing moves, a document where none belongs, another day or version."""
    found = [one for one in forged(city, {(ref, n): change}) if one.n in {n, None}]
    assert [one.code for one in found] == expected


def test_amendment_without_what_was_amended_is_found(city: Stage, ref: Ref) -> None:
    """And so is a change of the document in the name of another deed."""
    city.on(START + timedelta(days=30))
    wanted = complete_agreement(renewal_guidelines="Renewed as both sides see fit.")
    receipt = city.amend(ref, wanted, actor="dora")
    assert receipt.refused
    assert city.verify() == []
    assert forged(city, {(ref, receipt.n): told(event=Event.AMENDED)}) != []


def test_terms_are_counted_on(city: Stage) -> None:
    """A renegotiation opens the next one, and taken back it is the one before."""
    ref = city.along(NEXT_TERM)
    opened = city.standing(ref).n
    back = city.taken_back(ref).n
    assert city.verify() == []
    for n, term in ((opened, 1), (back, 2)):
        found = [one.code for one in forged(city, {(ref, n): told(term=term)})]
        assert found[:1] == CONTRADICTS


FULL, ONE = GuardResult("cap", "unmet", "cap.full"), GuardResult("cap", "unmet", "limit.one")
MET, OFF = GuardResult("cap", "met"), GuardResult("cap", "off")
OTHER = GuardResult("time_bound", "met")


@pytest.mark.parametrize(
    ("said", "least", "most", "count"),
    [
        ((MET,), (MET,), (FULL,), 0),
        ((FULL,), (MET,), (FULL,), 0),
        ((FULL,), (MET,), (FULL, ONE), 0),
        ((ONE,), (FULL,), (FULL, ONE), 1),
        ((OFF,), (MET,), (FULL, ONE), 1),
        ((FULL, OTHER), (MET, OTHER), (FULL, ONE, OTHER), 0),
        ((OTHER, FULL), (MET, OTHER), (FULL, ONE, OTHER), 1),
        ((), (), (FULL,), 0),
        ((FULL,), (), (), 1),
    ],
)
def test_line_says_what_lies_between_the_bounds(
    said: tuple[GuardResult, ...],
    least: tuple[GuardResult, ...],
    most: tuple[GuardResult, ...],
    count: int,
) -> None:
    """No less than what is unmet at least, no more than at most, in the order of the table."""
    assert len(list(differences(said, least, most))) == count


ODD = {
    "v": 2,
    "term": -7,
    "trigger": None,
    "from_": None,
    "to": None,
    "outcome": "unchanged",
    "recorded_at": "9999-12-31T23:59:59.999999Z",
    "effective_on": "9999-12-31",
    "actor": Actor("", ""),
    "rule": "no rule",
    "due": "no day",
    "ground": "",
    "document": "",
    "content": "",
    "guards": (GuardResult("", "", ""),),
    "version": 2**70,
    "policy": None,
    "prev": "",
}
"""What no order could write."""


@pytest.mark.parametrize("n", seldom((7, 1, 8, 2, 3, 4, 5, 6), 2))
@pytest.mark.parametrize("field", ODD)
def test_oddest_line_is_judged_without_a_traceback(
    city: Stage, ref: Ref, n: int, field: str
) -> None:
    """What can't be judged is said; nothing else follows from it."""
    for stream in (ref, None):
        found = forged(city, {(stream, n): told(**{field: ODD[field]})})
        assert all(one.message and one.code for one in found)
