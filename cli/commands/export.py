"""`lifecycle export`: what other programs take in."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings

FORMS = ("ics",)


@options.command("export")
@click.option(
    "--format", "form", type=click.Choice(FORMS), metavar="FORMAT", help="ics; else by the ending."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write it to FILE, whole or not at all; else to standard output.",
)
@click.option("--owner", type=TEXT, metavar="NAME", help="Only what this person owns.")
def command(settings: Settings, *, form: str | None, output: str | None, owner: str | None) -> None:
    """Export the dates of agreements as a calendar feed.

    ics is an iCalendar file (RFC 5545): ends of terms, decisions and reviews, milestones, and what
    else the nightly check watches, one all-day event each. Written anew to the same FILE each
    night, it is a feed that calendars subscribe to; an event that has moved moves there.
    """
    from cli.runs.export import export

    export(settings, form, output, owner)
