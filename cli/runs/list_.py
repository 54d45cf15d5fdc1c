"""What `lifecycle list` does, by the fast path: neither the rules nor the machine are imported."""

from datetime import date
from typing import Any

from cli.clock import day
from cli.database import place
from cli.narrowing import Asked
from cli.output.answers import give
from cli.output.listing import NONE, answer_of, shape_of
from cli.settings import Reading, Settings
from lifecycle.errors import StoreError
from store.listing import Filters, listed
from store.programs import ProgramFacts

_NONE_YET = "There is no agreement yet. To propose one: lifecycle propose --template\n"


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
        none = _NONE_YET if asked == Asked() else NONE
        give(settings, reading, answer_of(_listed(settings, asked), none))


def _listed(settings: Settings, asked: Asked) -> list[dict[str, Any]]:
    where = place(settings)

    def today(facts: ProgramFacts) -> date:
        stands_at = date.fromisoformat(facts.stands_at) if facts.stands_at else None
        return day(settings, facts.time_zone, sandbox=facts.sandbox, stands_at=stands_at)

    def narrowed(facts: ProgramFacts) -> Filters:
        return asked.filters(today(facts))

    try:
        facts, rows = listed(where.url, where.program, narrowed)
    except StoreError as error:
        raise where.explained(error) from error
    return [shape_of(row, today(facts)) for row in rows]
