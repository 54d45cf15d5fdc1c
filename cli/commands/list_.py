"""`lifecycle list`: the agreements, one a line."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("list")
@click.option("--state", type=TEXT, help="Only agreements in this state.")
@click.option("--type", "kind", type=TEXT, metavar="TYPE", help="Only agreements of this type.")
@options.reading
@options.of_the_past
def command(settings: Settings, *, state: str | None, kind: str | None, reading: Reading) -> None:
    """List the agreements.

    DUE is the next day on which something happens or is owed, and what; a day that has passed is
    marked.

    With --as-of or --recorded-by, the agreements as they were on a day that has passed.
    """
    from cli.runs.list_ import list_agreements

    list_agreements(settings, reading, state, kind)
