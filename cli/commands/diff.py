"""`lifecycle diff`: what changed between two versions of a document."""

import click

from cli import options
from cli.params import COUNT, TEXT
from cli.settings import Reading, Settings


@options.command("diff")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("first", type=COUNT, required=False, metavar="[N]")
@click.argument("second", type=COUNT, required=False, metavar="[M]")
@options.reading
def command(
    settings: Settings, *, ref: str, first: int | None, second: int | None, reading: Reading
) -> None:
    """Show what changed between two versions of a document.

    Without N and M, the last change; with N, from version N to now; with both, from N to M.
    """
    from cli.runs.diff import diff

    diff(settings, reading, ref, first, second)
