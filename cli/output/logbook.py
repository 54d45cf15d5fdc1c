"""The log as people read it: a table, batch by batch, with what was refused or waived marked."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cli.output.entries import by_whose_word, what
from cli.output.streams import width
from cli.output.table import Column, table
from cli.output.text import paragraphs
from lifecycle.entry import Entry
from lifecycle.picking import WAIVED, waives
from lifecycle.ports import Beside
from states.vocabulary import Outcome

KEYS = (
    "n",
    "recorded_at",
    "effective_on",
    "actor",
    "event",
    "trigger",
    "from",
    "to",
    "outcome",
    "version",
    "ground",
    "role",
    "approver",
    "on_behalf_of",
    "item",
    "agreement",
)
"""The keys of a row of CSV; new ones come at the end."""

_REFUSED, _WAIVER = "✗", "~"
_COLUMNS = (
    Column("N", right=True),
    Column(""),
    Column("RECORDED"),
    Column("WHO"),
    Column("WHAT", flexible=True),
    Column("WHY", flexible=True),
)
_NOTHING = "There is no such entry.\n"


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry with what stands beside it."""

    entry: Entry
    parts: Sequence[Beside]


def row_shape(entry: Entry) -> dict[str, object]:
    """Return an entry as a row of CSV."""
    return {
        "n": entry.n,
        "recorded_at": entry.recorded_at,
        "effective_on": entry.effective_on,
        "actor": entry.actor.id,
        "event": entry.event,
        "trigger": entry.trigger,
        "from": entry.from_,
        "to": entry.to,
        "outcome": entry.outcome,
        "version": entry.version,
        "ground": entry.ground,
        "role": entry.role,
        "approver": entry.approver,
        "on_behalf_of": entry.on_behalf_of,
        "item": entry.item,
        "agreement": entry.agreement,
    }


def texts(parts: Sequence[Beside]) -> dict[str, object]:
    """Return the texts beside an entry: its reason as text, its content as what it says."""
    return {part.part: _said(part) for part in parts}


def page(batches: Iterable[Sequence[Noted]], zone: str, *, several: str | None) -> Iterator[str]:
    """Yield entries as tables, one for each batch, and what their marks mean at the end.

    `several` is the program's code where entries of several streams are shown: each then says
    which stream it is of.
    """
    legend: dict[str, None] = {}
    between = ""
    for batch in batches:
        yield between + _table(batch, ZoneInfo(zone), several)
        between = "\n"
        legend |= dict.fromkeys(mark for noted in batch for mark in _legend(noted.entry))
    if not between:
        yield _NOTHING
    if legend:
        yield "\n" + "".join(f"{paragraphs(text, width())}\n" for text in sorted(legend))


def _said(part: Beside) -> object:
    return part.body.decode() if part.part == "reason" else json.loads(part.body)


def _table(batch: Sequence[Noted], zone: ZoneInfo, several: str | None) -> str:
    rows = [_row(noted, zone) for noted in batch]
    if several is None:
        return table(_COLUMNS, rows)
    streams = [(noted.entry.agreement or several,) for noted in batch]
    named = [(*stream, *row) for stream, row in zip(streams, rows, strict=True)]
    return table((Column("STREAM"), *_COLUMNS), named)


def _row(noted: Noted, zone: ZoneInfo) -> tuple[object, ...]:
    entry = noted.entry
    when = f"{entry.recorded.astimezone(zone):%Y-%m-%d %H:%M}"
    asserted = "*" if entry.actor.how == "asserted" else ""
    what_ = what(entry, noted.parts)
    return entry.n, _mark(entry), when, f"{entry.actor.id}{asserted}", what_, _why(noted)


def _mark(entry: Entry) -> str:
    refused = _REFUSED if entry.outcome is Outcome.REFUSED else ""
    return refused + (_WAIVER if waives(entry) else "") or " "


def _legend(entry: Entry) -> Iterator[str]:
    if entry.actor.how == "asserted":
        yield "* a name that was asserted (--as), and not proved"
    if entry.outcome is Outcome.REFUSED:
        yield f"{_REFUSED} refused: nothing changed"
    if waives(entry):
        yield f"{_WAIVER} a condition was waived, or a step taken on a waiver"


def _why(noted: Noted) -> str:
    entry = noted.entry
    unmet = [str(result.code) for result in entry.guards if result.outcome == "unmet"]
    waived = [f"{g.guard}:{g.code} waived" for g in entry.guards if g.outcome == WAIVED]
    reason = [part.body.decode() for part in noted.parts if part.part == "reason"]
    rule = [f"{entry.rule} {entry.due}"] if entry.rule else []
    said = [*by_whose_word(entry), entry.ground, *reason, *rule, *waived, ", ".join(unmet)]
    return "; ".join(filter(None, said))
