"""`lifecycle amend`: what both sides newly agreed on."""

import click

from cli import options
from cli.acting import Acting, acting
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("amend")
@click.argument("ref", type=TEXT, metavar="REF")
@click.option("--file", type=click.Path(), metavar="FILE", help="The whole document; - is stdin.")
@acting(files=True)
@options.writing
def command(
    settings: Settings, *, ref: str, file: str | None, acting: Acting, writing: Writing
) -> int:
    """Amend what was agreed on, after both sides newly agreed.

    The document is the one that `lifecycle show REF --document` prints, with what changes changed;
    without --file, it opens in your editor. --dry-run shows the difference.

    Who writes an amendment does not decide on it. Somebody else approves exactly this file
    (lifecycle approve REF amend --file FILE), then it is amended with the same file. What signing
    asks for must hold again.
    """
    from cli.runs.amend import amend_one

    return amend_one(settings, writing, ref, file, acting)
