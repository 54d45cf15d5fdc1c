"""`lifecycle log why`: one entry in full."""

import click

from cli import options
from cli.params import COUNT, TEXT
from cli.settings import Reading, Settings


@options.command("why")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("n", type=COUNT, required=False, metavar="[N]")
@click.option("--document", is_flag=True, help="With the whole document as it was.")
@options.reading
def command(
    settings: Settings, *, ref: str, n: int | None, document: bool, reading: Reading
) -> None:
    """Explain one entry: by what right, under which rules.

    REF is an agreement, or the program's code for the program's own entries. N is the entry's
    number; else the last transition or refusal, of the program its last entry.

    Everything is as it was when the entry was recorded: each guard with its result and what it
    asks, the role held and who had granted it, the approval and the waivers behind it, the policy,
    what changed of the document, and whether a seal covers it. Nothing is judged anew.
    """
    from cli.runs.log_why import show_why

    show_why(settings, reading, ref, n, document=document)
