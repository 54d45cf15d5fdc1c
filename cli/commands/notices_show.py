"""`lifecycle notices show`: what a digest says."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("show")
@click.argument("digest", type=TEXT, metavar="ID")
@options.reading
def command(settings: Settings, *, digest: str, reading: Reading) -> None:
    """Show what a digest says.

    ID is what `lifecycle notices` shows, or the beginning of it.
    """
    from cli.runs.notices_list import show_notice

    show_notice(settings, reading, digest)
