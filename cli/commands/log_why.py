"""`lifecycle log why`: why an attempt ended as it did."""

import click

from cli import options
from cli.params import COUNT, TEXT
from cli.settings import Reading, Settings


@options.command("why")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("n", type=COUNT, required=False, metavar="[N]")
@options.reading
def command(settings: Settings, *, ref: str, n: int | None, reading: Reading) -> None:
    """Show why an attempt ended as it did, guard by guard.

    N is the entry's number; else the last transition or refusal.
    """
    from cli.runs.log_why import show_why

    show_why(settings, reading, ref, n)
