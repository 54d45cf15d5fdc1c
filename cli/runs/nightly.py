"""What `lifecycle nightly` does: runs the check, logs each item, prints the report.

`checked` is one run with all that goes with it, for this command and for the scheduler: its log,
its pings, its record.
"""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import click
from structlog.typing import FilteringBoundLogger

from cli.clock import going_on
from cli.logging import log_for_operators
from cli.mail.delivery import Delivery, deliver
from cli.output.mail import delivery_shape, delivery_text
from cli.output.night import nightly_shape, text
from cli.output.receipts import give
from cli.output.shapes import json_text
from cli.output.streams import on_terminal, out, out_data
from cli.pings import Pings, configured
from cli.runlog import RunLog, run_log
from cli.sealing import seal_after
from cli.session import Session, opened
from cli.settings import Settings
from lifecycle.errors import NightRefusedError, NightStoppedError, StoreError
from lifecycle.night import Item, Process, Report
from lifecycle.nightly import nightly, why_denied
from lifecycle.order import Order
from lifecycle.recording import cause_of
from states.problem import InvalidInputError

FAILED, NOT_COMPLETED = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a run is carried out: for good or not, logged where, stopped when, seen by whom."""

    dry_run: bool = False
    catch_up: bool = False
    set_back: bool = False
    log_file: str | None = None
    stop: Callable[[], bool] = lambda: False
    in_service: bool = False


def run_nightly(settings: Settings, how: How) -> int:
    """Run the nightly check; returns the exit code."""
    with ExitStack() as stack:
        session = _session(stack, settings, how)
        order = session.order(run=run_name(session.now))
        report = checked(session, order, how)
        if report.denied is not None:
            give(settings, report.denied, dry_run=how.dry_run)
            return NOT_COMPLETED
        if not settings.json:
            out(text(report, session.code, dry_run=how.dry_run))
        mail = None if how.dry_run else _delivered(session, report)
        if settings.json:
            shape = nightly_shape(report, session.code, dry_run=how.dry_run)
            out_data(json_text({**shape, "mail": delivery_shape(mail) if mail else None}))
        elif mail:
            out(delivery_text(mail))
    return FAILED if report.count("failed") else 0


def checked(session: Session, order: Order, how: How) -> Report:
    """Run the check with its log, its pings and its record; see `lifecycle.nightly` for errors."""
    rehearsed = how.dry_run or session.store.program.sandbox
    pings, wrong = (Pings(), None) if rehearsed else _pings(session.code)
    with run_log(how.log_file, rehearsed=rehearsed) as kept:
        log = log_for_operators(kept.file, talkative=how.in_service)
        log = log.bind(run=order.run, program=session.code, dry_run=how.dry_run)
        if kept.problem:
            log.warning("the log file can't be written", why=kept.problem)
        if wrong:
            log.warning("nobody is pinged: lifecycle doctor says more", why=wrong)
        log.info("nightly started", run_date=session.today.isoformat())
        pings.tell("start", log)
        with _failures_told(log, pings):
            report = _carried_out(session, order, how, log, kept)
        if report.completed and not how.dry_run:
            report.seal = seal_after(session, log)
        _tell_end(report, order, log, pings)
    return report


def _pings(program: str = "") -> tuple[Pings, str | None]:
    """Return who is pinged, or nobody and why: a mistake in the settings stops no check."""
    try:
        return replace(configured(), program=program), None
    except InvalidInputError as error:
        return Pings(), str(error)


def run_name(now: datetime) -> str:
    """Return the name of a run: the instant at which it began, and chance."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _session(stack: ExitStack, settings: Settings, how: How) -> Session:
    """Open the store; that it can't be opened is told where other failures are."""
    try:
        return stack.enter_context(opened(settings))
    except StoreError:
        log = log_for_operators()
        with _failures_told(log, Pings() if how.dry_run else _pings()[0]):
            raise


def _carried_out(
    session: Session, order: Order, how: How, log: FilteringBoundLogger, kept: RunLog
) -> Report:
    shown = _nothing if how.in_service else _progress
    with session.ledger(dry_run=how.dry_run) as ledger, shown(session) as advance:

        def observe(item: Item) -> None:
            advance(1)
            write = log.error if item.outcome == "failed" else log.info
            write(f"agreement {item.outcome}", **_said(item))

        return nightly(
            ledger,
            order,
            catch_up=how.catch_up,
            set_back=how.set_back,
            observe=observe,
            clock=going_on(session.now),
            process=Process(os.getpid(), kept.path, how.stop),
        )


@contextmanager
def _failures_told(log: FilteringBoundLogger, pings: Pings) -> Iterator[None]:
    """Log and tell why a run failed; one that was asked to stop is no failure to tell of."""
    try:
        yield
    except NightStoppedError as stopped:
        log.info("nightly stopped", cause=cause_of(stopped))
        raise
    except BaseException as error:
        _tell_failure(error, log, pings)
        raise


def _tell_failure(error: BaseException, log: FilteringBoundLogger, pings: Pings) -> None:
    cause, hint = cause_of(error), getattr(error, "hint", None)
    if isinstance(error, (StoreError, NightRefusedError, KeyboardInterrupt)):
        log.error("nightly failed", cause=cause, hint=hint)
        pings.tell("failure", log, f"{cause}; {hint}" if hint else cause)
    else:
        log.error("nightly failed", cause=cause, exc_info=error)
        # What a fault says may name people; the service is somebody else's.
        pings.tell("failure", log, f"a fault in the program: {type(error).__name__}")


def _tell_end(report: Report, order: Order, log: FilteringBoundLogger, pings: Pings) -> None:
    if report.denied is not None:
        why = why_denied(report.denied)
        log.error("nightly refused", actor=order.actor.id, cause=why)
        pings.tell("failure", log, why)
        return
    log.info("nightly completed", **{name: n for name, n in report.counted.items() if n})
    if failed := report.count("failed"):
        pings.tell("failure", log, f"completed, but {failed} agreement(s) failed")
    elif report.seal is not None and report.seal.failed:
        # Why may name a place on this machine; the log and the report say it.
        pings.tell("failure", log, "completed, but the log was not sealed")
    else:
        pings.tell("success", log)


def _delivered(session: Session, report: Report) -> Delivery:
    """Send what waits in the outbox; the check is completed, whatever becomes of that."""
    return deliver(session, log_for_operators().bind(run=report.run, program=session.code))


def _said(item: Item) -> dict[str, Any]:
    said = {"ref": item.ref, "rule": item.rule, "due": item.due, "codes": list(item.codes)}
    return said | ({"item": item.item} if item.item else {})


@contextmanager
def _nothing(_session: Session) -> Iterator[Callable[[int], None]]:
    yield lambda _steps: None


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[int], None]]:
    """Show people how far the check is; machines and pipes get the log alone."""
    if session.settings.json or not on_terminal(sys.stderr):
        yield lambda _steps: None
        return
    with session.store.reading() as reader:
        pending = reader.pending(session.today)
    with click.progressbar(length=pending, label="Nightly check", file=sys.stderr) as bar:
        yield bar.update
        # Of some watches there is nothing to tell.
        bar.update(pending - bar.pos)
