"""What `lifecycle list` does, by the fast path: neither the rules nor the machine are imported."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click

from cli.clock import day
from cli.database import place
from cli.output.answers import Answer, csv_of, give
from cli.output.shapes import json_rows, status_of
from cli.output.table import Column, table
from cli.output.words import SHORT_DUE
from cli.settings import Reading, Settings
from lifecycle.errors import StoreError
from store.listing import Filters, listed

KEYS = (
    "ref",
    "title",
    "type",
    "state",
    "version",
    "partner",
    "country",
    "term",
    "term_start",
    "term_end",
    "review",
    "due",
    "due_rule",
    "status",
    "owner",
    "taken_over",
    "former_type",
    "deferred",
    "voided",
)
"""The keys of a row, in the order in which they are given."""

_COLUMNS = (
    Column("REF"),
    Column("TITLE", flexible=True),
    Column("PARTNER", flexible=True),
    Column("TYPE", optional=True),
    Column("STATE"),
    Column("TERM", optional=True),
    Column("OWNER", optional=True),
    Column("DUE", flexible=True),
)


def list_agreements(
    settings: Settings, reading: Reading, state: str | None, kind: str | None
) -> None:
    """Print the agreements that there are, or some of them."""
    _check_state(state)
    if reading.of_the_past:
        from cli.runs.list_then import list_then

        list_then(settings, reading, state, kind)
        return
    where = place(settings)
    try:
        facts, rows = listed(where.url, where.program, Filters(state=state, type=kind))
    except StoreError as error:
        raise where.explained(error) from error
    stands_at = date.fromisoformat(facts.stands_at) if facts.stands_at else None
    today = day(settings, facts.time_zone, sandbox=facts.sandbox, stands_at=stands_at)
    shapes = [_shape(row, today) for row in rows]
    answer = Answer(
        table=lambda: _text(shapes), json=lambda: json_rows(shapes), csv=csv_of(KEYS, shapes)
    )
    give(settings, reading, answer)


def _check_state(state: str | None) -> None:
    if state is None:
        return
    from states.vocabulary import State

    if state not in tuple(State):
        message = f"there is no state {state!r}; there are {', '.join(State)}."
        raise click.UsageError(message)


def _shape(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    shape = {**row, "status": status_of(row["due"], today, row["voided"])}
    return {key: shape[key] for key in KEYS}


def _text(shapes: Sequence[Mapping[str, Any]]) -> str:
    if not shapes:
        return "There is no agreement yet. To propose one: lifecycle propose --template\n"
    return list_table(shapes)


def list_table(shapes: Sequence[Mapping[str, Any]]) -> str:
    """Return agreements as a table; days are text."""
    return table(_COLUMNS, [_row(shape) for shape in shapes])


def _row(shape: Mapping[str, Any]) -> list[object]:
    country = f" ({shape['country']})" if shape["country"] else ""
    term = " to ".join(filter(None, (shape["term_start"], shape["term_end"])))
    late = ", overdue" if "overdue" in shape["status"] else ""
    return [
        shape["ref"],
        shape["title"],
        f"{shape['partner'] or ''}{country}",
        shape["type"],
        f"{shape['state']}, void" if shape["voided"] else shape["state"],
        term,
        shape["owner"],
        f"{shape['due']} {SHORT_DUE[shape['due_rule']]}{late}" if shape["due"] else None,
    ]
