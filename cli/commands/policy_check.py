"""`lifecycle policy check`: whether a policy is in order, and what adopting it would change."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("check")
@click.argument("name", type=TEXT, metavar="FILE|NAME")
@options.reading
def command(settings: Settings, *, name: str, reading: Reading) -> int:
    """Check a policy, and what adopting it would change.

    Without a database, only the policy itself is checked. The exit code is 1 where it has errors.
    """
    from cli.runs.policy_check import check_policy

    return check_policy(settings, reading, name)
