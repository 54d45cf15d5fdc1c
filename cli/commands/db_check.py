"""`lifecycle db check`: whether the database is whole and agrees with its log."""

from cli import options
from cli.settings import Reading, Settings


@options.command("check")
@options.reading
def command(settings: Settings, *, reading: Reading) -> int:
    """Check that the database is whole and agrees with its log.

    The exit code is 1 where anything is found.
    """
    from cli.runs.db_check import check_database

    return check_database(settings, reading)
