"""What the transition table and the deeds say, as words for the database's functions.

Made from `states.table` and `states.deeds` and nothing else, so that the database and the engine
can't differ; a release that changes them sets its functions anew (`lifecycle db upgrade`).
"""

from collections.abc import Iterable, Mapping

from states import deeds
from states.deeds import APPROVABLE, Deed
from states.table import ENTRY_STATES, TRANSITIONS
from states.vocabulary import Event, Role
from store.tables import agreement

_PROGRAM = {
    Event.ROLE_CHANGED,
    Event.POLICY_ADOPTED,
    Event.NIGHTLY_COMPLETED,
    Event.RESTORED,
    Event.KEY_CHANGED,
}
_EITHER = {Event.APPROVED, Event.REFUSED, Event.ERASED}
_DEEDS = [deed for deed in vars(deeds).values() if isinstance(deed, Deed)]
_LINES = frozenset({"state", "version", "n", "head", "moved_n"})
_KEY = frozenset({"program_id", "key"})


def _array(some: Iterable[str]) -> str:
    """Return words as an array of SQL; none of them has a quote in it."""
    quoted = ", ".join(f"'{word}'" for word in sorted(set(some)))
    return f"ARRAY[{quoted}]::text[]"


def _named() -> str:
    named = {deed.event: deed.name for deed in APPROVABLE.values() if deed.trigger is None}
    cases = " ".join(f"WHEN '{event}' THEN '{name}'" for event, name in named.items())
    return f"CASE said ->> 'event' {cases} ELSE said ->> 'trigger' END"


def _decided() -> Iterable[str]:
    yield from (row.trigger for row in TRANSITIONS if row.by == (Role.DECIDER,))
    for deed in (*_DEEDS, *APPROVABLE.values()):
        if deed.decided and deed.trigger is None:
            yield deed.event


WORDS: Mapping[str, str] = {
    # `trigger|from|to`: every legal move.
    "MOVES": _array(f"{t.trigger}|{state}|{t.target}" for t in TRANSITIONS for state in t.sources),
    # `trigger|role`: whose each trigger is, and `event|role`: whose each other deed is.
    "PULLERS": _array(f"{row.trigger}|{role}" for row in TRANSITIONS for role in row.by),
    "DOERS": _array(f"{deed.event}|{role}" for deed in _DEEDS for role in deed.by),
    # Triggers and events that are a decider's: others may do them for one, or for a body.
    "DECIDED": _array(_decided()),
    # Events whose approval is never that of who does it.
    "WRITING": _array(deed.event for deed in APPROVABLE.values() if deed.writes),
    "APPROVED_AS": _named(),
    "OF_PROGRAM": _array(_PROGRAM | _EITHER),
    "OF_AGREEMENT": _array(set(Event) - _PROGRAM),
    "ENTERED": _array(ENTRY_STATES),
    # Columns that the line itself says, whatever comes with it.
    "OWN": _array(_KEY | _LINES),
    "SET": ", ".join(f"{c.name} = one.{c.name}" for c in agreement.c if c.name not in _KEY),
}
"""What stands between two @ in the functions' text."""
