"""`lifecycle portfolio budget`: the budget by year, and what closes a gap."""

from decimal import Decimal

import click

from cli import options
from cli.params import AMOUNT, YEAR
from cli.settings import Reading, Settings


@options.command("budget")
@click.argument("year", type=YEAR, required=False, metavar="[YEAR]")
@click.option(
    "--raise",
    "raise_by",
    type=AMOUNT,
    metavar="AMOUNT",
    help="With both remedies, raise the budget by this; else by half of the gap.",
)
@options.reading
def command(
    settings: Settings, *, year: int | None, raise_by: Decimal | None, reading: Reading
) -> None:
    r"""Show the budget by year, what is free, and what closes a gap.

    Without YEAR, this year and those to come. Commitments are what signed and active agreements
    state as funding; expenditure is what was recorded (lifecycle record REF expenditure). Other
    currencies than the program's stand apart and are never added.

    Where more is bound than budgeted, three remedies are priced: raise the budget, end agreements,
    or both. It decides nothing.

    \b
    For a council paper:  lifecycle portfolio budget -o budget.html
    and its chart alone:  lifecycle portfolio budget -o budget.png
    """
    from cli.runs.portfolio_budget import show_budget

    show_budget(settings, reading, year, raise_by)
