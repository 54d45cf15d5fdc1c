"""Gives a partnership priority in a year, and keeps these to as many as the policy says (R13).

While a place is free, it is recorded like any fact. One more is a decider's own act, who says why:
it stands on the line as a condition that was waived, and by whom. Never by who drafted it.
"""

from dataclasses import dataclass

from msgspec.structs import replace

from guards.conditions import Verdict
from guards.priorities import place_in
from lifecycle.authority import Authority, authorise
from lifecycle.matter import Matter
from lifecycle.people import second_person
from states.deeds import PRIORITISE, RECORD


@dataclass(frozen=True, slots=True)
class Placing:
    """By what right a partnership is given priority, and what is said of the year's places."""

    authority: Authority
    verdicts: tuple[Verdict, ...]

    @property
    def refusal(self) -> tuple[Verdict, ...]:
        """What is said where it is refused; empty where it may be done."""
        blocked = any(verdict.blocks for verdict in self.verdicts)
        return self.authority.refusal or (self.verdicts if blocked else ())


def placing(matter: Matter, year: int) -> Placing:
    """Say whether an agreement may be given priority in a year, and by whose word.

    Whoever asks in order to write has locked the program, so that no place is given away twice.
    """
    usual, verdicts = authorise(matter, RECORD), year_verdicts(matter, year)
    if usual.denied or not any(verdict.blocks for verdict in verdicts):
        return Placing(usual, verdicts)
    beyond = authorise(matter, PRIORITISE)
    if beyond.denied or not matter.order.reason:
        return Placing(usual, verdicts)
    return Placing(beyond, waived(matter, beyond, verdicts))


def year_verdicts(matter: Matter, year: int) -> tuple[Verdict, ...]:
    """Return what is said of a year's places; nothing where the policy sets no limit."""
    policy, held = matter.policy, matter.held
    if policy.priority_partnerships_per_year is None:
        return ()
    others = matter.unit.priorities_of_others(held.key, year)
    return (place_in(year, others, policy, held.type),)


def waived(
    matter: Matter, authority: Authority, verdicts: tuple[Verdict, ...]
) -> tuple[Verdict, ...]:
    """Return the same where a decider goes beyond the limit, unless for an act of their own."""
    if people := second_person(matter, authority):
        return (*verdicts, *people)
    decider = matter.order.actor.id
    return tuple(
        replace(verdict, unmet=tuple(replace(one, waived_by=decider) for one in verdict.unmet))
        for verdict in verdicts
    )
