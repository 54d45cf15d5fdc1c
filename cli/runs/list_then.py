"""What `lifecycle list` does for a day that has passed: the log folded, agreement by agreement."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from cli.output.answers import Answer, csv_of, give
from cli.output.shapes import json_rows, standing_shape
from cli.output.streams import width
from cli.output.text import paragraphs
from cli.past import days_text, seen
from cli.runs.list_ import KEYS, list_table
from cli.session import opened
from cli.settings import Reading, Settings
from states.ref import Ref
from store.past import Past


def list_then(settings: Settings, reading: Reading, state: str | None, kind: str | None) -> None:
    """Print the agreements that were on record, as they were, or some of them."""
    with opened(settings) as session, seen(session, reading) as at:
        past = at.past
        shapes = list(_shapes(past, state, kind)) if past else []
    head = paragraphs(days_text(reading), width())
    none = "There was no such agreement.\n"
    answer = Answer(
        table=lambda: f"{head}\n{list_table(shapes) if shapes else none}",
        json=lambda: json_rows(shapes),
        csv=csv_of(KEYS, shapes),
    )
    give(settings, reading, answer)


def _shapes(past: Past, state: str | None, kind: str | None) -> Iterator[dict[str, Any]]:
    for standing in past.all_then():
        if state in {None, standing.state} and kind in {None, standing.type}:
            ref = Ref.of(past.program.code, standing.key)
            shape = standing_shape(ref, standing, past.moment.day)
            yield {key: _text(shape[key]) for key in KEYS}


def _text(value: object) -> object:
    """Return days as text, as rows of the database have them."""
    return value.isoformat() if isinstance(value, date) else value
