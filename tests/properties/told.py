"""What the log alone tells of an agreement, read by hand: nothing of the product's own replay.

A line that may not stand there is a Breach: a move that is none, a state that goes back by another
way than a correction along the last transition, a decision by somebody who drafted it.
"""

import json
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from states.agreement import Agreement
from states.vocabulary import State, Trigger
from tests.properties.model import DRAFTED, MOVES

DECIDED = {"accept", "sign", "terminate", "reinstate", "renew", "sunset"}
"""The transitions that a second person decides on."""
JUDGED = {"amended", "reclassified"}
"""What the guards of `sign` judge anew, beside a correction of the document."""
WRITTEN = {"amended", "corrected", "voided"}
"""Deeds that bring content, so that who does them has written them."""


class Breach(AssertionError):  # noqa: N818 - what is looked for, and no error of the search
    """Something of which the engine says that no path leads to it."""


T = TypeVar("T")


def insist(holds: object, what: str) -> None:
    """Raise Breach unless something holds."""
    if not holds:
        raise Breach(what)


def there(thing: T | None, what: str) -> T:
    """Return what must be there; raises Breach where it is not."""
    if thing is None:
        raise Breach(what)
    return thing


@dataclass(frozen=True)
class Judged:
    """The last time that the guards of `sign` judged: as of which day, by which policy, as what.

    `leaves` are the conditions (guard and code) that were waived then, for signing.
    """

    day: date
    policy: str
    leaves: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Told:
    """Where the log leaves an agreement; `last` is what the last transition led away from.

    `let_in` says that the last transition let it pass on a waiver that no place was free.
    """

    n: int = 0
    state: State | None = None
    version: int = 0
    term: int = 1
    drafters: frozenset[str] = frozenset()
    policy: str = ""
    entered: date = date.min
    acted: date = date.min
    deferred: date | None = None
    taken_over: bool = False
    signed_term: int | None = None
    signed_on: date | None = None
    in_force: bool = False
    let_in: bool = False
    voided: bool = False
    created_as: str | None = None
    judged: Judged | None = None
    leaves: frozenset[tuple[str, str]] = frozenset()
    last: "Told | None" = None
    marks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def unsigned_origin(self) -> bool:
        """Whether what is in force was signed before the program."""
        return self.taken_over and self.signed_term == 1


def person(name: str) -> str:
    """Return who a name is, however it is written."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


@dataclass(frozen=True)
class Line:
    """One line with what stands beside it, and the document that it brings."""

    said: dict[str, Any]
    content: dict[str, Any]
    document: Agreement | None

    @property
    def event(self) -> str:
        """The line's event."""
        return str(self.said["event"])

    @property
    def actor(self) -> str:
        """Who acted."""
        return person(self.said["actor"]["id"])


def line_of(raw: bytes, content: bytes | None, document: Agreement | None) -> Line:
    """Return a line as it stands."""
    beside = json.loads(content) if content else {}
    return Line(json.loads(raw), beside if isinstance(beside, dict) else {}, document)


def after(told: Told, line: Line) -> Told:
    """Return what the log tells after one more line; raises Breach for one that may not be."""
    said = line.said
    insist(said["n"] == told.n + 1, f"line {said['n']} follows line {told.n}")
    told = replace(told, n=said["n"])
    if said["outcome"] == "refused":
        insist(said["to"] is None and said["document"] is None, "a refusal changed something")
        return told
    _by_a_second_person(told, line)
    now = _entered(told, line) if told.state is None else _gone_on(told, line)
    if line.event == "voided":
        now = replace(now, voided=True, leaves=frozenset())
    if said["version"] != told.version:
        now = replace(now, version=said["version"], leaves=frozenset())
    if line.event == "waived" and line.content["trigger"] == "sign":
        leave = (line.content["guard"], line.content["code"])
        now = replace(now, leaves=now.leaves | {leave})
    if line.event == "recorded" and said["due"]:
        now = replace(now, deferred=date.fromisoformat(said["due"]))
    return replace(now, marks=(*told.marks, _mark(line)))


def _mark(line: Line) -> str:
    said = line.said
    if line.event == "transitioned":
        return str(said["trigger"])
    if line.event == "corrected":
        return "taken back" if said["to"] else "corrected" if said["document"] else "mended"
    return line.event


