"""What `lifecycle list` does for a day that has passed: the log folded, agreement by agreement."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import click

from cli.narrowing import Asked
from cli.output.answers import Answer
from cli.output.listing import KEYS, answer_of
from cli.output.shapes import Shape, standing_shape
from cli.output.streams import width
from cli.output.text import paragraphs
from cli.past import days_text, seen
from cli.runs.list_ import give_list
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
        shapes = asked.passed(_shapes(at.past), at.day) if at.past else iter(())
        give_list(settings, reading, asked, shapes, partial(_answer, reading))


def _answer(reading: Reading, shapes: Iterable[Shape]) -> Answer:
    answer, head = answer_of(shapes, _NONE), paragraphs(days_text(reading), width())
    return replace(answer, table=lambda: f"{head}\n{answer.table()}")


def _shapes(past: Past) -> Iterator[Shape]:
    for standing in past.all_then():
        ref = Ref.of(past.program.code, standing.key)
        shape = standing_shape(ref, standing, past.moment.day)
        yield {key: _text(shape[key]) for key in KEYS}


def _text(value: object) -> object:
    """Return days as text, as rows of the database have them."""
    return value.isoformat() if isinstance(value, date) else value
