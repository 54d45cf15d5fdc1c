"""`lifecycle portfolio`: a group of commands on all agreements together; alone it shows them."""

from cli.lazy import LazyGroup, Table

TABLE: Table = {
    "show": ("cli.commands.portfolio_show", "Show the portfolio on one screen."),
    "budget": (
        "cli.commands.portfolio_budget",
        "Show the budget by year, what is free, and what closes a gap.",
    ),
    "worklist": (
        "cli.commands.portfolio_worklist",
        "List what is to be reclassified or sunset, and how that goes on.",
    ),
    "review": (
        "cli.commands.portfolio_review",
        "Review the portfolio: keep, reclassify or sunset each agreement.",
    ),
}

command = LazyGroup(
    "portfolio",
    {"Commands": TABLE},
    default="show",
    help="""Look at the whole portfolio, and review it.

    `lifecycle portfolio` alone shows it on one screen: what is in force, places, money, what is
    late, and what is to be decided this month. The report wants memoranda of understanding gone:
    each is reclassified or sunset. `lifecycle portfolio worklist` lists what is left of them, and
    tells by date how fast that shrinks. `lifecycle portfolio budget` tells what of each year's
    money is free, and what closes a gap. `lifecycle portfolio review` goes through all of it and
    keeps, reclassifies or sunsets each.
    """,
)
