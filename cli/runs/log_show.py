"""What `lifecycle log show` does: a table for people, the exact lines for machines."""

import json
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from cli.output.answers import Answer, csv_of, give
from cli.output.entries import by_whose_word, what
from cli.output.table import Column, table
from cli.refs import found
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.entry import Entry, entry_of
from lifecycle.ports import Beside
from store.reader import Reader

_COLUMNS = (
    Column("N", right=True),
    Column("RECORDED"),
    Column("WHO"),
    Column("WHAT", flexible=True),
    Column("WHY", flexible=True),
)
_KEYS = (
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
)


def show_log(settings: Settings, reading: Reading, text: str | None, *, with_text: bool) -> None:
    """Print the entries of one stream."""
    with opened(settings) as session, session.store.reading() as reader:
        key = found(reader, text).standing.key if text else None
        lines = list(reader.lines(key))
        entries = [entry_of(line) for line in lines]

        def beside() -> list[Sequence[Beside]]:
            return [_beside(reader, key, entry) for entry in entries]

        def exact() -> Iterator[str]:
            return _with_texts(lines, beside()) if with_text else (line.decode() for line in lines)

        answer = Answer(
            table=lambda: _table(session, entries, beside()),
            json=lambda: "".join(f"{line}\n" for line in exact()),
            csv=csv_of(_KEYS, [_shape(entry) for entry in entries]),
        )
        give(settings, reading, answer)


def _beside(reader: Reader, key: int | None, entry: Entry) -> Sequence[Beside]:
    if entry.reason is None and entry.content is None:
        return ()
    return reader.beside(key, entry.n)


def _texts(parts: Sequence[Beside]) -> dict[str, object]:
    """Return the texts beside an entry: its reason as text, its content as what it says."""
    return {part.part: _said(part) for part in parts}


def _said(part: Beside) -> object:
    return part.body.decode() if part.part == "reason" else json.loads(part.body)


def _with_texts(lines: list[bytes], beside: list[Sequence[Beside]]) -> Iterator[str]:
    """Yield each line as text, exactly as it is hashed; leaf and seal come with a later release."""
    for line, parts in zip(lines, beside, strict=True):
        shape = {"line": line.decode(), "leaf": None, "sealed_at": None, "texts": _texts(parts)}
        yield json.dumps(shape, ensure_ascii=False)


def _table(session: Session, entries: list[Entry], beside: list[Sequence[Beside]]) -> str:
    zone = ZoneInfo(session.time_zone)
    rows = []
    for entry, parts in zip(entries, beside, strict=True):
        when = f"{entry.recorded.astimezone(zone):%Y-%m-%d %H:%M}"
        asserted = "*" if entry.actor.how == "asserted" else ""
        who, why = f"{entry.actor.id}{asserted}", _why(entry, _texts(parts))
        rows.append((entry.n, when, who, what(entry, parts), why))
    note = "* a name that was asserted (--as), and not proved\n"
    any_asserted = any(entry.actor.how == "asserted" for entry in entries)
    return table(_COLUMNS, rows) + (f"\n{note}" if any_asserted else "")


def _why(entry: Entry, texts: dict[str, object]) -> str:
    unmet = [str(result.code) for result in entry.guards if result.outcome == "unmet"]
    reason = [str(texts["reason"])] if "reason" in texts else []
    rule = [f"{entry.rule} {entry.due}"] if entry.rule else []
    words = by_whose_word(entry)
    return "; ".join(filter(None, [*words, entry.ground, *reason, *rule, ", ".join(unmet)]))


def _shape(entry: Entry) -> dict[str, object]:
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
    }
