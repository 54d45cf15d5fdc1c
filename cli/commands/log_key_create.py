"""`lifecycle log key create`: the log's first key."""

from pathlib import Path

import click

from cli import options
from cli.settings import Settings, Writing


@options.command("create")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the private key is written; else as configured, else beside an SQLite file, or in"
    " your data folder.",
)
@options.writing
def command(settings: Settings, *, key_file: Path | None, writing: Writing) -> int:
    """Make the log's first key.

    What there is is sealed with it. The private key goes to a file that only you can read (mode
    0600); whoever runs the nightly check needs it. The public key goes to auditors: lifecycle
    log key export. An admin makes it.
    """
    from cli.runs.log_key_change import create

    return create(settings, writing, key_file)
