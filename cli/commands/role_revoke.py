"""`lifecycle role revoke`: somebody may no longer do what a role may."""

import click

from cli import options
from cli.commands.role_grant import complete_role
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("revoke")
@click.argument("name", type=TEXT, metavar="NAME")
@click.argument("role", type=TEXT, metavar="ROLE", shell_complete=complete_role)
@options.writing
def command(settings: Settings, *, name: str, role: str, writing: Writing) -> int:
    """Revoke somebody's role.

    What they approved or waived and nobody has carried out yet stands no more, even if the role
    is granted again. The last admin's role is not revoked.
    """
    from cli.runs.role_revoke import revoke

    return revoke(settings, writing, name, role)
