"""`lifecycle report requests`: what was asked for, and what became of it."""

import click

from cli import options
from cli.params import YEAR
from cli.settings import Reading, Settings


@options.command("requests")
@click.argument("year", type=YEAR, required=False, metavar="[YEAR]")
@options.reading
def command(settings: Settings, *, year: int | None, reading: Reading) -> None:
    r"""Report the requests for partnerships, and what became of them.

    A request counts in the year in which it was received, as its document says, else in that in
    which it was entered. Counted by year, origin, type, market and sector: accepted, declined,
    withdrawn, returned to be worked on, still open; and after how many days it was decided. What
    was taken over is no request. With YEAR, only those received in it, one by one, and its priority
    partnerships. For example:

    \b
        lifecycle report requests 2027
        lifecycle report requests -o requests.xlsx
    """
    from cli.runs.report_requests import report_requests

    report_requests(settings, reading, year)
