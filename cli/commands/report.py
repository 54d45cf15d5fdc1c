"""`lifecycle report`: a group of commands on the whole program; alone it gives quick facts."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "facts": ("cli.commands.report_facts", "Report the program's quick facts."),
    "annual": (
        "cli.commands.report_annual",
        "Report on a year: goals, summary, achievements, new investments.",
    ),
    "consistency": (
        "cli.commands.report_consistency",
        "Report whether like proposals were decided alike.",
    ),
    "requests": (
        "cli.commands.report_requests",
        "Report the requests for partnerships, and what became of them.",
    ),
    "roles": (
        "cli.commands.report_roles",
        "Report the City's role in its agreements, year by year.",
    ),
    "plan": ("cli.commands.report_plan", "Export what a year asks of each division."),
}

command = LazyGroup(
    "report",
    {"Commands": TABLE},
    default="facts",
    help="""Report on the whole program.

    Everything is reckoned from what is on record, and nothing is written. `lifecycle report` alone
    gives the quick facts.
    """,
)
