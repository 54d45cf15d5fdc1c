"""Which texts stand beside a stream's lines, and what stands in their place once words are erased.

Reads and computes; it neither asks by what right nor writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from lifecycle.entry import Entry, entry_of
from lifecycle.erasing.redacting import GONE, Wording, class_of, emptied, redacted
from lifecycle.labels import NO_LABEL, Label, correction
from lifecycle.ports import Piece, Unit
from lifecycle.subjects import of_document, of_sheet
from states.agreement import Agreement
from states.attachment import Attachment
from states.codec import decode, encode
from states.notes import Assent
from states.problem import InvalidInputError, Problem
from states.records import Evaluation, ScoreSheet
from states.vocabulary import Event

PARTS = ("reason", "content", "document", "attachment")
"""What may stand beside a line."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it stands: by which line, what it says, and what it takes the place of.

    `cites` is what it is kept under: a document's digest on the line, a file's SHA-256.
    """

    n: int
    part: str
    says: object
    cites: str = ""
    label: Label = NO_LABEL

    def raw(self) -> str:
        """Return all that it says."""
        return self.says if isinstance(self.says, str) else encode(self.says).decode()


def texts(unit: Unit, key: int | None) -> Iterator[Text]:
    """Yield what stands beside a stream's lines and was written by people, and what they assent to.

    Files that were attached are bytes, and not looked into.
    """
    for line in unit.lines(key):
        entry = entry_of(line)
        if entry.document and key is not None:
            says = unit.document_of(key, entry.document)
            yield Text(entry.n, "document", says, entry.document)
        if entry.reason or entry.content:
            yield from _beside(unit, key, entry)


def _beside(unit: Unit, key: int | None, entry: Entry) -> Iterator[Text]:
    for part in unit.beside(key, entry.n):
        cls = Assent if part.kind == "approval" else class_of(part.kind)
        if part.part == "reason":
            yield Text(entry.n, "reason", part.body.decode())
        elif cls is not None:
            label = Label(part.kind, part.year, part.corrects)
            yield Text(entry.n, "content", decode(cls, part.body), label=label)


def without(unit: Unit, key: int | None, wording: Wording) -> list[Piece]:
    """Return the texts beside a stream's lines that have the words, as they stand without them.

    Approvals of one content go along with it, so that they are still approvals of it, and so that
    their digest gives no guess away.
    """
    logins = frozenset(entry_of(line).actor.id for line in unit.lines(key))
    pieces: list[Piece] = []
    subjects: dict[str, str] = {}
    for text in texts(unit, key):
        says = wording(text.says) if isinstance(text.says, str) else text.says
        says = says if isinstance(says, str) else redacted(says, wording, logins)
        if says != text.says:
            pieces.append(_piece(unit, text, says))
            subjects |= _rebinding(text, says)
    return [*pieces, *_rebound(unit, key, subjects)]


def whole(unit: Unit, key: int | None, entry: Entry, part: str, gone: str) -> list[Piece]:
    """Return what stands in the place of a whole text, `gone`; nothing where it is erased already.

    Raises InvalidInputError where there is none, or where later lines stand on it.
    """
    if part == "attachment":
        return _file(unit, key, entry)
    if part == "document":
        message = (
            f"the document of line {entry.n} can't go as a whole: later lines are judged by it"
        )
        hint = "erase the words in it that have to go: --text 'Jane Doe'"
        raise InvalidInputError([Problem("needed", message, key="--part", hint=hint)])
    found = next((t for t in _beside(unit, key, entry) if t.part == part), None)
    if getattr(entry, part) is None:
        message = f"no {part} stands beside line {entry.n}"
        raise InvalidInputError([Problem("nothing_there", message, key="--part")])
    if found is None or isinstance(found.says, Assent):
        message = f"the content of line {entry.n} has no text of anybody's, and later lines need it"
        raise InvalidInputError([Problem("needed", message, key="--part")])
    if isinstance(found.says, str):
        says: object = found.says if GONE.fullmatch(found.says) else gone
    else:
        says = emptied(found.says, gone)
    if says == found.says:
        return []
    return [_piece(unit, found, says), *_rebound(unit, key, _rebinding(found, says))]


def paper_of(unit: Unit, key: int | None, entry: Entry) -> Attachment | None:
    """Return what a line attached, if it did."""
    if entry.event is not Event.ATTACHED:
        return None
    found = (text.says for text in _beside(unit, key, entry))
    return next((paper for paper in found if isinstance(paper, Attachment)), None)


def line_of_stream(unit: Unit, key: int | None, name: str, n: int) -> Entry:
    """Return a stream's line; raises InvalidInputError where there is none."""
    line = next(unit.lines(key, n - 1), None)
    if line is None:
        message = f"{name} has no entry {n}"
        hint = f"lifecycle log {name} shows its entries"
        raise InvalidInputError([Problem("unknown_entry", message, key="N", hint=hint)])
    return entry_of(line)


def _file(unit: Unit, key: int | None, entry: Entry) -> list[Piece]:
    paper = paper_of(unit, key, entry)
    if paper is None:
        message = f"line {entry.n} attached no file"
        raise InvalidInputError([Problem("nothing_there", message, key="--part")])
    done = unit.erased(key).get((entry.n, "attachment"))
    return [] if done else [Piece(entry.n, "attachment", b"", b"", paper.sha256)]


def _piece(unit: Unit, text: Text, says: object) -> Piece:
    kind, line = text.label.kind, text.label.corrects
    if isinstance(says, str):
        body = says.encode()
    else:
        body = correction(says, kind, line) if kind and line else encode(says)
    return Piece(text.n, text.part, unit.salt(), body, text.cites)


def _rebinding(text: Text, says: object) -> dict[str, str]:
    """Return to what approvals of a content are bound from now on, by what they were bound to."""
    return dict(zip(_subjects(text, text.says), _subjects(text, says), strict=True))


def _rebound(unit: Unit, key: int | None, subjects: Mapping[str, str]) -> Iterator[Piece]:
    """Yield the approvals that are bound to another content from now on."""
    for text in texts(unit, key) if subjects else ():
        bound = text.says.subject or "" if isinstance(text.says, Assent) else ""
        if isinstance(text.says, Assent) and (subject := subjects.get(bound)):
            yield _piece(unit, text, msgspec.structs.replace(text.says, subject=subject))


def _subjects(text: Text, says: object) -> Sequence[str]:
    """Return the digests that an approval of this content may be bound to."""
    if isinstance(says, Agreement):
        return (of_document(says),)
    if isinstance(says, ScoreSheet) and text.label.corrects:
        return tuple(
            of_sheet(text.label.corrects, one) for one in (says, replace(says, criteria=None))
        )
    if isinstance(says, Evaluation) and text.label.corrects:
        return (of_sheet(text.label.corrects, says),)
    return ()
