"""What the entries of the log report, in a few words for people."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cli.output.words import SHORT_DIGEST
from lifecycle.entry import Entry
from lifecycle.ports import Beside
from states.vocabulary import Event, Outcome


def what(entry: Entry, parts: Sequence[Beside] = ()) -> str:
    """Return what an entry reports; `parts` is what stands beside it."""
    part = next((part for part in parts if part.part == "content"), None)
    if entry.outcome is Outcome.REFUSED:
        tried = json.loads(part.body)["deed"] if part and part.kind == "attempt" else "change"
        return f"{entry.trigger or tried} refused"
    said = _noted(entry, part) if part is not None else None
    if said is not None:
        return said
    if entry.trigger is not None and entry.event is Event.TRANSITIONED:
        return f"{entry.trigger}: {entry.from_} → {entry.to}"
    word = "document corrected" if entry.event is Event.CORRECTED else entry.event
    return f"{word} → {entry.to}" if entry.to else word.replace("_", " ")


def by_whose_word(entry: Entry) -> list[str]:
    """Return who approved what an entry reports, and which body decided it."""
    body = ", ".join(filter(None, (entry.on_behalf_of, entry.item)))
    return [
        *([f"approved by {entry.approver}"] if entry.approver else []),
        *([f"on behalf of {body}"] if body else []),
    ]


def _noted(entry: Entry, part: Beside) -> str | None:
    """Return what a line says that stands for what is beside it; None for any other line."""
    kind = part.kind or ""
    if kind in _NOTES:
        return _NOTES[kind](json.loads(part.body))
    if kind == "taken_back":
        return f"line {json.loads(part.body)['entry']} taken back → {entry.to}"
    if entry.event is not Event.CORRECTED or kind == "contacts":
        return None
    of = f" of line {part.corrects}" if part.corrects else ""
    name = kind.removeprefix("record.")
    return f"record{of} retracted" if name == "retracted" else f"{name}{of} corrected"


def _approval(note: dict[str, Any]) -> str:
    exactly = ", bound to its content" if note["subject"] else ""
    return f"{note['deed']} approved until {note['until']}{exactly}"


def _waiver(note: dict[str, Any]) -> str:
    condition = ":".join(filter(None, (note["guard"], note["code"], note["field"])))
    return f"{condition} waived for {note['trigger']}"


def _role(note: dict[str, Any]) -> str:
    if not note["granted"]:
        return f"{note['name']} no longer {note['role']}"
    until = f" until {note['until']}" if note["until"] else ""
    return f"{note['name']} made {note['role']}{until}"


def _voiding(note: dict[str, Any]) -> str:
    same_as = note["same_as"]
    return f"voided, a duplicate of {same_as}" if same_as else "voided, entered in error"


def _adoption(note: dict[str, Any]) -> str:
    return f"policy {note['policy'][:SHORT_DIGEST]} approved, from {note['effective_on']} on"


def _restoration(note: dict[str, Any]) -> str:
    backup = f"restored from the backup {note['sha256'][:SHORT_DIGEST]}"
    return f"{backup}, whose newest line is of {note['newest']}" if note["newest"] else backup


def _erasure(note: list[dict[str, Any]]) -> str:
    places = [f"{one['part']} of line {one['entry']}" for one in note[:_FEW]]
    more = [f"{len(note) - _FEW} more"] if len(note) > _FEW else []
    return f"erased: {', '.join(places + more)}"


_FEW = 3
"""How many places of an erasure are told in a table."""

_NOTES: Mapping[str, Callable[[Any], str]] = {
    "approval": _approval,
    "waiver": _waiver,
    "role": _role,
    "voiding": _voiding,
    "adoption": _adoption,
    "restoration": _restoration,
    "erasure": _erasure,
    "attachment": lambda paper: f"{paper['name']} attached ({paper['kind']})",
    "record.published": lambda page: f"term {page['term']} published",
}
"""How each kind of note beside a line reads."""
