"""What `lifecycle log export` does: one ordered pass through the log, written as it is read."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import click

from cli.commands.log_export import FORMS
from cli.output.answers import give_parts
from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.session import opened
from cli.settings import Settings
from lifecycle.entry import Entry, entry_of
from lifecycle.errors import StoreError
from lifecycle.picking import Logged
from states.ref import Ref
from store.reader import Reader

_PIECE = 500
"""How many pieces of text are written at once."""

Form = Callable[[Reader, bool], Iterator[bytes]]


def export_log(settings: Settings, form: str | None, file: str | None, *, every: bool) -> None:
    """Write the program's log, or the net that it replays on, in one of the formats."""
    chosen = _chosen(form, file, as_json=settings.json)
    if every and chosen != "xes":
        message = f"--all-events is for xes; {chosen} has every line, or none."
        raise click.UsageError(message)
    if chosen == "pnml":
        give_parts(file, _net())
        return
    with opened(settings) as session, session.store.reading() as reader:
        give_parts(file, _OF_LOG[chosen](reader, every))


def export_bundle(settings: Settings, folder: str, *, dry_run: bool) -> None:
    """Write the sealed log as a folder that proves itself, and tell what is in it."""
    from cli.output.bundles import bundle_shape, bundle_text
    from store.bundle.writing import planned, write_bundle

    with opened(settings) as session, session.store.reading() as reader:
        made = planned(reader, folder) if dry_run else write_bundle(reader, folder)
        if settings.json:
            out_data(json_text(bundle_shape(made, dry_run=dry_run)))
        else:
            out(bundle_text(made, session.time_zone, dry_run=dry_run))


def _chosen(form: str | None, file: str | None, *, as_json: bool) -> str:
    ending = Path(file).suffix.lower().removeprefix(".") if file else None
    chosen = form or (ending if ending in FORMS else None) or ("jsonl" if as_json else None)
    if chosen is None:
        message = (
            "log export needs a DIR for a copy that can be verified, or a format: --format"
            f" {', '.join(FORMS[:-1])} or {FORMS[-1]}, or a FILE that ends so."
        )
        raise click.UsageError(message)
    if as_json and chosen != "jsonl":
        message = f"--json and {chosen} exclude each other; as JSON, the log is --format jsonl."
        raise click.UsageError(message)
    return chosen


def _net() -> Iterator[bytes]:
    from cli.output.pnml import pnml
    from states.canonical import sha256_hex
    from states.petri import net
    from states.table import definition

    return _pieces(pnml(net(), f"lifecycle, definition {sha256_hex(definition())}"))


def _jsonl(reader: Reader, _every: bool) -> Iterator[bytes]:  # noqa: FBT001 - as each form
    lines = (logged.line + b"\n" for logged in reader.log())
    while piece := b"".join(islice(lines, _PIECE)):
        yield piece


def _csv(reader: Reader, _every: bool) -> Iterator[bytes]:  # noqa: FBT001 - as each form
    from cli.output.flat import heading, rows

    yield heading().encode()
    yield from _pieces(rows(_entries(reader)))


def _xes(reader: Reader, every: bool) -> Iterator[bytes]:  # noqa: FBT001 - as each form
    from cli.output.xes import xes

    yield from _pieces(xes(reader.program.code, _entries(reader), every=every))


_OF_LOG: dict[str, Form] = {"csv": _csv, "jsonl": _jsonl, "xes": _xes}


def _entries(reader: Reader) -> Iterator[tuple[Entry, bytes]]:
    """Yield what each line says, with its bytes; raises StoreError for what is no line."""
    for logged in reader.log():
        yield _said(reader.program.code, logged), logged.line


def _said(code: str, logged: Logged) -> Entry:
    try:
        return entry_of(logged.line)
    except ValueError as error:
        of = Ref.of(code, logged.stream) if logged.stream else code
        message = f"line {logged.n} of {of} is no line of a log, and has no place in this form"
        raise StoreError(message, "damaged", "--format jsonl exports it as it is") from error


def _pieces(parts: Iterable[str]) -> Iterator[bytes]:
    """Yield text as bytes, many parts at once."""
    piece: list[str] = []
    for part in parts:
        piece.append(part)
        if len(piece) == _PIECE:
            yield "".join(piece).encode()
            piece.clear()
    yield "".join(piece).encode()
