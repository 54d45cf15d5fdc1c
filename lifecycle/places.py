"""What a change of an agreement means for the places and limits of the portfolio (R11, R13).

Whoever asks has locked the program, so that nobody else takes the same place meanwhile.
"""

from msgspec.structs import replace

from guards.activation import falls_under, holds_in
from guards.case import Act
from guards.conditions import Verdict
from guards.policy import Policy
from guards.registry import judge
from lifecycle.cases import build
from lifecycle.evolve import holds_place
from lifecycle.matter import Matter
from states.standing import Standing
from states.vocabulary import Guard, Severity, Trigger


def place_refusals(matter: Matter, after: Standing) -> tuple[Verdict, ...]:
    """Return what stands against a change that takes a place, or comes under another limit.

    An agreement that holds a place keeps it, over the cap or not; the policy's other limits are
    asked anew where the type, the country or the year changes, or where one begins to count it.
    """
    before, policy = matter.held, matter.policy
    takes = holds_place(after, policy) and not before.counted
    joins = _counted_by(after, policy) - _counted_by(before, policy)
    if not takes and not joins and _limited_as(before) == _limited_as(after):
        return ()
    asked = replace(after, counted=False, activated=False)
    act = Act(Trigger.ACTIVATE, matter.order.actor.id, matter.today)
    guards = (Guard.CAP_AVAILABLE,)
    verdicts = judge(guards, build(replace(matter, standing=asked), act, guards))
    kept = (
        replace(v, unmet=tuple(u for u in v.unmet if takes or u.code != "cap.full"))
        for v in verdicts
    )
    return tuple(v for v in kept if v.unmet and v.severity is Severity.BLOCK)


def _counted_by(standing: Standing, policy: Policy) -> frozenset[str]:
    """Return the codes of the limits that count an agreement as it stands."""
    counting = (
        limit.code
        for limit in policy.limits
        if falls_under(limit, standing) and holds_in(standing, limit.states)
    )
    return frozenset(counting)


def _limited_as(standing: Standing) -> tuple[str, str | None, int | None]:
    year = standing.term_start.year if standing.term_start else None
    return standing.type, standing.country, year
