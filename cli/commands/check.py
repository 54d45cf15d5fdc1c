"""`lifecycle check`: what may be done next with an agreement, and what is missing for it."""

import click

from cli import options
from cli.commands.advance import complete_trigger
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("check")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument(
    "trigger", type=TEXT, required=False, metavar="[TRIGGER]", shell_complete=complete_trigger
)
@options.reading
def command(settings: Settings, *, ref: str, trigger: str | None, reading: Reading) -> int:
    """Check what may be done next, and what is missing for it.

    With a TRIGGER, only that one, and the exit code says whether it may be done: 0 or 1.
    """
    from cli.runs.check import check_one

    return check_one(settings, reading, ref, trigger)
