"""The list of agreements, and its forms; imports neither the rules nor the machine, to be fast."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from cli.output.answers import Answer, csv_parts, parts_of
from cli.output.shapes import json_lines, status_of
from cli.output.table import Column, table
from cli.output.words import SHORT_DUE, partner_words

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

NONE = "There is no such agreement.\n"

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


def answer_of(
    shapes: Iterable[Mapping[str, Any]], none: str = NONE, keys: Sequence[str] = KEYS
) -> Answer:
    """Return agreements in each form that a list has; what is for programs is written as read."""
    return Answer(
        table=lambda: _table(list(shapes), none),
        json=lambda: parts_of(json_lines(shapes)),
        csv=csv_parts(keys, shapes),
        md=lambda: _md(shapes),
        xlsx=lambda: _xlsx(keys, shapes),
    )


def _table(shapes: Sequence[Mapping[str, Any]], none: str) -> str:
    return list_table(shapes) if shapes else none


def shape_of(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return a row of the database as JSON has it."""
    shape = {**row, "status": status_of(row["due"], today, row["voided"])}
    return {key: shape[key] for key in KEYS}


def _md(shapes: Iterable[Mapping[str, Any]]) -> str:
    from cli.output.markdown import md_table

    headings = [column.heading.capitalize() for column in _COLUMNS]
    return md_table(headings, [_row(shape) for shape in shapes])


def _xlsx(keys: Sequence[str], shapes: Iterable[Mapping[str, Any]]) -> bytes:
    from cli.output.workbook import xlsx_of

    return xlsx_of("Agreements", keys, shapes)()


def list_table(shapes: Sequence[Mapping[str, Any]]) -> str:
    """Return agreements as a table; days are text."""
    return table(_COLUMNS, [_row(shape) for shape in shapes])


def _row(shape: Mapping[str, Any]) -> list[object]:
    term = " to ".join(filter(None, (shape["term_start"], shape["term_end"])))
    late = ", overdue" if "overdue" in shape["status"] else ""
    return [
        shape["ref"],
        shape["title"],
        partner_words(shape["partner"], shape["country"]),
        shape["type"],
        f"{shape['state']}, void" if shape["voided"] else shape["state"],
        term,
        shape["owner"],
        f"{shape['due']} {SHORT_DUE[shape['due_rule']]}{late}" if shape["due"] else None,
    ]
