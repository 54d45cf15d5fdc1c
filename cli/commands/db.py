"""`lifecycle db`: a group of commands on the database; alone it checks it."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "backup": ("cli.commands.db_backup", "Back the whole database up into a file."),
    "check": ("cli.commands.db_check", "Check that the database is whole and agrees with its log."),
    "grants": ("cli.commands.db_grants", "Print the SQL of the roles in a PostgreSQL database."),
    "restore": ("cli.commands.db_restore", "Restore a backup where there is no database yet."),
    "upgrade": ("cli.commands.db_upgrade", "Upgrade the database to this release."),
}

command = LazyGroup(
    "db",
    {"Commands": TABLE},
    default="check",
    help="""Check, back up, restore or upgrade the database.

    `lifecycle db` alone checks it.
    """,
)
