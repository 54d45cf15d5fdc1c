"""`lifecycle advance`: pulls one trigger on one agreement."""

from datetime import date

import click
from click.shell_completion import CompletionItem

from cli import options
from cli.acting import attaching
from cli.params import DAY, TEXT
from cli.settings import Settings, Writing


def complete_trigger(
    _ctx: click.Context, _param: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the triggers that begin so, for shells."""
    from states.vocabulary import Trigger

    return [CompletionItem(word) for word in Trigger if word.startswith(begun)]


@options.command("advance")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("trigger", type=TEXT, metavar="TRIGGER", shell_complete=complete_trigger)
@click.option("--ground", type=TEXT, metavar="CODE", help="On which of the policy's grounds.")
@click.option(
    "--on-behalf-of", type=TEXT, metavar="BODY", help="The body that decided (City Council)."
)
@click.option("--item", type=TEXT, help="The body's item, for example EX12.3.")
@click.option("--effective", type=DAY, metavar="DATE", help="The day of the act; else today.")
@attaching
@options.writing
def command(
    settings: Settings,
    *,
    ref: str,
    trigger: str,
    ground: str | None,
    on_behalf_of: str | None,
    item: str | None,
    effective: date | None,
    attach: tuple[str, ...],
    writing: Writing,
) -> int:
    r"""Advance an agreement by a trigger.

    \b
    By staff:    submit withdraw activate conclude renegotiate
    By deciders: return accept decline sign terminate reinstate renew sunset

    What is missing is told, and the refusal is on the log. `lifecycle check REF` shows what may be
    done next. decline, withdraw, terminate and sunset ask first; --yes answers them. renew, sunset
    and reinstate tell what each side owed and what became of it; where the partner has not done all
    of it, renew and reinstate ask on a terminal.

    What --attach names is attached in the same step, before it is judged: as the resolution with
    --on-behalf-of, as the signed paper with sign, else as evidence. If the step is refused, nothing
    is attached.
    """
    from cli.runs.advance import Act, advance_one

    act = Act(trigger, ground, on_behalf_of, item, effective, attach)
    return advance_one(settings, writing, ref, act)
