"""`lifecycle partner show`: everything about one partner."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("show")
@click.argument("name", type=TEXT, metavar="NAME")
@click.option("--country", type=TEXT, metavar="COUNTRY", help="The one of this country.")
@options.reading
def command(settings: Settings, *, name: str, country: str | None, reading: Reading) -> None:
    r"""Show everything about one partner.

    Its agreements by state; what each side owed and what became of it; what every division does
    with it, year by year; the last letters; which alternative partners are engaged and what they
    did. NAME may be an alias, or a part of a name that only one partner has.

    \b
        lifecycle partner show Kyiv
        lifecycle partner show "Board of Trade" -o board.md
    """
    from cli.runs.partner_show import show_partner

    show_partner(settings, reading, name, country)
