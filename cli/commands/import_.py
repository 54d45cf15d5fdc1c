"""`lifecycle import`: takes over agreements that were signed before, from a CSV file."""

import click

from cli import options
from cli.settings import Settings, Writing


@options.command("import")
@click.argument("file", type=click.Path())
@options.writing
def command(settings: Settings, *, file: str, writing: Writing) -> int:
    r"""Take over agreements from a CSV file.

    For agreements that were signed before the program went live. FILE (`-` is standard input) is
    UTF-8 with commas and a heading; its columns are found by name:

    \b
    needed   partner (or city), country (a name or CN), type, status
             (signed, active or evaluation), signed (1986, 2002-04, 2013-10-03)
    known    title, term_start, term_end, review, owner, source, note

    A row that can't be taken is refused with what is wrong and what to do; the others are taken
    over, all at once. Import the corrected file again: what was taken is not taken twice.
    Exit code: 0 all rows are in, 1 some were refused, 2 the file is no such table.
    """
    if writing.expect_version is not None:
        message = "an import has no version to expect."
        raise click.UsageError(message)
    from cli.runs.import_ import import_file

    return import_file(settings, writing, file)
