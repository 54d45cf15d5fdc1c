"""The transition tables that lines were written under, by digest, and what was legal by them.

A word on the log is never renamed, so that a table of an earlier release reads like today's. One
with words that this release does not know is not judged by.
"""

import json
from collections.abc import Callable, Iterator, Mapping
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


def unlawful(step: Step, table: Table, past: Standing | None) -> Iterator[str]:
    """Yield why a line that moves its agreement does not move along the table, or back along it."""
    entry, state = step.entry, step.before.state if step.before else None
    match entry.event:
        case Event.TRANSITIONED:
            row = table.get(entry.trigger) if entry.trigger else None
            if row is None or entry.from_ not in row.sources or entry.to is not row.target:
                yield f"{entry.trigger} does not lead from {entry.from_} to {entry.to}"
        case Event.CREATED | Event.TAKEN_OVER:
            if state is not None or entry.to is None:
                yield "an agreement is entered once, and before anything else"
            return
        case Event.CORRECTED if entry.to is not None:
            if past is None or entry.to is not past.state:
                yield f"the last transition that stands did not lead from {entry.to}"
        case _:
            if state is None or entry.to is not None:
                yield f"{entry.event} moves nothing, and is of an agreement that was entered"
            return
    if entry.from_ is not state:
        yield f"it was in {state}, and not in {entry.from_}"
