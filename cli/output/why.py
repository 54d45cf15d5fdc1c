"""One entry of the log with everything that stood behind it, and as JSON."""

import json
from dataclasses import dataclass

from cli.output.changes import Difference
from cli.output.document import plain
from cli.output.shapes import Shape
from guards.asks import ASKED
from guards.policy import Policy
from lifecycle.entry import Entry, GuardResult, digest_of
from lifecycle.explaining import Given, Held, Judged, Waived, Why
from lifecycle.ports import Beside
from states.agreement import Agreement
from states.ref import Ref


@dataclass(frozen=True, slots=True)
class Paper:
    """The document as it was at an entry, since which version, and what the entry changed of it."""

    ref: Ref
    version: int
    document: Agreement
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line is in the sealed tree, and since when; None while no seal covers it."""

    leaf: int | None
    sealed_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One line with everything that stood behind it; `whole` asks for the document as well."""

    line: bytes
    entry: Entry
    parts: tuple[Beside, ...]
    why: Why
    policy: Policy | None
    shipped: str | None
    paper: Paper | None
    whole: bool
    place: Place
    time_zone: str


def shape_of(one: Explained) -> Shape:
    """Return an entry as JSON: the line's own keys, and what stood behind it."""
    paper = one.paper
    return {
        **json.loads(one.line),
        "entry": digest_of(one.line),
        "texts": {part.part: part.body.decode() for part in one.parts},
        "beside": [_beside_shape(part) for part in one.parts],
        "asked": [_asked_shape(result) for result in one.entry.guards],
        "authority": _held_shape(one.why.held) if one.why.held else None,
        "approval": _given_shape(one.why.approval) if one.why.approval else None,
        "judged_by": _judged_shape(one, one.why.judged) if one.why.judged else None,
        "waivers": [_waived_shape(waived) for waived in one.why.waivers],
        "document_version": paper.version if paper else None,
        "changes": [change.shape() for change in paper.changes] if paper else [],
        "whole_document": plain(paper.document) if paper and one.whole else None,
        "leaf": one.place.leaf,
        "sealed_at": one.place.sealed_at,
    }


def _beside_shape(part: Beside) -> Shape:
    said = part.body.decode() if part.part == "reason" else json.loads(part.body)
    return {"part": part.part, "kind": part.kind, "says": said}


def _asked_shape(result: GuardResult) -> Shape:
    asked = ASKED.get(result.guard)
    return {
        "guard": result.guard,
        "outcome": result.outcome,
        "code": result.code,
        "asks": asked.words if asked else None,
        "report": asked.report if asked else None,
    }


def _held_shape(held: Held) -> Shape:
    return {
        "name": held.name,
        "role": held.role,
        "since": held.since,
        "until": held.until,
        "granted_by": held.granted_by,
        "n": held.n,
    }


def _given_shape(given: Given) -> Shape:
    return {
        "by": given.entry.actor.id,
        "at": given.entry.recorded_at,
        "n": given.entry.n,
        "until": given.until,
        "on_behalf_of": given.entry.on_behalf_of,
        "item": given.entry.item,
        "reason": given.reason,
        "authority": _held_shape(given.held) if given.held else None,
    }


def _judged_shape(one: Explained, judged: Judged) -> Shape:
    return {
        "digest": one.entry.policy,
        "name": one.shipped,
        "title": one.policy.program.name if one.policy else None,
        "effective_on": judged.adopted.effective_on,
        "adopted_by": judged.adopted.actor.id,
        "adopted_at": judged.adopted.recorded_at,
        "approved_by": judged.adopted.approver,
        "n": judged.adopted.n,
        "in_force": judged.in_force,
    }


def _waived_shape(waived: Waived) -> Shape:
    return {
        "guard": waived.guard,
        "code": waived.code,
        "field": waived.field,
        "by": waived.entry.actor.id,
        "role": waived.entry.role,
        "at": waived.entry.recorded_at,
        "n": waived.entry.n,
        "reason": waived.reason,
    }
