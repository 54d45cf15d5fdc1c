"""`lifecycle log prove`: proofs as files."""

from pathlib import Path

import click

from cli import options
from cli.params import COUNT, TEXT
from cli.settings import Reading, Settings


@options.command("prove")
@click.argument("ref", type=TEXT, required=False, metavar="[REF]")
@click.argument("n", type=COUNT, required=False, metavar="[N]")
@click.option(
    "--since",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="A checkpoint that was kept: prove that the log only grew since.",
)
@options.reading
def command(
    settings: Settings, *, ref: str | None, n: int | None, since: Path | None, reading: Reading
) -> None:
    r"""Prove what is in the log, or that it only grew.

    The proof of an entry has the entry itself and the newest checkpoint in it: a receipt that its
    holder can check without the database. REF and N name the entry; the program's code in place of
    REF means its own entries, and without N the newest entry that is sealed is meant.

    \b
    lifecycle log prove TOR-2026-003 5 -o entry.tlog-proof
    lifecycle log prove --since kept.checkpoint -o since.proof
    lifecycle log verify entry.tlog-proof --key city.pub
    """
    from cli.runs.log_prove import prove

    prove(settings, reading, ref, n, since)
