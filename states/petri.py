"""The transition table as a place/transition net, and the names of its steps; nothing else.

A place is a state, `start` before an agreement is entered, or `end` where the log of it stops; one
token stands where the agreement does. A step's label is the name that the same step has in an event
log (`step_name`), so that a log replays on the net. In any one place each label leads one way only.

The net says which step may follow which. Which guards must hold, and that only the last transition
can be taken back and only once, it can't say: replaying the log itself does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from states.table import ENTRY_STATES, TRANSITIONS
from states.vocabulary import Event, State, Trigger

START, END = "start", "end"
"""The place of the initial marking, and that of the final one, which nothing leads out of."""


@dataclass(frozen=True, slots=True)
class Step:
    """A transition of the net: takes the token from one place to another.

    `label` is None for a silent one, which leaves no event.
    """

    id: str
    label: str | None
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Net:
    """Places and steps, and in which place the token is at first and at last."""

    places: tuple[str, ...]
    steps: tuple[Step, ...]
    initial: str
    final: str


def step_name(event: Event, trigger: Trigger | None, to: State | None) -> str:
    """Return the name of what a log line reports: its trigger, else its event.

    What enters or goes back is named with the state, of which there are several.
    """
    if event is Event.TRANSITIONED and trigger is not None:
        return str(trigger)
    if event is Event.TAKEN_OVER and to is not None:
        return f"{event} {to}"
    if event is Event.CORRECTED and to is not None:
        return f"taken_back {to}"
    return str(event)


def net() -> Net:
    """Return the net of the transition table."""
    places = (START, *map(str, State), END)
    return Net(places, tuple(_steps()), START, END)


def _steps() -> Iterator[Step]:
    yield _entering(Event.CREATED, State.PROPOSAL)
    for state in ENTRY_STATES:
        yield _entering(Event.TAKEN_OVER, state)
    for row in TRANSITIONS:
        for source in row.sources:
            yield Step(f"{row.trigger}.{source}", str(row.trigger), source, row.target)
    # As many ways back as ways there: two triggers from one state to another are taken back alike.
    ways = dict.fromkeys((row.target, source) for row in TRANSITIONS for source in row.sources)
    for now, before in ways:
        label = step_name(Event.CORRECTED, None, before)
        yield Step(f"taken_back.{now}.{before}", label, now, before)
    # A log is of a moment, at which an agreement may stand anywhere.
    for state in State:
        yield Step(f"{END}.{state}", None, state, END)


def _entering(event: Event, state: State) -> Step:
    return Step(f"{event}.{state}", step_name(event, None, state), START, state)
