"""Changes what was agreed on after signing: amendment and correction of the document (R49).

An amendment is what both sides newly agreed on; a correction says that the record differs from
the paper. Both bring content, so that one person writes and another decides on exactly that. Both
answer to the guards of `sign` again, so that no agreement in force is one that could not be signed.
"""

from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from guards.conditions import Unmet, Verdict
from guards.kept import AMENDABLE, DOCUMENT, juncture_ahead
from guards.registry import guards_for, judge
from guards.words import check_agreement
from lifecycle.advance import act_on, barred, day_of_act, refusal
from lifecycle.authority import Authority, authorise
from lifecycle.cases import build
from lifecycle.compose import refused, repeated, written
from lifecycle.drafting import unchanged, whole, with_ids
from lifecycle.evolve import described
from lifecycle.matter import Matter, locked
from lifecycle.order import Order, Receipt
from lifecycle.places import place_refusals
from lifecycle.ports import Unit
from lifecycle.subjects import of_document
from states.agreed import agreed_digest
from states.agreement import Agreement
from states.deeds import AMEND, CORRECT, Deed
from states.ref import Ref
from states.table import BY_TRIGGER
from states.vocabulary import Guard, Severity, State, Trigger


def amend(
    unit: Unit, order: Order, ref: Ref, agreement: Agreement, *, file: str | None = None
) -> Receipt:
    """Make what both sides newly agreed on the document of a signed or active agreement."""
    return _change(unit, order, ref, Wanted(AMEND, agreement, file, AMENDABLE))


def correct(
    unit: Unit, order: Order, ref: Ref, agreement: Agreement, *, file: str | None = None
) -> Receipt:
    """Make the document say what the signed paper says.

    One that was signed before the program went live may still lack what `sign` asks for today; it
    is told, and does not refuse.
    """
    return _change(unit, order, ref, Wanted(CORRECT, agreement, file, _CORRECTED_IN))


