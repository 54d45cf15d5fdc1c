"""Every deed that writes to the log, and the roles whose it is: nobody may do more (R57).

A transition is one deed a trigger, with the roles of its row; the others stand here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from states.table import BY_TRIGGER
from states.vocabulary import Event, Role, Trigger


@dataclass(frozen=True, slots=True)
class Deed:
    """One kind of act: its name, the event that reports it, and the roles whose it is.

    `decided` deeds may also be done on a decider's approval or on behalf of a body; `writes` says
    that who does it brings content of their own, so that somebody else must decide on it.
    """

    name: str
    event: Event
    by: tuple[Role, ...]
    trigger: Trigger | None = None
    writes: bool = False

    @property
    def decided(self) -> bool:
        """Whether it is a decider's, and so may be approved, or decided by a body.

        A waiver is neither: it is given by the role that the policy names, and by nobody for it.
        """
        return self.by == (Role.DECIDER,) and self.event is not Event.WAIVED

    @property
    def bound(self) -> bool:
        """Whether an approval of it is one of exactly one content."""
        return self.writes or self.event is Event.RECLASSIFIED


_STAFF, _DECIDER, _ADMIN = (Role.STAFF,), (Role.DECIDER,), (Role.ADMIN,)
_BOTH = (Role.STAFF, Role.DECIDER)

PROPOSE = Deed("propose", Event.CREATED, _STAFF)
EDIT = Deed("edit", Event.EDITED, _STAFF)
RESCHEDULE = Deed("set the review", Event.EDITED, _BOTH)
"""Changing the day of the next review and nothing else, as who reviews an agreement does."""

SCORE = Deed("score", Event.SCORED, _BOTH)
EVALUATE = Deed("evaluate", Event.EVALUATED, _BOTH)
RECORD = Deed("record", Event.RECORDED, _BOTH)
DEFER = Deed("defer", Event.RECORDED, _DECIDER)
REVIEW = Deed("review", Event.RECORDED, _DECIDER)
"""Keeping an agreement as it is, after a look at whether it still serves (R48)."""

PRIORITISE = Deed("prioritise", Event.RECORDED, _DECIDER)
"""Giving one partnership more priority in a year than the policy has places for (R13)."""

ATTACH = Deed("attach", Event.ATTACHED, _BOTH)
PUBLISH = Deed("publish", Event.PUBLISHED, _STAFF)
"""Noting what of an agreement was published where (R28)."""

TAKE_OVER = Deed("take over", Event.TAKEN_OVER, _STAFF)
APPROVE = Deed("approve", Event.APPROVED, _DECIDER)
WAIVE = Deed("waive", Event.WAIVED, _DECIDER)
AMEND = Deed("amend", Event.AMENDED, _DECIDER, writes=True)
CORRECT = Deed("correct", Event.CORRECTED, _DECIDER, writes=True)
MEND = Deed("correct a record", Event.CORRECTED, _STAFF)
VOID = Deed("void", Event.VOIDED, _DECIDER, writes=True)
RECLASSIFY = Deed("reclassify", Event.RECLASSIFIED, _DECIDER)
ADOPT = Deed("adopt", Event.POLICY_ADOPTED, _DECIDER)
GRANT = Deed("grant", Event.ROLE_CHANGED, _ADMIN)
CHECK_NIGHTLY = Deed("run nightly", Event.NIGHTLY_COMPLETED, (Role.SCHEDULER,))
CHANGE_KEY = Deed("change the key", Event.KEY_CHANGED, _ADMIN)
ERASE = Deed("erase", Event.ERASED, _ADMIN)
RESTORE = Deed("restore", Event.RESTORED, ())
"""No role's: who can put a database in its place asks nobody in it (ADR 0018)."""

_BY_PERSON: Mapping[Trigger, Deed] = MappingProxyType(
    {
        trigger: Deed(
            trigger,
            Event.TRANSITIONED,
            tuple(role for role in row.by if role is not Role.SCHEDULER),
            trigger,
        )
        for trigger, row in BY_TRIGGER.items()
    }
)
_BY_SYSTEM: Mapping[Trigger, Deed] = MappingProxyType(
    {
        trigger: Deed(trigger, Event.TRANSITIONED, (Role.SCHEDULER,), trigger)
        for trigger, row in BY_TRIGGER.items()
        if Role.SCHEDULER in row.by
    }
)

APPROVABLE: Mapping[str, Deed] = MappingProxyType(
    {
        deed.name: deed
        for deed in (*_BY_PERSON.values(), AMEND, CORRECT, VOID, RECLASSIFY, REVIEW)
        if deed.decided
    }
)
"""What `approve` may be given for, by name: the deciders' triggers, and the later changes."""


def pulling(trigger: Trigger, *, system: bool = False) -> Deed:
    """Return the deed of pulling a trigger, for a person or for the nightly check."""
    return _BY_SYSTEM[trigger] if system else _BY_PERSON[trigger]
