"""Says what may be done next with an agreement, and what is missing for it (R22)."""

import msgspec

from guards.conditions import Unmet, Verdict
from guards.registry import guards_for, judge
from lifecycle.advance import act_on
from lifecycle.authority import authorise, holders, lapsed
from lifecycle.cases import build
from lifecycle.matter import Matter, matter_of, today_of
from lifecycle.order import Order, flatten
from lifecycle.ports import Unit
from states.deeds import pulling
from states.standing import Approval, Standing
from states.table import Transition, leading_from
from states.vocabulary import Guard, Role, Severity, State, Trigger


class Next(msgspec.Struct, frozen=True):
    """One move that the table has from here, and what the guards say of it today.

    `who` holds one of the roles `by` which it is made, where roles were granted; `approval` is the
    one that stands for it, so that staff carry it out.
    """

    trigger: Trigger
    to: State
    by: tuple[Role, ...]
    verdicts: tuple[Verdict, ...]
    who: tuple[str, ...] = ()
    approval: Approval | None = None

    @property
    def allowed(self) -> bool:
        """Whether no guard would refuse it."""
        return not any(verdict.blocks for verdict in self.verdicts)

    @property
    def unmet(self) -> tuple[tuple[Severity, Unmet], ...]:
        """Every unmet condition with its severity."""
        return flatten(self.verdicts)


def check(
    unit: Unit, order: Order, standing: Standing, trigger: Trigger | None = None
) -> tuple[Next, ...]:
    """Return the moves that lead from where an agreement stands (or the one asked for).

    The guards judge as they would judge `order` today; nothing is written.
    """
    matter = matter_of(unit, order, standing, today_of(unit, order))
    rows = () if standing.voided else leading_from(standing.state)
    return tuple(_next(matter, row) for row in rows if trigger is None or row.trigger is trigger)


def _next(matter: Matter, row: Transition) -> Next:
    authority = authorise(matter, pulling(row.trigger, system=row.by == (Role.SCHEDULER,)))
    act = act_on(matter.order, row.trigger, matter.order.effective_on or matter.today, authority)
    own = () if row.by == (Role.SCHEDULER,) else authority.refusal
    guards = guards_for(row, matter.policy, matter.held.type)
    if own:
        # Somebody else takes this step, and who that is decides whether it is a second person.
        guards = tuple(guard for guard in guards if guard is not Guard.SECOND_PERSON)
    verdicts = (*own, *judge(guards, build(matter, act, guards)))
    who = holders(matter.unit, row.by, matter.today)
    return Next(row.trigger, row.target, row.by, verdicts, who, _approval(matter, row.trigger))


def _approval(matter: Matter, trigger: Trigger) -> Approval | None:
    given = (one for one in matter.held.approvals if one.deed == trigger)
    return next((one for one in given if lapsed(matter, one) is None), None)
