"""`lifecycle log`: a group of commands on the transition log; alone it shows it."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "show": (
        "cli.commands.log_show",
        "Show entries: an agreement's, the program's, or all.",
    ),
    "why": ("cli.commands.log_why", "Explain one entry: by what right, under which rules."),
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
