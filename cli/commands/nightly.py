"""`lifecycle nightly`: does what the calendar demands, once."""

import click

from cli import options
from cli.settings import Settings


@options.command("nightly")
@click.option("--dry-run", is_flag=True, help="Tell what would be done; nothing is stored.")
@click.option(
    "--catch-up", is_flag=True, help="Say that a long gap is meant; this release always catches up."
)
def command(settings: Settings, *, dry_run: bool, catch_up: bool) -> int:
    """Do what the calendar demands: the nightly check.

    Terms that are over expire, signed agreements whose term has begun become active, reviews fall
    due. Everything due and not yet done is done, so a night after days of downtime is the same.
    Exit code: 0 completed, 1 completed but some agreement failed, 3 not completed.
    """
    from cli.runs.nightly import run_nightly

    del catch_up
    return run_nightly(settings, dry_run=dry_run)
