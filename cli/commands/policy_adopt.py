"""`lifecycle policy adopt`: puts a policy in force."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("adopt")
@click.argument("name", type=TEXT, metavar="FILE|NAME")
@options.writing
def command(settings: Settings, *, name: str, writing: Writing) -> int:
    """Adopt a policy: from then on it judges.

    `lifecycle policy check FILE` tells beforehand what that would change.
    """
    from cli.runs.policy_adopt import adopt_policy

    return adopt_policy(settings, writing, name)
