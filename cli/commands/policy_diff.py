"""`lifecycle policy diff`: what differs between two policies."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("diff")
@click.argument("first", type=TEXT, metavar="A")
@click.argument("second", type=TEXT, required=False, metavar="[B]")
@options.reading
def command(settings: Settings, *, first: str, second: str | None, reading: Reading) -> None:
    """Show what differs between two policies.

    A and B are each a file, the name of a shipped policy, or the beginning of the digest of one
    that was adopted. Without B, A is compared with the one in force. A key that is left out counts
    as what holds then.
    """
    from cli.runs.policy_diff import diff_policies

    diff_policies(settings, reading, first, second)