_CORRECTED_IN = frozenset({*AMENDABLE, State.EVALUATION, State.RENEWAL})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is wanted, by which deed, and in which states that may be done."""

    deed: Deed
    agreement: Agreement
    file: str | None
    states: frozenset[State]


def _change(unit: Unit, order: Order, ref: Ref, wanted: Wanted) -> Receipt:
    if before := repeated(unit, order, wanted.deed.event, ref):
        return before
    unit.lock_program()
    matter = locked(unit, order, ref)
    day = day_of_act(matter)
    current = unit.document(matter.held)
    agreement = with_ids(wanted.agreement, current)
    check_agreement(agreement, matter.policy, wanted.file)
    if agreement == current:
        return unchanged(matter, wanted.deed.event)
    authority = authorise(matter, wanted.deed, of_document(agreement))
    change = Changing(matter, wanted, authority, current, agreement, day)
    verdicts = _gate(change) or judged(change)
    if any(verdict.blocks for verdict in verdicts):
        return written(matter, refused(matter, authority, verdicts))
    draft = whole(matter, authority, agreement)
    return written(matter, replace(draft, effective_on=day, verdicts=verdicts))


@dataclass(frozen=True, slots=True)
class Changing:
    """A change of the document, as it is going to be judged."""

    matter: Matter
    wanted: Wanted
    authority: Authority
    current: Agreement
    agreement: Agreement
    day: date


def judged(change: Changing) -> tuple[Verdict, ...]:
    """Return everything that guards say of a change, past the gate."""
    matter, agreement = change.matter, change.agreement
    after = replace(described(matter.held, agreement), waivers=())
    verdicts = signing_verdicts(
        replace(matter, standing=after), change.authority, agreement, change.day
    )
    corrects, origin = change.wanted.deed is CORRECT, matter.held.unsigned_origin
    if corrects and origin:
        verdicts = tuple(map(softened, verdicts))
    if corrects and (origin or matter.held.state not in AMENDABLE):
        verdicts = (*verdicts, *_without_juncture(matter, change.current, agreement))
    return (*verdicts, *place_refusals(matter, after))


def signing_verdicts(
    changed: Matter, authority: Authority, agreement: Agreement, day: date
) -> tuple[Verdict, ...]:
    """Return what the guards of `sign` say of an agreement as it would be, but for its place.

    One that is active has to be within its term as well.
    """
    standing = changed.held
    act = act_on(changed.order, Trigger.SIGN, judged_on(changed, day), authority)
    guards = guards_for(BY_TRIGGER[Trigger.SIGN], changed.policy, standing.type)
    spared = {Guard.CAP_AVAILABLE, *_past_review(changed, agreement)}
    guards = tuple(guard for guard in guards if guard not in spared)
    if standing.state is State.ACTIVE:
        guards = (*guards, Guard.EFFECTIVE)
    return judge(guards, build(changed, act, guards, agreement))


def judged_on(matter: Matter, day: date) -> date:
    """Return the day that the guards of `sign` look from: once it ended, that of its signature."""
    standing = matter.held
    if standing.state in AMENDABLE or standing.unsigned_origin or not standing.signed_on:
        return day
    return date.fromisoformat(standing.signed_on)


def _past_review(changed: Matter, agreement: Agreement) -> tuple[Guard, ...]:
    """Return the guard that asks for a review ahead, where the review has come already."""
    kind = changed.policy.types.get(changed.held.type)
    open_ended = kind is not None and kind.open_ended and agreement.term is None
    reviewed = open_ended and changed.held.state not in AMENDABLE
    return (Guard.TIME_BOUND,) if reviewed else ()


def _without_juncture(
    matter: Matter, current: Agreement, agreement: Agreement
) -> tuple[Verdict, ...]:
    """Return what stands against a correction that would leave it without term and review.

    A review date that stands already may stay as it is; beside a term it might be any day.
    """
    stays = current.term is None and agreement.review and agreement.review == current.review
    if agreement.term is not None or stays:
        return ()
    unmet = tuple(juncture_ahead(matter.held, agreement.review, matter.policy, matter.today))
    return (Verdict(DOCUMENT, Severity.BLOCK, unmet),) if unmet else ()


def softened(verdict: Verdict) -> Verdict:
    """Return a verdict that only warns: what was signed before the program lacks what it lacks."""
    spares = verdict.guard != Guard.SECOND_PERSON and verdict.severity is Severity.BLOCK
    return replace(verdict, severity=Severity.WARN) if spares else verdict


def _gate(change: Changing) -> tuple[Verdict, ...]:
    matter, wanted = change.matter, change.wanted
    if bars := barred(matter):
        return bars
    if matter.held.state not in wanted.states:
        return refusal(
            "not_in_this_state",
            f"It is in {matter.held.state}; {wanted.deed.name} is done in"
            f" {' or '.join(sorted(wanted.states))}.",
            "while it is drafted, edit it: lifecycle edit REF",
            "what was agreed changes by amendment or correction, what is drafted by editing",
        ).verdicts
    if change.authority.refusal:
        return change.authority.refusal
    if unmet := _unchangeable(change.current, change.agreement):
        return (Verdict(DOCUMENT, Severity.BLOCK, unmet),)
    return ()


def _unchangeable(current: Agreement, agreement: Agreement) -> tuple[Unmet, ...]:
    if agreement.type != current.type:
        return (
            _unmet(
                "document.type",
                "The type is not changed along with the document.",
                "reclassify it: lifecycle reclassify REF TYPE",
                "type",
            ),
        )
    if agreement.taken_over != current.taken_over:
        return (
            _unmet(
                "document.origin",
                "Where an agreement was taken over from is on record for good.",
                "leave [taken_over] as it is",
                "taken_over",
            ),
        )
    if agreed_digest(agreement) == agreed_digest(current):
        return (
            _unmet(
                "document.kept",
                "Nothing that was agreed on differs; only what staff keep up does.",
                "edit it: lifecycle edit REF",
                None,
            ),
        )
    return ()


def _unmet(code: str, message: str, fix: str, field: str | None) -> Unmet:
    rule = "agreed content changes only by amendment or correction (R49)"
    return Unmet(DOCUMENT, code, message, fix, rule, "REC7", field)
