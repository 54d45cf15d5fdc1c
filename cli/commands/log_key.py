"""`lifecycle log key`: a group of commands on the key that seals; alone it lists."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "list": ("cli.commands.log_key_list", "List the log's public keys."),
    "create": ("cli.commands.log_key_create", "Make the log's first key."),
    "rotate": ("cli.commands.log_key_rotate", "Replace the key; the old one vouches for the new."),
    "export": ("cli.commands.log_key_export", "Print a public key, for auditors to keep."),
}

command = LazyGroup(
    "key",
    {"Commands": TABLE},
    default="list",
    help="""Make, show and replace the key that seals.

    The private key is a file of its owner's alone and never in the database: who could change the
    database could else sign what they like. Its public half goes to auditors, by another way.
    """,
)
