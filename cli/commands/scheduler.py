"""`lifecycle scheduler`: runs the nightly check each day, for as long as it is let."""

from datetime import timedelta

import click

from cli import options
from cli.params import DURATION
from cli.settings import Settings


@options.command("scheduler")
@click.option(
    "--every",
    type=DURATION,
    default="15m",
    show_default=True,
    metavar="TIME",
    help="Look at the clock so often.",
)
@click.option("--once", is_flag=True, help="Look once, run what is owed, and end.")
@click.option(
    "--log-file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Log runs to FILE as well; else as configured, else to nightly.log in your state"
    " directory.",
)
def command(settings: Settings, *, every: timedelta, once: bool, log_file: str | None) -> int:
    r"""Run the nightly check each day, as a service.

    Every quarter of an hour it asks whether the day's check is owed: whether none was completed
    for the program's local date, and it is 1 o'clock there or later. Then it runs the same check
    as lifecycle nightly, for the program of --program, else for every program of the database.
    What fails is tried again at the next look. After a gap of more than 45 days it waits for
    somebody to say lifecycle nightly --catch-up.

    \b
    In lifecycle.toml:
      [nightly]
      hour = 1

    SIGTERM lets it finish the batch it is at; a second one ends it at once. The exit code is then
    0; with --once it is that of lifecycle nightly.
    """
    from cli.runs.scheduler import Service, run_once, serve

    service = Service(settings, log_file)
    return run_once(service) if once else serve(service, every)
