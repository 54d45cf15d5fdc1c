"""`lifecycle notices list`: the latest digests and what became of them."""

import click

from cli import options
from cli.settings import Reading, Settings


@options.command("list")
@click.option("--all", "everything", is_flag=True, help="All of them, not the latest 20 alone.")
@options.reading
def command(settings: Settings, *, everything: bool, reading: Reading) -> None:
    """List the latest digests and what became of them.

    waiting: it is sent at the time that is named, or after the next nightly check. failed: it was
    given up after a week. held: it waits for somebody to let it go, after a restore. expired: it
    was not sent within 14 days. Who has no address is named below.
    """
    from cli.runs.notices_list import list_notices

    list_notices(settings, reading, everything=everything)
