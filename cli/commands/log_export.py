"""`lifecycle log export`: the log as a folder that proves itself, or in a format of other tools."""

import click

from cli import options
from cli.settings import Settings

FORMS = ("csv", "jsonl", "xes", "pnml")


@options.command("export")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path())
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
@click.option("--dry-run", is_flag=True, help="DIR: say what would be in it, and write nothing.")
def command(
    settings: Settings,
    *,
    folder: str | None,
    form: str | None,
    output: str | None,
    all_events: bool,
    dry_run: bool,
) -> None:
    r"""Export the log for auditors' own tools.

    As a folder that can be verified without this program, or in a format. DIR is made, or has
    to be empty. It holds every line that a checkpoint covers and all that lines cite, documents
    and reasons too, with checkpoints, proofs, and a verify.py that needs Python and openssl
    alone: python3 verify.py --key KEY.pub DIR. Whoever verifies it needs the public key from
    elsewhere (lifecycle log key export). A format has every line, sealed or not:

    \b
    csv    a row each line, every key a column; safe to open in a spreadsheet
    jsonl  the lines themselves, byte for byte (JSON Lines)
    xes    a trace each agreement, an event each step (IEEE 1849), for process mining
    pnml   the lifecycle as a Petri net (ISO/IEC 15909-2), on which the xes log replays

    No reason, document or other text that stands beside a line is in one of these.
    """
    from cli.runs.log_export import export_bundle, export_log

    if folder is None and not dry_run:
        export_log(settings, form, output, every=all_events)
        return
    if folder is None or form or output or all_events:
        message = "DIR is written in its own form: it goes with --dry-run, and with nothing else."
        raise click.UsageError(message)
    export_bundle(settings, folder, dry_run=dry_run)
