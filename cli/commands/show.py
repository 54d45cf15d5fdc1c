"""`lifecycle show`: one agreement, where it stands and what comes next."""

import click

from cli import options
from cli.params import COUNT, TEXT
from cli.settings import Reading, Settings


@options.command("show")
@click.argument("ref", type=TEXT, metavar="REF")
@click.option("--document", is_flag=True, help="Its document as TOML, to edit and apply.")
@click.option("--records", is_flag=True, help="The records that stand beside it.")
@click.option("--attachments", is_flag=True, help="The files that are attached to it.")
@click.option("--attachment", type=COUNT, metavar="N", help="The file of line N, with -o FILE.")
@click.option("--version", type=COUNT, metavar="N", help="As it was at version N.")
@click.option("--term", type=COUNT, metavar="N", help="As it was in term N.")
@click.option("--yes", is_flag=True, help="Write over a FILE that is there.")
@options.reading
@options.of_the_past
def command(
    settings: Settings,
    *,
    ref: str,
    document: bool,
    records: bool,
    attachments: bool,
    attachment: int | None,
    version: int | None,
    term: int | None,
    yes: bool,
    reading: Reading,
) -> None:
    """Show one agreement, what comes next and what is missing.

    REF is a reference or its beginning, a partner's name or words of the title. --version and
    --term show the document of then. --attachment writes an attached file as it was attached.

    --as-of shows what was true on a day that has passed: what was taken back since is left out,
    what was corrected since is as corrected. --recorded-by shows what stood in the record at its
    end, mistakes included; both together, what was then thought true of an earlier day. What comes
    next is asked of today only.
    """
    then = bool(document or version or term)
    if records + attachments + (attachment is not None) + then > 1:
        message = "--records, --attachments and --attachment stand alone, each another answer."
        raise click.UsageError(message)
    if version is not None and term is not None:
        message = "--version and --term exclude each other."
        raise click.UsageError(message)
    if attachment is not None:
        if reading.of_the_past:
            message = "--attachment is the file of a line, the same on any day; leave the day out."
            raise click.UsageError(message)
        from cli.runs.show_attachment import Target, save_attachment

        save_attachment(settings, ref, attachment, Target(reading, yes=yes))
        return
    from cli.runs.show import Part, show

    part = Part(document and term is None, records, version, term, attachments)
    show(settings, reading, ref, part)
