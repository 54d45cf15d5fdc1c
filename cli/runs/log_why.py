"""What `lifecycle log why` does: one entry with its guards, its grounds and its policy."""

import json
from collections.abc import Iterator

from cli.output.answers import Answer, give, shape
from cli.output.entries import what
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import paragraphs
from cli.output.words import SHORT_DIGEST
from cli.refs import Found, found
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.entry import Entry, digest_of, entry_of
from states.problem import InvalidInputError, Problem
from states.vocabulary import Event
from store.reader import Reader

_ATTEMPTS = frozenset({Event.TRANSITIONED, Event.REFUSED})
_COLUMNS = (Column("GUARD"), Column("OUTCOME"), Column("CODE", flexible=True))
_LABEL = 11


def show_why(settings: Settings, reading: Reading, text: str, n: int | None) -> None:
    """Print one entry in full."""
    with opened(settings) as session, session.store.reading() as reader:
        agreement = found(reader, text)
        line = _line(reader, agreement, n)
        entry = entry_of(line)
        parts = reader.beside(agreement.standing.key, entry.n)
    texts = {part.part: part.body.decode() for part in parts}
    whole = {**json.loads(line), "entry": digest_of(line), "texts": texts}
    head = f"{entry.agreement}, entry {entry.n}: {what(entry, parts)}"
    answer = Answer(
        table=lambda: "".join(_text(head, entry, texts, digest_of(line))), json=shape(whole)
    )
    give(settings, reading, answer)


def _line(reader: Reader, agreement: Found, n: int | None) -> bytes:
    chosen = None
    for line in reader.lines(agreement.standing.key, (n or 1) - 1):
        if n is not None:
            return line
        if entry_of(line).event in _ATTEMPTS:
            chosen = line
    if chosen is None:
        what_is_missing = f"no entry {n}" if n else "no transition and no refusal yet"
        message = f"{agreement.ref} has {what_is_missing}"
        hint = f"lifecycle log {agreement.ref} shows its entries"
        raise InvalidInputError([Problem("unknown_entry", message, hint=hint)])
    return chosen


def _text(head: str, entry: Entry, texts: dict[str, str], digest: str) -> Iterator[str]:
    yield style(f"{paragraphs(head, width())}\n\n", bold=True)
    for label, text in _facts(entry, texts, digest):
        if text:
            yield paragraphs(text, width(), first=f"{label:<{_LABEL}}") + "\n"
    if entry.guards:
        rows = [(result.guard, result.outcome, result.code) for result in entry.guards]
        yield f"\n{table(_COLUMNS, rows)}"


def _facts(entry: Entry, texts: dict[str, str], digest: str) -> Iterator[tuple[str, str | None]]:
    role = f", as {entry.role}" if entry.role else ""
    yield "Who", f"{entry.actor.id} ({entry.actor.how}){role}"
    yield "Approved", f"by {entry.approver}" if entry.approver else None
    yield "For", ", ".join(filter(None, (entry.on_behalf_of, entry.item)))
    yield "Recorded", f"{entry.recorded_at}, effective on {entry.effective_on}"
    yield "Rule", f"{entry.rule}, due on {entry.due}" if entry.rule else None
    yield "Ground", entry.ground
    yield "Reason", texts.get("reason")
    yield "Version", str(entry.version)
    yield "Policy", (entry.policy or "")[:SHORT_DIGEST]
    yield "Entry", digest
