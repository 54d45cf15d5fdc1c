"""`lifecycle log`: a group of commands on the transition log; alone it shows it."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "show": ("cli.commands.log_show", "Show the entries of an agreement, or of the program."),
    "why": ("cli.commands.log_why", "Show why an attempt ended as it did, guard by guard."),
    "export": (
        "cli.commands.log_export",
        "Export the whole log in a format that auditors' tools read.",
    ),
    "replay": ("cli.commands.log_replay", "Replay the log and compare it with the current rows."),
}

command = LazyGroup(
    "log",
    {"Commands": TABLE},
    default="show",
    help="""Read the transition log, and replay it.

    `lifecycle log REF` is `lifecycle log show REF`.
    """,
)
