"""Holds a line against what can be noted of a publication at all: by whom alone, and of what."""

from collections.abc import Iterator

from lifecycle.publishing.recording import not_published
from lifecycle.recomputing.trials import Trial
from states.codec import decode
from states.records import PUBLISHED, RETRACTED, Record
from states.vocabulary import Event

_BRINGING = frozenset({Event.PUBLISHED, Event.RECORDED, Event.CORRECTED})


def misnoted(trial: Trial) -> Iterator[str]:
    """Yield why a line can't have noted a publication, or must not have brought one (R28)."""
    event = trial.entry.event
    content = trial.unit.content(trial.entry.n) if event in _BRINGING else None
    kind = (content.kind if content else None) or ""
    if content is None or not kind.startswith("record.") or kind == RETRACTED:
        return
    fact = decode(Record, content.body)
    if (fact.kind == PUBLISHED) is not (event is Event.PUBLISHED):
        yield f"it is {event}, and what stands beside it is a record of kind {fact.kind}"
    elif event is Event.PUBLISHED:
        for verdict in not_published(trial.matter.held, fact.term):
            yield from (unmet.message for unmet in verdict.unmet)
