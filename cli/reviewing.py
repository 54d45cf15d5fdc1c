"""A review that is going on: in which run, who decides, and which order a decision becomes."""

from dataclasses import dataclass, replace

from cli.acting import Acting
from cli.session import Session
from cli.settings import Writing
from lifecycle.ports import Ledger
from lifecycle.reviewing.carrying import Outcome, carry_out
from lifecycle.reviewing.sheet import Wanted


@dataclass(frozen=True, slots=True)
class Reviewing:
    """A review: in which run, and who decides."""

    session: Session
    writing: Writing
    acting: Acting

    def carried_out(self, ledger: Ledger, wanted: Wanted) -> Outcome:
        """Carry out one decision; returns what became of it."""
        order = self.session.order(self.writing, ground=wanted.ground, **self.acting.said)
        key = f"{order.key}/{wanted.ref}" if order.key else wanted.key
        own = replace(order, reason=wanted.reason, expect_version=wanted.version, key=key)
        return carry_out(ledger, own, wanted)
