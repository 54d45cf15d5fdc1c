"""The nightly check: fires what the calendar demands and tells of what is owed, in one fixed order.

1. expire what ended and send what is without a term to its review;
2. activate what starts, one at a time under the program's lock, since places are counted;
3. expire and review once more, for what started and ended while the check was down;
4. lapse what its signed text and the policy let lapse, once its notice has been out;
5. tell of what comes and of what is late (`lifecycle.alerting`);
6. write each person's digest and the run's own line.

It is driven by state and not by ticks: everything due on or before the run date and not yet done is
done, so that a night after days of downtime is the same code. `effective_on` is the due date,
`recorded_at` the truth. A run date before the last completed one is refused, and after a long gap
somebody has to say that it is meant: both come of a clock that is wrong.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

from lifecycle.alerting import alert
from lifecycle.authority import authorise_program
from lifecycle.compose import Draft, refused_for_program, written_for_program
from lifecycle.digests import compose_digests
from lifecycle.entry import instant
from lifecycle.errors import NightRefusedError, StoreError
from lifecycle.matter import Judging, judging, today_of
from lifecycle.night import Night, Report
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Ledger, Unit
from lifecycle.sweeping import Observe, Run, sweep
from states.canonical import canonical
from states.deeds import CHECK_NIGHTLY
from states.vocabulary import DueRule, Event

LONGEST_GAP_DAYS = 45
"""After how many days without a completed run somebody has to ask for the catch-up."""

MOST_ALERTS = 200
"""How many of the things that are late a report names; it counts them all."""

_OUTCOMES = ("fired", "refused", "failed", "notice", "alert")


def nightly(
    ledger: Ledger,
    order: Order,
    *,
    catch_up: bool = False,
    observe: Observe = lambda _item: None,
    clock: Callable[[], datetime] | None = None,
) -> Report:
    """Run the check for the program's present day; `observe` is told of each item at once.

    `clock` says at which instant a batch is written, else all of it is of the order's. Raises
    NightRefusedError for a day before the last completed one, and after a long gap without
    `catch_up`. It is once-only by its own nature: an idempotency key, which names one line, is not
    used.
    """
    order = replace(order, key=None)
    with ledger.unit() as unit:
        today = today_of(unit, order)
        rules = judging(unit, None, today)
        if denied := _denied(unit, order, today, rules):
            return Report(order.run, today, denied=denied)
        last = unit.last_night()
        _refuse_wrong_day(last, today, catch_up=catch_up)
        unit.keep_night(_record(order, today, "running"))
    run = Run(
        ledger,
        order,
        clock or (lambda: order.now),
        unit.program.code,
        today,
        Report(order.run, today),
        observe,
    )
    try:
        _carry_out(run, rules, repeated=last == today)
    except BaseException as error:
        # What could not be done may be that nothing can be written at all.
        with suppress(StoreError):
            _keep(run, "failed", f"{type(error).__name__}: {error}")
        raise
    return run.report


def _carry_out(run: Run, rules: Judging, *, repeated: bool) -> None:
    sweep(run, DueRule.TERM_OVER)
    sweep(run, DueRule.REVIEW_DUE)
    if sweep(run, DueRule.TERM_STARTS):
        sweep(run, DueRule.TERM_OVER)
        sweep(run, DueRule.REVIEW_DUE)
    if any(kind.lapse for kind in rules.policy.types.values()):
        sweep(run, DueRule.DECISION_DUE)
    alert(run, rules.policy)
    _complete(run, repeated=repeated)


def _refuse_wrong_day(last: date | None, today: date, *, catch_up: bool) -> None:
    if last is None:
        return
    if today < last:
        message = f"today is {today}, and the nightly check was completed for {last} already"
        hint = (
            "mend this machine's clock or the program's time zone; had it been ahead before, see"
            " docs/operations.md"
        )
        raise NightRefusedError(message, "clock_backwards", hint)
    gap = (today - last).days
    if gap > LONGEST_GAP_DAYS and not catch_up:
        message = f"the last nightly check was completed for {last}, {gap} days ago"
        hint = (
            "if today's date is right, say that the gap is meant: lifecycle nightly --catch-up;"
            " --dry-run shows first what it would do"
        )
        raise NightRefusedError(message, "long_gap", hint)


def _denied(unit: Unit, order: Order, today: date, rules: Judging) -> Receipt | None:
    authority = authorise_program(unit, order, CHECK_NIGHTLY, today, rules)
    if not authority.refusal:
        return None
    unit.lock_program()
    return refused_for_program(unit, order, today, rules.digest, authority)


def _complete(run: Run, *, repeated: bool) -> None:
    """Write digests, the run's own line on the program's stream and its record; or that it may not.

    People get one digest a night: what a second run of the same day finds waits for the next one.
    """
    report, order = run.report, run.now()
    with run.ledger.unit() as unit:
        unit.lock_program()
        rules = judging(unit, None, run.today)
        report.denied = _denied(unit, order, run.today, rules)
        if report.denied:
            unit.keep_night(_finished(run, "refused"))
            return
        if not (repeated or unit.last_night() == run.today):
            name = order.run or f"{run.today}"
            digests = compose_digests(unit, name, run.today, order.now, rules.policy)
            unit.post(digests)
            report.digests = len(digests)
        report.alerts = list(unit.alerts(run.today, MOST_ALERTS))
        report.late = dict(unit.count_alerts(run.today))
        draft = Draft(
            event=Event.NIGHTLY_COMPLETED,
            effective_on=run.today,
            authority=authorise_program(unit, order, CHECK_NIGHTLY, run.today, rules),
            content=Beside("content", unit.salt(), canonical(_counts(report)), "nightly"),
        )
        written_for_program(unit, order, rules.digest, draft)
        unit.keep_night(_finished(run, "completed"))
    report.completed = True


def _counts(report: Report) -> dict[str, int]:
    return {**{name: report.count(name) for name in _OUTCOMES}, "digests": report.digests}


def _record(order: Order, today: date, outcome: str) -> Night:
    at = instant(order.now)
    return Night(order.run or at, today, order.host, outcome, at, at)


def _keep(run: Run, outcome: str, cause: str) -> None:
    with run.ledger.unit() as unit:
        unit.keep_night(replace(_finished(run, outcome), cause=cause))


def _finished(run: Run, outcome: str) -> Night:
    at = instant(run.clock())
    record = _record(run.order, run.today, outcome)
    return replace(record, heartbeat_at=at, finished_at=at, counts=_counts(run.report))
