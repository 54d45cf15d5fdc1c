"""What `lifecycle log show` does: a table for people, the exact lines for machines."""

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from cli.output.answers import Answer, csv_of, give
from cli.output.table import Column, table
from cli.refs import found
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.entry import Entry, entry_of
from lifecycle.ports import Beside
from states.vocabulary import Outcome
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
)


def show_log(settings: Settings, reading: Reading, text: str | None, *, with_text: bool) -> None:
    """Print the entries of one stream."""
    with opened(settings) as session, session.store.reading() as reader:
        key = found(reader, text).standing.key if text else None
        lines = list(reader.lines(key))
        entries = [entry_of(line) for line in lines]

        def texts() -> list[dict[str, object]]:
            return [_texts(reader, key, entry) for entry in entries]

        def exact() -> Iterator[str]:
            return _with_texts(lines, texts()) if with_text else (line.decode() for line in lines)

        answer = Answer(
            table=lambda: _table(session, entries, texts()),
            json=lambda: "".join(f"{line}\n" for line in exact()),
            csv=csv_of(_KEYS, [_shape(entry) for entry in entries]),
        )
        give(settings, reading, answer)


def _texts(reader: Reader, key: int | None, entry: Entry) -> dict[str, object]:
    """Return the texts beside an entry: its reason as text, its content as what it says."""
    if entry.reason is None and entry.content is None:
        return {}
    return {part.part: _said(part) for part in reader.beside(key, entry.n)}


def _said(part: Beside) -> object:
    return part.body.decode() if part.part == "reason" else json.loads(part.body)


def _with_texts(lines: list[bytes], texts: list[dict[str, object]]) -> Iterator[str]:
    """Yield each line as text, exactly as it is hashed; leaf and seal come with a later release."""
    for line, said in zip(lines, texts, strict=True):
        shape = {"line": line.decode(), "leaf": None, "sealed_at": None, "texts": said}
        yield json.dumps(shape, ensure_ascii=False)


def _table(session: Session, entries: list[Entry], texts: list[dict[str, object]]) -> str:
    zone = ZoneInfo(session.time_zone)
    rows = []
    for entry, said in zip(entries, texts, strict=True):
        when = f"{entry.recorded.astimezone(zone):%Y-%m-%d %H:%M}"
        asserted = "*" if entry.actor.how == "asserted" else ""
        rows.append((entry.n, when, f"{entry.actor.id}{asserted}", what(entry), _why(entry, said)))
    note = "* a name that was asserted (--as), and not proved\n"
    any_asserted = any(entry.actor.how == "asserted" for entry in entries)
    return table(_COLUMNS, rows) + (f"\n{note}" if any_asserted else "")


def what(entry: Entry) -> str:
    """Return what an entry reports, in a few words."""
    if entry.outcome is Outcome.REFUSED:
        return f"{entry.trigger or 'change'} refused"
    if entry.trigger is not None:
        return f"{entry.trigger}: {entry.from_} → {entry.to}"
    return f"{entry.event} → {entry.to}" if entry.to else entry.event.replace("_", " ")


def _why(entry: Entry, texts: dict[str, object]) -> str:
    unmet = [str(result.code) for result in entry.guards if result.outcome == "unmet"]
    reason = [str(texts["reason"])] if "reason" in texts else []
    rule = [f"{entry.rule} {entry.due}"] if entry.rule else []
    return "; ".join(filter(None, [entry.ground, *reason, *rule, ", ".join(unmet)]))


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
    }
