"""What stands beside a line is of a kind, for a year, in another's place: its label.

Labels are columns, so that records are found by them. None of it is believed: a label follows from
the line and from what it cites, and where it does not, that is found.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from lifecycle.entry import Entry, entry_of
from lifecycle.replay import Finding
from states.codec import encode
from states.records import RETRACTED
from states.vocabulary import Event

_KINDS: Mapping[Event, str] = {
    Event.SCORED: "scores",
    Event.EVALUATED: "evaluation",
    Event.WAIVED: "waiver",
    Event.VOIDED: "voiding",
    Event.ATTACHED: "attachment",
    Event.ROLE_CHANGED: "role",
    Event.KEY_CHANGED: "key",
    Event.ERASED: "erasure",
    Event.NIGHTLY_COMPLETED: "nightly",
    Event.RESTORED: "restoration",
    Event.REFUSED: "attempt",
}
"""What the lines of an event bring, where they bring one thing only."""

_RECORD = "record."


@dataclass(frozen=True, slots=True)
class Label:
    """Of what kind something is, for which year, and in whose place it stands."""

    kind: str | None
    year: int | None = None
    corrects: int | None = None


NO_LABEL = Label(None)
"""That of reasons and documents."""


def correction(value: object, kind: str, line: int) -> bytes:
    """Return what takes the place of what stood beside a line, and says so itself."""
    return encode(value, corrects={"kind": kind, "line": line})


def label_findings(
    stream: str, lines: Iterable[bytes], beside: Mapping[int, tuple[Label, bytes]]
) -> Iterator[Finding]:
    """Yield what stands beside a stream's lines under another label than follows from it.

    `beside` has the contents by the n of their lines. Corrections of releases before this one don't
    say whose place they take, and of what was erased as a whole nothing follows.
    """
    for entry in map(entry_of, lines):
        label, body = beside.get(entry.n, (None, b""))
        wanted = _label_of(entry, body) if label is not None else None
        if wanted is not None and wanted != label:
            message = f"what stands beside line {entry.n} is labelled as something else than it is"
            yield Finding(stream, entry.n, "label.differs", message)


def _label_of(entry: Entry, body: bytes) -> Label | None:
    """Return the label that follows from a line and what it cites; None where none does."""
    if entry.event in _KINDS:
        return Label(_KINDS[entry.event])
    if entry.event is Event.APPROVED:
        return Label("approval" if entry.agreement else "adoption")
    said = _said(body)
    if said is None:
        return None
    if entry.event in {Event.RECORDED, Event.PUBLISHED}:
        return Label(f"{_RECORD}{said.get('kind')}", said.get("year"))
    if entry.event is Event.CORRECTED and entry.document is None and entry.to is None:
        return _of_correction(said)
    return Label("taken_back") if entry.takes_back else None


def _of_correction(said: Mapping[str, Any]) -> Label | None:
    corrects = said.get("corrects")
    if corrects is None:
        return None
    kind = corrects["kind"]
    dated = kind.startswith(_RECORD) and kind != RETRACTED
    return Label(kind, said.get("year") if dated else None, corrects["line"])


def _said(body: bytes) -> dict[str, Any] | None:
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    return said if isinstance(said, dict) else None
