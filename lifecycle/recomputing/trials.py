"""Sets up a line to be judged once more: the order as it was given, and the matter as it stood."""

from dataclasses import dataclass
from datetime import date, timedelta

from msgspec.structs import replace as replaced

from lifecycle.entry import Entry
from lifecycle.evolve import derived
from lifecycle.matter import Matter, judging
from lifecycle.order import Order
from lifecycle.recomputing.past import Moment, PastUnit
from lifecycle.recomputing.program import Rules
from lifecycle.recomputing.tables import Table
from lifecycle.replay import Step, beside_cited
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Trigger

_ERASED = "erased"
"""Stands for a reason whose text is not there any more; that there was one is on the line."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A line with where its agreement stood, the table that it names, and its last transition.

    `past` is where the agreement stood before the last transition that stands, `moved_by` its
    trigger.
    """

    moment: Moment
    step: Step
    table: Table
    past: Standing | None = None
    moved_by: Trigger | None = None

    @property
    def entry(self) -> Entry:
        """What the line says."""
        return self.step.entry


@dataclass(frozen=True, slots=True)
class Trial:
    """A turn under the rules of its time: what is judged, and the unit that it reads from."""

    turn: Turn
    matter: Matter
    unit: PastUnit

    @property
    def entry(self) -> Entry:
        """What the line says."""
        return self.turn.entry


def at_most(trial: Trial) -> Trial:
    """Return the same where others have taken the most that they can have."""
    return tried(trial.turn, trial.unit.rules, trial.matter.today, high=True)


def days_of(turn: Turn, rules: Rules) -> tuple[date, ...]:
    """Return on which days the order can have been given; a night may end on the next day."""
    policy = turn.moment.stream.sources.policy(rules.in_force or "")
    today = turn.entry.recorded_day(policy.program.time_zone)
    return (today, today - timedelta(days=1)) if turn.entry.rule else (today,)


def tried(turn: Turn, rules: Rules, today: date, *, high: bool = False) -> Trial:
    """Return a turn as it was to be judged on a day, or as another policy would have.

    What was done under the policy of its time, an approval for example, stands under the other.
    """
    unit, before = PastUnit(turn.moment, rules, high=high), turn.step.before
    judges = judging(unit.as_unit(), before, today)
    judges = replaced(judges, policy=turn.moment.known.by or judges.policy)
    matter = Matter(
        unit=unit.as_unit(),
        order=_order(turn),
        ref=Ref.parse(turn.moment.stream.name),
        standing=derived(before, judges.policy) if before else None,
        today=today,
        judging=judges,
    )
    return Trial(turn, matter, unit)


def _order(turn: Turn) -> Order:
    return order_of(turn.entry, _reason(turn) if turn.entry.trigger else None)


def order_of(entry: Entry, reason: str | None = None) -> Order:
    """Return the order that led to a line, as far as the line tells."""
    return Order(
        actor=entry.actor,
        now=entry.recorded,
        host=entry.host,
        run=entry.run,
        reason=reason,
        ground=entry.ground,
        on_behalf_of=entry.on_behalf_of,
        item=entry.item,
        effective_on=entry.effective,
    )


def _reason(turn: Turn) -> str | None:
    entry = turn.entry
    if entry.reason is None or entry.ground:
        return None
    text = beside_cited(entry, "reason", turn.moment.stream.sources)
    return _ERASED if text is None else text.body.decode()
