"""The transition table: every legal move of an agreement, as data.

A row says which trigger leads from which states to which, by whom, and under which guards, in
the order in which they are reported. `lifecycle.machine` is built from these rows and from
nothing else; `states.diagram` draws them; `definition()` is what a log line's `definition`
digest is taken over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from states.canonical import canonical
from states.vocabulary import Guard, Role, State, Trigger

G, R, S, T = Guard, Role, State, Trigger


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: who may pull `trigger` in `sources`, and what must hold."""

    trigger: Trigger
    sources: tuple[State, ...]
    target: State
    by: tuple[Role, ...]
    guards: tuple[Guard, ...]


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        T.SUBMIT,
        (S.PROPOSAL,),
        S.DECISION,
        (R.STAFF,),
        (G.PROPOSAL_COMPLETE, G.TYPE_ALLOWED),
    ),
    Transition(T.RETURN, (S.DECISION,), S.PROPOSAL, (R.DECIDER,), (G.GROUNDS_STATED,)),
    Transition(
        T.ACCEPT,
        (S.DECISION,),
        S.NEGOTIATION,
        (R.DECIDER,),
        (G.CRITERIA_SCORED, G.FACTORS_ANSWERED, G.CAP_AVAILABLE, G.SECOND_PERSON),
    ),
    Transition(T.DECLINE, (S.DECISION,), S.DECLINED, (R.DECIDER,), (G.GROUNDS_STATED,)),
    Transition(
        T.WITHDRAW,
        (S.PROPOSAL, S.DECISION, S.NEGOTIATION),
        S.DECLINED,
        (R.STAFF,),
        (G.GROUNDS_STATED, G.NEVER_SIGNED),
    ),
    Transition(
        T.SIGN,
        (S.NEGOTIATION,),
        S.SIGNED,
        (R.DECIDER,),
        (
            G.SMART_COMPLETE,
            G.RESOURCED,
            G.TIME_BOUND,
            G.GUIDELINES_STATED,
            G.ENDORSED,
            G.CAP_AVAILABLE,
            G.SECOND_PERSON,
        ),
    ),
    Transition(
        T.ACTIVATE,
        (S.SIGNED,),
        S.ACTIVE,
        (R.SCHEDULER, R.STAFF),
        (G.EFFECTIVE, G.CAP_AVAILABLE, G.PROJECT_FOCUS, G.PUBLISHED),
    ),
    Transition(T.CONCLUDE, (S.ACTIVE,), S.EVALUATION, (R.STAFF,), (G.EVALUATION_OPEN,)),
    Transition(
        T.EXPIRE,
        (S.SIGNED, S.ACTIVE),
        S.EVALUATION,
        (R.SCHEDULER,),
        (G.TERM_OVER, G.REVIEW_DUE),
    ),
    Transition(
        T.TERMINATE,
        (S.SIGNED, S.ACTIVE),
        S.EVALUATION,
        (R.DECIDER,),
        (G.GROUNDS_STATED, G.SECOND_PERSON),
    ),
    Transition(
        T.REINSTATE,
        (S.EVALUATION,),
        S.ACTIVE,
        (R.DECIDER,),
        (G.GROUNDS_STATED, G.TERM_RUNNING, G.CAP_AVAILABLE, G.SECOND_PERSON),
    ),
    Transition(
        T.RENEW,
        (S.EVALUATION,),
        S.RENEWAL,
        (R.DECIDER,),
        (G.EVALUATED, G.REPORTS_COMPLETE, G.SECOND_PERSON),
    ),
    Transition(T.RENEGOTIATE, (S.RENEWAL,), S.NEGOTIATION, (R.STAFF,), (G.TYPE_ALLOWED,)),
    Transition(
        T.SUNSET,
        (S.EVALUATION, S.RENEWAL, S.NEGOTIATION),
        S.SUNSET,
        (R.DECIDER,),
        (G.WAS_SIGNED, G.EVALUATED, G.SECOND_PERSON),
    ),
    Transition(
        T.LAPSE,
        (S.EVALUATION, S.RENEWAL, S.NEGOTIATION),
        S.SUNSET,
        (R.SCHEDULER,),
        (G.WAS_SIGNED, G.DECISION_OVERDUE),
    ),
)

ENTRY_STATES = (S.SIGNED, S.ACTIVE, S.EVALUATION)
"""States in which an agreement may be taken over: those after signing and before an end."""

BY_TRIGGER: Mapping[Trigger, Transition] = MappingProxyType({t.trigger: t for t in TRANSITIONS})
"""The row of each trigger; a trigger has one row, whatever the number of its source states."""


def leading_from(state: State) -> tuple[Transition, ...]:
    """Return the rows that lead out of `state`, in the table's order."""
    return tuple(t for t in TRANSITIONS if state in t.sources)


def definition() -> bytes:
    """Return the table as RFC 8785 canonical JSON; its SHA-256 is the log line's `definition`."""
    return canonical(
        [
            {
                "trigger": t.trigger,
                "from": list(t.sources),
                "to": t.target,
                "by": list(t.by),
                "guards": list(t.guards),
            }
            for t in TRANSITIONS
        ]
    )
