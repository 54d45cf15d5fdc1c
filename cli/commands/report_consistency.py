"""`lifecycle report consistency`: whether like proposals were decided alike."""

from decimal import Decimal

import click

from cli import options
from cli.params import AMOUNT, COUNT, YEAR
from cli.settings import Reading, Settings


@options.command("consistency")
@click.argument("year", type=YEAR, required=False, metavar="[YEAR]")
@click.option(
    "--margin",
    type=AMOUNT,
    metavar="POINTS",
    help="Totals that differ by less are alike; else a twentieth of the scale.",
)
@click.option(
    "--limit",
    type=COUNT,
    default=100,
    show_default=True,
    metavar="N",
    help="Only the N closest pairs.",
)
@options.reading
def command(
    settings: Settings, *, year: int | None, margin: Decimal | None, limit: int, reading: Reading
) -> None:
    r"""Report whether like proposals were decided alike.

    Each decision is held against the scores that stood when it was taken, and against the criteria
    then in force: told are those on another version, with a criterion skipped (mandatory ones
    apart), without scores, or with scores that have no evidence. Then pairs of proposals whose
    weighted totals on the same criteria differ by less than the margin, one accepted and one
    declined. With YEAR, only decisions of that year, and pairs with one of them. For example, with
    totals from 0 to 5:

    \b
        lifecycle report consistency 2027 --margin 0.5

    It is a report, and ends with 0 whatever it finds.
    """
    from cli.runs.report_consistency import report_consistency

    report_consistency(settings, reading, year, margin, limit)
