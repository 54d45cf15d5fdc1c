"""`lifecycle correct`: what the record says wrongly."""

import click

from cli import options
from cli.acting import Acting, acting
from cli.params import COUNT, LONG_TEXT, TEXT
from cli.settings import Settings, Writing


@options.command("correct")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("pairs", type=LONG_TEXT, nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--entry", type=COUNT, metavar="N", help="What line N of its log brought.")
@click.option("--file", type=click.Path(), metavar="FILE", help="What is right; - is stdin.")
@click.option("--void", is_flag=True, help="Retract the record; without --entry, the agreement.")
@click.option("--same-as", type=TEXT, metavar="REF", help="It duplicates this agreement.")
@acting(files=True)
@options.writing
def command(
    settings: Settings,
    *,
    ref: str,
    pairs: tuple[str, ...],
    entry: int | None,
    file: str | None,
    void: bool,
    same_as: str | None,
    acting: Acting,
    writing: Writing,
) -> int:
    r"""Correct what the record says wrongly.

    What was wrong stays on the log, and counts no more.

    \b
    correct REF                         the document says not what was signed
    correct REF --entry N KEY=VALUE...  a record; the keys that are not given stay
    correct REF --entry N --void        a record that should not be there
    correct REF --entry N [--file FILE] the present scores, or evaluation
    correct REF --entry N               the last transition: it is taken back
    correct REF --void [--same-as REF]  an agreement entered in error, or twice

    Without --file, a document or a sheet opens in your editor. A record is staff's to correct.
    Everything else is decided on by somebody who did not write it: they approve exactly this
    (lifecycle approve REF correct, or void), then it is corrected. Taking back and voiding ask
    first; --yes answers.
    """
    from cli.runs.correct import Said, correct_one

    if same_as is not None and (entry is not None or not void):
        message = "--same-as says which agreement one duplicates that is voided: add --void."
        raise click.UsageError(message)
    if entry is None and pairs:
        message = "KEY=VALUE corrects a record: say of which line, with --entry N."
        raise click.UsageError(message)
    if void and (pairs or file):
        message = "--void puts nothing in its place: leave KEY=VALUE and --file out."
        raise click.UsageError(message)
    if pairs and file:
        message = "give KEY=VALUE or --file, but not both."
        raise click.UsageError(message)
    said = Said(entry, pairs, file, void, same_as, acting)
    return correct_one(settings, writing, ref, said)
