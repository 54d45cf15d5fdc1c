"""Explains one line of the log: by what right it was written, and under which rules.

Everything is as it was when the line was recorded, read from the log itself: the role that was
held and who had granted it, the approval that stood behind it, the policy in force and who had
adopted it, the waivers that it was done on. Nothing is judged anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from types import MappingProxyType

from lifecycle.entry import Entry, entry_of
from lifecycle.picking import WAIVED
from lifecycle.ports import Beside, Unit
from lifecycle.role_changes import change_told, holdings
from states.codec import decode
from states.deeds import AMEND, CORRECT, RECLASSIFY, VOID
from states.notes import Adoption, Assent, Leave
from states.roles import Holding, Holdings, holding
from states.vocabulary import Event, Role

_DEEDS: Mapping[Event, str] = MappingProxyType(
    {deed.event: deed.name for deed in (AMEND, CORRECT, RECLASSIFY, VOID)}
)
"""What an approval of a line that is no transition was given for."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role as somebody held it: since which instant, and by whose line of the program's log."""

    name: str
    role: Role
    since: str
    until: date | None
    granted_by: str
    n: int


@dataclass(frozen=True, slots=True)
class Given:
    """The approval that stood behind a line, as its own line has it; its last day, where it says.

    `held` is the role under which it was given, where that was granted.
    """

    entry: Entry
    until: date | None
    reason: str | None
    held: Held | None


@dataclass(frozen=True, slots=True)
class Waived:
    """A condition that was let pass: the line that waived it, and its reason."""

    guard: str
    code: str
    field: str | None
    entry: Entry
    reason: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The policy that a line was judged by: the line that adopted it, and whether it was in force.

    One in decision or negotiation may keep the policy of its last decision.
    """

    adopted: Entry
    in_force: bool


@dataclass(frozen=True, slots=True)
class Why:
    """What stood behind a line; None for what did not."""

    held: Held | None
    approval: Given | None
    judged: Judged | None
    waivers: tuple[Waived, ...]


def why(unit: Unit, key: int | None, entry: Entry) -> Why:
    """Return what stood behind a line of an agreement's stream, or of the program's own (None)."""
    program = list(_until(unit, entry))
    grants = _Grants.of(unit, (line for line in program if line != entry))
    day = entry.effective
    before = [line for line in _before(unit, key, entry) if line.event in {_APPROVED, _WAIVED}]
    return Why(
        held=grants.held(entry.actor.id, entry.role, day),
        approval=_approval(unit, key, entry, before, grants) if entry.approver else None,
        judged=_judged(program, entry),
        waivers=tuple(_waivers(unit, key, entry, before).values()),
    )


_APPROVED, _WAIVED = Event.APPROVED, Event.WAIVED


def _until(unit: Unit, entry: Entry) -> Iterator[Entry]:
    """Return the program's own lines up to when a line was recorded; to itself, if it is one."""
    lines = map(entry_of, unit.lines(None))
    if entry.agreement is None:
        return takewhile(lambda line: line.n <= entry.n, lines)
    return takewhile(lambda line: line.recorded_at <= entry.recorded_at, lines)


def _before(unit: Unit, key: int | None, entry: Entry) -> Iterator[Entry]:
    return takewhile(lambda line: line.n < entry.n, map(entry_of, unit.lines(key)))


@dataclass(frozen=True, slots=True)
class _Grants:
    """Who held which role in the end, and the lines that granted them."""

    holdings: Holdings
    lines: Mapping[tuple[str, str, Role], Entry]

    @classmethod
    def of(cls, unit: Unit, lines: Iterable[Entry]) -> "_Grants":
        changes = [
            (line, change_told(line, unit.beside(None, line.n)))
            for line in lines
            if line.event is Event.ROLE_CHANGED
        ]
        granted = {(line.recorded_at, change.name, change.role): line for line, change in changes}
        return cls(holdings(changes), granted)

    def held(self, name: str, role: Role | None, day: date) -> Held | None:
        """Return a role as it was held, with the line that granted it."""
        found = holding(self.holdings, name, role, day) if role else None
        return self._with_line(found) if found else None

    def _with_line(self, found: Holding) -> Held:
        line = self.lines[found.since, found.name, found.role]
        return Held(found.name, found.role, found.since, found.until, line.actor.id, line.n)


def _approval(
    unit: Unit, key: int | None, entry: Entry, before: Sequence[Entry], grants: _Grants
) -> Given | None:
    """Return the last approval of its giver for this deed."""
    own = (line for line in before if line.actor.id == entry.approver)
    given = [line for line in own if line.event is _APPROVED and _meant(unit, key, line, entry)]
    if not given:
        return None
    line = given[-1]
    until = None if key is None else decode(Assent, _note(unit, key, line).body).until
    held = grants.held(line.actor.id, line.role, entry.effective)
    return Given(line, until, _reason(unit, key, line), held)


def _meant(unit: Unit, key: int | None, approval: Entry, entry: Entry) -> bool:
    """Whether an approval was given for what a line did."""
    body = _note(unit, key, approval).body
    if key is None:
        return decode(Adoption, body).policy == entry.policy
    return decode(Assent, body).deed == (entry.trigger or _DEEDS.get(entry.event))


def _judged(program: Sequence[Entry], entry: Entry) -> Judged | None:
    adoptions = [line for line in program if line.event is Event.POLICY_ADOPTED]
    own = [line for line in adoptions if line.policy == entry.policy]
    return Judged(own[-1], own[-1] == adoptions[-1]) if own else None


def _waivers(
    unit: Unit, key: int | None, entry: Entry, before: Sequence[Entry]
) -> Mapping[Leave, Waived]:
    """Return the waivers of the conditions that were let pass, the last one of each."""
    waived = {(g.guard, g.code) for g in entry.guards if g.outcome == WAIVED}
    found: dict[Leave, Waived] = {}
    for line in before if waived else ():
        if line.event is not _WAIVED:
            continue
        leave = decode(Leave, _note(unit, key, line).body)
        if (leave.guard, leave.code) in waived and leave.trigger == entry.trigger:
            said = (leave.guard, leave.code, leave.field)
            found[leave] = Waived(*said, line, _reason(unit, key, line))
    return found


def _note(unit: Unit, key: int | None, line: Entry) -> Beside:
    return next(part for part in unit.beside(key, line.n) if part.part == "content")


def _reason(unit: Unit, key: int | None, line: Entry) -> str | None:
    parts = unit.beside(key, line.n) if line.reason else ()
    return next((part.body.decode() for part in parts if part.part == "reason"), None)
