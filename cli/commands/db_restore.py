"""`lifecycle db restore`: makes a database of a backup, where there is none yet."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("restore")
@click.argument("file", metavar="FILE", type=click.Path())
@click.option(
    "--sha256", type=TEXT, metavar="DIGEST", help="Refuse FILE unless it has this SHA-256."
)
@click.option(
    "--despite-findings", is_flag=True, help="Restore FILE though it disagrees with its own log."
)
@options.writing
def command(
    settings: Settings, file: str, sha256: str | None, *, despite_findings: bool, writing: Writing
) -> int:
    r"""Restore a backup where there is no database yet.

    For SQLite, --db names a path at which there is nothing; for PostgreSQL, an empty database.
    The backup is looked at first, upgraded to this release and replayed; if anything is wrong,
    nothing is left behind. Each program in it writes down from which backup it goes on, and who
    restored it; what was recorded after the backup is not in it.

    \b
    lifecycle --db /srv/city/lifecycle.db db restore /srv/backups/lifecycle-2027-03-01.db
    """
    from cli.runs.db_restore import Wanted, restore_database

    return restore_database(settings, writing, Wanted(file, sha256, despite=despite_findings))
