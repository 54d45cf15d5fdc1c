"""What `lifecycle db restore` does: asks, has the backup restored, and tells what comes next."""

import os
from dataclasses import dataclass
from datetime import date

import click

from cli.asking import confirmed
from cli.clock import now
from cli.database import place
from cli.output.backups import restored_shape, restored_text
from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.output.text import one_line
from cli.session import actor
from cli.settings import Settings, Writing
from lifecycle.order import Order
from store.creating import login_at
from store.programs import ProgramFacts
from store.restoring import How, Orders, restore
from store.urls import is_postgresql


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be restored, as it was typed."""

    file: str
    sha256: str | None
    despite: bool


def restore_database(settings: Settings, writing: Writing, wanted: Wanted) -> int:
    """Restore a backup and tell what is in it; returns the exit code."""
    if wanted.file == "-":
        message = "a backup is looked at more than once, so it needs the name of a file."
        raise click.UsageError(message)
    if writing.expect_version is not None or settings.program is not None:
        message = "a backup is restored as a whole: leave --expect-version and --program out."
        raise click.UsageError(message)
    where = place(settings)
    question = (
        f"Restore {one_line(wanted.file)} as {one_line(where.shown)}? What was recorded after the"
        " backup was made is not in it."
    )
    otherwise = "db restore asks first: say --yes where nobody can answer."
    if not confirmed(question, yes=writing.yes or writing.dry_run, otherwise=otherwise):
        out("Nothing was restored.\n")
        return 0
    how = How(keep=not writing.dry_run, sha256=wanted.sha256, despite_findings=wanted.despite)
    done = restore(where.url, wanted.file, _orders(settings, writing, where.url), how)
    if settings.json:
        out_data(json_text(restored_shape(done, where.shown, dry_run=writing.dry_run)))
    else:
        on_server = is_postgresql(where.url)
        out(restored_text(done, where.shown, dry_run=writing.dry_run, on_server=on_server))
    return 0


def _orders(settings: Settings, writing: Writing, url: str) -> Orders:
    login = login_at(url)

    def order(facts: ProgramFacts) -> Order:
        day = date.fromisoformat(facts.stands_at) if facts.stands_at else None
        moment = now(settings, facts.time_zone, sandbox=facts.sandbox, stands_at=day)
        return Order(
            actor=actor(settings, login, sandbox=facts.sandbox),
            now=moment,
            host=os.uname().nodename,
            reason=writing.reason,
            key=writing.key,
        )

    return order
