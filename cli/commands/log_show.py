"""`lifecycle log show`: the entries of a stream, for people or as the exact lines."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("show")
@click.argument("ref", type=TEXT, required=False, metavar="[REF]")
@click.option("--with-text", is_flag=True, help="With the texts that stand beside the entries.")
@options.reading
def command(settings: Settings, *, ref: str | None, with_text: bool, reading: Reading) -> None:
    """Show the entries of an agreement, or of the program.

    With --json, JSON Lines: each line of the log exactly as it was written. Without REF, the
    program's own entries: policies and runs.
    """
    from cli.runs.log_show import show_log

    show_log(settings, reading, ref, with_text=with_text)
