"""`lifecycle notices`: a group of commands on the digests that people are sent; alone it lists."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "list": ("cli.commands.notices_list", "List the latest digests and what became of them."),
    "show": ("cli.commands.notices_show", "Show what a digest says."),
    "retry": ("cli.commands.notices_retry", "Send now what waits, was given up or is held."),
    "test": ("cli.commands.notices_test", "Send a test message, or say exactly why that fails."),
}

command = LazyGroup(
    "notices",
    {"Commands": TABLE},
    default="list",
    help="""Look at the digests that people are sent, or send them.

    Each night everybody who has something to act on or to know gets one digest. What was not sent
    waits and is tried again after each nightly check, for a week. `lifecycle notices` alone lists
    the latest; docs/operations.md says how mail is set up.
    """,
)
