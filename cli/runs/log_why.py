"""What `lifecycle log why` does: gathers everything that stood behind one entry."""

from cli.output.answers import Answer, give, shape
from cli.output.changes import Difference, differences
from cli.output.why import Explained, Paper, Place, shape_of
from cli.output.why_page import page
from cli.session import Session, opened
from cli.settings import Reading, Settings
from cli.streams import stream_of
from lifecycle.entry import Entry, entry_of
from lifecycle.explaining import why
from lifecycle.picking import Logged
from states.canonical import sha256_hex
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.vocabulary import Event
from store.facts import PROGRAM_STREAM
from store.policies import shipped, shipped_policy
from store.reader import Reader

_ATTEMPTS = frozenset({Event.TRANSITIONED, Event.REFUSED})


def show_why(
    settings: Settings, reading: Reading, text: str, n: int | None, *, document: bool
) -> None:
    """Print one entry in full; with its whole document where that is asked for."""
    with opened(settings) as session, session.store.reading() as reader:
        key = stream_of(session, reader, text)
        line = _line(session, reader, key, n)
        explained = _explained(session, reader, key, line, document=document)
        answer = Answer(table=lambda: page(explained), json=shape(shape_of(explained)))
        give(settings, reading, answer)


def _line(session: Session, reader: Reader, key: int | None, n: int | None) -> bytes:
    """Return the line that is meant: of an agreement the last attempt, of a program the last."""
    chosen = None
    for line in reader.lines(key, (n or 1) - 1):
        if n is not None:
            return line
        if key is None or entry_of(line).event in _ATTEMPTS:
            chosen = line
    if chosen is None:
        named = session.code if key is None else Ref.of(session.code, key)
        what_is_missing = f"no entry {n}" if n else "no transition and no refusal yet"
        message = f"{named} has {what_is_missing}"
        hint = f"lifecycle log {named} shows its entries"
        raise InvalidInputError([Problem("unknown_entry", message, hint=hint)])
    return chosen


def _explained(
    session: Session, reader: Reader, key: int | None, line: bytes, *, document: bool
) -> Explained:
    entry = entry_of(line)
    logged = Logged(PROGRAM_STREAM if key is None else key, entry.n, line)
    leaf, sealed_at = reader.sealed([logged]).get((logged.stream, logged.n), (None, None))
    return Explained(
        line=line,
        entry=entry,
        parts=tuple(reader.beside(key, entry.n)),
        why=why(reader, key, entry),
        policy=reader.policy(entry.policy) if entry.policy else None,
        shipped=_shipped(entry.policy),
        paper=_paper(reader, key, entry),
        whole=document,
        place=Place(leaf, sealed_at),
        time_zone=session.time_zone,
    )


def _shipped(digest: str | None) -> str | None:
    """Return the name under which a policy ships, where it does."""
    names = (name for name in shipped() if sha256_hex(shipped_policy(name)) == digest)
    return next(names, None)


def _paper(reader: Reader, key: int | None, entry: Entry) -> Paper | None:
    """Return the document as it was at an entry, and what the entry changed of it."""
    if key is None or not entry.version:
        return None
    version = max(v for v in reader.versions(key) if v <= entry.version)
    document = reader.document_at(key, version)
    if document is None:
        return None
    changes: list[Difference] = []
    if entry.document is not None and (before := reader.document_at(key, version - 1)):
        changes = differences(before, document)
    return Paper(Ref.of(entry.program, key), version, document, tuple(changes))
