"""`lifecycle notices retry`: sends now what waits, was given up or is held."""

import click

from cli import options
from cli.settings import Settings


@options.command("retry")
@click.option("--yes", is_flag=True, help="Send what is held since a restore, too.")
def command(settings: Settings, *, yes: bool) -> int:
    """Send now what waits, was given up or is held.

    For staff, admins and the scheduler. Digests that are held since the database was restored may
    have been sent before; whether they go out is asked first. None that is older than 14 days is
    sent. Exit code: 0 all sent, 1 some are not, 2 mail is not set up.
    """
    from cli.runs.notices_retry import retry

    return retry(settings, yes=yes)
