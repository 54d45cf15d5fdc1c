"""`lifecycle portfolio show`: the whole portfolio on one screen."""

from cli import options
from cli.settings import Reading, Settings


@options.command("show")
@options.reading
def command(settings: Settings, *, reading: Reading) -> None:
    r"""Show the portfolio on one screen.

    What is in force, the places under the cap, this year's budget, the partnerships that have
    priority, the City's role, what is late, and the decisions that are due this month.

    \b
        lifecycle portfolio -o portfolio.html
    """
    from cli.runs.portfolio_show import show_portfolio

    show_portfolio(settings, reading)
