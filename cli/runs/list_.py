"""What `lifecycle list` does, by the fast path: neither the rules nor the machine are imported.

To people a page is shown; programs get everything, written while it is read.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import islice

import click

from cli.clock import day
from cli.database import place
from cli.narrowing import Asked, Row
from cli.output.answers import Answer, form_of, give
from cli.output.listing import NONE, answer_of, shape_of
from cli.settings import Reading, Settings
from lifecycle.errors import StoreError
from store.listing import Filters, listing
from store.programs import ProgramFacts

PAGE = 500
"""How many agreements are shown where no limit is given."""

_NONE_YET = "There is no agreement yet. To propose one: lifecycle propose --template\n"
_FOR_PEOPLE = frozenset({"table", "md"})

Answering = Callable[[Iterable[Row]], Answer]
"""Returns agreements in each form that their list has."""


def list_agreements(settings: Settings, reading: Reading, asked: Asked) -> None:
    """Print the agreements that there are, or those that are asked for."""
    asked.checked()
    if reading.of_the_past:
        from cli.runs.list_then import list_then

        list_then(settings, reading, asked)
    elif asked.deep:
        from cli.runs.list_found import list_found

        list_found(settings, reading, asked)
    else:
        most = PAGE + 1 if _is_page(settings, reading) else None
        none = _NONE_YET if asked == Asked() else NONE
        with _listed(settings, asked, most) as shapes:
            give_list(settings, reading, asked, shapes, partial(answer_of, none=none))


def give_list(
    settings: Settings, reading: Reading, asked: Asked, shapes: Iterator[Row], answer: Answering
) -> None:
    """Write what is listed, while it is read; to people no more than a page of it."""
    if not _is_page(settings, reading):
        give(settings, reading, answer(islice(shapes, asked.limit)))
        return
    shown = list(islice(shapes, asked.limit or PAGE))
    more = asked.limit is None and next(shapes, None) is not None
    give(settings, reading, answer(shown))
    if more:
        last = shown[-1]["ref"]
        on = "" if asked.sort else f" The next ones: --after {last}."
        said = f"These are the first {PAGE}.{on} More at once: --limit N. All: --json or -o FILE."
        click.echo(said, err=True)


def _is_page(settings: Settings, reading: Reading) -> bool:
    return form_of(settings, reading) in _FOR_PEOPLE and reading.file in {None, "-"}


@contextmanager
def _listed(settings: Settings, asked: Asked, most: int | None) -> Iterator[Iterator[Row]]:
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
