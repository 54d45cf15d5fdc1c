"""`lifecycle policy`: a group of commands on policies; alone it shows the one in force."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "show": ("cli.commands.policy_show", "Show a policy; else the one in force."),
    "list": ("cli.commands.policy_list", "List the policies that ship and those adopted."),
    "diff": ("cli.commands.policy_diff", "Show what differs between two policies."),
    "check": ("cli.commands.policy_check", "Check a policy, and what adopting it would change."),
    "adopt": ("cli.commands.policy_adopt", "Adopt a policy: from then on it judges."),
}

command = LazyGroup(
    "policy",
    {"Commands": TABLE},
    default="show",
    help="""Show, compare, check and adopt policies.

    A policy is a program's rules as one TOML file. `lifecycle policy` alone shows the one in force.
    """,
)
