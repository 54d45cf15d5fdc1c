"""The worklist: every agreement in force of a type that is only taken over, and how to clear it.

The report wants the class gone: each is reclassified or sunset (REC3, R30, R32). What its suggested
type would still ask is judged as reclassifying would judge it, by what the agreement itself states
and by the cap; the policy's further limits are judged when it is done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import msgspec

from guards.case import Act, Case, Facts
from guards.conditions import Unmet
from guards.policy import Policy
from guards.registry import guards_for, judge
from lifecycle.amending import softened
from lifecycle.dossiers import Dossier, Part, dossiers
from lifecycle.evolve import described, holds_place
from lifecycle.order import flatten
from lifecycle.ports import Unit
from lifecycle.reclassifying import next_review
from lifecycle.reviewing.burning import BurnDown, Movement, burn_down, concerned, movements
from lifecycle.reviewing.suggesting import Suggestion, suggest
from lifecycle.watching import last_activity
from states.agreement import Agreement
from states.ref import Ref
from states.standing import Standing
from states.table import BY_TRIGGER
from states.vocabulary import IN_FORCE, Guard, Severity, State, Trigger

Asked = Sequence[tuple[Severity, Unmet]]

_SOMEBODY = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One agreement of the worklist, since when it stands on it, and what it might become.

    `asks` is what would be unmet for the suggested type; nothing where none is suggested.
    """

    ref: Ref
    standing: Standing
    since: date
    last_activity: date | None
    suggestion: Suggestion
    asks: Asked


@dataclass(frozen=True, slots=True)
class Worklist:
    """All of it, and how it burns down; `types` are the types that are only taken over.

    `unknown` are agreements in force of types that the policy does not know at all: they stand on
    no list, and are to be reclassified as well.
    """

    items: tuple[Item, ...]
    burn_down: BurnDown
    types: tuple[str, ...]
    unknown: tuple[tuple[Ref, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """How many agreements stand on the worklist, and how it burns down."""

    count: int
    burn_down: BurnDown
    types: tuple[str, ...]


def left_of(unit: Unit, policy: Policy, today: date) -> Left:
    """Return how much is to be reclassified or sunset today."""
    count, moved = 0, list[Movement]()
    for one in dossiers(unit, Part.LINES, wanted=lambda each: concerned(each, policy)):
        moved += _moved(unit, one, policy)
        count += stands_on_it(one.standing, policy)
    return Left(count, burn_down(moved, today), _types(policy))


def worklist(unit: Unit, policy: Policy, today: date) -> Worklist:
    """Return what is to be reclassified or sunset today, in the order of references."""
    items: list[Item] = []
    moved: list[Movement] = []
    unknown: list[tuple[Ref, str]] = []
    counted = unit.counted_others(_NONE)
    parts = (Part.DOCUMENT, Part.RECORDS, Part.LINES)
    for one in dossiers(unit, *parts, wanted=lambda each: concerned(each, policy)):
        moved += _moved(unit, one, policy)
        if one.standing.type not in policy.types and one.standing.state in IN_FORCE:
            unknown.append((one.ref, one.standing.type))
        if stands_on_it(one.standing, policy):
            items.append(_item(one, policy, today, counted))
    return Worklist(tuple(items), burn_down(moved, today), _types(policy), tuple(unknown))


_NONE = -1
"""The key of no agreement, to which all are others."""


def stands_on_it(standing: Standing, policy: Policy) -> bool:
    """Whether an agreement is on the worklist now."""
    in_force = standing.state in IN_FORCE and not standing.voided
    return in_force and policy.on_worklist(standing.type)


def _types(policy: Policy) -> tuple[str, ...]:
    return tuple(code for code in policy.types if policy.on_worklist(code))


def _moved(unit: Unit, one: Dossier, policy: Policy) -> Iterable[Movement]:
    type_of = partial(_type_of, unit, one.standing.key)
    return movements(one.lines, one.standing, policy, type_of)


def _type_of(unit: Unit, key: int, digest: str) -> str:
    return unit.document_of(key, digest).type


def _item(one: Dossier, policy: Policy, today: date, counted: int) -> Item:
    standing, agreement = one.standing, one.agreement
    suggestion = suggest(agreement, policy)
    return Item(
        ref=one.ref,
        standing=standing,
        since=standing.opened_on or standing.entered_on,
        last_activity=last_activity(record for _n, record in one.records),
        suggestion=suggestion,
        asks=asked(standing, agreement, suggestion.type, policy, (today, counted))
        if suggestion.type
        else (),
    )


def asked(
    standing: Standing, agreement: Agreement, type_: str, policy: Policy, at: tuple[date, int]
) -> Asked:
    """Return what would be unmet if an agreement were reclassified; refusals and warnings.

    `at` is the day, and how many places under the cap are held.
    """
    today, counted = at
    wanted = replace(agreement, type=type_, review=next_review(policy, type_, today))
    after = described(standing, wanted)
    row = BY_TRIGGER[Trigger.SIGN]
    guards = [g for g in guards_for(row, policy, type_) if g not in _NOT_ITS_OWN]
    guards += [Guard.EFFECTIVE] if standing.state is State.ACTIVE else []
    case = Case(after, policy, Act(Trigger.SIGN, _SOMEBODY, today), wanted, Facts(counted=counted))
    verdicts = judge(guards, case)
    if standing.unsigned_origin:
        verdicts = tuple(map(softened, verdicts))
    takes = holds_place(after, policy) and not standing.counted
    act = Act(Trigger.ACTIVATE, _SOMEBODY, today)
    place = msgspec.structs.replace(case, act=act) if takes else None
    return flatten((*verdicts, *(judge((Guard.CAP_AVAILABLE,), place) if place else ())))


_NOT_ITS_OWN = frozenset({Guard.CAP_AVAILABLE, Guard.SECOND_PERSON})
"""Guards of signing that ask for more than what the agreement states."""
