"""Which deed a line reports, and whether it was done by the right that the line names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from lifecycle.authority import Authority, authorise
from lifecycle.drafting import edits
from lifecycle.entry import Entry
from lifecycle.ports import Beside
from lifecycle.recomputing.past import PastUnit
from lifecycle.recomputing.tables import TODAYS, pulled
from lifecycle.recomputing.trials import Trial
from lifecycle.subjects import of_document, of_note, of_sheet, of_type
from states import deeds
from states.agreement import Agreement
from states.codec import decode
from states.deeds import Deed
from states.notes import Attempt, TakenBack, Voiding
from states.records import Evaluation, ScoreSheet
from states.vocabulary import Event

_ALWAYS: Mapping[Event, Deed] = MappingProxyType(
    {
        deed.event: deed
        for deed in (
            deeds.PROPOSE,
            deeds.TAKE_OVER,
            deeds.SCORE,
            deeds.EVALUATE,
            deeds.ATTACH,
            deeds.PUBLISH,
            deeds.APPROVE,
            deeds.ERASE,
        )
    }
)
"""Events that report one deed, whatever stands beside their line."""

NAMED: Mapping[str, Deed] = MappingProxyType(
    {deed.name: deed for deed in vars(deeds).values() if isinstance(deed, Deed)}
)
"""Every deed that is no trigger, by the name under which its refusal is written down."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The deed that a line reports; an approval of it is bound to one of the subjects."""

    deed: Deed
    subjects: tuple[str | None, ...] = (None,)


def claimed(trial: Trial) -> Claim | None:
    """Return the deed that a line reports; None where that stood beside it and is gone."""
    entry, policy = trial.entry, trial.matter.policy
    agreement = trial.turn.step.brought.agreement
    claim: Claim | None
    match entry.event:
        case Event.TRANSITIONED if entry.trigger:
            row = trial.turn.table[entry.trigger]
            claim = Claim(pulled(row, system=entry.rule is not None))
        case Event.RECORDED:
            claim = Claim(_of_record(trial))
        case Event.WAIVED:
            claim = Claim(replace(deeds.WAIVE, by=(policy.waivers.by,)))
        case Event.EDITED | Event.AMENDED | Event.RECLASSIFIED if agreement:
            claim = _of_agreement(trial, agreement)
        case Event.CORRECTED if entry.to:
            note = TakenBack(trial.matter.held.moved_n)
            claim = Claim(deeds.CORRECT, (of_note(note),))
        case Event.CORRECTED if agreement:
            claim = Claim(deeds.CORRECT, (of_document(agreement),))
        case Event.CORRECTED | Event.VOIDED:
            content = trial.unit.content(entry.n)
            claim = _of_content(content) if content else None
        case event if event in _ALWAYS:
            claim = Claim(_ALWAYS[event])
        case _:
            message = f"{entry.event} with nothing that it brings is no act on an agreement"
            raise ValueError(message)
    return claim


def _of_agreement(trial: Trial, agreement: Agreement) -> Claim:
    match trial.entry.event:
        case Event.EDITED:
            held = trial.matter.held
            return Claim(edits(held, trial.unit.document(held), agreement))
        case Event.AMENDED:
            return Claim(deeds.AMEND, (of_document(agreement),))
        case _:
            return Claim(deeds.RECLASSIFY, (of_type(agreement.type),))


def _of_record(trial: Trial) -> Deed:
    """Return which deed a record is; one of which nothing is left but its line is anybody's."""
    if trial.entry.due:
        return deeds.DEFER
    content = trial.unit.content(trial.entry.n)
    waived = any(one.outcome == "waived" for one in trial.entry.guards)
    match content.kind if content else None:
        case "record.review":
            return deeds.REVIEW
        case "record.priority" if waived:
            return deeds.PRIORITISE
        case _:
            return deeds.RECORD


def _of_content(content: Beside) -> Claim:
    corrects = content.corrects or 0
    match content.kind:
        case "voiding":
            return Claim(deeds.VOID, (of_note(decode(Voiding, content.body)),))
        case "evaluation":
            sheet = decode(Evaluation, content.body)
            return Claim(deeds.CORRECT, (of_sheet(corrects, sheet),))
        case "scores":
            scores = decode(ScoreSheet, content.body)
            # It was approved before the policy's version of the criteria was written on it.
            given = {of_sheet(corrects, scores), of_sheet(corrects, replace(scores, criteria=None))}
            return Claim(deeds.CORRECT, tuple(given))
        case _:
            return Claim(deeds.MEND)


def attempted(trial: Trial) -> Deed | None:
    """Return the deed that a refused line reports; None where that is not known."""
    entry = trial.entry
    if entry.trigger:
        row = trial.turn.table.get(entry.trigger)
        return pulled(row, system=entry.rule is not None) if row else None
    content = trial.unit.content(entry.n)
    attempt = decode(Attempt, content.body) if content and content.kind == "attempt" else None
    deed = NAMED.get(attempt.deed) if attempt else None
    waives = deed is deeds.WAIVE
    return replace(deeds.WAIVE, by=(trial.matter.policy.waivers.by,)) if waives else deed


def before_roles(entry: Entry, unit: PastUnit) -> bool:
    """Whether a line is of the first release, in which nobody had a role that could be asked for.

    It is told by its table, which is not today's; from the next release on, a program's second line
    made somebody admin.
    """
    return entry.definition != TODAYS and not unit.roles()


def right_of(trial: Trial, claim: Claim) -> Authority:
    """Return by what right a deed was done: the one that its line names, if there was that."""
    found = [authorise(trial.matter, claim.deed, subject) for subject in claim.subjects]
    named = (one for one in found if not one.denied and _named(trial, one))
    return next(named, found[0])


def unauthorised(trial: Trial, right: Authority) -> Iterator[str]:
    """Yield why a deed was not done by the right that its line names."""
    if before_roles(trial.entry, trial.unit):
        return
    if right.denied:
        yield right.denied.message
    elif not _named(trial, right):
        said = _words(trial.entry.role, trial.entry.approver)
        yield f"it says {said}, and it was {_words(right.role, right.approver)}"


def _named(trial: Trial, right: Authority) -> bool:
    return (right.role, right.approver) == (trial.entry.role, trial.entry.approver)


def _words(role: str | None, approver: str | None) -> str:
    on = f" on the approval of {approver}" if approver else ""
    return f"done as {role or 'nobody'}{on}"
