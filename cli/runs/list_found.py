"""What `lifecycle list` does where documents are asked: walks those that the rows leave over."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

import click

from cli.narrowing import Asked
from cli.output.answers import Answer, parts_of
from cli.output.listing import KEYS, NONE, answer_of, shape_of
from cli.output.shapes import Shape, json_lines
from cli.output.table import Column, table
from cli.output.text import one_line
from cli.runs.list_ import give_list
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.dossiers import Dossier, Part, dossiers_of
from lifecycle.finding.asking import has_division, has_partner, lacks, may_lack
from lifecycle.finding.searching import searched
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Guard
from store.reader import Reader

_MORE = ("found", "missing")
_COLUMNS = (
    Column("REF"),
    Column("TITLE", flexible=True),
    Column("STATE"),
    Column("FOUND", flexible=True),
)
_MOST_SHOWN = 3
_AT_ONCE = 500

More = Shape
Test = Callable[[Dossier], More | None]
"""What is told of an agreement that is asked for; None for one that isn't."""


def list_found(settings: Settings, reading: Reading, asked: Asked) -> None:
    """Print the agreements whose documents, records or next steps are as asked for."""
    guard, code = _guard(asked.missing)
    with opened(settings) as session, session.store.reading() as reader:
        tests = _tests(session, reader, asked, guard, code)

        def wanted(standing: Standing) -> bool:
            return guard is None or may_lack(standing, guard)

        def shapes() -> Iterator[Shape]:
            rows = reader.listed(asked.filters(session.today))
            while some := {Ref.parse(row["ref"]).key: row for row in islice(rows, _AT_ONCE)}:
                for one in dossiers_of(reader, some, *_parts(asked), wanted=wanted):
                    more = _passed(one, tests)
                    if more is not None:
                        yield {**shape_of(some[one.standing.key], session.today), **more}

        give_list(settings, reading, asked, shapes(), partial(_answer, asked))


def _parts(asked: Asked) -> list[Part]:
    parts = [Part.DOCUMENT] if asked.partner or asked.division or asked.search else []
    parts += [Part.RECORDS] if asked.division or asked.search else []
    return [*parts, Part.REASONS] if asked.search else parts


def _guard(missing: str | None) -> tuple[Guard | None, str | None]:
    if missing is None:
        return None, None
    name, _colon, code = missing.partition(":")
    if name not in tuple(Guard):
        message = f"there is no guard {name!r}; there are {', '.join(Guard)}."
        raise click.UsageError(message)
    return Guard(name), code or None


def _tests(
    session: Session, reader: Reader, asked: Asked, guard: Guard | None, code: str | None
) -> list[Test]:
    """Return what every agreement is asked, the cheapest first."""
    tests: list[Test] = []
    partner, division, order = asked.partner, asked.division, session.order()
    words = (asked.search or "").split()
    if partner:
        tests.append(lambda one: {} if has_partner(one, partner) else None)
    if division:
        tests.append(lambda one: {} if has_division(one, division) else None)
    if words:
        tests.append(lambda one: _hits(one, words))
    if guard:
        tests.append(lambda one: _unmet(lacks(reader, order, one.standing, guard, code)))
    return tests


def _hits(dossier: Dossier, words: Sequence[str]) -> More | None:
    hits = searched(dossier, words)
    return (
        {"found": [{"where": hit.where, "excerpt": hit.excerpt} for hit in hits]} if hits else None
    )


def _unmet(messages: Sequence[str]) -> More | None:
    return {"missing": list(messages)} if messages else None


def _passed(dossier: Dossier, tests: Sequence[Test]) -> More | None:
    told: More = {}
    for test in tests:
        more = test(dossier)
        if more is None:
            return None
        told |= more
    return told


def _answer(asked: Asked, shapes: Iterable[Shape]) -> Answer:
    if not (asked.search or asked.missing):
        return answer_of(shapes)
    flat = ({**one, **{key: _text(one.get(key, ())) for key in _MORE}} for one in shapes)
    return replace(
        answer_of(flat, keys=(*KEYS, *_MORE)),
        table=lambda: _table([_row(one) for one in shapes]),
        json=lambda: parts_of(json_lines(shapes)),
        md=None,
    )


def _table(rows: Sequence[Sequence[object]]) -> str:
    return table(_COLUMNS, rows) if rows else NONE


def _row(shape: Mapping[str, Any]) -> list[object]:
    said = [*shape.get("found", ()), *shape.get("missing", ())]
    more = [f"... and {len(said) - _MOST_SHOWN} more"] if len(said) > _MOST_SHOWN else []
    lines = [*(one_line(_said(one)) for one in said[:_MOST_SHOWN]), *more]
    return [shape["ref"], shape["title"], shape["state"], "\n".join(lines)]


def _text(said: Sequence[Any]) -> str:
    return "; ".join(map(_said, said))


def _said(one: Any) -> str:  # noqa: ANN401 - a hit as JSON has it, or a message
    return f"{one['where']}: {one['excerpt']}" if isinstance(one, Mapping) else str(one)
