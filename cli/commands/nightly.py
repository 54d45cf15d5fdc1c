"""`lifecycle nightly`: does what the calendar demands, once."""

import click

from cli import options
from cli.settings import Settings


@options.command("nightly")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Tell what would be done; nothing is stored, and nobody else can write meanwhile.",
)
@click.option(
    "--catch-up", is_flag=True, help="Say that the long gap since the last check is meant."
)
@click.option(
    "--clock-was-ahead",
    "set_back",
    is_flag=True,
    help="Say that runs for days to come went by a wrong clock; they count no more.",
)
@click.option(
    "--log-file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Log to FILE as well; else as configured, else to nightly.log in your state directory.",
)
def command(
    settings: Settings, *, dry_run: bool, catch_up: bool, set_back: bool, log_file: str | None
) -> int:
    """Do and tell what the calendar demands: the nightly check.

    Terms that are over expire, signed agreements whose term has begun become active, reviews fall
    due. Everything due and not yet done is done, so a night after days of downtime is the same.
    What comes up and what is late is told to whoever the policy names, once for each date and
    louder each week; lifecycle notices shows what went out.

    After more than 45 days without a completed check --catch-up says that the gap is meant, since a
    wrong clock looks the same. Exit code: 0 completed, 1 completed but some agreement failed, 3 not
    completed. lifecycle status says why, and which file has the details.
    """
    from cli.runs.nightly import How, run_nightly

    how = How(dry_run=dry_run, catch_up=catch_up, set_back=set_back, log_file=log_file)
    return run_nightly(settings, how)
