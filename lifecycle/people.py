"""Four eyes on their own: the guard `second_person`, for deeds that ask no other guard."""

from guards.conditions import Verdict
from guards.registry import judge
from lifecycle.advance import act_on
from lifecycle.authority import Authority
from lifecycle.cases import build
from lifecycle.matter import Matter
from states.vocabulary import Guard, Trigger

_GUARDS = (Guard.SECOND_PERSON,)


def second_person(matter: Matter, authority: Authority) -> tuple[Verdict, ...]:
    """Return what stands against the deed because one person would both write and decide it."""
    act = act_on(matter.order, Trigger.SIGN, matter.today, authority)
    verdicts = judge(_GUARDS, build(matter, act, _GUARDS))
    return tuple(verdict for verdict in verdicts if verdict.blocks)
