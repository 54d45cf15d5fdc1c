"""Where an agreement stands on its way from proposal to renewal or sunset, for a reader."""

from collections.abc import Mapping, Sequence

from states.vocabulary import State

_WAY = (
    State.PROPOSAL,
    State.DECISION,
    State.NEGOTIATION,
    State.SIGNED,
    State.ACTIVE,
    State.EVALUATION,
)
_ENDS: Mapping[State, Sequence[State]] = {
    State.DECLINED: (State.PROPOSAL, State.DECISION, State.DECLINED),
    State.SUNSET: (*_WAY, State.SUNSET),
}


def _track(state: State) -> Sequence[tuple[State, str]]:
    way = _ENDS.get(state, (*_WAY, State.RENEWAL))
    now = way.index(state)
    return [
        (step, "done" if place < now else "now" if place == now else "ahead")
        for place, step in enumerate(way)
    ]


_TRACKS = {state: _track(state) for state in State}


def track_of(state: State) -> Sequence[tuple[State, str]]:
    """Return the states on the way, each with where it is: done, now or ahead.

    Renewal stands last until it is known that it ends otherwise.
    """
    return _TRACKS[state]
