"""`lifecycle evaluate`: judges a term: the agreement, each project, the value of renewing."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("evaluate")
@click.argument("ref", type=TEXT, metavar="REF")
@click.option("--file", type=click.Path(), metavar="FILE", help="The evaluation; - is stdin.")
@options.writing
def command(settings: Settings, *, ref: str, file: str | None, writing: Writing) -> int:
    """Evaluate the term of an agreement.

    Agreement, projects and the value of renewing are judged apart. Without --file, a form opens
    in your editor, filled in as far as known; what is left blank counts as not judged.
    """
    from cli.runs.evaluate import evaluate_one

    return evaluate_one(settings, writing, ref, file)
