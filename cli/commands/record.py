"""`lifecycle record`: dated facts about an agreement."""

import click
from click.shell_completion import CompletionItem

from cli import options
from cli.params import LONG_TEXT, TEXT
from cli.settings import Settings, Writing


def _kinds(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    from states.records import KINDS

    return [CompletionItem(kind) for kind in KINDS if kind.startswith(begun)]


@options.command("record")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("kind", type=TEXT, required=False, metavar="[KIND]", shell_complete=_kinds)
@click.argument("pairs", type=LONG_TEXT, nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--file", type=click.Path(), help="Many: TOML, CSV or XLSX; - is stdin (TOML).")
@options.writing
def command(
    settings: Settings,
    *,
    ref: str,
    kind: str | None,
    pairs: tuple[str, ...],
    file: str | None,
    writing: Writing,
) -> int:
    r"""Record dated facts about an agreement.

    \b
    activity        text
    actual          item value source
    milestone       item
    obligation      item outcome (met | partly | missed | not_delivered)
    expenditure     value currency project year
    annual          year text
    correspondence  direction (sent | received) text
    deferral        until text
    priority        year (one more than the policy has is a decider's: -m REASON)
    review          text (a decider keeps it as it is)
    note            text

    These keys each kind must have; also possible are on (the day; else today), project, unit,
    currency, division and source. The item of an actual is the name of an indicator, that of a
    milestone or an obligation its id. An annual without item is the year's report; item=goals,
    achievements or investments states that part of it. For example:

    \b
        lifecycle record TOR-2026-003 activity text="First mission" on=2027-10-04
        lifecycle record TOR-2026-003 actual item="new investments" value=250000 \
            currency=CAD source="Letter of the company" year=2027

    A FILE has one [[records]] table each, or a row of a CSV or of a workbook's only sheet, under
    headings that are these keys; a row without kind is of KIND.
    """
    from cli.runs.record import Stated, record_facts

    return record_facts(settings, writing, ref, Stated(kind, pairs, file))
