"""`lifecycle list`: the agreements, one a line."""

from datetime import timedelta
from typing import Any

import click

from cli import options
from cli.params import COUNT, DURATION, TEXT
from cli.settings import Reading, Settings


def _words(_ctx: click.Context, _param: click.Parameter, text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


@options.command("list")
@click.option("--state", "states", type=TEXT, multiple=True, help="In this state; repeatable.")
@click.option(
    "--type", "types", type=TEXT, metavar="TYPE", multiple=True, help="Of this type; repeatable."
)
@click.option("--partner", type=TEXT, metavar="NAME", help="With a partner called so, or alias.")
@click.option(
    "--country",
    "countries",
    type=TEXT,
    metavar="COUNTRY",
    multiple=True,
    help="With a partner in this country, by name or code; repeatable.",
)
@click.option("--owner", type=TEXT, metavar="NAME", help="Owned by this person.")
@click.option("--division", type=TEXT, metavar="NAME", help="In which this division has a part.")
@click.option("--overdue", is_flag=True, help="Of which something is due and was not done.")
@click.option(
    "--due-within",
    type=DURATION,
    metavar="TIME",
    help="Due within this time (90d), or overdue already.",
)
@click.option("--dormant", is_flag=True, help="Without activity for the policy's months.")
@click.option("--taken-over", is_flag=True, help="Signed before the program went live.")
@click.option(
    "--missing",
    type=TEXT,
    metavar="GUARD[:CODE]",
    help="Of which a next step lacks this, as check tells it.",
)
@click.option(
    "--search",
    type=TEXT,
    metavar="WORDS",
    help="With all these words in its document, records or reasons.",
)
@click.option(
    "--sort",
    type=TEXT,
    callback=_words,
    metavar="KEY[,-KEY]",
    help="By these keys; behind - the other way round.",
)
@click.option("--limit", type=COUNT, metavar="N", help="Only the first N.")
@click.option("--after", type=TEXT, metavar="REF", help="Only what comes after this one.")
@options.reading
@options.of_the_past
def command(
    settings: Settings,
    *,
    reading: Reading,
    due_within: timedelta | None,
    **asked: Any,  # noqa: ANN401 - the other options, by their names
) -> None:
    r"""List the agreements.

    DUE is the next day on which something happens or is owed, and what; a day that has passed is
    marked. Filters narrow the list together: an agreement is listed that passes all of them.

    \b
        lifecycle list --state active --due-within 90d --sort due
        lifecycle list --missing smart_complete
        lifecycle list --search "health technology"

    The first 500 are shown where there are more; --json, CSV and files have all of them.

    With --as-of or --recorded-by, the agreements as they were on a day that has passed.
    """
    from cli.narrowing import Asked
    from cli.runs.list_ import list_agreements

    list_agreements(settings, reading, Asked(due_within=due_within, **asked))
