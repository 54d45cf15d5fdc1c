"""What `lifecycle log erase` does: rehearses, asks, erases, and scrubs the database's file."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from cli.asking import confirmed
from cli.inputs import STDIN
from cli.output.receipts import REFUSED, text
from cli.output.shapes import Shape, json_text, receipt_shape
from cli.output.streams import out, out_data, talk, width
from cli.output.table import Column, table
from cli.output.text import paragraphs
from cli.refs import named
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.erasing.erase import Erasing, Place, erase_part, erase_words
from lifecycle.errors import StoreError
from lifecycle.order import Order
from lifecycle.ports import Unit
from states.ref import Ref
from states.vocabulary import Outcome

_BATCH, _FEW = 500, 10
_COLUMNS = (Column("N", right=True), Column("PART"))
_ELSEWHERE = (
    "Backups, exported bundles and mail that was sent before still have it, and attached files were"
    " not searched; docs/privacy.md says what to do."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be erased, as it was typed."""

    ref: str | None
    n: int | None
    part: str | None
    words: tuple[str, ...]
    everywhere: bool


def erase(settings: Settings, writing: Writing, wanted: Wanted) -> int:
    """Erase and print the receipts; returns the exit code."""
    _check(wanted)
    words = tuple(_words(wanted.words))
    with opened(settings) as session:
        order = session.order(writing)
        refs = _refs(session, wanted)

        def use(unit: Unit) -> tuple[Erasing, ...]:
            return _use(unit, order, refs, wanted, words)

        if not (writing.yes or writing.dry_run):
            with session.ledger(dry_run=True) as ledger, ledger.unit() as unit:
                rehearsed = use(unit)
            if _erased(rehearsed) and not _agreed(rehearsed):
                return REFUSED
        done = session.carry_out(writing, use)
        refused = any(one.receipt.refused for one in done)
        left = None if writing.dry_run or refused else _left(session)
    if settings.json:
        shapes = [_shape(one, dry_run=writing.dry_run, left=left) for one in done]
        out_data(json_text(shapes if wanted.everywhere else shapes[0]))
    else:
        out("".join(_texts(done, dry_run=writing.dry_run, left=left)))
    return REFUSED if refused else 0


def _use(
    unit: Unit, order: Order, refs: Sequence[Ref | None], wanted: Wanted, words: tuple[str, ...]
) -> tuple[Erasing, ...]:
    if wanted.part and wanted.n:
        place = Place(refs[0], wanted.n, wanted.part)
        return erase_part(unit, order, place, everywhere=wanted.everywhere)
    return erase_words(unit, order, refs, words)


def _check(wanted: Wanted) -> None:
    whole = wanted.part is not None and wanted.n is not None and wanted.ref is not None
    said = bool(wanted.words) and (wanted.part, wanted.n) == (None, None)
    if not (whole and not wanted.words) and not (
        said and (wanted.ref is None) == wanted.everywhere
    ):
        message = (
            "say what: REF N --part PART for a text as a whole, or REF --text WORDS (--all --text"
            " WORDS in the whole program) for words wherever they stand."
        )
        raise click.UsageError(message)


def _words(typed: Sequence[str]) -> Iterator[str]:
    """Yield the words; those from standard input are in no list of processes and no history."""
    for one in typed:
        yield from filter(str.strip, sys.stdin) if one == STDIN else [one]


def _refs(session: Session, wanted: Wanted) -> list[Ref | None]:
    """Return the streams that are meant, of which None is the program's own."""
    if wanted.ref is not None:
        own = wanted.ref.strip().upper() == session.code
        return [None if own else named(session, wanted.ref).ref]
    refs: list[Ref | None] = [None]
    with session.store.reading() as reader:
        after = -1
        while batch := reader.portfolio(after, _BATCH):
            after = batch[-1].key
            refs += [Ref.of(session.code, standing.key) for standing in batch]
    return refs


def _erased(done: Sequence[Erasing]) -> bool:
    return any(one.pieces or one.digests for one in done)


def _agreed(rehearsed: Sequence[Erasing]) -> bool:
    talk("".join(_lists(rehearsed)))
    count = sum(len(one.pieces) for one in rehearsed)
    where = f"{count} text{'s' if count > 1 else ''}"
    question = f"Erase this from {where}? It can't be taken back."
    otherwise = "erasing asks first, and nobody can answer here: say --yes to do it."
    if confirmed(question, yes=False, otherwise=otherwise):
        return True
    talk("Nothing was changed.\n")
    return False


def _left(session: Session) -> str:
    """Scrub the database; return what is left of the old bytes there, in a sentence, or nothing."""
    try:
        scrubbed = session.store.database.scrub()
    except StoreError as error:
        return (
            "What stood there may still lie in unused pages of the database's file, which could not"
            f" be written anew ({error.message}). Repeat the command when nobody else uses it."
        )
    if scrubbed:
        return ""
    if session.store.database.path is None:
        return (
            "PostgreSQL keeps what stood there until its next VACUUM, and in its write-ahead log"
            " and the archives of it for as long as these are kept."
        )
    return (
        "What stood there may still lie in the database's write-ahead log, since somebody is"
        " reading. Repeat the command when nobody does."
    )


def _shape(one: Erasing, *, dry_run: bool, left: str | None) -> Shape:
    erased = [{"n": n, "part": part} for n, part in one.pieces]
    more = {
        "erased": erased,
        "lines": list(one.lines),
        "digests": one.digests,
        "left": left or None,
    }
    return receipt_shape(one.receipt, dry_run=dry_run, **more)


def _texts(done: Sequence[Erasing], *, dry_run: bool, left: str | None) -> Iterator[str]:
    told = [one for one in done if one.receipt.outcome is not Outcome.UNCHANGED]
    for one in told or done[:1]:
        yield text(one.receipt, dry_run=dry_run, said=_said(one))
        yield from _lists([one])
    for one in done:
        if one.lines:
            which = ", ".join(map(str, one.lines[:_FEW])) + (" …" if one.lines[_FEW:] else "")
            said = f"{one.receipt.ref}: the words stand on the log's own lines {which}, which stay."
            yield f"{paragraphs(said, width())}\n"
    if done[0].digests:
        yield f"{done[0].digests} digests in the outbox were changed.\n"
    if told and not any(one.receipt.refused for one in told):
        for note in (left, _ELSEWHERE):
            yield f"\n{paragraphs(note, width())}\n" if note else ""


def _said(one: Erasing) -> str | None:
    if not one.pieces:
        return None
    count = len(one.pieces)
    return f"{one.receipt.ref}: erased from {count} text{'s' if count > 1 else ''}."


def _lists(done: Sequence[Erasing]) -> Iterator[str]:
    for one in done:
        if one.pieces:
            yield f"{one.receipt.ref}\n{table(_COLUMNS, [list(piece) for piece in one.pieces])}\n"
