"""`lifecycle partner list`: who the partners are, on both sides."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("list")
@click.argument("text", type=TEXT, required=False, metavar="[TEXT]")
@click.option("--side", type=click.Choice(("home", "partner")), help="Of this side only.")
@click.option("--kind", type=TEXT, metavar="KIND", help="Of this kind only, for example museum.")
@click.option(
    "--country", type=TEXT, metavar="COUNTRY", help="Of this country only, by name or code."
)
@click.option("--alternative", is_flag=True, help="Only those that are no city and no region.")
@options.reading
def command(
    settings: Settings,
    *,
    text: str | None,
    side: str | None,
    kind: str | None,
    country: str | None,
    alternative: bool,
    reading: Reading,
) -> None:
    r"""List the partners on both sides.

    Every party of every agreement, with what kind it is, why it was chosen, how many agreements it
    is party to, and since when. With TEXT, those who have it in a name, an alias or a metro.

    \b
        lifecycle partner list --alternative --country CN
        lifecycle partner list -o partners.xlsx
    """
    from cli.runs.partner_list import Narrowing, list_partners

    list_partners(settings, reading, Narrowing(text, side, kind, country, alternative))
