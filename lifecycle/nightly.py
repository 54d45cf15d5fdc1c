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
from dataclasses import replace
from datetime import date, datetime

from lifecycle.alerting import alert
from lifecycle.authority import authorise_program
from lifecycle.compose import Draft, refused_for_program, written_for_program
from lifecycle.digests import compose_digests
from lifecycle.errors import NightRefusedError, StoreError
from lifecycle.matter import Judging, judging, today_of
from lifecycle.night import Process, Report
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Ledger, Unit
from lifecycle.recording import Recording, counts
from lifecycle.rederiving import watch_anew
from lifecycle.sweeping import Observe, Run, sweep
from states.canonical import canonical
from states.deeds import CHECK_NIGHTLY
from states.vocabulary import DueRule, Event

LONGEST_GAP_DAYS = 45
"""After how many days without a completed run somebody has to ask for the catch-up."""

MOST_ALERTS = 200
"""How many of the things that are late a report names; it counts them all."""


def nightly(  # noqa: PLR0913 - all that a night is given from outside
    ledger: Ledger,
    order: Order,
    *,
    catch_up: bool = False,
    set_back: bool = False,
    observe: Observe = lambda _item: None,
    clock: Callable[[], datetime] | None = None,
    process: Process | None = None,
) -> Report:
    """Run the check for the program's present day; `observe` is told of each item at once.

    `clock` says at which instant a batch is written, else all of it is of the order's. Raises
    NightRefusedError for a day before the last completed one, and after a long gap without
    `catch_up`; with `set_back` runs for days to come count no more, since the clock was ahead.
    Raises NightStoppedError where the `process` is to stop. Each way leaves its record. It is
    once-only by its own nature: an idempotency key, which names one line, is not used.
    """
    order = replace(order, key=None)
    clock = clock or (lambda: order.now)
    with ledger.unit() as unit:
        today = today_of(unit, order)
        rules = judging(unit, None, today)
        report = Report(order.run, today)
        record = Recording(ledger, order, report, clock, process or Process(), order.now)
        if denied := _denied(unit, order, today, rules):
            report.denied = denied
            unit.keep_night(record.now("refused", why_denied(denied)))
            return report
        last = _last_night(unit, order, today, set_back=set_back)
        wrong = _wrong_day(last, today, catch_up=catch_up)
        unit.keep_night(record.now("refused", wrong.message) if wrong else record.now("running"))
    if wrong:
        raise wrong
    run = Run(ledger, order, clock, unit.program.code, today, report, observe, record.between)
    try:
        _carry_out(run, rules, record, repeated=last == today)
    except StoreError as error:
        record.failed(error)
        raise _half_done(error) from error
    except BaseException as error:
        record.failed(error)
        raise
    return report


def _half_done(error: StoreError) -> StoreError:
    """Return what stopped a run, with what holds for one that had begun."""
    hint = (error.hint or "").replace("nothing was changed", "what the check had done stands")
    hint = f"{hint}; the next run goes on from there".removeprefix("; ")
    return StoreError(error.message, error.code, hint)


def _carry_out(run: Run, rules: Judging, record: Recording, *, repeated: bool) -> None:
    sweep(run, DueRule.TERM_OVER)
    sweep(run, DueRule.REVIEW_DUE)
    if sweep(run, DueRule.TERM_STARTS):
        sweep(run, DueRule.TERM_OVER)
        sweep(run, DueRule.REVIEW_DUE)
    if any(kind.lapse for kind in rules.policy.types.values()):
        sweep(run, DueRule.DECISION_DUE)
    alert(run, rules.policy)
    _complete(run, record, repeated=repeated)


def _last_night(unit: Unit, order: Order, today: date, *, set_back: bool) -> date | None:
    """Return the last day for which the check was completed.

    Where runs were for days to come and that is said to have been a wrong clock, they are annulled,
    and what is watched is derived anew: it had moved on to the thresholds after those days.
    """
    last = unit.last_night()
    if not set_back or last is None or last <= today:
        return last
    cause = f"annulled on {today} by {order.actor.id}: the clock was ahead"
    unit.annul_nights(today, cause)
    watch_anew(unit, today)
    return unit.last_night()


def _wrong_day(last: date | None, today: date, *, catch_up: bool) -> NightRefusedError | None:
    """Return why the check may not run on a day, after the last one for which it was completed."""
    if last is None:
        return None
    if today < last:
        message = f"today is {today}, and the nightly check was completed for {last} already"
        hint = (
            "mend this machine's clock or the program's time zone; if today's date is right and the"
            " clock was ahead before: lifecycle nightly --clock-was-ahead"
        )
        return NightRefusedError(message, "clock_backwards", hint)
    gap = (today - last).days
    if gap <= LONGEST_GAP_DAYS or catch_up:
        return None
    message = f"the last nightly check was completed for {last}, {gap} days ago"
    hint = (
        "if today's date is right, say that the gap is meant: lifecycle nightly --catch-up;"
        " --dry-run shows first what it would do"
    )
    return NightRefusedError(message, "long_gap", hint)


def _denied(unit: Unit, order: Order, today: date, rules: Judging) -> Receipt | None:
    authority = authorise_program(unit, order, CHECK_NIGHTLY, today, rules)
    if not authority.refusal:
        return None
    unit.lock_program()
    return refused_for_program(unit, order, today, rules.digest, authority)


def why_denied(receipt: Receipt) -> str:
    """Return in a sentence why somebody may not run the check."""
    return " ".join(unmet.message for _severity, unmet in receipt.unmet)


def _complete(run: Run, record: Recording, *, repeated: bool) -> None:
    """Write digests, the run's own line on the program's stream and its record; or that it may not.

    People get one digest a night: what a second run of the same day finds waits for the next one.
    """
    report, order = run.report, run.now()
    with run.ledger.unit() as unit:
        unit.lock_program()
        rules = judging(unit, None, run.today)
        report.denied = _denied(unit, order, run.today, rules)
        if report.denied:
            unit.keep_night(record.now("refused", why_denied(report.denied)))
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
            content=Beside("content", unit.salt(), canonical(counts(report)), "nightly"),
        )
        written_for_program(unit, order, rules.digest, draft)
        unit.keep_night(record.now("completed"))
    report.completed = True
