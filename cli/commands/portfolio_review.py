"""`lifecycle portfolio review`: every agreement is kept, reclassified or sunset, with a reason."""

from datetime import timedelta

import click

from cli import options
from cli.acting import Acting, acting
from cli.params import DURATION, TEXT
from cli.settings import Settings, Writing


@options.command("review")
@click.argument("refs", type=TEXT, nargs=-1, metavar="[REF]...")
@click.option(
    "--type", "types", type=TEXT, metavar="TYPE", multiple=True, help="Of this type; repeatable."
)
@click.option("--dormant", is_flag=True, help="Without activity for the policy's months.")
@click.option(
    "--due-within",
    type=DURATION,
    metavar="TIME",
    help="Due within this time (90d), or overdue already.",
)
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write a sheet to fill in, .xlsx or .csv, and decide nothing.",
)
@click.option(
    "--file", type=click.Path(), metavar="FILE", help="Carry out the sheet that was filled in."
)
@acting(files=False)
@options.writing
def command(
    settings: Settings,
    *,
    refs: tuple[str, ...],
    types: tuple[str, ...],
    dormant: bool,
    due_within: timedelta | None,
    sheet: str | None,
    file: str | None,
    acting: Acting,
    writing: Writing,
) -> int:
    r"""Review the portfolio: keep, reclassify or sunset each agreement.

    All that was signed and has not ended, or what is asked for of that. On a terminal, each is
    shown with what it did, owes and costs, and each decision is carried out at once, so that
    stopping loses nothing. Or on paper:

    \b
        lifecycle portfolio review --dormant --sheet review.xlsx
        lifecycle portfolio review --file review.xlsx --dry-run
        lifecycle portfolio review --file review.xlsx \
            --on-behalf-of "City Council" --item EX12.3

    A sheet has an empty column for decision (keep, reclassify, sunset; blank leaves it undecided),
    type (of reclassify), ground (of sunset), reason, and next_review where a day is to be set. What
    is wrong with any row is told of all rows first, and nothing is done then. Each row is carried
    out as a whole or refused; a row that was carried out before is not done twice. Exit code 1 says
    that some row was refused.

    Deciders decide; staff carry out what was approved, or what a body decided (--on-behalf-of).
    """
    from cli.runs.portfolio_review import Wish, review_portfolio

    wish = Wish(refs, types, due_within, sheet, file, dormant=dormant)
    return review_portfolio(settings, writing, acting, wish)
