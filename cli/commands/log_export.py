"""`lifecycle log export`: the log in formats that auditors' own tools read."""

import click

from cli import options
from cli.settings import Settings

FORMS = ("csv", "jsonl", "xes", "pnml")


@options.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    metavar="FORMAT",
    help="csv, jsonl, xes or pnml; else by the file's ending.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write it to FILE, whole or not at all; else to standard output.",
)
@click.option(
    "--all-events",
    is_flag=True,
    help="xes: edits, refusals and the program's own entries too; that no longer replays.",
)
def command(settings: Settings, *, form: str | None, output: str | None, all_events: bool) -> None:
    r"""Export the whole log in a format that auditors' tools read.

    \b
    csv    a row each line, every key a column; safe to open in a spreadsheet
    jsonl  the lines themselves, byte for byte (JSON Lines)
    xes    a trace each agreement, an event each step (IEEE 1849), for process mining
    pnml   the lifecycle as a Petri net (ISO/IEC 15909-2), on which the xes log replays

    No reason, document or other text that stands beside a line is in them.
    """
    from cli.runs.log_export import export_log

    export_log(settings, form, output, every=all_events)
