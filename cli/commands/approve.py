"""`lifecycle approve`: a decider's assent to one deed, which somebody else then carries out."""

from datetime import date

import click
from click.shell_completion import CompletionItem

from cli import options
from cli.params import COUNT, DAY, TEXT
from cli.settings import Settings, Writing


def complete_deed(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return what a decider may approve, as far as it begins so, for shells."""
    from states.deeds import APPROVABLE

    return [CompletionItem(word) for word in APPROVABLE if word.startswith(begun)]


@options.command("approve")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("word", type=TEXT, metavar="TRIGGER", shell_complete=complete_deed)
@click.option(
    "--file", type=click.Path(), metavar="FILE", help="What will be written, to the letter."
)
@click.option("--entry", type=COUNT, metavar="N", help="The line that is corrected.")
@click.option("--same-as", type=TEXT, metavar="REF", help="The agreement that REF duplicates.")
@click.option("--type", "type_", type=TEXT, metavar="TYPE", help="What REF is reclassified as.")
@click.option(
    "--on-behalf-of", type=TEXT, metavar="BODY", help="The body that decided (City Council)."
)
@click.option("--item", type=TEXT, help="The body's item, for example EX12.3.")
@click.option("--effective", type=DAY, metavar="DATE", help="The day of the act; else today.")
@options.writing
def command(
    settings: Settings,
    *,
    ref: str,
    word: str,
    file: str | None,
    entry: int | None,
    same_as: str | None,
    type_: str | None,
    on_behalf_of: str | None,
    item: str | None,
    effective: date | None,
    writing: Writing,
) -> int:
    r"""Approve what somebody else then carries out.

    TRIGGER is a decider's trigger, or a later change:

    \b
        lifecycle approve TOR-2026-003 sign
        lifecycle approve TOR-2026-003 reclassify --type TYPE
        lifecycle approve TOR-2026-003 amend --file DOCUMENT
        lifecycle approve TOR-2026-003 correct --file DOCUMENT
        lifecycle approve TOR-2026-003 correct --entry N --file SHEET
        lifecycle approve TOR-2026-003 correct --entry N
        lifecycle approve TOR-2026-003 void [--same-as REF]

    What brings content is approved for exactly that content: on a terminal it is shown and asked
    first (--yes answers), and --dry-run shows it. An approval ends when the agreement moves on,
    when what was agreed changes, when another policy judges, when its giver's role ends, or after
    the policy's days. Who drafted something can't approve it.
    """
    from cli.runs.approve import Assenting, approve_one
    from cli.subjects import Asked

    asked = Asked(word.lower(), file, entry, same_as, type_)
    act = Assenting(on_behalf_of, item, effective)
    return approve_one(settings, writing, ref, asked, act)
