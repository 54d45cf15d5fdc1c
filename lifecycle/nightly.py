"""The nightly check: fires what the calendar demands, once, and in one fixed order.

1. expire what ended and send what is without a term to its review;
2. activate what starts, one at a time under the program's lock, since places are counted;
3. expire and review once more, for what started and ended while the check was down;
4. give notice of overdue decisions and lapse them, where the policy has that on;
5. write the run's own line.

It is driven by state and not by ticks: everything due on or before the run date and not yet done
is done, so that a night after days of downtime is the same code. `effective_on` is the due date,
`recorded_at` the truth. Each batch is a transaction; one that fails is done again one by one, so
that an agreement that fails stops nobody else.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from lifecycle.advance import Attempt, act_on, decided, transition
from lifecycle.authority import authorise, authorise_program
from lifecycle.compose import Draft, compose, refused_for_program, written_for_program
from lifecycle.errors import StoreError
from lifecycle.evolve import refusal_of
from lifecycle.machine import Decision
from lifecycle.matter import Judging, Matter, judging, matter_of, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Change, Ledger, Unit
from states.calendar import day_after
from states.canonical import canonical
from states.deeds import CHECK_NIGHTLY, pulling
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import DueRule, Event, State, Trigger

BATCH = 500
"""Agreements a transaction: large enough to share its cost, small enough to let others in."""


@dataclass(frozen=True, slots=True)
class Item:
    """What the check did, or could not do, with one agreement."""

    ref: str
    rule: DueRule
    due: date
    outcome: str
    trigger: Trigger | None = None
    to: State | None = None
    codes: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What one run did. `failed` agreements are named in the items with what went wrong.

    `denied` is the receipt of the refusal where whoever runs it may not: then nothing was done, or
    where the role ended meanwhile nothing since.
    """

    run: str | None
    run_date: date
    completed: bool = False
    denied: Receipt | None = None
    items: list[Item] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """Return how many items ended in `fired`, `refused`, `failed` or `notice`."""
        return sum(item.outcome == outcome for item in self.items)


Observe = Callable[[Item], None]


def nightly(ledger: Ledger, order: Order, *, observe: Observe = lambda _item: None) -> Report:
    """Run the check for the program's present day; `observe` is told of each item at once.

    It is once-only by its own nature: an idempotency key, which names one line, is not used.
    """
    order = replace(order, key=None)
    with ledger.unit() as unit:
        today = today_of(unit, order)
        rules = judging(unit, None, today)
        lapses = any(kind.lapse for kind in rules.policy.types.values())
        code = unit.program.code
        if denied := _denied(unit, order, today, rules):
            return Report(order.run, today, denied=denied)
    run = _Run(ledger, order, code, today, Report(order.run, today), observe)
    run.sweep(DueRule.TERM_OVER)
    run.sweep(DueRule.REVIEW_DUE)
    if run.sweep(DueRule.TERM_STARTS):
        run.sweep(DueRule.TERM_OVER)
        run.sweep(DueRule.REVIEW_DUE)
    if lapses:
        run.sweep(DueRule.DECISION_DUE)
    run.complete()
    return run.report


def _denied(unit: Unit, order: Order, today: date, rules: Judging) -> Receipt | None:
    authority = authorise_program(unit, order, CHECK_NIGHTLY, today, rules)
    if not authority.refusal:
        return None
    unit.lock_program()
    return refused_for_program(unit, order, today, rules.digest, authority)


@dataclass(frozen=True, slots=True)
class _Demand:
    """What the calendar demands: by which rule, due since when, and with effect from which day."""

    trigger: Trigger
    rule: DueRule
    due: date
    day: date


