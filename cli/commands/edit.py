"""`lifecycle edit`: an agreement's document in the user's editor."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("edit")
@click.argument("ref", type=TEXT, metavar="REF")
@options.writing
def command(settings: Settings, *, ref: str, writing: Writing) -> int:
    """Edit an agreement's document in your editor.

    The editor is VISUAL, else EDITOR. What you write is never lost: where it can't be taken, you
    are told why and may open it again.
    """
    from cli.runs.edit import edit

    return edit(settings, writing, ref)
