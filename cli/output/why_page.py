"""One entry of the log in full, as people read it: who, by what right, under which rules."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from cli.output.changes import changes_text
from cli.output.document import document_toml
from cli.output.entries import what
from cli.output.streams import style, width
from cli.output.text import clean, one_line, paragraphs
from cli.output.why import Explained
from cli.output.words import SHORT_DIGEST
from guards.asks import ASKED
from lifecycle.entry import Entry, GuardResult, digest_of
from lifecycle.explaining import Given, Held, Waived
from lifecycle.ports import Beside
from states.vocabulary import Event

_LABEL = 11
_MARKS: Mapping[str, tuple[str, str]] = {
    "met": ("✓", "green"),
    "unmet": ("✗", "red"),
    "waived": ("~", "yellow"),
    "warned": ("·", "yellow"),
    "off": ("·", "yellow"),
}
_FIRST_YEAR = "1000"


def page(one: Explained) -> str:
    """Return an entry as people read it."""
    parts = [
        "".join(_head(one)),
        _section("Guards", _guards(one.entry.guards)),
        _section("Waivers it was done on", (_waived(w, one) for w in one.why.waivers)),
        _section("Beside it", _content(one.parts)),
        _section(*_changes(one)),
    ]
    if one.whole and one.paper:
        paper = one.paper
        text = clean(document_toml(paper.ref, paper.version, paper.document))
        parts.append(_section(f"The document at version {paper.version}", [text]))
    return "\n".join(filter(None, parts))


def _section(title: str, texts: Iterable[str]) -> str:
    text = "".join(texts)
    return f"{style(title, bold=True)}\n{text}" if text else ""


def _head(one: Explained) -> Iterator[str]:
    entry = one.entry
    title = f"{entry.agreement or entry.program}, entry {entry.n}: {what(entry, one.parts)}"
    yield f"{style(paragraphs(title, width()), bold=True)}\n\n"
    for label, text in _facts(one):
        if text:
            yield paragraphs(one_line(text), width(), first=f"{label:<{_LABEL}}") + "\n"


def _facts(one: Explained) -> Iterator[tuple[str, str | None]]:
    entry = one.entry
    role = f", as {entry.role}" if entry.role else ""
    yield "Who", f"{entry.actor.id} ({_how(entry)}){role}"
    yield "By right", _right(one)
    yield "Approved", _approved(one)
    yield "For", ", ".join(filter(None, (entry.on_behalf_of, entry.item)))
    yield "Moved", f"from {entry.from_} to {entry.to}" if entry.from_ and entry.to else None
    recorded = f"{_when(entry.recorded_at, one)} in {one.time_zone} ({entry.recorded_at})"
    yield "Recorded", f"{recorded}, effective on {entry.effective_on}"
    yield "Rule", f"{entry.rule}, due on {entry.due}" if entry.rule else None
    yield "Ground", entry.ground
    yield "Reason", next((p.body.decode() for p in one.parts if p.part == "reason"), None)
    yield "Version", _version(one)
    yield "Policy", _policy(one)
    yield "Run", f"{entry.run}, on {entry.host}" if entry.run else None
    yield "Entry", digest_of(one.line)
    yield "Sealed", _sealed(one)


def _how(entry: Entry) -> str:
    how = {"asserted": "a name that was asserted", "os": "the operating system's user"}
    return how.get(entry.actor.how, "the database's login")


def _right(one: Explained) -> str | None:
    """Return since when the actor held the role of the line, and who had granted it."""
    entry = one.entry
    if entry.role is None:
        return None
    if one.why.held is not None:
        return _held(one.why.held, one)
    if entry.sandbox:
        return "everybody had every role: in this sandbox, nobody had been granted one"
    return "nobody had granted it yet: the program was being made"


def _held(held: Held, one: Explained) -> str:
    until = f" until {held.until}" if held.until else ""
    granted = f"granted by {held.granted_by} (line {held.n} of {one.entry.program})"
    return f"{held.role} since {_when(held.since, one)}{until}, {granted}"


def _approved(one: Explained) -> str | None:
    entry, given = one.entry, one.why.approval
    if entry.approver is None:
        return None
    return _given(given, one) if given else f"by {entry.approver}"


def _given(given: Given, one: Explained) -> str:
    line = given.entry
    body = ", ".join(filter(None, (line.on_behalf_of, line.item)))
    parts = (
        f"by {line.actor.id} on {_when(line.recorded_at, one)} (line {line.n})",
        f"good until {given.until}" if given.until else None,
        f"on behalf of {body}" if body else None,
        f"as {_held(given.held, one)}" if given.held else None,
        f"who said: {given.reason}" if given.reason else None,
    )
    return ", ".join(filter(None, parts))


def _version(one: Explained) -> str | None:
    version = one.entry.version
    if version is None:
        return None
    paper = one.paper
    last = f", the document as of version {paper.version}" if paper else ""
    return f"{version}{last if paper and paper.version != version else ''}"


def _policy(one: Explained) -> str | None:
    entry = one.entry
    if entry.policy is None:
        return None
    title = f"{one.policy.program.name} " if one.policy else ""
    name = f"{one.shipped}, " if one.shipped else ""
    judged = one.why.judged
    said = f"{title}({name}{entry.policy[:SHORT_DIGEST]})"
    if judged is None:
        return said
    adopted, approver = judged.adopted, judged.adopted.approver
    since = adopted.effective_on
    from_ = "from the beginning" if since < _FIRST_YEAR else f"since {since}"
    also = f", approved by {approver}" if approver else ""
    kept = "in force" if judged.in_force else "kept from its last decision, in force before"
    where = f"line {adopted.n} of {entry.program}"
    return f"{said}, {kept} {from_}, adopted by {adopted.actor.id}{also} ({where})"


def _sealed(one: Explained) -> str:
    place = one.place
    if place.leaf is None or place.sealed_at is None:
        return "not yet"
    return f"{_when(place.sealed_at, one)}, as leaf {place.leaf} of the log's tree"


def _when(instant: str, one: Explained) -> str:
    local = datetime.fromisoformat(instant).astimezone(ZoneInfo(one.time_zone))
    return f"{local:%Y-%m-%d %H:%M:%S}"


def _guards(results: Iterable[GuardResult]) -> Iterator[str]:
    """Yield each guard's results, and once what it asks."""
    for name, alike in groupby(results, key=lambda result: result.guard):
        yield from map(_result, alike)
        if asked := ASKED.get(name):
            text = f"{asked.words} ({asked.report})"
            yield paragraphs(text, width(), first="    ") + "\n"


