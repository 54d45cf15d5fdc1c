"""`lifecycle score`: scores a proposal on the policy's criteria; alone, it ranks the open ones."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings, Writing


@options.command("score")
@click.argument("ref", type=TEXT, required=False, metavar="[REF]")
@click.option("--file", type=click.Path(), metavar="FILE", help="The score sheet; - is stdin.")
@options.writing
@options.reading
def command(
    settings: Settings, *, ref: str | None, file: str | None, writing: Writing, reading: Reading
) -> int:
    r"""Score a proposal, or without REF rank all that are open.

    Without --file, a form opens in your editor, filled in as far as known.

    Without REF, all proposals that wait for a decision stand side by side: weighted total, each
    score, what lacks, priorities served, days since received. Ranked are those that were scored on
    the criteria in force, every mandatory one included; equal totals share a rank. For example:

    \b
        lifecycle score TOR-2026-003 --file scores.toml
        lifecycle score -o ranking.xlsx
    """
    if ref is None:
        if file is not None or writing != Writing():
            message = "Missing argument 'REF': without it, score only reads."
            raise click.UsageError(message, click.get_current_context())
        from cli.runs.score import rank_all

        return rank_all(settings, reading)
    if reading != Reading():
        message = "-o and --format are for score without REF; scoring answers with a receipt."
        raise click.UsageError(message)
    from cli.runs.score import score_one

    return score_one(settings, writing, ref, file)
