"""`lifecycle db`: a group of commands on the database; alone it checks it."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "check": ("cli.commands.db_check", "Check that the database is whole and agrees with its log."),
    "upgrade": ("cli.commands.db_upgrade", "Upgrade the database to this release."),
}

command = LazyGroup(
    "db",
    {"Commands": TABLE},
    default="check",
    help="""Check the database, or upgrade it to this release.

    `lifecycle db` alone checks it.
    """,
)
