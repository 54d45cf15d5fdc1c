"""What `lifecycle list` does, by the fast path: neither the rules nor the machine are imported.

To people a page is shown; programs get everything, written while it is read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import Any

import click

from cli.clock import day
from cli.database import place
from cli.narrowing import Asked
from cli.output.answers import form_of, give
from cli.output.listing import NONE, answer_of, shape_of
from cli.settings import Reading, Settings
from lifecycle.errors import StoreError
from store.listing import Filters, listing
from store.programs import ProgramFacts

PAGE = 500
"""How many agreements are shown where no limit is given."""

_NONE_YET = "There is no agreement yet. To propose one: lifecycle propose --template\n"
_FOR_PEOPLE = frozenset({"table", "md"})


def list_agreements(settings: Settings, reading: Reading, asked: Asked) -> None:
    """Print the agreements that there are, or those that are asked for."""
    asked.checked()
    if reading.of_the_past:
        from cli.runs.list_then import list_then

        list_then(settings, reading, asked)
    elif asked.deep:
        from cli.runs.list_found import list_found

        list_found(settings, reading, asked)
    elif form_of(settings, reading) in _FOR_PEOPLE and reading.file in {None, "-"}:
        _show(settings, reading, asked)
    else:
        with _listed(settings, asked, None) as shapes:
            give(settings, reading, answer_of(shapes, _none(asked)))


def _show(settings: Settings, reading: Reading, asked: Asked) -> None:
    most = asked.limit or PAGE
    with _listed(settings, asked, most + 1) as shapes:
        shown = list(islice(shapes, most))
        more = asked.limit is None and next(shapes, None) is not None
    give(settings, reading, answer_of(shown, _none(asked)))
    if more:
        last = shown[-1]["ref"]
        on = "" if asked.sort else f" The next ones: --after {last}."
        said = f"These are the first {PAGE}.{on} More at once: --limit N. All: --json or -o FILE."
        click.echo(said, err=True)


def _none(asked: Asked) -> str:
    return _NONE_YET if asked == Asked() else NONE


@contextmanager
def _listed(
    settings: Settings, asked: Asked, most: int | None
) -> Iterator[Iterator[dict[str, Any]]]:
    where = place(settings)

    def today(facts: ProgramFacts) -> date:
        stands_at = date.fromisoformat(facts.stands_at) if facts.stands_at else None
        return day(settings, facts.time_zone, sandbox=facts.sandbox, stands_at=stands_at)

    def narrowed(facts: ProgramFacts) -> Filters:
        return asked.filters(today(facts), most)

    try:
        with listing(where.url, where.program, narrowed) as (facts, rows):
            now = today(facts)
            yield (shape_of(row, now) for row in rows)
    except StoreError as error:
        raise where.explained(error) from error
