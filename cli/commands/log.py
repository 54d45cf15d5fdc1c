"""`lifecycle log`: a group of commands on the transition log; alone it shows it."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "show": (
        "cli.commands.log_show",
        "Show entries: an agreement's, the program's, or all.",
    ),
    "why": ("cli.commands.log_why", "Explain one entry: by what right, under which rules."),
    "verify": ("cli.commands.log_verify", "Verify that nothing was changed or cut off."),
    "seal": ("cli.commands.log_seal", "Sign a checkpoint that covers every line."),
    "checkpoint": (
        "cli.commands.log_checkpoint",
        "Print the newest checkpoint, to keep elsewhere.",
    ),
    "prove": ("cli.commands.log_prove", "Prove what is in the log, or that it only grew."),
    "key": ("cli.commands.log_key", "Make, show and replace the key that seals."),
    "export": ("cli.commands.log_export", "Export the log for auditors' own tools."),
    "erase": ("cli.commands.log_erase", "Erase what people wrote, and leave every check valid."),
    "replay": (
        "cli.commands.log_replay",
        "Replay the log against the current rows, or under other rules.",
    ),
}

command = LazyGroup(
    "log",
    {"Commands": TABLE},
    default="show",
    help="""Read, verify, seal and export the log.

    `lifecycle log REF` is `lifecycle log show REF`. Seals are signed checkpoints: whoever keeps one
    elsewhere can tell later that nothing was changed or cut off.
    """,
)