def _result(result: GuardResult) -> str:
    mark, colour = _MARKS.get(result.outcome, ("·", "yellow"))
    code = f": {result.code}" if result.code else ""
    head = paragraphs(f"{result.guard} {result.outcome}{code}", width(), first=f"  {mark} ")
    return style(head, fg=colour) + "\n"


def _waived(waived: Waived, one: Explained) -> str:
    line = waived.entry
    condition = ":".join(filter(None, (waived.guard, waived.code, waived.field)))
    role = f", as {line.role}," if line.role else ""
    reason = f": {waived.reason}" if waived.reason else ""
    when = f"on {_when(line.recorded_at, one)} (line {line.n})"
    text = one_line(f"{condition}, waived by {line.actor.id}{role} {when}{reason}")
    return paragraphs(text, width(), first="  ~ ") + "\n"


def _content(parts: Sequence[Beside]) -> Iterator[str]:
    """Yield what stands beside a line other than its reason, as it was written."""
    for part in parts:
        if part.part == "content":
            text = clean(json.dumps(json.loads(part.body), ensure_ascii=False, indent=2))
            lines = "".join(f"    {line}\n" for line in text.split("\n"))
            yield f"  {part.kind}\n{lines}"


def _changes(one: Explained) -> tuple[str, Sequence[str]]:
    entry, paper = one.entry, one.paper
    if entry.document is None or paper is None:
        return "", ()
    if entry.event in {Event.CREATED, Event.TAKEN_OVER}:
        return "The document", ["  the first version; --document shows it whole\n"]
    nothing = "  nothing but what stands beside it\n"
    return "What it changed of the document", [changes_text(paper.changes) or nothing]
