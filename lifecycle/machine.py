"""The machine: `transitions` decides whether a trigger moves an agreement, and where to.

The only importer of `transitions`. One Machine serves the whole process: it is built from the
transition table, bound to no model, and triggered on a small carrier, since building a machine
costs more than ten times what triggering one does. `auto_transitions` is off: a `to_<state>()`
would walk round every guard. See docs/adr/0003.
"""

from collections.abc import Callable
from functools import cache

import msgspec
from transitions import EventData, Machine, MachineError

from guards.conditions import Verdict
from states.table import TRANSITIONS
from states.vocabulary import State, Trigger

Judge = Callable[[], tuple[Verdict, ...]]


class Decision(msgspec.Struct, frozen=True):
    """What the machine decided: the state it leads to, or None with what stood in the way.

    `legal` is False where the table has no such move from the state at all.
    """

    target: State | None
    verdicts: tuple[Verdict, ...] = ()
    legal: bool = True


class _Carrier:
    """What the shared machine is triggered on: the state, and the guards to ask."""

    __slots__ = ("judge", "state", "verdicts")

    def __init__(self, state: State, judge: Judge) -> None:
        self.state = state.value
        self.judge = judge
        self.verdicts: tuple[Verdict, ...] = ()


def decide(state: State, trigger: Trigger, judge: Judge) -> Decision:
    """Return where `trigger` leads from `state`; `judge` is asked only if the move is legal."""
    carrier = _Carrier(state, judge)
    try:
        moved = _machine().events[trigger.value].trigger(carrier)
    except MachineError:
        return Decision(None, legal=False)
    return Decision(State(carrier.state) if moved else None, carrier.verdicts)


def _guards_hold(event: EventData) -> bool:
    carrier: _Carrier = event.model  # type: ignore[assignment] # what decide() passed
    carrier.verdicts = carrier.judge()
    return not any(verdict.blocks for verdict in carrier.verdicts)


@cache
def _machine() -> Machine:
    machine = Machine(
        model=None,
        states=[state.value for state in State],
        initial=None,
        auto_transitions=False,
        send_event=True,
    )
    for row in TRANSITIONS:
        machine.add_transition(
            row.trigger.value,
            [source.value for source in row.sources],
            row.target.value,
            conditions=[_guards_hold],
        )
    return machine
