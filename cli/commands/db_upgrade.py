"""`lifecycle db upgrade`: brings an older database to this release's form."""

from cli import options
from cli.settings import Settings


@options.command("upgrade")
def command(settings: Settings) -> None:
    """Upgrade the database to this release.

    Back it up first: lifecycle db backup FILE. Nothing is changed if any step fails.
    """
    from cli.runs.db_upgrade import upgrade_database

    upgrade_database(settings)
