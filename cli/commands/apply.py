"""`lifecycle apply`: makes whole documents those of their agreements, all or none."""

import click

from cli import options
from cli.settings import Settings, Writing


@options.command("apply")
@click.argument("files", type=click.Path(), nargs=-1, required=True, metavar="FILE...")
@options.writing
def command(settings: Settings, *, files: tuple[str, ...], writing: Writing) -> int:
    """Apply whole documents from files, all or none.

    A document with `ref` becomes that agreement's; with `version` it is refused if somebody else
    changed the agreement meanwhile. One without `ref` is proposed. A key left out is removed;
    --dry-run shows the difference. `-` is standard input.
    """
    from cli.runs.apply import apply_files

    return apply_files(settings, writing, files)
