"""What every writing command carries, and what it gives back."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from guards.conditions import Unmet, Verdict
from lifecycle.entry import Actor
from states.vocabulary import Event, Outcome, Severity, State, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who orders what, when, from where, and under which conditions.

    `now` is an aware instant; the day it falls on is taken in the program's time zone.
    `effective_on` is the day of the act where that is not today; `expect_version` refuses the
    order when somebody else changed the agreement meanwhile; `key` makes a retry safe.
    """

    actor: Actor
    now: datetime
    host: str | None = None
    run: str | None = None
    reason: str | None = None
    ground: str | None = None
    on_behalf_of: str | None = None
    item: str | None = None
    effective_on: date | None = None
    expect_version: int | None = None
    key: str | None = None

    def today(self, time_zone: str) -> date:
        """Return the day it is in this time zone."""
        return self.now.astimezone(ZoneInfo(time_zone)).date()


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an order; `entry` is the SHA-256 of the line that was written.

    `deed` names what was ordered, where it was carried out or refused just now; `approver` is who
    approved it, `on_behalf_of` and `item` cite the body that decided.
    """

    ref: str
    event: Event
    outcome: Outcome
    version: int
    n: int
    effective_on: date
    entry: str
    trigger: Trigger | None = None
    from_: State | None = None
    to: State | None = None
    verdicts: tuple[Verdict, ...] = ()
    repeated: bool = False
    deed: str | None = None
    approver: str | None = None
    on_behalf_of: str | None = None
    item: str | None = None

    @property
    def refused(self) -> bool:
        """Whether nothing but the refusal itself was written."""
        return self.outcome is Outcome.REFUSED

    @property
    def unmet(self) -> tuple[tuple[Severity, Unmet], ...]:
        """Every unmet condition, with what it did: refuse or warn."""
        return flatten(self.verdicts)


def flatten(verdicts: tuple[Verdict, ...]) -> tuple[tuple[Severity, Unmet], ...]:
    """Return the unmet conditions of some verdicts, each with its own severity."""
    return tuple(
        (Severity.WARN if unmet.passes else verdict.severity, unmet)
        for verdict in verdicts
        for unmet in verdict.unmet
    )
