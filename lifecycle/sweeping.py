"""One rule's sweep: everything due under it and not yet done is done, batch by batch.

A batch is a transaction; one that fails is done again one by one, so that an agreement that fails
stops nobody else. What somebody else has locked is left out at first and waited for at the end:
several hosts share the work, and each due agreement is done once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import msgspec

from guards.registry import asked
from lifecycle.advance import Attempt, act_on, decided, transition
from lifecycle.authority import Authority, authorise
from lifecycle.cases import terms_published
from lifecycle.compose import compose
from lifecycle.errors import StoreError
from lifecycle.evolve import refusal_of
from lifecycle.machine import Decision
from lifecycle.matter import Matter, matter_of
from lifecycle.night import Item, Notice, Report
from lifecycle.order import Order
from lifecycle.ports import Change, Ledger, Unit
from lifecycle.telling import told
from states.calendar import day_after
from states.deeds import pulling
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import DueRule, Guard, Rule, Trigger
from states.watch import Watch

BATCH = 500
"""Agreements a transaction: large enough to share its cost, small enough to let others in."""

_HELD = frozenset({"held", "deadlock", "locked"})

Observe = Callable[[Item], None]


class _Demand(msgspec.Struct, frozen=True):
    """What the calendar demands: by which rule, due since when, and with effect from which day."""

    trigger: Trigger
    rule: DueRule
    due: date
    day: date


class _Sweep(msgspec.Struct, frozen=True):
    """Under which rule, and by which day: the run's own, or one that it catches up."""

    rule: DueRule
    day: date


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the check: what it works in, as whom, for which day, and what it has done.

    `between` is called between two transactions; it may end the run by raising.
    """

    ledger: Ledger
    order: Order
    clock: Callable[[], datetime]
    code: str
    today: date
    report: Report
    observe: Observe
    between: Callable[[], None] = lambda: None
    told: set[tuple[str, str, date, str, tuple[str, ...]]] = field(default_factory=set)

    def now(self) -> Order:
        """Return the order as of this moment: each batch is recorded when it was done."""
        return replace(self.order, now=self.clock())

    def tell(self, item: Item) -> None:
        """Report an item, though not again what a second sweep finds as the first one left it."""
        if item.outcome in {"refused", "failed"}:
            known = (item.ref, item.rule, item.due, item.outcome, item.codes)
            if known in self.told:
                return
            self.told.add(known)
        self.report.add(item)
        self.observe(item)


def stops_all(error: Exception) -> bool:
    """Whether no other agreement would fare better."""
    return isinstance(error, StoreError) and error.of_the_database


def sweep(run: Run, rule: DueRule, until: date | None = None) -> bool:
    """Do everything due under one rule by a day, the run's own if none is given.

    Returns whether anything fired.
    """
    day = until or run.today
    before = run.report.count("fired")
    seen: set[int] = set()
    after: tuple[date, int] | None = None
    while batch := _batch(run, rule, day, after):
        run.between()
        last = batch[-1]
        after = (last.due or run.today, last.key)
        # What fired is due under this rule no more; only what did not is met again.
        seen.update(standing.key for standing in batch)
    _waiting_pass(run, rule, day, seen)
    return run.report.count("fired") > before


def _waiting_pass(run: Run, rule: DueRule, day: date, seen: set[int]) -> None:
    """Wait for what others had locked, and do what they have not done."""
    after: tuple[date, int] | None = None
    while True:
        with run.ledger.unit() as unit:
            batch = unit.still_due(rule, day, after, BATCH)
        if not batch:
            return
        for standing in batch:
            after = (standing.due or run.today, standing.key)
            if standing.key in seen:
                continue
            run.between()
            item = _alone(run, _Sweep(rule, day), standing, patient=True)
            _tell_if_ours(run, item)
            if item.outcome == "done":
                # Who had it locked has done it, and what else they had locked with it.
                break


def _tell_if_ours(run: Run, item: Item) -> None:
    if item.outcome != "done":
        run.tell(item)


def _batch(
    run: Run, rule: DueRule, day: date, after: tuple[date, int] | None
) -> Sequence[Standing]:
    batch: Sequence[Standing] = ()
    try:
        with _unit(run, rule) as unit:
            batch = unit.due(rule, day, after, BATCH)
            items = _fire(run, unit, _Sweep(rule, day), batch)
    except Exception as error:
        if not batch or stops_all(error):
            raise
        for standing in batch:
            run.between()
            _tell_if_ours(run, _alone(run, _Sweep(rule, day), standing))
    else:
        for item in items:
            _tell_if_ours(run, item)
    return batch


def _alone(run: Run, this: _Sweep, standing: Standing, *, patient: bool = False) -> Item:
    """Do one agreement by itself; what goes wrong with it becomes its item.

    Where rows are waited for, one that somebody holds for too long is this agreement's own affair.
    """
    try:
        with _unit(run, this.rule) as unit:
            again = unit.lock(standing.key)
            if again is None or (again.due_rule, again.due) != (this.rule, standing.due):
                return _item(run, standing, "done")
            return next(iter(_fire(run, unit, this, [again])))
    except Exception as error:
        if stops_all(error) and not (patient and held_by_another(error)):
            raise
        return _item(run, standing, "failed", codes=(f"{type(error).__name__}: {error}",))


def held_by_another(error: Exception) -> bool:
    """Whether all that is wrong is that somebody has held a row for too long."""
    return isinstance(error, StoreError) and error.code in _HELD


@contextmanager
def _unit(run: Run, rule: DueRule) -> Iterator[Unit]:
    with run.ledger.unit() as unit:
        if rule is DueRule.TERM_STARTS:
            unit.lock_program()
        yield unit


def _fire(run: Run, unit: Unit, this: _Sweep, batch: Sequence[Standing]) -> list[Item]:
    one_by_one = this.rule is DueRule.TERM_STARTS
    order = run.now()
    items, changes = [], []
    leave = _Leave()
    published = _published(run, unit, batch) if one_by_one else {}
    for standing in batch:
        matter = matter_of(unit, order, standing, run.today)
        matter = msgspec.structs.replace(matter, published=published.get(standing.key))
        item, change = _judge(run, matter, this, leave)
        items.append(item)
        if change is not None and one_by_one:
            unit.write([change])
        elif change is not None:
            changes.append(change)
    unit.write(changes)
    return items


def _published(run: Run, unit: Unit, batch: Sequence[Standing]) -> Mapping[int, frozenset[int]]:
    """Return which terms of a batch are on record as published, of those where that is asked."""
    policy = unit.policy(unit.policy_in_force(run.today))
    ask = [one for one in batch if asked((Guard.PUBLISHED,), policy, one.type, Trigger.ACTIVATE)]
    return terms_published(unit, ask)


class _Leave:
    """The system's leave for its own deeds, which in one transaction is the same for all."""

    def __init__(self) -> None:
        self._known: dict[tuple[Trigger, str], Authority] = {}

    def for_(self, matter: Matter, trigger: Trigger) -> Authority:
        """Return by what right the system pulls a trigger under the policy that judges."""
        at = (trigger, matter.judging.digest)
        if at not in self._known:
            self._known[at] = authorise(matter, pulling(trigger, system=True))
        return self._known[at]


