"""What people do to a program beyond its daily steps: roles, decisions, changes, attachments.

`tests.stage.Stage` has these methods. Each gives one order; `taken_back` and `voided` also give the
approval that their order needs.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, Self, TypeVar

from lifecycle.amending import amend, correct
from lifecycle.appointing import appoint
from lifecycle.approving import approve
from lifecycle.attaching import Paper, attach
from lifecycle.correcting import Instead, Sheet, correct_record, correct_sheet
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.publishing.recording import Publication, note_publications
from lifecycle.reclassifying import reclassify
from lifecycle.subjects import of_note
from lifecycle.taking_back import take_back
from lifecycle.voiding import void
from lifecycle.waiving import Condition, waive
from states.agreement import Agreement
from states.notes import TakenBack, Voiding
from states.records import Record
from states.ref import Ref
from states.roles import RoleChange
from states.standing import Standing
from states.vocabulary import Role, Trigger
from tests.builders import ANNA, BEN, DORA, ERIN

T = TypeVar("T")

SYSTEM, ADMIN = "system", "admin"
CITY = (
    (ANNA, Role.STAFF),
    (BEN, Role.STAFF),
    (DORA, Role.DECIDER),
    (ERIN, Role.DECIDER),
    (SYSTEM, Role.SCHEDULER),
)
"""Who has which role in a real city's program; its admin is `ADMIN`."""


class Hands(ABC):
    """A stage on which people act by what `do` carries out."""

    @abstractmethod
    def do(self, act: Callable[[Unit, Order], T], **order: Any) -> T:  # noqa: ANN401
        """Carry out a use case in a unit of its own."""

    @abstractmethod
    def standing(self, ref: Ref) -> Standing:
        """Return where an agreement stands."""

    def with_people(self) -> Self:
        """Let the admin of a real program grant the roles of `CITY`."""
        for name, role in CITY:
            assert not self.appoint(name, role).refused
        return self

    def appoint(self, name: str, role: Role, **change: Any) -> Receipt:  # noqa: ANN401
        """Grant a role, or revoke it with `granted=False`, as the admin or `actor`."""
        order = {"actor": change.pop("actor", ADMIN), "key": change.pop("key", None)}
        told = RoleChange(name, role, **{"granted": True, **change})
        return self.do(lambda u, o: appoint(u, o, told), **order)

    def approve(
        self,
        ref: Ref,
        word: str,
        subject: str | None = None,
        **order: Any,  # noqa: ANN401
    ) -> Receipt:
        """Approve a deed as the decider."""
        act = partial(approve, ref=ref, word=word, subject=subject)
        return self.do(act, **{"actor": DORA, **order})

    def waive(self, ref: Ref, condition: str, trigger: Trigger, **order: Any) -> Receipt:  # noqa: ANN401
        """Waive a condition, written GUARD:CODE, as the decider."""
        told = Condition(*condition.split(":"))
        order = {"actor": DORA, "reason": "As the mayor asked.", **order}
        return self.do(lambda u, o: waive(u, o, ref, told, trigger), **order)

    def amend(self, ref: Ref, agreement: Agreement, **order: Any) -> Receipt:  # noqa: ANN401
        """Amend an agreement as staff."""
        return self.do(lambda u, o: amend(u, o, ref, agreement), **order)

    def correct(self, ref: Ref, agreement: Agreement, **order: Any) -> Receipt:  # noqa: ANN401
        """Correct an agreement's document as staff."""
        return self.do(lambda u, o: correct(u, o, ref, agreement), **order)

    def correct_record(
        self,
        ref: Ref,
        entry: int,
        fact: Record | None,
        **order: Any,  # noqa: ANN401
    ) -> Receipt:
        """Put another record in the place of a line's, or none."""
        instead = Instead(entry, fact)
        return self.do(lambda u, o: correct_record(u, o, ref, instead), **order)

    def correct_sheet(self, ref: Ref, entry: int, sheet: Sheet, **order: Any) -> Receipt:  # noqa: ANN401
        """Put another sheet in the place of a line's."""
        instead = Instead(entry, sheet)
        return self.do(lambda u, o: correct_sheet(u, o, ref, instead), **order)

    def take_back(self, ref: Ref, n: int | None = None, **order: Any) -> Receipt:  # noqa: ANN401
        """Take back the transition of a line, by default the last one, as staff."""
        line = self.standing(ref).moved_n if n is None else n
        return self.do(lambda u, o: take_back(u, o, ref, line), **order)

    def taken_back(self, ref: Ref, **order: Any) -> Receipt:  # noqa: ANN401
        """Take back the last transition, approved by another decider; it goes through."""
        note = of_note(TakenBack(self.standing(ref).moved_n))
        assert not self.approve(ref, "correct", note, actor=ERIN).refused
        receipt = self.take_back(ref, **order)
        assert not receipt.refused, receipt.unmet
        return receipt

    def void(self, ref: Ref, same_as: Ref | None = None, **order: Any) -> Receipt:  # noqa: ANN401
        """Void an agreement as staff."""
        return self.do(lambda u, o: void(u, o, ref, same_as), **order)

    def voided(self, ref: Ref, same_as: Ref | None = None) -> Receipt:
        """Void an agreement with a decider's approval; it goes through."""
        note = of_note(Voiding(str(same_as) if same_as else None))
        assert not self.approve(ref, "void", note, actor=ERIN).refused
        receipt = self.void(ref, same_as)
        assert not receipt.refused, receipt.unmet
        return receipt

    def reclassify(self, ref: Ref, type_: str, **order: Any) -> Receipt:  # noqa: ANN401
        """Reclassify an agreement as the decider."""
        return self.do(lambda u, o: reclassify(u, o, ref, type_), **{"actor": DORA, **order})

    def attach(
        self,
        ref: Ref,
        name: str = "resolution.pdf",
        kind: str = "resolution",
        body: bytes = b"%PDF resolved",
        **order: Any,  # noqa: ANN401
    ) -> Receipt:
        """Attach a file as staff."""
        paper = Paper(name, kind, body, public=order.pop("public", False))
        return self.do(lambda u, o: attach(u, o, ref, paper), **order)

    def publish(self, *publications: Publication, **order: Any) -> tuple[Receipt, ...]:  # noqa: ANN401
        """Note as staff what was published where."""
        return self.do(lambda u, o: note_publications(u, o, publications), **order)


def publication(ref: Ref, **change: Any) -> Publication:  # noqa: ANN401
    """Return what is noted of an agreement on the city's site, but for what a test changes."""
    page = f"https://toronto.ca/agreements/{ref}.html"
    return Publication(**{"ref": ref, "url": page, "term": 1, "sha256": "a" * 64, **change})
