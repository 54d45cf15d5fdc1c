"""What a line makes of an agreement: the one function that writing and replay share.

`evolve(before, entry, ...)` is the agreement's next standing. A use case builds the entry and
writes what evolves from it; `lifecycle.replay` folds the stored lines through the same function.
So the current rows can't differ from the log without one of them having been changed.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from guards.policy import Policy
from lifecycle.entry import Entry, digest_of
from states.agreement import Agreement
from states.calendar import PartialDate, day_after
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import DRAFTED, DueRule, Event, Outcome, State, Trigger

_CONCLUDING = frozenset({Trigger.EXPIRE, Trigger.CONCLUDE, Trigger.TERMINATE})


def evolve(
    before: Standing | None,
    entry: Entry,
    line: bytes,
    policy: Policy,
    agreement: Agreement | None,
) -> Standing:
    """Return where an agreement stands after a line.

    `policy` is the one that the line names; `agreement` the document that the line brings, or
    None where it brings none. What a policy derives is for `derived`, afterwards.
    """
    standing = _opened(entry, policy) if before is None else before
    head = digest_of(line)
    if entry.outcome is Outcome.REFUSED:
        refusal = _refusal(entry) if entry.rule else standing.refusal
        return replace(standing, n=entry.n, head=head, refusal=refusal)
    version = entry.version or standing.version
    standing = replace(standing, n=entry.n, head=head, version=version)
    if agreement is not None:
        standing = _restated(standing, entry, agreement)
    if entry.to is not None:
        standing = _moved(standing, entry, policy)
    return _noted(standing, entry)


def derived(standing: Standing, policy: Policy) -> Standing:
    """Return the standing with what the policy derives from it: a place held, the due date."""
    due, rule = juncture(standing, policy)
    counted = holds_place(standing, policy)
    if (due, rule, counted) == (standing.due, standing.due_rule, standing.counted):
        return standing
    return replace(standing, due=due, due_rule=rule, counted=counted)


def holds_place(standing: Standing, policy: Policy) -> bool:
    """Whether the agreement holds a place under the cap (R11).

    One that held a place keeps it while its next term is negotiated and signed.
    """
    kind = policy.types.get(standing.type)
    if policy.cap is None or kind is None or not kind.counts:
        return False
    if standing.term > 1 and standing.state in {State.NEGOTIATION, State.SIGNED}:
        return State.RENEWAL in policy.cap.states
    return standing.state in policy.cap.states


def juncture(standing: Standing, policy: Policy) -> tuple[date | None, DueRule | None]:
    """Return the next day on which something happens or is owed, and what (R41, R47, R57)."""
    match standing.state:
        case State.SIGNED:
            return standing.term_start or standing.acted_on, DueRule.TERM_STARTS
        case State.ACTIVE if standing.term_end is not None:
            return day_after(standing.term_end), DueRule.TERM_OVER
        case State.ACTIVE:
            return standing.review, DueRule.REVIEW_DUE
        case State.DECISION | State.NEGOTIATION | State.EVALUATION | State.RENEWAL:
            days = getattr(policy.deadlines, f"{standing.state}_days")
            if days is not None:
                return standing.entered_on + timedelta(days=days), DueRule.DECISION_DUE
        case _:
            pass
    return None, None


def refusal_of(guards: tuple[tuple[str, str | None], ...]) -> str:
    """Return the reasons of a refusal as one text, to tell whether they have changed."""
    return " ".join(sorted({f"{guard}:{code}" for guard, code in guards}))


def _refusal(entry: Entry) -> str:
    return refusal_of(tuple((g.guard, g.code) for g in entry.guards if g.outcome == "unmet"))


def _opened(entry: Entry, policy: Policy) -> Standing:
    day = entry.recorded_day(policy.program.time_zone)
    return Standing(
        key=Ref.parse(entry.agreement or "").key,
        type="",
        title="",
        state=State.PROPOSAL,
        version=0,
        n=0,
        head="",
        partner=None,
        country=None,
        owner=entry.actor.id,
        term=1,
        term_start=None,
        term_end=None,
        review=None,
        due=None,
        due_rule=None,
        entered_on=day,
        acted_on=entry.effective,
        signed_on=None,
        signed_term=None,
        document="",
        document_version=0,
        policy=entry.policy or "",
        counted=False,
        taken_over=False,
        drafters=(),
        score_n=None,
        evaluation_n=None,
        evaluation_term=None,
        contacts_n=None,
        refusal=None,
    )


def _restated(standing: Standing, entry: Entry, agreement: Agreement) -> Standing:
    partner, term = agreement.partner, agreement.term
    drafting = entry.event is not Event.TAKEN_OVER and standing.state in DRAFTED
    drafters = standing.drafters
    if drafting and entry.actor.id not in drafters:
        drafters = (*drafters, entry.actor.id)
    return replace(
        standing,
        type=agreement.type,
        title=agreement.title,
        partner=partner.name if partner else None,
        country=partner.country if partner else None,
        owner=agreement.owner or standing.owner,
        term_start=term.start if term else None,
        term_end=term.end if term else None,
        review=agreement.review,
        document=entry.document or standing.document,
        document_version=standing.version if entry.document else standing.document_version,
        contacts_n=_contacts(standing, entry),
        drafters=drafters,
        **_origin(entry, agreement),
    )


def _contacts(standing: Standing, entry: Entry) -> int | None:
    if entry.event is Event.TRANSITIONED:
        return standing.contacts_n
    return entry.n if entry.content else None


def _origin(entry: Entry, agreement: Agreement) -> Mapping[str, str | int | bool]:
    if entry.event is not Event.TAKEN_OVER or agreement.taken_over is None:
        return {}
    signed = str(PartialDate.parse(agreement.taken_over.signed))
    return {"taken_over": True, "signed_on": signed, "signed_term": 1}


def _moved(standing: Standing, entry: Entry, policy: Policy) -> Standing:
    standing = replace(
        standing,
        state=State(entry.to or standing.state),
        term=entry.term or standing.term,
        entered_on=entry.recorded_day(policy.program.time_zone),
        acted_on=entry.effective,
        policy=entry.policy or standing.policy,
        refusal=None,
    )
    match entry.trigger:
        case Trigger.SIGN:
            return replace(standing, signed_on=entry.effective_on, signed_term=standing.term)
        case Trigger.SUBMIT if entry.actor.id not in standing.drafters:
            return replace(standing, drafters=(*standing.drafters, entry.actor.id))
        case Trigger.RENEGOTIATE:
            return replace(standing, drafters=(entry.actor.id,), score_n=None)
        case _:
            return standing


def _noted(standing: Standing, entry: Entry) -> Standing:
    match entry.event:
        case Event.SCORED:
            return replace(standing, score_n=entry.n)
        case Event.EVALUATED:
            return replace(standing, evaluation_n=entry.n, evaluation_term=standing.signed_term)
        case _:
            return standing


def term_changes(before: Standing | None, after: Standing, entry: Entry) -> dict[str, str | None]:
    """Return what a line changes on the row of the agreement's present term (R43)."""
    changes: dict[str, str | None] = {}
    known = (before.term, before.term_start, before.term_end) if before else None
    if known != (after.term, after.term_start, after.term_end):
        changes["starts"] = after.term_start.isoformat() if after.term_start else None
        changes["ends"] = after.term_end.isoformat() if after.term_end else None
    signed = (before.signed_on, before.signed_term) if before else None
    if signed != (after.signed_on, after.signed_term):
        changes["signed_on"] = after.signed_on
    if entry.to is State.ACTIVE:
        changes |= {"concluded_on": None, "concluded_by": None}
        if entry.trigger is Trigger.ACTIVATE:
            changes["activated_on"] = entry.effective_on
    elif entry.trigger in _CONCLUDING:
        changes |= {"concluded_on": entry.effective_on, "concluded_by": entry.trigger}
    return changes
