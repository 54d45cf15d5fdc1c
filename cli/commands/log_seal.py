"""`lifecycle log seal`: a signed checkpoint that covers every line."""

from pathlib import Path

import click

from cli import options
from cli.settings import Settings


@options.command("seal")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The private key; else as configured ([sealing] key), else where it was made.",
)
@click.option("--dry-run", is_flag=True, help="Say how many lines wait; nothing is stored.")
def command(settings: Settings, *, key_file: Path | None, dry_run: bool) -> int:
    """Sign a checkpoint that covers every line.

    Each nightly check ends with it, and the scheduler does it too. Nothing new means no new
    checkpoint. What it costs follows what is new.
    """
    from cli.runs.log_seal import seal_log

    return seal_log(settings, key_file, dry_run=dry_run)
