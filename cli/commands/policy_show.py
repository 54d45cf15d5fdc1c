"""`lifecycle policy show`: the text of a policy."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("show")
@click.argument("name", type=TEXT, required=False, metavar="[NAME]")
@options.reading
@options.of_the_past
def command(settings: Settings, *, name: str | None, reading: Reading) -> None:
    """Show a policy; else the one in force.

    NAME is that of a shipped policy, or the beginning of the digest of one that was adopted.
    With --as-of or --recorded-by and no NAME, the one that was in force then.
    """
    from cli.runs.policy_show import show_policy

    show_policy(settings, reading, name)
