"""`lifecycle score`: scores a proposal on the policy's criteria and answers the five factors."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("score")
@click.argument("ref", type=TEXT, required=False, metavar="[REF]")
@click.option("--file", type=click.Path(), metavar="FILE", help="The score sheet; - is stdin.")
@options.writing
def command(settings: Settings, *, ref: str | None, file: str | None, writing: Writing) -> int:
    """Score a proposal on the policy's criteria.

    Without --file, a form opens in your editor, filled in as far as known. Without REF, you
    choose among the proposals that wait for a decision.
    """
    from cli.runs.score import score_one

    return score_one(settings, writing, ref, file)
