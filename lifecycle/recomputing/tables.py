"""The transition tables that lines were written under, by digest, and what was legal by them.

A word on the log is never renamed, so that a table of an earlier release reads like today's. One
with words that this release does not know is not judged by.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lifecycle.replay import Step
from states.canonical import sha256_hex
from states.deeds import Deed
from states.standing import Standing
from states.table import BY_TRIGGER, Transition, definition
from states.vocabulary import Event, Guard, Role, State, Trigger

Table = Mapping[Trigger, Transition]

TODAYS = sha256_hex(definition())
"""The digest of this release's table."""


@dataclass(slots=True)
class Tables:
    """Today's table, and those that an archive keeps."""

    kept: Callable[[str], bytes | None]
    _known: dict[str, Table | None] = field(default_factory=lambda: {TODAYS: BY_TRIGGER})

    def of(self, digest: str) -> Table | None:
        """Return the table of a digest; None for one that is not kept, or can't be read."""
        if digest not in self._known:
            body = self.kept(digest)
            sound = body is not None and sha256_hex(body) == digest
            self._known[digest] = _read(body) if body is not None and sound else None
        return self._known[digest]


def _read(body: bytes) -> Table | None:
    try:
        rows = [_row(row) for row in json.loads(body)]
    except (ValueError, LookupError, TypeError):
        return None
    return {row.trigger: row for row in rows}


def _row(row: Mapping[str, Any]) -> Transition:
    return Transition(
        trigger=Trigger(row["trigger"]),
        sources=tuple(map(State, row["from"])),
        target=State(row["to"]),
        by=tuple(map(Role, row["by"])),
        guards=tuple(map(Guard, row["guards"])),
    )


def pulled(row: Transition, *, system: bool) -> Deed:
    """Return the deed of a row's trigger, for a person or for the nightly check."""
    roles = (role for role in row.by if (role is Role.SCHEDULER) is system)
    return Deed(row.trigger, Event.TRANSITIONED, tuple(roles), row.trigger)


def unlawful(step: Step, table: Table, past: Standing | None) -> str | None:
    """Return why a line does not move its agreement along the table, or back along it."""
    entry, state = step.entry, step.before.state if step.before else None
    if entry.to is not None and entry.from_ is not state:
        return f"it was in {state}, and not in {entry.from_}"
    match entry.event:
        case Event.TRANSITIONED:
            row = table.get(entry.trigger) if entry.trigger else None
            lawful = row and entry.from_ in row.sources and entry.to is row.target
            why = f"{entry.trigger} does not lead from {entry.from_} to {entry.to}"
        case Event.CREATED | Event.TAKEN_OVER:
            lawful = state is None and entry.to is not None
            why = "an agreement is entered once, and before anything else"
        case Event.CORRECTED if entry.to is not None:
            lawful = past is not None and entry.to is past.state
            why = f"the last transition that stands did not lead from {entry.to}"
        case _:
            lawful = state is not None and entry.to is None
            why = f"{entry.event} moves nothing, and is of an agreement that was entered"
    return None if lawful else why