def _by_a_second_person(told: Told, line: Line) -> None:
    said, event = line.said, line.event
    transition = event == "transitioned" and said["trigger"] in DECIDED
    record = event == "corrected" and "kind" in line.content
    written = event in WRITTEN and not record
    if not (transition or written or event in {"reclassified", "waived", "approved"}):
        return
    decider = person(said["approver"] or said["actor"]["id"])
    own = {line.actor} if written else set()
    who = f"{said['n']}: {event} {said['trigger'] or ''} by {line.actor}, decided by {decider}"
    insist(decider not in told.drafters | own, f"who drafted decided on it ({who})")


def _entered(told: Told, line: Line) -> Told:
    said = line.said
    insist(line.event in {"created", "taken_over"}, f"{line.event} entered an agreement")
    over = line.event == "taken_over"
    state = State(said["to"])
    insist(over or state is State.PROPOSAL, f"it was created in {state}")
    now = _dated(told, line)
    return replace(
        now,
        taken_over=over,
        signed_term=1 if over else None,
        in_force=over and state is not State.SIGNED,
        drafters=frozenset() if over else frozenset({line.actor}),
        created_as=line.document.type if line.document and not over else None,
    )


def _dated(told: Told, line: Line) -> Told:
    said = line.said
    return replace(
        told,
        state=State(said["to"]),
        term=said["term"],
        policy=said["policy"],
        entered=date.fromisoformat(said["recorded_at"][:10]),
        acted=date.fromisoformat(said["effective_on"]),
        deferred=None,
    )


def _gone_on(told: Told, line: Line) -> Told:
    said, event = line.said, line.event
    if event == "transitioned":
        return _moved(told, line)
    if said["to"]:
        return _back(told, line)
    if event == "edited" and told.state in DRAFTED:
        told = replace(told, drafters=told.drafters | {line.actor})
    if said["document"] and event in WRITTEN:
        told = replace(told, drafters=told.drafters | {line.actor})
    if event in JUDGED or (event == "corrected" and said["document"]):
        kept = {State.SIGNED, State.ACTIVE}
        ended = told.state not in kept and not told.unsigned_origin and told.signed_on
        day = told.signed_on if ended else None
        told = replace(
            told, judged=Judged(day or date.fromisoformat(said["effective_on"]), said["policy"])
        )
    return told


def _moved(told: Told, line: Line) -> Told:
    said = line.said
    trigger = Trigger(said["trigger"])
    insist(said["from"] == told.state, f"{trigger} from {said['from']}, where it was not")
    to = MOVES.get((State(said["from"]), trigger))
    insist(to == said["to"], f"{said['from']} {trigger} {said['to']} is no move")
    now = replace(_dated(told, line), last=replace(told, last=None))
    if trigger is Trigger.SUBMIT:
        now = replace(now, drafters=told.drafters | {line.actor})
    if trigger is Trigger.RENEGOTIATE:
        insist(said["term"] == told.term + 1, "a renegotiation opens the next term")
        now = replace(now, drafters=frozenset({line.actor}))
    if trigger is Trigger.SIGN:
        day = date.fromisoformat(said["effective_on"])
        judged = Judged(day, said["policy"], told.leaves)
        now = replace(now, signed_term=now.term, signed_on=day, judged=judged)
    waived = any(g["guard"] == "cap_available" and g["outcome"] == "waived" for g in said["guards"])
    in_force = told.in_force or now.state is State.ACTIVE
    return replace(now, in_force=in_force, let_in=waived)


def _back(told: Told, line: Line) -> Told:
    said, past = line.said, there(told.last, "a state went back where no transition stood")
    insist(line.event == "corrected", f"{line.event} set a state")
    entry = line.content["entry"]
    insist(entry == past.n, f"line {entry} was taken back, the last transition is {past.n}")
    insist(said["to"] == past.state, f"it went back to {said['to']} and not to {past.state}")
    return replace(
        _dated(told, line),
        last=None,
        drafters=told.drafters | past.drafters,
        signed_term=past.signed_term,
        signed_on=past.signed_on,
        in_force=past.in_force,
        judged=past.judged if past.state is State.NEGOTIATION else told.judged,
    )
