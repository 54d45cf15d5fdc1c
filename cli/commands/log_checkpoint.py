"""`lifecycle log checkpoint`: the newest checkpoint, to keep elsewhere."""

import click

from cli import options
from cli.params import COUNT
from cli.settings import Reading, Settings


@options.command("checkpoint")
@click.argument("size", type=COUNT, required=False, metavar="[SIZE]")
@options.reading
def command(settings: Settings, *, size: int | None, reading: Reading) -> None:
    """Print the newest checkpoint, to keep elsewhere.

    It is the size and the root of the log's tree, signed. Keep it where nobody who runs the
    database can reach it: lifecycle log verify --checkpoint FILE then tells whether anything
    that it covers was changed since. With SIZE, the one of so many lines.
    """
    from cli.runs.log_checkpoint import show_checkpoint

    show_checkpoint(settings, reading, size)
