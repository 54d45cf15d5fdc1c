"""What was so on a day that has passed, by what is known of it: the log, folded up to there.

Two days are asked about, and never mixed up:

* **recorded by** R: what the record knew at the end of R. Of each stream, the lines up to the last
  one that was recorded by then. Nothing that was written later has any part in it, so that it is
  exactly what a copy of the database made at the end of R shows.
* **as of** D: what was true on D, by all that is known (now, or as recorded by R). In effect are
  the lines whose day of the act (`effective_on`) is D or before. A step rests on everything that
  stands before it in its stream, so that this is in effect with it, whatever its own day.

Of what became known after D, this changes what was true on D:

* A transition that was taken back later is left out, together with the line that took it back,
  as is what was drafted for a term that was never to be opened.
* A document that was corrected later is as corrected, from the signing of what it corrects; keys
  that staff keep up (owner, contacts, ...) are as they stood on D.
* A record, a score sheet or an evaluation that was corrected later is as corrected; a record that
  was retracted later is none. Records are those of what happened on D or before.
* What was voided later was void already.

Everything else that came later (an amendment, another type, an edit) was not yet so. What was
erased since stays erased, whatever day is asked about. Both days today are the present rows. Due
dates and places are derived by the policy that was in force.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import msgspec
from msgspec.structs import replace as replaced

from lifecycle.entry import Entry, entry_of
from lifecycle.evolve import IN_ERROR, described
from lifecycle.ports import Beside
from lifecycle.replay import Sources, rebuilt, rederived
from states.agreed import agreed_digest
from states.agreement import KEPT, Agreement
from states.codec import decode
from states.notes import Voiding
from states.standing import Standing
from states.terms import TermRow
from states.vocabulary import DRAFTED, Event, Outcome, Trigger

FOREVER = "9999"
"""An instant that no line was recorded after."""


class Moment(msgspec.Struct, frozen=True):
    """The day that is asked about, and the instant from which on nothing is known any more.

    `before` is written as lines have their `recorded_at`, so that the two compare as text.
    """

    day: date
    before: str = FOREVER


class Then(msgspec.Struct, frozen=True):
    """An agreement as it was: its row and terms, and which of its lines were in effect.

    `known` is the last line that is known, `document` what it said where a later correction says
    other than what was on file.
    """

    standing: Standing
    terms: tuple[TermRow, ...]
    lines: frozenset[int]
    known: int
    document: Agreement | None = None


def known(lines: Iterable[bytes], before: str) -> list[bytes]:
    """Return a stream's lines up to the last one that was recorded before an instant.

    A stream is in the order in which it was written, whatever the clocks of its hosts said.
    """
    found, count = [], 0
    for line in lines:
        found.append(line)
        if entry_of(line).recorded_at < before:
            count = len(found)
    return found[:count]


def in_effect(entries: Iterable[Entry], day: date) -> frozenset[int]:
    """Return which lines of a stream were in effect on a day: their own day, or a step's after."""
    lines = list(entries)
    steps = (e.n for e in lines if _is_step(e) and e.effective <= day)
    last = max(steps, default=0)
    return frozenset(e.n for e in lines if e.n <= last or e.effective <= day)


def then(lines: Iterable[bytes], moment: Moment, sources: Sources) -> Then | None:
    """Return an agreement as it was; None where it was not on record.

    `sources` names the policy then in force.
    """
    kept = known(lines, moment.before)
    entries = [entry_of(line) for line in kept]
    undone = _undone(entries, in_effect(entries, moment.day))
    not_undone = [entry for entry in entries if entry.n not in undone]
    held = in_effect(not_undone, moment.day)
    later = [entry for entry in not_undone if entry.n not in held]
    found = rebuilt(
        (line for line, entry in zip(kept, entries, strict=True) if entry.n in held), sources
    )
    if found is None:
        return None
    standing, terms = found
    document = _corrected(standing, later, sources)
    if document is not None:
        standing = described(standing, document)
        last = replaced(terms[-1], starts=standing.term_start, ends=standing.term_end)
        terms = (*terms[:-1], last)
    standing = rederived(_known_better(standing, later, sources), sources)
    return Then(standing, terms, held, len(kept), document)


def _is_step(entry: Entry) -> bool:
    """Whether a line changes the state or the document: what stands before it is its ground."""
    if entry.outcome is Outcome.REFUSED:
        return False
    return entry.to is not None or entry.document is not None or entry.event is Event.VOIDED


def _undone(entries: Sequence[Entry], held: frozenset[int]) -> frozenset[int]:
    """Return the lines in effect that a transition brought which was taken back afterwards."""
    undone: set[int] = set()
    moved: Entry | None = None
    for entry in entries:
        if entry.event is Event.TRANSITIONED:
            moved = entry
        elif entry.takes_back and entry.n not in held and moved is not None:
            undone |= {moved.n} | _drafts(entries, moved, entry)
    return frozenset(undone) & held


def _drafts(entries: Sequence[Entry], moved: Entry, back: Entry) -> frozenset[int]:
    """Return what was drafted for a term between its opening and the taking back of that."""
    if moved.trigger is not Trigger.RENEGOTIATE:
        return frozenset()
    between = entries[moved.n : back.n - 1]
    return frozenset(entry.n for entry in between if entry.document is not None)


def _corrected(standing: Standing, later: Sequence[Entry], sources: Sources) -> Agreement | None:
    """Return the document as later corrections say that it was; None where none says so."""
    if standing.state in DRAFTED or not any(map(_corrects_document, later)):
        return None
    document = sources.document(standing.document)
    said, present, found = standing.agreed, standing.agreed, False
    for entry in later:
        if entry.document is None:
            continue
        new = sources.document(entry.document)
        if _corrects_document(entry) and present == said:
            document = replace(new, **{name: getattr(document, name) for name in KEPT})
            said, found = agreed_digest(new), True
        present = agreed_digest(new)
    return document if found else None


def _corrects_document(entry: Entry) -> bool:
    return entry.event is Event.CORRECTED and entry.document is not None and entry.to is None


def _known_better(standing: Standing, later: Sequence[Entry], sources: Sources) -> Standing:
    """Return the standing with the sheets that were corrected later, and void where it is now."""
    for entry in later:
        if entry.event not in {Event.CORRECTED, Event.VOIDED}:
            continue
        content = _content(entry, sources)
        if content is None:
            continue
        if entry.event is Event.VOIDED:
            same_as = decode(Voiding, content.body).same_as
            standing = replaced(standing, voided=same_as or IN_ERROR, approvals=(), waivers=())
        elif content.corrects is not None and content.corrects == standing.score_n:
            standing = replaced(standing, score_n=entry.n)
        elif content.corrects is not None and content.corrects == standing.evaluation_n:
            standing = replaced(standing, evaluation_n=entry.n)
    return standing


def _content(entry: Entry, sources: Sources) -> Beside | None:
    parts = sources.beside(entry.n)
    return next((part for part in parts if part.part == "content"), None)
