"""What `lifecycle nightly` does: runs the check, logs each item, prints the report."""

import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from cli.logging import log_for_operators
from cli.mail.delivery import Delivery, deliver
from cli.output.mail import delivery_shape, delivery_text
from cli.output.night import nightly_shape, text
from cli.output.receipts import give
from cli.output.shapes import json_text
from cli.output.streams import on_terminal, out, out_data
from cli.session import Session, opened
from cli.settings import Settings
from lifecycle.night import Item, Report
from lifecycle.nightly import nightly
from lifecycle.order import Order

FAILED, NOT_COMPLETED = 1, 3


def run_nightly(settings: Settings, *, dry_run: bool, catch_up: bool) -> int:
    """Run the nightly check; returns the exit code."""
    with opened(settings) as session:
        order = session.order(run=run_name(session.now))
        report = checked(session, order, dry_run=dry_run, catch_up=catch_up)
        if report.denied is not None:
            give(settings, report.denied, dry_run=dry_run)
            return NOT_COMPLETED
        if not settings.json:
            out(text(report, session.code, dry_run=dry_run))
        mail = None if dry_run else _delivered(session, report)
        if settings.json:
            shape = nightly_shape(report, session.code, dry_run=dry_run)
            out_data(json_text({**shape, "mail": delivery_shape(mail) if mail else None}))
        elif mail:
            out(delivery_text(mail))
    return FAILED if report.count("failed") else 0


def checked(session: Session, order: Order, *, dry_run: bool, catch_up: bool) -> Report:
    """Run the check and log it: when it starts, each agreement, how it ended."""
    log = log_for_operators().bind(run=order.run, program=session.code, dry_run=dry_run)
    log.info("nightly started", run_date=session.today)
    with session.ledger(dry_run=dry_run) as ledger, _progress(session) as advance:

        def observe(item: Item) -> None:
            advance(1)
            write = log.error if item.outcome == "failed" else log.info
            write(f"agreement {item.outcome}", **_said(item))

        report = nightly(
            ledger, order, catch_up=catch_up, observe=observe, clock=_clock(session.now)
        )
    if report.denied is not None:
        log.error("nightly refused", actor=order.actor.id)
    else:
        log.info("nightly completed", **{name: n for name, n in report.counted.items() if n})
    return report


def _delivered(session: Session, report: Report) -> Delivery:
    """Send what waits in the outbox; the check is completed, whatever becomes of that."""
    return deliver(session, log_for_operators().bind(run=report.run, program=session.code))


def run_name(now: datetime) -> str:
    """Return the name of a run: the instant at which it began, and chance."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _said(item: Item) -> dict[str, Any]:
    said = {"ref": item.ref, "rule": item.rule, "due": item.due, "codes": list(item.codes)}
    return said | ({"item": item.item} if item.item else {})


def _clock(began: datetime) -> Callable[[], datetime]:
    """Return a clock that goes on from where the run began, which a sandbox sets at will."""
    ahead = began - datetime.now(UTC)
    return lambda: datetime.now(UTC) + ahead


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
