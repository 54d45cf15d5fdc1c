"""What `lifecycle list` does for a day that has passed: the log folded, agreement by agreement."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import click

from cli.narrowing import Asked
from cli.output.answers import give
from cli.output.listing import KEYS, answer_of, list_table
from cli.output.shapes import standing_shape
from cli.output.streams import width
from cli.output.text import paragraphs
from cli.past import days_text, seen
from cli.session import opened
from cli.settings import Reading, Settings
from states.ref import Ref
from store.past import Past

_NONE = "There was no such agreement.\n"


def list_then(settings: Settings, reading: Reading, asked: Asked) -> None:
    """Print the agreements that were on record, as they were, or those that are asked for."""
    if asked.deep or asked.dormant:
        message = (
            "of a day that has passed, --partner, --division, --missing, --search and --dormant"
            " can't be asked; they are about what stands on record now."
        )
        raise click.UsageError(message)
    with opened(settings) as session, seen(session, reading) as at:
        shapes = asked.passed(list(_shapes(at.past)), at.day) if at.past else []
    head = paragraphs(days_text(reading), width())
    said = list_table(shapes) if shapes else _NONE
    give(settings, reading, replace(answer_of(shapes), table=lambda: f"{head}\n{said}"))


def _shapes(past: Past) -> Iterator[dict[str, Any]]:
    for standing in past.all_then():
        ref = Ref.of(past.program.code, standing.key)
        shape = standing_shape(ref, standing, past.moment.day)
        yield {key: _text(shape[key]) for key in KEYS}


def _text(value: object) -> object:
    """Return days as text, as rows of the database have them."""
    return value.isoformat() if isinstance(value, date) else value
