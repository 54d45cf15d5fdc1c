"""`lifecycle portfolio worklist`: what is to be reclassified or sunset, and how that goes on."""

from cli import options
from cli.settings import Reading, Settings


@options.command("worklist")
@options.reading
def command(settings: Settings, *, reading: Reading) -> None:
    r"""List what is to be reclassified or sunset, and how that goes on.

    On the worklist is every agreement in force of a type that the policy only takes over: neither
    made nor reclassified into, like an MOU. Each stays until it is reclassified or sunset, outside
    of cap and reporting.

    A type is suggested by what the agreement states: words that the policy gives to a type
    (`serves`), an endorsement, the City's money and staff. What that type would still ask for is
    told. Where nothing is stated, no type is guessed.

    The burn-down counts by the end of each month (later: quarter, year) from the log, and says when
    the worklist is empty at the pace of the last twelve months.

    \b
        lifecycle portfolio worklist
        lifecycle portfolio worklist -o worklist.xlsx
    """
    from cli.runs.portfolio_worklist import show_worklist

    show_worklist(settings, reading)
