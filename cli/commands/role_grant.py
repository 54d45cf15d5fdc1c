"""`lifecycle role grant`: somebody may do what a role may."""

from datetime import date

import click
from click.shell_completion import CompletionItem

from cli import options
from cli.params import DAY, TEXT
from cli.settings import Settings, Writing


def complete_role(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the roles that begin so, for shells."""
    from states.vocabulary import Role

    return [CompletionItem(word) for word in Role if word.startswith(begun)]


@options.command("grant")
@click.argument("name", type=TEXT, metavar="NAME")
@click.argument("role", type=TEXT, metavar="ROLE", shell_complete=complete_role)
@click.option("--until", type=DAY, metavar="DATE", help="The last day of it; else without end.")
@options.writing
def command(
    settings: Settings, *, name: str, role: str, until: date | None, writing: Writing
) -> int:
    """Grant somebody a role.

    NAME is the name under which they act, as `lifecycle log` shows it. ROLE is staff, decider,
    auditor, admin or scheduler; admin and auditor are held alone. Granting a role that is held
    moves its last day. An admin grants; nobody grants themselves anything.
    """
    from cli.runs.role_grant import grant

    return grant(settings, writing, name, role, until)
