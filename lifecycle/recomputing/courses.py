"""Sets up what judging a log again needs: what was there when, and each stream's lines in turn.

The first pass keeps what the portfolio's counts changed by, some dozens of bytes a change; of each
stream, nothing stays but that. After it, one stream at a time is held. Nothing is judged here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from guards.policy import Policy
from lifecycle.errors import StoreError
from lifecycle.recomputing.archive import Archive
from lifecycle.recomputing.instants import NEARBY, NEARBY_IN_A_SANDBOX, Instants, instant_of
from lifecycle.recomputing.past import Known, Moment, Stream
from lifecycle.recomputing.portfolio import Interests, Movement, Portfolio
from lifecycle.recomputing.program import history
from lifecycle.recomputing.tables import Tables
from lifecycle.recomputing.trials import Turn
from lifecycle.replay import Step, steps_of
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


def known_of(archive: Archive) -> Known:
    """Return what the program's own lines tell; raises one of DAMAGED."""
    sources = archive.sources(None)
    instants = Instants(NEARBY_IN_A_SANDBOX if archive.program.sandbox else NEARBY)
    told = history(archive.program_lines(), sources, instants)
    interests = Interests()
    for digest in told.policies:
        interests.take(sources.policy(digest))
    portfolio = Portfolio(interests, sources.policy)
    return Known(archive, instants, told, portfolio, Tables(archive.definition))


def judged_by(known: Known, policy: Policy) -> Known:
    """Return the same past for another policy: places, limits and money are counted as it does."""
    interests = Interests()
    interests.take(policy)
    return replace(known, portfolio=Portfolio(interests, lambda _digest: policy), by=policy)


def first_pass(known: Known, *others: Known) -> Sequence[int]:
    """Count the whole portfolio, for each of those that look back at one log.

    Returns the keys of streams that can't be followed, and so are not counted.
    """
    entered: int | None = None
    lost: list[int] = []
    for key, lines in known.archive.streams():
        try:
            steps = steps_in(known, key, lines)
            counted = [(each, _movements(each, key, steps)) for each in (known, *others)]
        except DAMAGED:
            lost.append(key)
            continue
        for each, movements in counted:
            each.portfolio.add(movements)
        latest: int | None = None
        for at in (instant_of(step.entry) for step in steps):
            # References are given one after the other.
            entered = known.instants.follow(at, entered) if latest is None else entered
            latest = known.instants.follow(at, latest)
    known.instants.settle()
    return lost


def steps_in(known: Known, key: int, lines: Iterable[bytes]) -> Sequence[Step]:
    """Return what each line of a stream made of its agreement; raises one of DAMAGED."""
    return list(steps_of(lines, known.archive.sources(key)))


def turns_of(known: Known, key: int, steps: Sequence[Step]) -> Iterator[Turn]:
    """Return a stream's lines as they are judged, in turn; raises one of DAMAGED."""
    ref = str(Ref.of(known.archive.program.code, key))
    entries = {step.entry.n: step.entry for step in steps}
    stream = Stream(ref, known.archive.sources(key), entries, _movements(known, key, steps))
    return _turns(known, stream, steps)


def _turns(known: Known, stream: Stream, steps: Sequence[Step]) -> Iterator[Turn]:
    way, document = _Way(), None
    for step in steps:
        window = known.instants.window(instant_of(step.entry))
        moment = Moment(known, stream, step.entry, window, document)
        table = known.tables.of(step.entry.definition)
        yield Turn(moment, step, table or {}, way.past, way.trigger)
        way.go(step)
        document = step.brought.agreement or document


def _movements(known: Known, key: int, steps: Sequence[Step]) -> Sequence[Movement]:
    return tuple(known.portfolio.movements(steps, known.archive.sources(key)))


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
