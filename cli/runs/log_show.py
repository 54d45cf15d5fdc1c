"""What `lifecycle log show` does: picks lines and hands them on, a batch at a time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import TypeVar

import click
from msgspec.structs import replace as replaced

from cli.output.answers import csv_of
from cli.output.logbook import KEYS, Noted, page, row_shape, texts
from cli.output.parts import Parts, give_parts
from cli.session import Session, opened
from cli.settings import Reading, Settings
from cli.streams import stream_of
from lifecycle.entry import entry_of
from lifecycle.picking import Logged, Search, picked, sample
from states.vocabulary import Event, Outcome, State, Trigger
from store.reader import Reader

_BATCH = 500
"""How many lines are handed on at once: as many as a table is aligned over."""

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for, as it stood on the command line."""

    ref: str | None
    everything: bool
    with_text: bool
    actors: tuple[str, ...]
    triggers: tuple[str, ...]
    states: tuple[str, ...]
    events: tuple[str, ...]
    outcome: str | None
    refused: bool
    waivers: bool
    since: date
    until: date
    sample: int | None
    seed: str | None


def show_log(settings: Settings, reading: Reading, asked: Asked) -> None:
    """Print the entries of one stream or of all, or some of them."""
    search = _search(asked)
    with opened(settings) as session, session.store.reading() as reader:
        search = replaced(search, time_zone=session.time_zone)

        def lines() -> Iterator[Logged]:
            found = picked(_lines(session, reader, asked), search)
            if asked.sample is None or asked.seed is None:
                return found
            return iter(sample(found, asked.sample, asked.seed))

        parts = Parts(
            table=lambda: page(
                (_noted(reader, batch) for batch in _batches(lines())),
                session.time_zone,
                several=session.code if asked.everything else None,
            ),
            json=lambda: _json(reader, lines(), with_text=asked.with_text),
            csv=lambda: _csv(lines()),
        )
        give_parts(settings, reading, parts)


def _search(asked: Asked) -> Search:
    outcome = Outcome(asked.outcome) if asked.outcome else None
    return Search(
        actors=frozenset(asked.actors),
        triggers=_words(asked.triggers, Trigger, "trigger"),
        states=_words(asked.states, State, "state"),
        events=_words(asked.events, Event, "event"),
        outcome=Outcome.REFUSED if asked.refused else outcome,
        since=asked.since,
        until=asked.until,
        waivers=asked.waivers,
    )


def _words(given: Sequence[str], known: type[Word], what: str) -> frozenset[Word]:
    for word in given:
        if word not in tuple(known):
            message = f"there is no {what} {word!r}; there are {', '.join(known)}."
            raise click.UsageError(message)
    return frozenset(map(known, given))


def _lines(session: Session, reader: Reader, asked: Asked) -> Iterator[Logged]:
    if asked.everything:
        return reader.log()
    return reader.log_of(stream_of(session, reader, asked.ref))


def _batches(lines: Iterable[Logged]) -> Iterator[list[Logged]]:
    rest = iter(lines)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _noted(reader: Reader, batch: Sequence[Logged]) -> list[Noted]:
    """Return lines as entries, each with what stands beside it."""
    entries = [entry_of(logged.line) for logged in batch]
    citing = [
        logged
        for logged, entry in zip(batch, entries, strict=True)
        if entry.reason is not None or entry.content is not None
    ]
    beside = reader.beside_of(citing)
    return [
        Noted(entry, beside.get((logged.stream, logged.n), ()))
        for logged, entry in zip(batch, entries, strict=True)
    ]


def _json(reader: Reader, lines: Iterator[Logged], *, with_text: bool) -> Iterator[str]:
    """Yield each line exactly as it is hashed; or as text, with where it is and what it cites."""
    for batch in _batches(lines):
        if with_text:
            yield "".join(_with_texts(reader, batch))
        else:
            yield "".join(f"{logged.line.decode()}\n" for logged in batch)


def _with_texts(reader: Reader, batch: Sequence[Logged]) -> Iterator[str]:
    sealed = reader.sealed(batch)
    for logged, noted in zip(batch, _noted(reader, batch), strict=True):
        leaf, sealed_at = sealed.get((logged.stream, logged.n), (None, None))
        shape = {
            "line": logged.line.decode(),
            "leaf": leaf,
            "sealed_at": sealed_at,
            "texts": texts(noted.parts),
        }
        yield json.dumps(shape, ensure_ascii=False) + "\n"


def _csv(lines: Iterator[Logged]) -> Iterator[str]:
    """Yield the entries as CSV, the heading once."""
    yield csv_of(KEYS, [])()
    for batch in _batches(lines):
        shapes = [row_shape(entry_of(logged.line)) for logged in batch]
        yield csv_of(KEYS, shapes)().partition("\n")[2]
