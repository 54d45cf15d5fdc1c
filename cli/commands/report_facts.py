"""`lifecycle report facts`: the program in a few figures, and what can't be shown."""

from cli import options
from cli.settings import Reading, Settings


@options.command("facts")
@options.reading
def command(settings: Settings, *, reading: Reading) -> None:
    r"""Report the program's quick facts.

    How many agreements of which type and in which state, the oldest and the newest, the places
    under the cap, what was taken over, the budget and the goals; and which of the facts that the
    report prints of Toronto the record can't show, and why.

    \b
        lifecycle report facts --format md
    """
    from cli.runs.report_facts import report_facts

    report_facts(settings, reading)
