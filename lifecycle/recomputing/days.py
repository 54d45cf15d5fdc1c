"""Holds the day of an act against what it could be: guards look from it, so it must be no lie."""

from lifecycle.advance import day_of_act
from lifecycle.recomputing.trials import Trial
from states.problem import InvalidInputError
from states.vocabulary import Event, Outcome

_DATED = frozenset(
    {
        Event.TRANSITIONED,
        Event.AMENDED,
        Event.CORRECTED,
        Event.RECLASSIFIED,
        Event.APPROVED,
        Event.VOIDED,
    }
)
"""Events whose order may name the day of the act; all others are of the day that it is."""


def impossible(trial: Trial) -> str | None:
    """Return why a line can't be of the day that it names, or have the ground or body; else None.

    The nightly check dates what it does itself: by what was due, and not before the last act.
    """
    entry, today, standing = trial.entry, trial.matter.today, trial.matter.standing
    if standing and entry.rule:
        possible = standing.acted_on <= entry.effective <= today
    elif is_ordered(trial):
        return _ordered(trial)
    else:
        possible = entry.effective == today
    return None if possible else f"{entry.effective} can't be its day; it was {today}"


def is_ordered(trial: Trial) -> bool:
    """Whether somebody's order named the day, the ground or the body."""
    entry = trial.entry
    by_hand = trial.matter.standing is not None and entry.rule is None
    refused = entry.outcome is Outcome.REFUSED
    return by_hand and (entry.trigger is not None if refused else entry.event in _DATED)


def _ordered(trial: Trial) -> str | None:
    try:
        day_of_act(trial.matter)
    except InvalidInputError as error:
        return str(error)
    return None
