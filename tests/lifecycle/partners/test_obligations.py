"""The ledger of obligations: what each side owed, and what became of it (R45)."""

from datetime import date

import pytest
from msgspec.structs import replace

from lifecycle.partners.obligations import Fate, Owed, ledger
from states.agreement import Obligation
from states.records import Record
from states.standing import Standing
from states.vocabulary import State
from tests.builders import complete_agreement, standing

DUE, DAY = date(2028, 6, 30), date(2028, 9, 1)
SPACE = Obligation("space", "partner", "Office space for two.", DUE)
HOSTING = Obligation("hosting", "home", "Hosts the forum.")


def answer(on: date, outcome: str = "met", item: str = "space") -> Record:
    """Return the record of what became of an obligation."""
    return Record("obligation", on, item=item, outcome=outcome)


def told(*records: Record, at: Standing | None = None, due: date | None = DUE) -> list[Owed]:
    """Return the ledger of an agreement under which the partner owes space, and the city hosts."""
    owed = Obligation(SPACE.id, SPACE.side, SPACE.what, due)
    agreement = complete_agreement(obligations=(HOSTING, owed))
    place = at or standing(agreement, state=State.ACTIVE)
    return list(ledger(place, agreement, enumerate(records, 11), DAY))


@pytest.mark.parametrize(
    ("records", "fate"),
    [
        ((), Fate.OVERDUE),
        ((answer(DUE),), Fate.FULFILLED),
        ((answer(date(2028, 7, 1)),), Fate.LATE),
        ((answer(DUE, "partly"),), Fate.PARTLY),
        ((answer(DUE, "missed"),), Fate.NOT_DELIVERED),
        ((answer(DUE, "not_delivered"),), Fate.NOT_DELIVERED),
        ((answer(date(2028, 8, 1)), answer(DUE, "not_delivered")), Fate.LATE),
        ((answer(DUE, "not_delivered"), answer(DUE)), Fate.FULFILLED),
        ((answer(DUE, item="hosting"),), Fate.OVERDUE),
        ((Record("note", DUE, "It came.", item="space"),), Fate.OVERDUE),
        ((answer(date(2028, 9, 2)),), Fate.OVERDUE),
    ],
)
def test_r45_an_obligation_is_what_its_last_answer_says(
    records: tuple[Record, ...], fate: Fate
) -> None:
    """By the day of the fact, then by the line; what is not of it, or is ahead, says nothing."""
    assert told(*records)[0].fate is fate


def test_r45_both_sides_are_on_the_ledger_and_the_partner_comes_first() -> None:
    """Each with the line that answers for it; what has no date is open until it is answered."""
    space, hosting = told(answer(DUE))
    assert (space.obligation, space.n, space.record) == (SPACE, 11, answer(DUE))
    assert (hosting.obligation, hosting.fate, hosting.n) == (HOSTING, Fate.OPEN, None)
    assert told(due=DAY)[0].fate is Fate.OPEN
    assert told(answer(DAY), due=None)[0].fate is Fate.FULFILLED


@pytest.mark.parametrize(
    ("outcome", "failed"), [("met", False), ("partly", True), ("missed", True), (None, True)]
)
def test_r45_the_ledger_tells_what_was_not_done_in_full(
    outcome: str | None, *, failed: bool
) -> None:
    """What was due and has no answer was not done either; what is still open has not failed."""
    facts = (answer(DUE, outcome),) if outcome else ()
    assert told(*facts)[0].failed is failed
    assert not told(due=None)[0].failed


def test_r45_nothing_is_overdue_before_anything_is_signed() -> None:
    """Of a proposal nobody owes anything yet."""
    assert told(at=standing(state=State.PROPOSAL))[0].fate is Fate.OPEN


def test_r45_a_later_term_is_answered_for_anew() -> None:
    """What was delivered in the first term says nothing of the second."""
    start = date(2028, 1, 1)
    second = replace(
        standing(state=State.ACTIVE), term=2, signed_term=2, signed_on=str(start), term_start=start
    )
    assert told(answer(date(2027, 12, 31)), at=second)[0].fate is Fate.OVERDUE
    assert told(answer(date(2028, 1, 1)), at=second)[0].fate is Fate.FULFILLED
