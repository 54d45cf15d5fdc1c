"""`lifecycle partner`: a group of commands on who the partners are; alone it lists."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "list": ("cli.commands.partner_list", "List the partners on both sides."),
    "show": ("cli.commands.partner_show", "Show everything about one partner."),
    "alias": ("cli.commands.partner_alias", "Give a partner another name, or take one away."),
}

command = LazyGroup(
    "partner",
    {"Commands": TABLE},
    default="list",
    help="""List and show partners, and give them other names.

    Who is a partner follows from the parties of all agreements: those of one country whose names
    are spelt alike, or of whom a document says so by an alias, are one. `lifecycle partner` alone
    lists them.
    """,
)
