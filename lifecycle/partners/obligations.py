"""What each side owed under an agreement, and what became of it (R45).

Derived from the document's obligations and the records of kind `obligation`; judges nobody.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec

from lifecycle.watching import begun
from states.agreement import Agreement, Obligation
from states.records import Record
from states.standing import Standing
from states.vocabulary import Trigger

DECIDED_WITH = frozenset({Trigger.RENEW, Trigger.SUNSET, Trigger.REINSTATE})
"""Decisions at which it is shown what each side owed and what became of it (BOX6, DP3)."""


class Fate(StrEnum):
    """What became of an obligation; the last two have no answer on record yet."""

    FULFILLED = "fulfilled"
    LATE = "late"
    PARTLY = "partly"
    NOT_DELIVERED = "not_delivered"
    OPEN = "open"
    OVERDUE = "overdue"


class Owed(msgspec.Struct, frozen=True):
    """One obligation and what became of it: by the record beside line `n`, where there is one."""

    obligation: Obligation
    fate: Fate
    n: int | None = None
    record: Record | None = None

    @property
    def failed(self) -> bool:
        """Whether it was to be done by now and was not, or not in full."""
        return self.fate in {Fate.PARTLY, Fate.NOT_DELIVERED, Fate.OVERDUE}


def ledger(
    standing: Standing, agreement: Agreement, records: Iterable[tuple[int, Record]], day: date
) -> tuple[Owed, ...]:
    """Return every obligation of both sides with what became of it by a day, the partner's first.

    `records` are those that count. The last answer holds; of an agreement's later term, only what
    was recorded for that term. Before anything is signed, nothing is overdue.
    """
    since = begun(standing) if standing.term > 1 else date.min
    answers: dict[str | None, tuple[int, Record]] = {}
    for n, record in sorted(records, key=lambda pair: (pair[1].on, pair[0])):
        if record.kind == "obligation" and since <= record.on <= day:
            answers[record.item] = (n, record)
    late_before = day if standing.signed_term is not None else date.min
    owed = (_owed(one, answers.get(one.id), late_before) for one in agreement.obligations)
    return tuple(sorted(owed, key=lambda one: one.obligation.side != "partner"))


def _owed(obligation: Obligation, answer: tuple[int, Record] | None, late_before: date) -> Owed:
    due = obligation.due
    if answer is None:
        return Owed(obligation, Fate.OVERDUE if due and due < late_before else Fate.OPEN)
    n, record = answer
    match record.outcome:
        case "partly":
            fate = Fate.PARTLY
        case "missed" | "not_delivered":
            fate = Fate.NOT_DELIVERED
        case _:
            fate = Fate.LATE if due and record.on > due else Fate.FULFILLED
    return Owed(obligation, fate, n, record)