def _judge(run: Run, matter: Matter, this: _Sweep, leave: _Leave) -> tuple[Item, Change | None]:
    standing = matter.held
    demand = _demand(this, standing)
    if demand.trigger is Trigger.LAPSE and not _may_lapse(matter):
        return _item(run, standing, "done"), None
    authority = leave.for_(matter, demand.trigger)
    denied = Decision(None, authority.refusal) if authority.refusal else None
    lapses = demand.trigger is Trigger.LAPSE and denied is None
    if lapses and (waiting := _notice(run, matter)):
        return waiting, None
    act = act_on(matter.order, demand.trigger, demand.day, authority)
    decision = denied or decided(matter, act)
    item = Item(
        str(matter.ref),
        demand.rule,
        demand.due,
        "fired" if decision.target else "refused",
        demand.trigger,
        decision.target,
        () if decision.target else _blocking(decision),
    )
    if decision.target is None and standing.refusal == refusal_of(_reasons(decision)):
        return item, None
    attempt = Attempt(act, authority, demand.rule, demand.due)
    return item, compose(matter, transition(matter, attempt, decision))


def _demand(this: _Sweep, standing: Standing) -> _Demand:
    """Return what the calendar demands of an agreement, and as of which day.

    An activation refused on its own day takes effect, if ever, on the day it succeeds; past the end
    of its term it expires instead.
    """
    due = standing.due or this.day
    day = max(due, standing.acted_on)
    if this.rule is DueRule.DECISION_DUE:
        return _Demand(Trigger.LAPSE, this.rule, due, this.day)
    if this.rule is not DueRule.TERM_STARTS:
        return _Demand(Trigger.EXPIRE, this.rule, due, day)
    begins = max(this.day, day) if standing.refusal else day
    end = standing.term_end
    if end is None or begins <= end:
        return _Demand(Trigger.ACTIVATE, this.rule, due, begins)
    over = day_after(end)
    return _Demand(Trigger.EXPIRE, DueRule.TERM_OVER, over, max(over, standing.acted_on))


def _may_lapse(matter: Matter) -> bool:
    """Whether the agreement lapses by its signed text and the policy."""
    kind = matter.policy.types.get(matter.held.type)
    return kind is not None and kind.lapse and matter.held.signed_term is not None


def _notice(run: Run, matter: Matter) -> Item | None:
    """Give the notice that a lapse must wait for; None once it has been out long enough."""
    unit, standing = matter.unit, matter.held
    given = unit.notice_given(standing, Rule.LAPSES)
    if given is not None:
        out_long_enough = (matter.today - given).days >= matter.policy.lapse_notice_days
        return None if out_long_enough else _item(run, standing, "done")
    due = standing.due or run.today
    days = (run.today - due).days
    notice = Notice(standing.key, standing.term, Rule.LAPSES, "", 0, due, run.today)
    unit.give([notice])
    said = told(standing, Watch(Rule.LAPSES, "", due, None), run.today).short
    return Item(str(matter.ref), Rule.LAPSES, due, "alert", days=days, loudness=1, said=said)


def _item(run: Run, standing: Standing, outcome: str, codes: tuple[str, ...] = ()) -> Item:
    ref = str(Ref.of(run.code, standing.key))
    rule, due = standing.due_rule or DueRule.DECISION_DUE, standing.due or run.today
    return Item(ref, rule, due, outcome, codes=codes)


def _reasons(decision: Decision) -> tuple[tuple[str, str | None], ...]:
    return tuple(
        (unmet.guard, unmet.code)
        for verdict in decision.verdicts
        if verdict.blocks
        for unmet in verdict.unmet
        if not unmet.passes
    )


def _blocking(decision: Decision) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{guard}:{code}" for guard, code in _reasons(decision)))
