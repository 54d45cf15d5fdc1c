"""Orders, receipts and the matter: what a use case begins with and what it gives back."""

from dataclasses import replace
from datetime import UTC, date, datetime

import msgspec
import pytest

from guards.conditions import Unmet, Verdict
from lifecycle.entry import Actor
from lifecycle.errors import StoreError, UnknownRefError
from lifecycle.matter import entering, locked
from lifecycle.order import Order, Receipt, flatten
from states.vocabulary import Event, Outcome, Severity
from tests.stage import Stage

UNMET = Unmet("a_guard", "a_code", "It lacks something.", "Add it.", "the rule", "BOX1")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", date(2026, 3, 8)),
        ("America/Toronto", date(2026, 3, 7)),
        ("Pacific/Kiritimati", date(2026, 3, 8)),
        ("Pacific/Pago_Pago", date(2026, 3, 7)),
    ],
)
def test_day_of_an_order_is_that_of_the_time_zone(zone: str, expected: date) -> None:
    """One instant is two days, depending on where one stands."""
    order = Order(actor=Actor("anna", "os"), now=datetime(2026, 3, 8, 4, 59, tzinfo=UTC))
    assert order.today(zone) == expected


def test_unmet_conditions_of_a_receipt_carry_their_own_severity() -> None:
    """An advisory one warns, whatever its guard does."""
    verdicts = (
        Verdict("a_guard", Severity.BLOCK, (UNMET, msgspec.structs.replace(UNMET, advisory=True))),
        Verdict("another", Severity.WARN, (UNMET,)),
        Verdict("a_third", Severity.BLOCK),
    )
    severities = [severity for severity, _unmet in flatten(verdicts)]
    assert severities == [Severity.BLOCK, Severity.WARN, Severity.WARN]
    receipt = Receipt(
        ref="TOR-2026-001",
        event=Event.REFUSED,
        outcome=Outcome.REFUSED,
        version=1,
        n=2,
        effective_on=date(2026, 9, 1),
        entry="",
        verdicts=verdicts,
    )
    assert receipt.unmet == flatten(verdicts)
    assert receipt.refused


def test_agreement_that_is_only_being_entered_stands_nowhere_yet(stage: Stage) -> None:
    """Asking for its standing is a fault, not a None that travels on."""
    with stage.store.unit() as unit:
        matter = entering(unit, stage.order())
        assert (str(matter.ref), matter.standing) == ("TOR-2026-001", None)
        with pytest.raises(LookupError, match="TOR-2026-001"):
            _ = matter.held


def test_matter_of_an_agreement_is_what_is_under_lock(stage: Stage) -> None:
    """Its standing, the day in the program and the policy that judges."""
    ref = stage.propose()
    with stage.store.unit() as unit:
        matter = locked(unit, stage.order(), ref)
        assert (matter.ref, matter.held.version, matter.today) == (ref, 1, stage.day)
        assert matter.policy.program.code == "TOR"
        with pytest.raises(UnknownRefError):
            locked(unit, stage.order(), replace(ref, number=9))


@pytest.mark.parametrize(
    ("code", "expected"), [("locked", True), ("no_space", True), ("append_only", False)]
)
def test_store_error_says_whether_the_database_as_a_whole_is_meant(
    code: str, *, expected: bool
) -> None:
    """A night goes on after what concerns one agreement alone."""
    assert StoreError("It could not.", code).of_the_database is expected
