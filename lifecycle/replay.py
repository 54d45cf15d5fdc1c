"""Replays a log: what its lines and documents make of an agreement, and whether the rows agree.

The current rows are a projection. Folding an agreement's lines through `lifecycle.evolve` gives
exactly its row and its terms; whatever differs was changed behind the log's back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from guards.policy import Policy
from lifecycle.entry import VERSION, Entry, digest_of, entry_of, salted
from lifecycle.errors import StoreError
from lifecycle.evolve import Brought, derived, evolve, term_changes
from lifecycle.matter import keeps_policy
from lifecycle.ports import Beside, CitedUnit, Erased
from states.agreement import Agreement
from states.canonical import is_canonical
from states.standing import Standing
from states.table import BY_TRIGGER
from states.terms import TermRow
from states.vocabulary import Event, State, Trigger


class Finding(msgspec.Struct, frozen=True):
    """One thing in which a log, its documents and the current rows don't agree."""

    stream: str
    n: int | None
    code: str
    message: str


class Sources(msgspec.Struct, frozen=True):
    """Where replay finds what lines cite: documents and policies, by digest.

    Both raise StoreError for what is not there, or is not what the digest was taken of. `beside`
    is what stands beside one of the stream's lines, `erased` what its `erased` lines say stands in
    the place of texts that they cite.
    """

    document: Callable[[str], Agreement]
    policy: Callable[[str], Policy]
    in_force: str
    beside: Callable[[int], Sequence[Beside]]
    erased: Callable[[], Mapping[tuple[int, str], Erased]] = dict


def sources_in(unit: CitedUnit, key: int | None, in_force: str) -> Sources:
    """Return where replay finds what a stream's lines cite (None: the program's own), in a unit.

    A document is looked up among the agreement's own: among all of them, replaying the portfolio
    would take its square. The program's stream cites none.
    """
    return Sources(
        document=partial(unit.document_of, key or 0),
        policy=unit.policy,
        in_force=in_force,
        beside=partial(unit.beside, key),
        erased=partial(unit.erased, key),
    )


_CITING = frozenset({Event.APPROVED, Event.WAIVED, Event.CORRECTED, Event.VOIDED, Event.ERASED})
"""Events of which the current row says what stands beside their lines."""


def replay(lines: Iterable[bytes], sources: Sources) -> Standing | None:
    """Return where an agreement stands after its lines; None where there is none."""
    steps = list(steps_of(lines, sources))
    return rederived(steps[-1].after, sources) if steps else None


def rebuilt(
    lines: Iterable[bytes], sources: Sources
) -> tuple[Standing, tuple[TermRow, ...]] | None:
    """Return where an agreement stands after its lines, and its terms; None where there is none.

    What a policy derives is not in it yet: that is for `rederived`.
    """
    steps = list(steps_of(lines, sources))
    return (steps[-1].after, tuple(_terms(steps))) if steps else None


def findings(
    ref: str,
    lines: Iterable[bytes],
    row: Standing | None,
    terms: Sequence[TermRow],
    sources: Sources,
) -> Iterator[Finding]:
    """Yield everything in which an agreement's lines are out of order or differ from its rows."""
    kept = list(lines)
    broken = list(chain_findings(ref, kept))
    yield from broken
    if broken:
        return
    try:
        steps = list(steps_of(kept, sources))
        standing = rederived(steps[-1].after, sources) if steps else None
    except (StoreError, ValueError) as error:
        yield Finding(ref, None, "source.damaged", str(error))
        return
    if standing is None or row is None:
        yield Finding(ref, None, "row.missing", f"{ref} has only one of log and row")
        return
    for name, wanted in msgspec.structs.asdict(standing).items():
        held = getattr(row, name)
        if held != wanted:
            message = f"the row of {ref} holds {name} = {held}, the log says {wanted}"
            yield Finding(ref, None, "row.differs", message)
    if list(terms) != _terms(steps):
        message = f"the terms of {ref} are not those that the log says"
        yield Finding(ref, None, "term.differs", message)


def beside_findings(
    stream: str,
    lines: Iterable[bytes],
    kept: Mapping[tuple[int, str], str],
    erased: Mapping[tuple[int, str], Erased],
) -> Iterator[Finding]:
    """Yield where a stream's lines cite other texts than stand beside them.

    `kept` holds the digest of what is there, by the line's n and the part (`reason`, `content`);
    where a text was erased, that of `erased` is to be there.
    """
    for entry in map(entry_of, lines):
        for part in ("reason", "content"):
            cited, place = getattr(entry, part), (entry.n, part)
            wanted = erased[place].digest if cited and place in erased else cited
            if wanted != kept.get(place):
                message = f"the {part} beside line {entry.n} is not the one that it cites"
                yield Finding(stream, entry.n, "beside.differs", message)


