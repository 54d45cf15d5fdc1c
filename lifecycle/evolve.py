"""What a line makes of an agreement: the one function that writing and replay share.

`evolve(before, entry, ...)` is the agreement's next standing. A use case builds the entry and
writes what evolves from it; `lifecycle.replay` folds the stored lines through the same function.
So the current rows can't differ from the log without one of them having been changed.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from guards.activation import holds_in
from guards.policy import Policy
from lifecycle.entry import Entry, digest_of
from lifecycle.ports import Beside
from states.agreed import agreed_digest
from states.agreement import UNKNOWN, Agreement
from states.calendar import PartialDate, day_after
from states.codec import decode
from states.notes import Assent, Erasure, Leave, Voiding
from states.ref import Ref
from states.standing import Approval, Standing, Waiver
from states.vocabulary import DRAFTED, DueRule, Event, Outcome, State, Trigger

_CONCLUDING = frozenset({Trigger.EXPIRE, Trigger.CONCLUDE, Trigger.TERMINATE})
_WRITES = frozenset({Event.AMENDED, Event.CORRECTED})
_KEEP_CONTACTS = frozenset({Event.TRANSITIONED, Event.RECLASSIFIED})

IN_ERROR = "error"
"""What `voided` says of an agreement that duplicates no other one."""


class Brought(msgspec.Struct, frozen=True):
    """What a line brings along: a document, what stands beside it, and a state to go back to.

    `agreement` is None where the line brings none; `past` is where the agreement stood before the
    transition that the line takes back.
    """

    agreement: Agreement | None = None
    content: Beside | None = None
    past: Standing | None = None


NOTHING = Brought()


def evolve(
    before: Standing | None, entry: Entry, line: bytes, policy: Policy, brought: Brought = NOTHING
) -> Standing:
    """Return where an agreement stands after a line.

    `policy` is the one that the line names. What a policy derives is for `derived`, afterwards.
    """
    standing = _opened(entry, policy) if before is None else before
    head = digest_of(line)
    if entry.outcome is Outcome.REFUSED:
        refusal = _refusal(entry) if entry.rule else standing.refusal
        return replace(standing, n=entry.n, head=head, refusal=refusal)
    version = entry.version or standing.version
    standing = replace(standing, n=entry.n, head=head, version=version)
    if brought.past is not None:
        standing = _taken_back(standing, entry, policy, brought.past)
    if brought.agreement is not None:
        standing = _restated(standing, entry, brought.agreement)
        if not (brought.past or entry.event in _KEEP_CONTACTS):
            standing = replace(standing, contacts_n=entry.n if entry.content else None)
    if entry.to is not None and brought.past is None:
        standing = _moved(standing, entry, policy)
    return _noted(standing, entry, brought.content)


def derived(standing: Standing, policy: Policy) -> Standing:
    """Return the standing with what the policy derives from it: a place held, the due date."""
    due, rule = juncture(standing, policy)
    counted = holds_place(standing, policy)
    if (due, rule, counted) == (standing.due, standing.due_rule, standing.counted):
        return standing
    return replace(standing, due=due, due_rule=rule, counted=counted)


def holds_place(standing: Standing, policy: Policy) -> bool:
    """Whether the agreement holds a place under the cap (R11).

    One that has never been in force holds none, wherever it stands.
    """
    kind = policy.types.get(standing.type)
    counts = policy.cap is not None and kind is not None and kind.counts
    return counts and policy.cap is not None and holds_in(standing, policy.cap.states)


def juncture(standing: Standing, policy: Policy) -> tuple[date | None, DueRule | None]:
    """Return the next day on which something happens or is owed, and what (R41, R47, R57)."""
    match standing.state:
        case _ if standing.voided:
            pass
        case State.SIGNED:
            return standing.term_start or standing.acted_on, DueRule.TERM_STARTS
        case State.ACTIVE if standing.term_end is not None:
            return day_after(standing.term_end), DueRule.TERM_OVER
        case State.ACTIVE:
            return standing.review, DueRule.REVIEW_DUE
        case State.DECISION | State.NEGOTIATION | State.EVALUATION | State.RENEWAL:
            days = getattr(policy.deadlines, f"{standing.state}_days")
            owed = standing.entered_on + timedelta(days=days) if days is not None else None
            if day := standing.deferred or owed:
                return day, DueRule.DECISION_DUE
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
        opened_on=day,
    )


def described(standing: Standing, agreement: Agreement) -> Standing:
    """Return the standing with what a document says of it."""
    partner, term = agreement.partner, agreement.term
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
    )


def _restated(standing: Standing, entry: Entry, agreement: Agreement) -> Standing:
    agreed = agreed_digest(agreement)
    # An approval or a waiver was given for what was agreed on then.
    ended = {} if agreed == standing.agreed else {"approvals": (), "waivers": ()}
    former = entry.event is Event.RECLASSIFIED and standing.type != agreement.type
    return replace(
        described(standing, agreement),
        document=entry.document or standing.document,
        document_version=standing.version if entry.document else standing.document_version,
        drafters=_drafters(standing, entry),
        agreed=agreed,
        former_type=standing.type if former else standing.former_type,
        **ended,
        **_origin(entry, agreement),
    )


def _drafters(standing: Standing, entry: Entry) -> tuple[str, ...]:
    drafting = entry.event is not Event.TAKEN_OVER and standing.state in DRAFTED
    if not (drafting or entry.event in _WRITES) or entry.actor.id in standing.drafters:
        return standing.drafters
    return (*standing.drafters, entry.actor.id)


def _origin(entry: Entry, agreement: Agreement) -> Mapping[str, str | int | bool | None]:
    if entry.event is not Event.TAKEN_OVER or agreement.taken_over is None:
        return {}
    signed = agreement.taken_over.signed
    known = None if signed == UNKNOWN else str(PartialDate.parse(signed))
    return {"taken_over": True, "signed_on": known, "signed_term": 1}


def _moved(standing: Standing, entry: Entry, policy: Policy) -> Standing:
    standing = replace(
        standing,
        state=State(entry.to or standing.state),
        term=entry.term or standing.term,
        entered_on=entry.recorded_day(policy.program.time_zone),
        acted_on=entry.effective,
        policy=entry.policy or standing.policy,
        activated=standing.activated or _comes_into_force(entry),
        refusal=None,
        moved_n=entry.n if entry.event is Event.TRANSITIONED else 0,
        approvals=(),
        waivers=(),
        deferred=None,
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


def _comes_into_force(entry: Entry) -> bool:
    in_evaluation = entry.event is Event.TAKEN_OVER and entry.to is State.EVALUATION
    return entry.to is State.ACTIVE or in_evaluation


def _taken_back(standing: Standing, entry: Entry, policy: Policy, past: Standing) -> Standing:
    """Return the standing along the last transition back; what was written since stays written."""
    return replace(
        standing,
        state=past.state,
        term=past.term,
        entered_on=entry.recorded_day(policy.program.time_zone),
        acted_on=entry.effective,
        signed_on=past.signed_on,
        signed_term=past.signed_term,
        activated=past.activated,
        policy=entry.policy or standing.policy,
        score_n=past.score_n,
        drafters=tuple(dict.fromkeys((*past.drafters, *standing.drafters))),
        refusal=None,
        moved_n=0,
        approvals=(),
        waivers=(),
        deferred=None,
    )


def _noted(standing: Standing, entry: Entry, content: Beside | None) -> Standing:
    body, kind = (content.body, content.kind) if content else (b"", None)
    match entry.event:
        case Event.CORRECTED if kind == "scores":
            standing = replace(standing, score_n=entry.n, approvals=())
        case Event.CORRECTED if kind == "evaluation":
            # It stays the evaluation of the term that it was of.
            standing = replace(standing, evaluation_n=entry.n, approvals=())
        case Event.SCORED:
            standing = replace(standing, score_n=entry.n, approvals=())
        case Event.EVALUATED:
            term = standing.signed_term
            standing = replace(standing, evaluation_n=entry.n, evaluation_term=term, approvals=())
        case Event.RECORDED if entry.due:
            standing = replace(standing, deferred=date.fromisoformat(entry.due))
        case Event.APPROVED:
            standing = _approved(standing, entry, decode(Assent, body))
        case Event.WAIVED:
            standing = _waived(standing, entry, decode(Leave, body))
        case Event.VOIDED:
            same_as = decode(Voiding, body).same_as
            standing = replace(standing, voided=same_as or IN_ERROR, approvals=(), waivers=())
        case Event.ERASED if kind == "erasure" and _restates(body):
            # They were given for what stood there.
            standing = replace(standing, approvals=(), waivers=())
        case _:
            pass
    return standing


def _restates(body: bytes) -> bool:
    """Whether what was erased is part of what is decided on."""
    erased = decode(tuple[Erasure, ...], body)
    return any(one.part in {"document", "content"} for one in erased)


def _approved(standing: Standing, entry: Entry, assent: Assent) -> Standing:
    given = Approval(
        deed=assent.deed,
        by=entry.actor.id,
        at=entry.recorded_at,
        n=entry.n,
        policy=entry.policy or standing.policy,
        until=assent.until,
        subject=assent.subject,
        body=entry.on_behalf_of,
        item=entry.item,
    )
    others = tuple(
        known for known in standing.approvals if (known.deed, known.by) != (given.deed, given.by)
    )
    return replace(standing, approvals=(*others, given))


def _waived(standing: Standing, entry: Entry, leave: Leave) -> Standing:
    given = Waiver(
        guard=leave.guard,
        code=leave.code,
        field=leave.field,
        trigger=leave.trigger,
        version=standing.version,
        by=entry.actor.id,
        at=entry.recorded_at,
        n=entry.n,
        policy=entry.policy or standing.policy,
    )
    kept = tuple(known for known in standing.waivers if known.version == standing.version)
    return replace(standing, waivers=(*kept, given))


_OF_MOVES = ("activated_on", "concluded_on", "concluded_by")


def term_changes(
    before: Standing | None,
    after: Standing,
    entry: Entry,
    past: Mapping[str, str | None] | None = None,
) -> dict[str, str | None]:
    """Return what a line changes on the row of the agreement's present term (R43).

    `past` is the term's row before the transition that the line takes back.
    """
    changes: dict[str, str | None] = {}
    known = (before.term, before.term_start, before.term_end) if before else None
    if known != (after.term, after.term_start, after.term_end):
        changes["starts"] = after.term_start.isoformat() if after.term_start else None
        changes["ends"] = after.term_end.isoformat() if after.term_end else None
    signed = (before.signed_on, before.signed_term) if before else None
    if signed != (after.signed_on, after.signed_term):
        changes["signed_on"] = after.signed_on if after.signed_term == after.term else None
    if past is not None:
        changes |= {name: past.get(name) for name in _OF_MOVES}
    elif entry.to is State.ACTIVE:
        changes |= {"concluded_on": None, "concluded_by": None}
        if entry.trigger is Trigger.ACTIVATE:
            changes["activated_on"] = entry.effective_on
    elif entry.to is not None and entry.trigger in _CONCLUDING:
        changes |= {"concluded_on": entry.effective_on, "concluded_by": entry.trigger}
    return changes
