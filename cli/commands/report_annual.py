"""`lifecycle report annual`: what the agreements brought in a year."""

import click

from cli import options
from cli.params import TEXT, YEAR
from cli.settings import Reading, Settings


@options.command("annual")
@click.argument("year", type=YEAR, required=False, metavar="[YEAR]")
@click.argument("ref", type=TEXT, required=False, metavar="[REF]")
@click.option("--trace", is_flag=True, help="With the log entries that each figure follows from.")
@options.reading
def command(
    settings: Settings, *, year: int | None, ref: str | None, trace: bool, reading: Reading
) -> None:
    r"""Report on a year: goals, summary, achievements, new investments.

    Of each agreement that was in force in YEAR (else in last year), or of REF alone:
    the activities agreed and the goals stated for the year, what was done, targets and actuals by
    its end, milestones met, late and overdue, and new investments. What is not on record is told at
    the top; nothing is guessed. MOUs and the like, which take no place under the cap, owe no report
    until they are reclassified.

    \b
        lifecycle report annual 2027 -o report.html
        lifecycle report annual 2027 TOR-2026-003 --trace

    Where the parts come from: `lifecycle record REF annual year=2027 text=...` is the summary, and
    item=goals, achievements or investments states one of the other three.
    """
    from cli.runs.report_annual import report_annual

    report_annual(settings, reading, year, ref, trace=trace)
