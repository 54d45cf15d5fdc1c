"""`lifecycle report plan`: what the agreements ask of each division in a year."""

import click

from cli import options
from cli.params import TEXT, YEAR
from cli.settings import Reading, Settings


@options.command("plan")
@click.argument("year", type=YEAR, required=False, metavar="[YEAR]")
@click.option("--division", type=TEXT, metavar="NAME", help="Of this division alone.")
@options.reading
def command(
    settings: Settings, *, year: int | None, division: str | None, reading: Reading
) -> None:
    r"""Export what a year asks of each division.

    For its business plan: agreements with what is due of them, projects that run in YEAR (else in
    the next one), activity goals, milestones due and overdue, indicators to be reached, and funding
    and staff by year. The division is the project's, else the agreement's. What is still being
    negotiated is told as such, and added up apart; so are currencies.

    \b
        lifecycle report plan 2027 -o plan.xlsx
        lifecycle report plan 2027 --division "Economic Development and Culture Division"
    """
    from cli.runs.report_plan import report_plan

    report_plan(settings, reading, year, division)
