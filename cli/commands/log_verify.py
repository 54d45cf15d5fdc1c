"""`lifecycle log verify`: whether anything was changed or cut off."""

from pathlib import Path

import click

from cli import options
from cli.settings import Reading, Settings

_FILE = click.Path(path_type=Path, dir_okay=False)


@options.command("verify")
@click.argument("what", type=click.Path(path_type=Path), required=False, metavar="[PATH]")
@click.option(
    "--checkpoint",
    "checkpoints",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="A checkpoint that you kept: is all that it covers still as it was? May be repeated.",
)
@click.option("--key", type=_FILE, metavar="FILE", help="The public key that you were given.")
@click.option(
    "--seals-only", is_flag=True, help="Chains, tree and signatures alone; nothing is replayed."
)
@options.reading
def command(
    settings: Settings,
    *,
    what: Path | None,
    checkpoints: tuple[Path, ...],
    key: Path | None,
    seals_only: bool,
    reading: Reading,
) -> int:
    """Verify that nothing was changed or cut off.

    Each line's form, number and place in its chain; the tree over all lines, its checkpoints and
    their signatures; that replaying the lines gives exactly the current rows; that each transition
    was legal, and each guard's result is what the rules then in force give.

    With --checkpoint it is held against what you kept yourself, with --key against the key that you
    were given; without a key it trusts the database's own, and says so. PATH is an exported bundle
    or a proof, which is verified without a database. The exit code is 1 where anything is found.
    """
    from cli.runs.log_verify import Brought, verify_log

    return verify_log(settings, reading, what, Brought(checkpoints, key, seals_only=seals_only))
