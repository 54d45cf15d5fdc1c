"""`lifecycle log key rotate`: another key in place of the log's."""

from pathlib import Path

import click

from cli import options
from cli.settings import Settings, Writing

_FILE = click.Path(path_type=Path, dir_okay=False)


@options.command("rotate")
@click.option(
    "--new-key-file",
    type=_FILE,
    required=True,
    metavar="FILE",
    help="Where the new private key is written.",
)
@click.option(
    "--key-file", type=_FILE, metavar="FILE", help="The present private key; else as configured."
)
@click.option("--lost", is_flag=True, help="The present key is lost: nobody vouches for the new.")
@options.writing
def command(
    settings: Settings,
    *,
    new_key_file: Path,
    key_file: Path | None,
    lost: bool,
    writing: Writing,
) -> int:
    """Replace the key; the old one vouches for the new.

    The old key's last checkpoint names the new one, and both sign it: whoever has the old public
    key can go on to the new one. After that only the new one counts. If the key is lost or was
    stolen, --lost makes another one that nobody vouches for; give auditors its public key.
    """
    from cli.runs.log_key_change import rotate

    return rotate(settings, writing, new_key_file, key_file, lost=lost)
