"""`lifecycle report roles`: the City's role in its agreements, year by year."""

import click

from cli import options
from cli.params import YEAR
from cli.settings import Reading, Settings


@options.command("roles")
@click.option("--since", "first", type=YEAR, metavar="YEAR", help="From this year on.")
@click.option("--until", "last", type=YEAR, metavar="YEAR", help="Up to this year.")
@options.reading
def command(settings: Settings, *, first: int | None, last: int | None, reading: Reading) -> None:
    r"""Report the City's role in its agreements, year by year.

    A catalyst brings others together and lets them carry it out; an implementer does it itself.
    Each year counts the agreements that were in force on any day of it, with the role that each
    stated in that term. Shares are of those that state one; who states none is counted apart. Of
    the funding that they name for a year, each currency stands apart.

    \b
        lifecycle report roles --since 2018
        lifecycle report roles -o roles.xlsx
    """
    from cli.runs.report_roles import report_roles

    report_roles(settings, reading, first, last)
