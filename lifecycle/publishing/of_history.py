"""The public part of what happened: transitions that stand, terms, evaluations, years (R39, R56).

Nobody is named: a step tells the body that decided and its item, never an actor, an approver or a
reason. An evaluation is told once what it leads to was decided, and only while that stands: until
then it is an opinion.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from lifecycle.dossiers import Dossier
from lifecycle.entry import Entry, digest_of
from lifecycle.publishing.public_agreement import PublicStep, PublicTerm, PublicYear
from lifecycle.results.progress import year_of
from states.agreement import UNKNOWN
from states.records import Evaluation, Record
from states.vocabulary import Event, Trigger

_DECIDES = frozenset({Trigger.RENEW, Trigger.SUNSET})
"""The decisions that an evaluation leads to (R42)."""

_TELLS = frozenset({"actual", "milestone", "obligation", "annual"})
"""The kinds of records of which something is public."""

_CHANGES = frozenset(
    {
        Event.CREATED,
        Event.EDITED,
        Event.TAKEN_OVER,
        Event.TRANSITIONED,
        Event.AMENDED,
        Event.CORRECTED,
        Event.RECLASSIFIED,
        Event.ERASED,
    }
)


def steps_of(lines: Sequence[bytes], lasting: Iterable[Entry]) -> Iterator[PublicStep]:
    """Yield the transitions that stand, each with the digest of its line."""
    for entry in lasting:
        if entry.trigger is None or entry.from_ is None or entry.to is None:
            continue
        yield PublicStep(
            on=entry.effective,
            trigger=entry.trigger,
            from_=entry.from_,
            to=entry.to,
            term=entry.term or 1,
            ground=entry.ground,
            body=entry.on_behalf_of,
            item=entry.item,
            entry=digest_of(lines[entry.n - 1]),
        )


def decided_evaluations(
    lasting: Iterable[Entry], evaluations: Mapping[int, Evaluation]
) -> Mapping[int, Evaluation]:
    """Return the evaluations on which it was decided, by the term that each is of.

    One that was corrected since is as corrected.
    """
    signed, last = 0, 0
    found: dict[int, tuple[int, Evaluation]] = {}
    decided: dict[int, int] = {}
    for entry in lasting:
        if entry.event is Event.TAKEN_OVER or entry.trigger is Trigger.SIGN:
            signed = entry.term or 1
        elif entry.n in evaluations:
            last = last if entry.event is Event.CORRECTED else entry.n
            term = found[last][0] if last in found else signed
            found[last] = term, evaluations[entry.n]
        elif entry.trigger in _DECIDES and last in found:
            decided[found[last][0]] = last
    return {term: found[n][1] for term, n in decided.items()}


def terms_of(signed: Dossier, decided: Mapping[int, Evaluation]) -> Iterator[PublicTerm]:
    """Yield the terms that were signed, the first one first."""
    for row in signed.terms:
        judged = decided.get(row.term, Evaluation()).agreement
        yield PublicTerm(
            term=row.term,
            starts=row.starts,
            ends=row.ends,
            signed_on=row.signed_on or UNKNOWN,
            concluded_on=row.concluded_on,
            concluded_by=row.concluded_by,
            outcome=judged.outcome or None,
            findings=judged.findings or None,
        )


def years_of(signed: Dossier) -> Iterator[PublicYear]:
    """Yield what was reported of each year, as it was recorded."""
    reported = [record for _n, record in signed.of_kind("annual")]
    for year in sorted({year_of(record) for record in reported}):
        own = [record for record in reported if year_of(record) == year]
        yield PublicYear(
            year=year,
            goals=_part(own, "goals"),
            summary=_part(own, "summary", None),
            achievements=_part(own, "achievements"),
            investments=_part(own, "investments"),
        )


def _part(records: Iterable[Record], *items: str | None) -> tuple[str, ...]:
    return tuple(record.text for record in records if record.item in items)


def changed_on(signed: Dossier, entries: Iterable[Entry], time_zone: str) -> date:
    """Return the day, in the program's calendar, of the last entry that counts on what is public.

    What is written into the draft of a later term does not.
    """
    told = {n for n, record in signed.records if record.kind in _TELLS}
    told |= {n for n, paper in signed.attachments if paper.public}
    return max(
        entry.recorded_day(time_zone)
        for entry in entries
        if entry.n in told or (entry.event in _CHANGES and not _drafts(entry, signed))
    )


def _drafts(entry: Entry, signed: Dossier) -> bool:
    last = signed.standing.signed_term
    return entry.event is Event.EDITED and last is not None and (entry.term or 1) > last