@dataclass(frozen=True, slots=True)
class _Run:
    ledger: Ledger
    order: Order
    code: str
    today: date
    report: Report
    observe: Observe
    told: set[Item] = field(default_factory=set)

    def sweep(self, rule: DueRule) -> bool:
        """Do everything due under one rule, batch by batch; returns whether anything fired."""
        after: tuple[date, int] | None = None
        before = self.report.count("fired")
        while batch := self._batch(rule, after):
            last = batch[-1]
            after = (last.due or self.today, last.key)
        return self.report.count("fired") > before

    def _batch(self, rule: DueRule, after: tuple[date, int] | None) -> Sequence[Standing]:
        batch: Sequence[Standing] = ()
        try:
            with self._unit(rule) as unit:
                batch = unit.due(rule, self.today, after, BATCH)
                items = self._fire(unit, rule, batch)
        except Exception as error:
            if not batch or _stops_all(error):
                raise
            items = [self._alone(rule, standing) for standing in batch]
        for item in items:
            self._tell(item)
        return batch

    def _tell(self, item: Item) -> None:
        """Report an item, though not again what a second sweep finds as the first one left it."""
        if item not in self.told:
            self.told.add(item)
            self.report.items.append(item)
            self.observe(item)

    def _alone(self, rule: DueRule, standing: Standing) -> Item:
        """Do one agreement of a batch that failed; what went wrong with it becomes its item."""
        try:
            with self._unit(rule) as unit:
                again = unit.lock(standing.key)
                if again is None or (again.due_rule, again.due) != (rule, standing.due):
                    return self._item(standing, "done")
                return self._fire(unit, rule, [again])[0]
        except Exception as error:
            if _stops_all(error):
                raise
            return self._item(standing, "failed", codes=(f"{type(error).__name__}: {error}",))

    @contextmanager
    def _unit(self, rule: DueRule) -> Iterator[Unit]:
        with self.ledger.unit() as unit:
            if rule is DueRule.TERM_STARTS:
                unit.lock_program()
            yield unit

    def _fire(self, unit: Unit, rule: DueRule, batch: Sequence[Standing]) -> list[Item]:
        one_by_one = rule is DueRule.TERM_STARTS
        items, changes = [], []
        for standing in batch:
            item, change = self._judge(unit, rule, standing)
            items.append(item)
            if change is not None and one_by_one:
                unit.write([change])
            elif change is not None:
                changes.append(change)
        unit.write(changes)
        return items

    def _judge(self, unit: Unit, rule: DueRule, standing: Standing) -> tuple[Item, Change | None]:
        matter = matter_of(unit, self.order, standing, self.today)
        demand = self._demand(rule, standing)
        authority = authorise(matter, pulling(demand.trigger, system=True))
        denied = Decision(None, authority.refusal) if authority.refusal else None
        lapses = demand.trigger is Trigger.LAPSE and denied is None
        if lapses and (waiting := self._notice(matter)):
            return waiting, None
        act = act_on(self.order, demand.trigger, demand.day, authority)
        decision = denied or decided(matter, act)
        item = replace(
            self._item(standing, "fired" if decision.target else "refused"),
            rule=demand.rule,
            due=demand.due,
            trigger=demand.trigger,
            to=decision.target,
            codes=_blocking(decision),
        )
        if decision.target is None and standing.refusal == refusal_of(_reasons(decision)):
            return item, None
        attempt = Attempt(act, authority, demand.rule, demand.due)
        draft = transition(matter, attempt, decision)
        return item, compose(matter, draft)

    def _demand(self, rule: DueRule, standing: Standing) -> _Demand:
        """Return what the calendar demands of an agreement, and as of which day.

        An activation refused on its own day takes effect, if ever, on the day it succeeds; past
        the end of its term it expires instead.
        """
        due = standing.due or self.today
        day = max(due, standing.acted_on)
        if rule is DueRule.DECISION_DUE:
            return _Demand(Trigger.LAPSE, rule, due, self.today)
        if rule is not DueRule.TERM_STARTS:
            return _Demand(Trigger.EXPIRE, rule, due, day)
        begins, end = self.today if standing.refusal else day, standing.term_end
        if end is None or begins <= end:
            return _Demand(Trigger.ACTIVATE, rule, due, begins)
        over = day_after(end)
        return _Demand(Trigger.EXPIRE, DueRule.TERM_OVER, over, max(over, standing.acted_on))

    def _notice(self, matter: Matter) -> Item | None:
        """Give the notice that a lapse must wait for; None once it has been out long enough."""
        unit, standing, rule = matter.unit, matter.held, DueRule.DECISION_DUE
        kind = matter.policy.types.get(standing.type)
        if kind is None or not kind.lapse or standing.signed_term is None:
            return self._item(standing, "overdue")
        given = unit.notice_given(standing, rule)
        if given is None:
            unit.give_notice(standing, rule, self.today)
            return self._item(standing, "notice")
        waiting = (self.today - given).days < matter.policy.lapse_notice_days
        return self._item(standing, "overdue") if waiting else None

    def complete(self) -> None:
        """Write the run's own line on the program's stream, or that it may not go on."""
        counts = {
            name: self.report.count(name) for name in ("fired", "refused", "failed", "notice")
        }
        with self.ledger.unit() as unit:
            unit.lock_program()
            rules = judging(unit, None, self.today)
            self.report.denied = _denied(unit, self.order, self.today, rules)
            if self.report.denied:
                return
            draft = Draft(
                event=Event.NIGHTLY_COMPLETED,
                effective_on=self.today,
                authority=authorise_program(unit, self.order, CHECK_NIGHTLY, self.today, rules),
                content=Beside("content", unit.salt(), canonical(counts), "nightly"),
            )
            written_for_program(unit, self.order, rules.digest, draft)
        self.report.completed = True

    def _item(self, standing: Standing, outcome: str, codes: tuple[str, ...] = ()) -> Item:
        ref = str(Ref.of(self.code, standing.key))
        rule, due = standing.due_rule or DueRule.DECISION_DUE, standing.due or self.today
        return Item(ref, rule, due, outcome, codes=codes)


def _stops_all(error: Exception) -> bool:
    return isinstance(error, StoreError) and error.of_the_database


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
