"""`lifecycle show`: one agreement, where it stands and what comes next."""

import click

from cli import options
from cli.params import COUNT, TEXT
from cli.settings import Reading, Settings


@options.command("show")
@click.argument("ref", type=TEXT, metavar="REF")
@click.option("--document", is_flag=True, help="Its document as TOML, to edit and apply.")
@click.option("--records", is_flag=True, help="The records that stand beside it.")
@click.option("--version", type=COUNT, metavar="N", help="As it was at version N.")
@click.option("--term", type=COUNT, metavar="N", help="As it was in term N.")
@options.reading
def command(
    settings: Settings,
    *,
    ref: str,
    document: bool,
    records: bool,
    version: int | None,
    term: int | None,
    reading: Reading,
) -> None:
    """Show one agreement, what comes next and what is missing.

    REF is a reference or its beginning, a partner's name or words of the title. --version and
    --term show the document of then.
    """
    from cli.runs.show import Part, show

    if records and (document or version or term):
        message = "--records stands alone: it is another answer than the document."
        raise click.UsageError(message)
    if version is not None and term is not None:
        message = "--version and --term exclude each other."
        raise click.UsageError(message)
    show(settings, reading, ref, Part(document and term is None, records, version, term))
