"""`lifecycle db backup`: backs the whole database up into one file."""

import click

from cli import options
from cli.settings import Settings


@options.command("backup")
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--yes", is_flag=True, help="Write over FILE, if it is there.")
def command(settings: Settings, file: str, *, yes: bool) -> int:
    r"""Back the whole database up into a file.

    Others go on working meanwhile; the backup is of one moment. It holds everything that is in
    the database, attached files too, and is read back before it gets its name. An SQLite database
    is copied, a PostgreSQL database dumped by pg_dump (looked for on the PATH, or in the folder
    that LIFECYCLE_PG_BIN names).

    The exit code is 1 where the backup was made and the database is not in order.

    \b
    lifecycle db backup /srv/backups/lifecycle-$(date +%F).db
    """
    from cli.runs.db_backup import back_up_database

    return back_up_database(settings, file, yes=yes)
