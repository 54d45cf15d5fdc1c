"""`lifecycle role`: a group of commands on who may do what; alone it lists."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "list": ("cli.commands.role_list", "List who holds which role."),
    "grant": ("cli.commands.role_grant", "Grant somebody a role."),
    "revoke": ("cli.commands.role_revoke", "Revoke somebody's role."),
}

command = LazyGroup(
    "role",
    {"Commands": TABLE},
    default="list",
    help="""List, grant and revoke roles: who may do what.

    staff draft, score, record and carry out; deciders decide, approve and waive; the scheduler runs
    the nightly check; auditors read; admins grant roles, and decide nothing. Whoever has no role
    may read, and nothing else. `lifecycle role` alone lists who holds which.
    """,
)
