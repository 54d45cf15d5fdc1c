"""How one agreement is assumed to go on: when it is active, holds a place, costs, is decided on.

As things stand, each ends with its term and none is renewed; one without an end date goes on. One
that waits for a decision holds its place until that is due, or to the end of the year where the day
has passed or none is set. A proposal comes to nothing, unless it is asked what if it did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, auto

from guards.policy import Policy
from lifecycle.dossiers import Dossier
from lifecycle.evolve import holds_place, juncture
from lifecycle.matter import keeps_policy
from lifecycle.money.accounts import Costs, costs_of
from lifecycle.watching import watches
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import RUNNING, DueRule, Rule, State

_DAY = timedelta(days=1)
_NOBODY: Mapping[int | None, Decimal] = {None: Decimal()}


class Wish(Enum):
    """What is assumed of an agreement otherwise than it stands."""

    WITH = auto()
    WITHOUT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the future is worked out by: a policy, the day it is, and what is assumed.

    `wishes` are by the agreements' keys.
    """

    policy: Policy
    today: date
    wishes: Mapping[int, Wish] = field(default_factory=dict)
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """From a day on, to its last day, included; without one, for good."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Due:
    """A decision that comes up: its day, and whether a term ends, a review or a decision is due."""

    day: date
    rule: DueRule
    ref: Ref
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What is assumed of one agreement from today on.

    `staff` is in full-time equivalents by year; `staff_undated` is for no year that is stated.
    `unknown` says that the policy does not know its type, so that it counts for nothing under it.
    """

    ref: Ref
    active: Sequence[Span]
    held: Sequence[Span]
    costs: Costs
    staff: Mapping[int, Decimal]
    staff_undated: Decimal
    due: Due | None
    dormant: bool
    unknown: bool


def life_of(dossier: Dossier, rules: Rules) -> Life:
    """Return how an agreement is assumed to go on."""
    standing, wish = dossier.standing, rules.wishes.get(dossier.standing.key)
    commits = wish is Wish.WITH or (wish is None and standing.state in RUNNING)
    waiting, running = _spans(standing, wish, rules)
    staff = _staff(dossier) if commits else _NOBODY
    return Life(
        ref=dossier.ref,
        active=running,
        held=(
            *(waiting if holds_place(standing, rules.policy) else ()),
            *(running if _takes_place(standing, rules.policy) else ()),
        ),
        costs=costs_of(dossier, commits=commits),
        staff={year: amount for year, amount in staff.items() if year is not None},
        staff_undated=staff[None],
        due=_due(dossier, wish, rules),
        dormant=wish is None and _dormant(dossier, rules),
        unknown=bool(running) and standing.type not in rules.policy.types,
    )


def _spans(
    standing: Standing, wish: Wish | None, rules: Rules
) -> tuple[Sequence[Span], Sequence[Span]]:
    """Return when it waits, with a place if it holds one, and when it is active."""
    today, end = rules.today, standing.term_end
    if wish is Wish.WITHOUT:
        return (), ()
    if wish is Wish.WITH:
        start = max(standing.term_start or today, today)
        return _span(today, start - _DAY), _span(start, _ended(end, rules))
    match standing.state:
        case State.ACTIVE:
            return (), _span(today, _ended(end and max(end, today), rules))
        case State.SIGNED:
            start = max(standing.term_start or today, today + _DAY)
            return _span(today, start - _DAY), _span(start, _ended(end, rules))
        case State.SUNSET | State.DECLINED:
            return (), ()
        case _:
            decided = _decided(standing, rules)
            renewed = rules.renewed and standing.activated
            return _span(today, decided), ((Span(decided + _DAY),) if renewed else ())


def _span(since: date, until: date | None) -> Sequence[Span]:
    return (Span(since, until),) if until is None or since <= until else ()


def _ended(end: date | None, rules: Rules) -> date | None:
    return None if rules.renewed else end


def _decided(standing: Standing, rules: Rules) -> date:
    """Return the day by which what waits for a decision is assumed to be decided on."""
    owed, _rule = _juncture(standing, rules.policy)
    return owed if owed and owed >= rules.today else date(rules.today.year, 12, 31)


def _takes_place(standing: Standing, policy: Policy) -> bool:
    """Whether it holds a place while it is active."""
    kind, cap = policy.types.get(standing.type), policy.cap
    return kind is not None and kind.counts and cap is not None and State.ACTIVE in cap.states


def _juncture(standing: Standing, policy: Policy) -> tuple[date | None, DueRule | None]:
    """Return what is due next; an agreement in flight may keep the policy of its last decision."""
    if keeps_policy(standing, policy):
        return standing.due, standing.due_rule
    return juncture(standing, policy)


def _due(dossier: Dossier, wish: Wish | None, rules: Rules) -> Due | None:
    standing = dossier.standing
    if wish is Wish.WITHOUT:
        return None
    if wish is Wish.WITH or standing.state in RUNNING:
        ends = standing.term_end is not None
        day = standing.term_end or standing.review
        rule: DueRule | None = DueRule.TERM_OVER if ends else DueRule.REVIEW_DUE
    else:
        day, rule = _juncture(standing, rules.policy)
    return Due(day, rule, dossier.ref, standing.title) if day and rule else None


def _dormant(dossier: Dossier, rules: Rules) -> bool:
    records = [record for _n, record in dossier.records]
    found = watches(dossier.standing, dossier.agreement, records, rules.policy)
    return any(one.rule is Rule.DORMANT and one.due <= rules.today for one in found)


def _staff(dossier: Dossier) -> Mapping[int | None, Decimal]:
    years = dict(_NOBODY)
    for project in dossier.agreement.projects:
        for resource in project.resources:
            if resource.kind == "staff" and resource.amount:
                years[resource.year] = years.get(resource.year, Decimal()) + resource.amount
    return years
