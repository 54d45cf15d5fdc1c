"""`lifecycle status`: whether the nightly check runs, what it found, and what is due soon."""

from datetime import timedelta

import click

from cli import options
from cli.params import COUNT, DURATION, TEXT
from cli.settings import Reading, Settings


@options.command("status")
@click.argument("run", type=TEXT, required=False, metavar="[RUN]")
@click.option(
    "--max-age",
    type=DURATION,
    metavar="TIME",
    help="Say in one line whether a check was completed so lately (26h, 90m, 2d); exit 1 if not.",
)
@click.option(
    "--days", type=COUNT, default=30, show_default=True, help="Show what is due in so many days."
)
@click.option(
    "--runs", "most", type=COUNT, default=10, show_default=True, help="Show so many runs."
)
@options.reading
def command(
    settings: Settings,
    *,
    run: str | None,
    max_age: timedelta | None,
    days: int,
    most: int,
    reading: Reading,
) -> int:
    r"""Show the nightly checks, what is late, and what is due soon.

    Of a run that failed it says why, and which file has the details. With RUN, which may be
    shortened, it shows that one in full. It only reads.

    \b
    For a watch:  lifecycle status --max-age 26h
    prints one line and ends with 1 where no check was completed in the last 26 hours.
    """
    from cli.runs.status import Asked, status

    return status(settings, reading, Asked(run, max_age, days, most))
