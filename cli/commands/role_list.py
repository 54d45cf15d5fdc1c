"""`lifecycle role list`: who holds which role, since when, and who granted it."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("list")
@click.argument("name", type=TEXT, required=False, metavar="[NAME]")
@options.reading
@options.of_the_past
def command(settings: Settings, *, name: str | None, reading: Reading) -> None:
    """List who holds which role.

    With NAME, only that person's. A role whose last day has passed is marked.

    With --as-of or --recorded-by, who held which on a day that has passed.
    """
    from cli.runs.role_list import list_roles

    list_roles(settings, reading, name)
