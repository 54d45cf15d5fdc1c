"""`lifecycle db`: a group of commands on the database; alone it checks it."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "check": ("cli.commands.db_check", "Check that the database is whole and agrees with its log."),
    "grants": ("cli.commands.db_grants", "Print the SQL of the roles in a PostgreSQL database."),
    "upgrade": ("cli.commands.db_upgrade", "Upgrade the database to this release."),
}

command = LazyGroup(
    "db",
    {"Commands": TABLE},
    default="check",
    help="""Check or upgrade the database, or say who may do what in it.

    `lifecycle db` alone checks it.
    """,
)
