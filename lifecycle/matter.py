"""One order on one agreement under lock: what every use case begins with.

Holds the transaction, the order, where the agreement stands, the day it is in the program, and
the policy that judges (R54).
"""

from datetime import date

import msgspec

from guards.policy import Policy
from lifecycle.errors import UnknownRefError
from lifecycle.order import Order
from lifecycle.ports import Unit
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import State

IN_FLIGHT = frozenset({State.DECISION, State.NEGOTIATION})
"""States in which an agreement may keep the policy of its last decision."""


class Judging(msgspec.Struct, frozen=True):
    """The policy that judges, and the digest that lines cite it by."""

    digest: str
    policy: Policy


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """An order on an agreement; `standing` is None for one that is only being entered.

    `published` are the terms of which a publication is on record, where that was read for several
    agreements at once.
    """

    unit: Unit
    order: Order
    ref: Ref
    standing: Standing | None
    today: date
    judging: Judging
    published: frozenset[int] | None = None

    @property
    def held(self) -> Standing:
        """Where the agreement stands; raises LookupError for one that is only being entered."""
        if self.standing is None:
            message = f"{self.ref} is only being entered"
            raise LookupError(message)
        return self.standing

    @property
    def policy(self) -> Policy:
        """The policy that judges."""
        return self.judging.policy


def locked(unit: Unit, order: Order, ref: Ref) -> Matter:
    """Lock an agreement for an order; raises UnknownRefError where there is none."""
    standing = unit.lock(ref.key) if ref.code == unit.program.code else None
    if standing is None:
        raise UnknownRefError(str(ref))
    return matter_of(unit, order, standing, today_of(unit, order))


def matter_of(unit: Unit, order: Order, standing: Standing, today: date) -> Matter:
    """Return the matter of an agreement that the unit has locked already."""
    return Matter(
        unit=unit,
        order=order,
        ref=Ref.of(unit.program.code, standing.key),
        standing=standing,
        today=today,
        judging=judging(unit, standing, today),
    )


def entering(unit: Unit, order: Order) -> Matter:
    """Lock the program for a new agreement, which gets the year's next reference."""
    unit.lock_program()
    today = today_of(unit, order)
    return Matter(
        unit=unit,
        order=order,
        ref=Ref(unit.program.code, today.year, unit.next_number(today.year)),
        standing=None,
        today=today,
        judging=judging(unit, None, today),
    )


def today_of(unit: Unit, order: Order) -> date:
    """Return the day it is in the program, whose policy names its time zone."""
    policy = unit.policy(unit.policy_in_force(order.now.date()))
    return order.today(policy.program.time_zone)


def judging(unit: Unit, standing: Standing | None, day: date) -> Judging:
    """Return the policy that judges an agreement on a day.

    One in decision or negotiation keeps the policy of its last decision, unless the policy in
    force takes agreements in flight as well.
    """
    digest = unit.policy_in_force(day)
    policy = unit.policy(digest)
    if standing is not None and standing.policy != digest and keeps_policy(standing, policy):
        return Judging(standing.policy, unit.policy(standing.policy))
    return Judging(digest, policy)


def keeps_policy(standing: Standing, in_force: Policy) -> bool:
    """Whether the policy in force leaves an agreement to the policy of its last decision."""
    return standing.state in IN_FLIGHT and in_force.in_flight == "keep"
