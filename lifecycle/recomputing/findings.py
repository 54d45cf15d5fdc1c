"""Goes through a whole log twice: what was there when, and then each line judged once more.

The first pass keeps what the portfolio's counts changed by, some dozens of bytes a change; of each
stream, nothing stays but that. The second holds one stream at a time. What makes a log's form
(chains, seals, rows) is for others to check first: of a stream that can't be followed, it is said
once that nothing of it was judged.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lifecycle.entry import Entry
from lifecycle.errors import StoreError
from lifecycle.recomputing.archive import Archive
from lifecycle.recomputing.charter import program_faults
from lifecycle.recomputing.instants import NEARBY, NEARBY_IN_A_SANDBOX, Instants, instant_of
from lifecycle.recomputing.judging import Fault, faults
from lifecycle.recomputing.past import Known, Moment, Stream
from lifecycle.recomputing.portfolio import Interests, Movement, Portfolio
from lifecycle.recomputing.program import history
from lifecycle.recomputing.tables import Tables
from lifecycle.recomputing.trials import Turn
from lifecycle.replay import Finding, Step, steps_of
from states.problem import InvalidInputError
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Event, Trigger

DAMAGED = (
    StoreError,
    InvalidInputError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
)
"""What following or judging a line can raise that was altered; whole ones raise nothing."""


def judged_findings(archive: Archive) -> Iterator[Finding]:
    """Yield every line that does not say what judging it once more says, and in what.

    Codes: `definition.unknown`, `line.foreign`, `line.contradicts`, `move.illegal`,
    `policy.differs`, `day.impossible`, `authority.differs`, `guard.differs`, `guard.unmet`,
    `refusal.groundless`, and `not.recomputed` for what can't be judged since it, or what it
    cites, was altered.
    """
    code = archive.program.code
    instants = Instants(NEARBY_IN_A_SANDBOX if archive.program.sandbox else NEARBY)
    try:
        known = _known(archive, instants)
    except DAMAGED as error:
        yield _not_recomputed(code, None, error)
        return
    _first_pass(known)
    yield from _of_program(known)
    for key, lines in archive.streams():
        ref = str(Ref.of(code, key))
        try:
            course = _course(known, key, lines)
        except DAMAGED as error:
            yield _not_recomputed(ref, None, error)
        else:
            yield from _of_stream(known, key, ref, course)


def _known(archive: Archive, instants: Instants) -> Known:
    sources = archive.sources(None)
    told = history(archive.program_lines(), sources, instants)
    interests = Interests()
    for digest in told.policies:
        interests.take(sources.policy(digest))
    portfolio = Portfolio(interests, sources.policy)
    return Known(archive, instants, told, portfolio, Tables(archive.definition))


@dataclass(frozen=True, slots=True)
class _Course:
    """One stream: its steps, the instant of each, and what they changed in the portfolio."""

    steps: Sequence[Step]
    instants: Sequence[int]
    movements: Sequence[Movement]


def _course(known: Known, key: int, lines: Iterable[bytes]) -> _Course:
    sources = known.archive.sources(key)
    steps = list(steps_of(lines, sources))
    instants = [instant_of(step.entry) for step in steps]
    return _Course(steps, instants, tuple(known.portfolio.movements(steps, sources)))


def _first_pass(known: Known) -> None:
    entered: int | None = None
    for key, lines in known.archive.streams():
        try:
            course = _course(known, key, lines)
        except DAMAGED:
            continue
        known.portfolio.add(course.movements)
        latest: int | None = None
        for at in course.instants:
            # References are given one after the other.
            entered = known.instants.follow(at, entered) if latest is None else entered
            latest = known.instants.follow(at, latest)
    known.instants.settle()


def _of_program(known: Known) -> Iterator[Finding]:
    told, code = known.history, known.archive.program.code
    entries = {entry.n: entry for entry in told.entries}
    stream = Stream(code, known.archive.sources(None), entries)
    for entry, rules in zip(told.entries, told.before, strict=True):
        moment = Moment(known, stream, entry, known.instants.window(instant_of(entry)))
        try:
            found = list(_of_itself(moment, None)) or list(program_faults(moment, rules))
        except DAMAGED as error:
            yield _not_recomputed(code, entry.n, error)
        else:
            yield from _findings(code, entry, found)


def _of_stream(known: Known, key: int, ref: str, course: _Course) -> Iterator[Finding]:
    entries = {step.entry.n: step.entry for step in course.steps}
    stream = Stream(ref, known.archive.sources(key), entries, course.movements)
    way, document = _Way(), None
    for step, at in zip(course.steps, course.instants, strict=True):
        entry = step.entry
        moment = Moment(known, stream, entry, known.instants.window(at), document)
        try:
            found = list(_of_itself(moment, ref)) or list(_of_line(moment, step, way))
        except DAMAGED as error:
            yield _not_recomputed(ref, entry.n, error)
        else:
            yield from _findings(ref, entry, found)
        way.go(step)
        document = step.brought.agreement or document


@dataclass(slots=True)
class _Way:
    """The last transition of a stream that stands: where it began, and its trigger."""

    past: Standing | None = None
    trigger: Trigger | None = None

    def go(self, step: Step) -> None:
        """Go where a line leads; what was taken back is not taken back once more."""
        if step.entry.to is not None:
            moved = step.entry.event is Event.TRANSITIONED
            self.past = step.before if moved else None
            self.trigger = step.entry.trigger if moved else None


def _of_itself(moment: Moment, ref: str | None) -> Iterator[Fault]:
    """Yield what is wrong with what a line says of itself: where it belongs, and its table."""
    entry, program = moment.entry, moment.known.archive.program
    if (entry.program, entry.agreement, entry.sandbox) != (program.code, ref, program.sandbox):
        said = f"{entry.agreement or entry.program}{', a sandbox' if entry.sandbox else ''}"
        yield Fault("line.foreign", f"it says that it is of {said}")
    if moment.known.tables.of(entry.definition) is None:
        message = f"it names the transition table {entry.definition}, which nobody here knows"
        yield Fault("definition.unknown", message)


def _of_line(moment: Moment, step: Step, way: _Way) -> Iterable[Fault]:
    table = moment.known.tables.of(step.entry.definition)
    return faults(Turn(moment, step, table or {}, way.past, way.trigger))


def _findings(stream: str, entry: Entry, found: Iterable[Fault]) -> Iterator[Finding]:
    for fault in found:
        message = f"line {entry.n} of {stream}: {fault.message}"
        yield Finding(stream, entry.n, fault.code, message)


def _not_recomputed(stream: str, n: int | None, error: Exception) -> Finding:
    where = f"line {n} of {stream}" if n else stream
    message = f"{where} can't be judged once more: {error}"
    return Finding(stream, n, "not.recomputed", message)
