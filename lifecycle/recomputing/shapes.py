"""What lines of each kind can say at all: which keys go with which event, and what they count.

A line that contradicts itself was composed by nobody's order. Nothing is judged here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lifecycle.entry import Entry
from lifecycle.replay import Step
from states.standing import Standing
from states.vocabulary import Event, Outcome, State, Trigger

_WITH_DOCUMENT = frozenset(
    {Event.CREATED, Event.TAKEN_OVER, Event.EDITED, Event.AMENDED, Event.RECLASSIFIED}
)
_WITH_CONTENT = frozenset(
    {Event.SCORED, Event.EVALUATED, Event.RECORDED, Event.ATTACHED, Event.APPROVED, Event.WAIVED}
    | {Event.VOIDED, Event.PUBLISHED}
)
_PULLED = frozenset({Event.TRANSITIONED, Event.REFUSED})
_RENEWING = frozenset({Event.CORRECTED, Event.TRANSITIONED})
"""Events that may bring a document: a correction of it, and a term that begins or is taken back."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """What a line says that follows from the lines before: where from, which version and term."""

    from_: State | None
    version: int
    term: int


def contradictions(step: Step, past: Standing | None) -> Iterator[str]:
    """Yield in what an agreement's line contradicts itself or the lines before it."""
    entry = step.entry
    if (entry.event is Event.REFUSED) is not (entry.outcome is Outcome.REFUSED):
        yield f"it is {entry.event} and {entry.outcome}"
    if entry.trigger and entry.event not in {*_PULLED, Event.APPROVED}:
        yield f"{entry.event} has no trigger"
    if entry.rule and entry.event not in _PULLED:
        yield f"{entry.event} is nothing that the calendar demands"
    if entry.outcome is Outcome.REFUSED and entry.to is not None:
        yield "a refusal leads nowhere"
    document = entry.document is not None
    if document is not (entry.event in _WITH_DOCUMENT) and not (
        document and entry.event in _RENEWING
    ):
        yield f"{entry.event} {'brings no' if document else 'has a'} document"
    if entry.content is None and entry.event in _WITH_CONTENT:
        yield f"{entry.event} cites what stands beside it"
    counted, said = _counts(step, past), _Counts(entry.from_, entry.version or 0, entry.term or 0)
    if said != counted:
        yield f"it says {_words(said)}, and that was {_words(counted)}"


def _counts(step: Step, past: Standing | None) -> _Counts:
    entry, before = step.entry, step.before
    moves = entry.to is not None or (entry.event in _PULLED and entry.trigger)
    changes = entry.to is not None or entry.document is not None or entry.event is Event.VOIDED
    term = before.term if before else 1
    if entry.takes_back and past:
        term = past.term
    elif entry.event is Event.TRANSITIONED and entry.trigger is Trigger.RENEGOTIATE:
        term += 1
    return _Counts(
        from_=before.state if before and moves else None,
        version=(before.version if before else 0) + bool(changes),
        term=term,
    )


def _words(counts: _Counts) -> str:
    return f"from {counts.from_}, version {counts.version}, term {counts.term}"


def of_the_program(entry: Entry) -> Iterator[str]:
    """Yield in what a line of the program itself says what only an agreement's does."""
    if (entry.event is Event.REFUSED) is not (entry.outcome is Outcome.REFUSED):
        yield f"it is {entry.event} and {entry.outcome}"
    if entry.guards and entry.event is not Event.REFUSED:
        yield f"no guard is asked where it says {entry.event}"
    if entry.approver and entry.event is not Event.POLICY_ADOPTED:
        yield f"{entry.event} needs nobody's approval"
    agreements = (entry.term, entry.trigger, entry.from_, entry.to, entry.document, entry.version)
    if any(one is not None for one in agreements):
        yield "it says what only a line of an agreement says"
