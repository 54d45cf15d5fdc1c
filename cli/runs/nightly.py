"""What `lifecycle nightly` does: runs the check, logs each item, prints the report."""

import secrets
from datetime import datetime

from cli.logging import log_for_operators
from cli.output.receipts import give
from cli.output.shapes import json_text, nightly_shape
from cli.output.streams import out, out_data, style
from cli.output.table import Column, table
from cli.session import opened
from cli.settings import Settings
from lifecycle.nightly import Item, Report, nightly

FAILED, NOT_COMPLETED = 1, 3

_COLUMNS = (
    Column("REF"),
    Column("DUE"),
    Column("RULE"),
    Column("OUTCOME"),
    Column("WHAT", flexible=True),
)


def run_nightly(settings: Settings, *, dry_run: bool) -> int:
    """Run the nightly check; returns the exit code."""
    with opened(settings) as session:
        order = session.order(run=_run_name(session.now))
        log = log_for_operators().bind(run=order.run, program=session.code, dry_run=dry_run)
        log.info("nightly started", run_date=session.today)

        def observe(item: Item) -> None:
            write = log.error if item.outcome == "failed" else log.info
            write(
                f"agreement {item.outcome}",
                ref=item.ref,
                rule=item.rule,
                due=item.due,
                codes=list(item.codes),
            )

        with session.ledger(dry_run=dry_run) as ledger:
            report = nightly(ledger, order, observe=observe)
        if report.denied is not None:
            log.error("nightly refused", actor=order.actor.id)
            give(settings, report.denied, dry_run=dry_run)
            return NOT_COMPLETED
        log.info("nightly completed", fired=report.count("fired"), failed=report.count("failed"))
    if settings.json:
        out_data(json_text(nightly_shape(report, dry_run=dry_run)))
    else:
        out(_text(report, dry_run=dry_run))
    return FAILED if report.count("failed") else 0


def _run_name(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _text(report: Report, *, dry_run: bool) -> str:
    note = style("Dry run: nothing was stored.\n", fg="cyan") if dry_run else ""
    counts = ", ".join(
        f"{report.count(outcome)} {outcome}" for outcome in ("fired", "refused", "failed")
    )
    head = f"Nightly check for {report.run_date}: {counts}.\nRun {report.run}.\n"
    if not report.items:
        return f"{note}{head}Nothing was due.\n"
    return f"{note}{head}\n{table(_COLUMNS, [_row(item) for item in report.items])}"


def _row(item: Item) -> tuple[object, ...]:
    what = f"{item.trigger} → {item.to}" if item.to else ", ".join(item.codes)
    return item.ref, item.due, item.rule, item.outcome, what
