"""`lifecycle init`: makes a database, with a policy in force."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("init")
@click.option("--sandbox", is_flag=True, help="For learning, rehearsal and tests; takes --today.")
@click.option(
    "--policy",
    "named",
    type=TEXT,
    metavar="FILE|NAME",
    help="The policy to adopt: a file, or a shipped one. [toronto-2018]",
)
@click.option(
    "--admin",
    type=TEXT,
    metavar="NAME",
    help="Who grants roles, and decides nothing; else you. In a sandbox: else nobody.",
)
@options.writing
def command(
    settings: Settings, *, sandbox: bool, named: str | None, admin: str | None, writing: Writing
) -> int:
    """Make a database and adopt a policy.

    The database is made where --db says, else as configured, else in your data directory.
    `lifecycle policy list` shows the policies that ship with the program. In a sandbox everybody
    has every role until the first is granted.
    """
    from cli.runs.init import Founding, found

    return found(settings, Founding(named, admin, sandbox=sandbox), writing)