def chain_findings(stream: str, lines: Iterable[bytes]) -> Iterator[Finding]:
    """Yield what is wrong with a stream's form: unreadable lines, gaps in n, a broken chain."""
    head, expected = None, 1
    path = _Path()
    for line in lines:
        try:
            entry = entry_of(line)
        except ValueError as error:
            yield Finding(stream, expected, "line.unreadable", f"line {expected}: {error}")
            return
        if entry.v != VERSION or not is_canonical(line):
            message = f"line {entry.n} is not written as this release writes and reads lines"
            yield Finding(stream, entry.n, "line.not_canonical", message)
        if entry.n != expected:
            yield Finding(
                stream, entry.n, "n.gap", f"line {entry.n} stands where {expected} belongs"
            )
        if entry.prev != head:
            yield Finding(
                stream, entry.n, "prev.broken", f"line {entry.n} cites another line before it"
            )
        if not path.legal(entry):
            yield Finding(
                stream, entry.n, "move.illegal", f"line {entry.n} is no move of the table"
            )
        head, expected = digest_of(line), entry.n + 1
        path.go(entry)


class _Path(msgspec.Struct):
    """The states of a stream so far: the present one, and the one that may be gone back to."""

    state: State | None = None
    back: State | None = None

    def legal(self, entry: Entry) -> bool:
        """Whether a line that moves does so along the table, or back along the last transition."""
        match entry.event:
            case Event.TRANSITIONED if entry.trigger is not None:
                row = BY_TRIGGER[entry.trigger]
                known = entry.from_ is not None and entry.from_ in row.sources
                return known and entry.from_ is self.state and entry.to is row.target
            case Event.CREATED | Event.TAKEN_OVER:
                return entry.from_ is None and self.state is None
            case Event.CORRECTED if entry.to is not None:
                return (entry.from_, entry.to) == (self.state, self.back)
            case _:
                return entry.to is None

    def go(self, entry: Entry) -> None:
        """Go where a line leads; what was taken back is not taken back once more."""
        if entry.to is not None:
            moved = entry.event is Event.TRANSITIONED
            self.state, self.back = entry.to, self.state if moved else None


class Step(msgspec.Struct, frozen=True):
    """What one line made of an agreement, and what it brought along."""

    before: Standing | None
    entry: Entry
    after: Standing
    brought: Brought


def steps_of(lines: Iterable[bytes], sources: Sources) -> Iterator[Step]:
    """Yield what each line of a stream makes of its agreement, one after the other."""
    before: Standing | None = None
    past: Standing | None = None
    for line in lines:
        entry = entry_of(line)
        policy = sources.policy(entry.policy or sources.in_force)
        brought = _brought(entry, sources, past)
        after = evolve(before, entry, line, policy, brought)
        yield Step(before, entry, after, brought)
        past = before if entry.event is Event.TRANSITIONED else past
        before = after


def _brought(entry: Entry, sources: Sources, past: Standing | None) -> Brought:
    return Brought(
        agreement=sources.document(entry.document) if entry.document else None,
        content=_content(entry, sources) if entry.event in _CITING else None,
        past=past if entry.takes_back else None,
    )


def _content(entry: Entry, sources: Sources) -> Beside | None:
    """Return what stands beside a line; raises StoreError where it is not what the line cites."""
    content = beside_cited(entry, "content", sources)
    if content is None and entry.content is not None and entry.document is None:
        message = f"what stands beside line {entry.n} is gone or was altered"
        raise StoreError(message, "damaged", "lifecycle db check says more")
    return content


def beside_cited(entry: Entry, part: str, sources: Sources) -> Beside | None:
    """Return what stands beside a line, as the line cites it or as it was left when it was erased.

    None where the line cites nothing, and where another text stands there.
    """
    cited = getattr(entry, part)
    found = next((one for one in sources.beside(entry.n) if one.part == part), None)
    if found is None or cited is None:
        return None
    there = salted(found.salt, found.body)
    known = sources.erased().get((entry.n, part)) if there != cited else None
    return found if there == cited or (known is not None and known.digest == there) else None


class Past(msgspec.Struct, frozen=True):
    """Where an agreement and its term stood before its last transition, and by what it moved."""

    standing: Standing
    term: Mapping[str, str | None]
    trigger: Trigger | None


def before_last_move(lines: Iterable[bytes], sources: Sources) -> Past | None:
    """Return what a stream's last transition left, or None where there is none."""
    steps = list(steps_of(lines, sources))
    moves = (n for n, step in enumerate(steps) if step.entry.event is Event.TRANSITIONED)
    last = max(moves, default=None)
    before = steps[last].before if last is not None else None
    if last is None or before is None:
        return None
    return Past(before, _rows(steps[:last])[before.term], steps[last].entry.trigger)


def _terms(steps: Sequence[Step]) -> list[TermRow]:
    rows = _rows(steps)
    # A term that was opened and taken back counts no more, until it is opened again.
    return [msgspec.convert(rows[n], TermRow) for n in rows if n <= steps[-1].after.term]


def _rows(steps: Iterable[Step]) -> dict[int, dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    past: Mapping[str, Any] = {}
    for step in steps:
        entry, number = step.entry, step.after.term
        if entry.event is Event.TRANSITIONED and step.before is not None:
            past = dict(rows[step.before.term])
        back = past if entry.takes_back else None
        changes = term_changes(step.before, step.after, entry, back)
        rows.setdefault(number, {"term": number}).update(changes)
    return rows


def rederived(standing: Standing, sources: Sources) -> Standing:
    """Return a standing with what the policy that judges it derives."""
    in_force = sources.policy(sources.in_force)
    kept = keeps_policy(standing, in_force)
    return derived(standing, sources.policy(standing.policy) if kept else in_force)
