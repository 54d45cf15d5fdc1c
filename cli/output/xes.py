"""The transition log as XES (IEEE 1849), the event log format of process mining.

A trace is an agreement, an event is a step that it took: entered, moved, or taken back. These
replay on the net of `states.petri`; with everything that the log says (edits, refusals, the
program's own lines), events tell more and no longer replay. Nothing that stands beside a line is in
it.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from cli.output.flat import guards_text
from cli.output.markup import DECLARATION, quoted, tag
from lifecycle.entry import Entry, digest_of
from states.petri import step_name
from states.vocabulary import Outcome

Line = tuple[Entry, bytes]

_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    # Ours: the keys of the log line. It stands nowhere to be fetched, and needs no fetching.
    ("Agreement", "agreement", "urn:uuid:bb06fe36-e553-5617-bbdf-46825573f048"),
)
_COMPLETE, _REFUSED = "complete", "ate_abort"
"""Of the standard's own model of an activity's life: it was done, or somebody aborted it."""

_HEAD = "".join(
    (
        DECLARATION,
        tag("log", closed=False, **{"xes.version": "1849.2016", "xes.features": ""}) + "\n",
        *(tag("extension", name=n, prefix=p, uri=u) + "\n" for n, p, u in _EXTENSIONS),
        '<global scope="trace">\n<string key="concept:name" value="UNKNOWN"/>\n</global>\n',
        '<global scope="event">\n',
        '<string key="concept:name" value="UNKNOWN"/>\n',
        '<string key="lifecycle:transition" value="complete"/>\n',
        '<date key="time:timestamp" value="1970-01-01T00:00:00Z"/>\n',
        '<string key="org:resource" value="UNKNOWN"/>\n',
        '<int key="agreement:n" value="0"/>\n',
        '<string key="agreement:event" value="UNKNOWN"/>\n',
        '<string key="agreement:outcome" value="UNKNOWN"/>\n',
        '<string key="agreement:effective_on" value="UNKNOWN"/>\n',
        '<string key="agreement:entry" value="UNKNOWN"/>\n',
        "</global>\n",
        '<classifier name="Step" scope="event" keys="concept:name"/>\n',
        '<classifier name="StepAndActor" scope="event" keys="concept:name org:resource"/>\n',
    )
)


def xes(code: str, lines: Iterable[Line], *, every: bool = False) -> Iterator[str]:
    """Yield the document of a program's log, a trace at a time.

    `lines` come stream by stream. Without `every`, only steps that were taken are events.
    """
    yield f"{_HEAD}{_string('concept:name', code)}{_string('lifecycle:model', 'standard')}"
    for agreement, own in groupby(lines, key=lambda line: line[0].agreement):
        if agreement is not None or every:
            told = [_event(entry, line) for entry, line in own if every or is_step(entry)]
            yield f"<trace>\n{_string('concept:name', agreement or code)}{''.join(told)}</trace>\n"
    yield "</log>\n"


def is_step(entry: Entry) -> bool:
    """Whether a line took an agreement into a state, or back."""
    return entry.outcome is Outcome.OK and entry.to is not None and entry.agreement is not None


def _event(entry: Entry, line: bytes) -> str:
    refused = entry.outcome is Outcome.REFUSED
    name = step_name(entry.event, entry.trigger, entry.to)
    said = [
        _string("concept:name", f"{entry.trigger} {name}" if refused and entry.trigger else name),
        _string("lifecycle:transition", _REFUSED if refused else _COMPLETE),
        f'<date key="time:timestamp" value={quoted(entry.recorded_at)}/>\n',
        _string("org:resource", entry.actor.id),
        _string("org:role", entry.role),
        f'<int key="agreement:n" value={quoted(entry.n)}/>\n',
        *(_string(f"agreement:{key}", said(entry)) for key, said in _OWN.items()),
        _string("agreement:entry", digest_of(line)),
    ]
    return f"<event>\n{''.join(said)}</event>\n"


_OWN: dict[str, Callable[[Entry], object]] = {
    "event": lambda entry: entry.event,
    "trigger": lambda entry: entry.trigger,
    "from": lambda entry: entry.from_,
    "to": lambda entry: entry.to,
    "outcome": lambda entry: entry.outcome,
    "effective_on": lambda entry: entry.effective_on,
    "term": lambda entry: entry.term,
    "version": lambda entry: entry.version,
    "actor_how": lambda entry: entry.actor.how,
    "approver": lambda entry: entry.approver,
    "on_behalf_of": lambda entry: entry.on_behalf_of,
    "item": lambda entry: entry.item,
    "ground": lambda entry: entry.ground,
    "rule": lambda entry: entry.rule,
    "due": lambda entry: entry.due,
    "guards": lambda entry: guards_text(entry.guards) or None,
    "policy": lambda entry: entry.policy,
    "definition": lambda entry: entry.definition,
}


def _string(key: str, value: object) -> str:
    return "" if value is None else f'<string key="{key}" value={quoted(value)}/>\n'
