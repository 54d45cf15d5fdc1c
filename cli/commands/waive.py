"""`lifecycle waive`: lets one unmet condition pass, for one step at one version."""

import click

from cli import options
from cli.commands.advance import complete_trigger
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("waive")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("condition", type=TEXT, metavar="GUARD:CODE[:FIELD]")
@click.option(
    "--for",
    "trigger",
    type=TEXT,
    metavar="TRIGGER",
    required=True,
    shell_complete=complete_trigger,
    help="The step that it is waived for.",
)
@options.writing
def command(settings: Settings, *, ref: str, condition: str, trigger: str, writing: Writing) -> int:
    r"""Waive one unmet condition for one step.

    \b
        lifecycle waive TOR-2026-003 endorsed:endorsement.missing --for sign -m "Moved to May"

    `lifecycle check REF` shows each condition's code. The policy says who waives and which guards
    may be waived; what SMART asks for never is. It needs a reason (-m), holds for this version of
    the agreement alone, and does not count when its giver decides or approves that step.
    """
    from cli.runs.waive import waive_one

    return waive_one(settings, writing, ref, condition, trigger)
