"""`lifecycle forecast`: what becomes of the portfolio by year, as it stands and otherwise."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("forecast")
@click.option(
    "--with",
    "included",
    type=TEXT,
    multiple=True,
    metavar="REF",
    help="What if this proposal were active from its term on; repeatable.",
)
@click.option(
    "--without",
    "left_out",
    type=TEXT,
    multiple=True,
    metavar="REF",
    help="What if this agreement ended today; repeatable.",
)
@click.option("--policy", type=TEXT, metavar="FILE|NAME", help="What if this policy were in force.")
@click.option("--renewed", is_flag=True, help="What if every agreement were renewed.")
@click.option(
    "--years",
    type=click.IntRange(1, 30),
    default=5,
    show_default=True,
    metavar="N",
    help="How many years, with this one.",
)
@options.reading
def command(
    settings: Settings,
    *,
    included: tuple[str, ...],
    left_out: tuple[str, ...],
    policy: str | None,
    renewed: bool,
    years: int,
    reading: Reading,
) -> None:
    r"""Forecast places, money, staff and decisions by year.

    As things stand, each agreement ends with its term and none is renewed; what else is assumed is
    said below the figures. What is asked with the options stands beside it, with the difference.

    \b
    What if we signed one and ended another?
      lifecycle forecast --with TOR-2026-014 --without TOR-2019-002
    What would the new policy's cap and budget mean?
      lifecycle forecast --policy draft.toml -o forecast.html
    """
    from cli.runs.forecast import Asked, show_forecast

    show_forecast(settings, reading, Asked(included, left_out, policy, renewed, years))
