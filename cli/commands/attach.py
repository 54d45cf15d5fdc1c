"""`lifecycle attach`: keeps files with an agreement."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing

KINDS = ("signed", "resolution", "endorsement", "evidence", "letter")


@options.command("attach")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("files", type=click.Path(), nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="evidence",
    show_default=True,
    metavar="KIND",
    help="signed, resolution, endorsement, evidence or letter.",
)
@click.option("--public", is_flag=True, help="It may be published; else it never is.")
@options.writing
def command(
    settings: Settings,
    *,
    ref: str,
    files: tuple[str, ...],
    kind: str,
    public: bool,
    writing: Writing,
) -> int:
    """Attach files to an agreement, all or none.

    They are kept in the database, so that a backup has them too. The policy says how large they
    may be, how many, and of which kind of file. `lifecycle show REF --attachments` lists them. The
    same file again is unchanged; with another kind or mark, the last one holds.
    """
    from cli.runs.attach import attach_files

    return attach_files(settings, writing, ref, files, (kind, public))
