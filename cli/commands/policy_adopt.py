"""`lifecycle policy adopt`: puts a policy in force."""

from datetime import date

import click

from cli import options
from cli.params import DAY, TEXT
from cli.settings import Settings, Writing


@options.command("adopt")
@click.argument("name", type=TEXT, metavar="FILE|NAME")
@click.option(
    "--effective",
    type=DAY,
    metavar="DATE",
    help="Its first day; else the one that another decider approved, else today.",
)
@click.option(
    "--on-behalf-of", type=TEXT, metavar="BODY", help="The body that decided (City Council)."
)
@click.option("--item", type=TEXT, help="The body's item, for example EX12.3.")
@options.writing
def command(
    settings: Settings,
    *,
    name: str,
    effective: date | None,
    on_behalf_of: str | None,
    item: str | None,
    writing: Writing,
) -> int:
    """Adopt a policy: from then on it judges.

    Two deciders do it with the same command: the first one approves it, the second one puts it in
    force. `lifecycle policy check FILE` tells beforehand what that would change.
    """
    from cli.runs.policy_adopt import Adopting, adopt_policy

    act = Adopting(name, effective, on_behalf_of, item)
    return adopt_policy(settings, writing, act)
