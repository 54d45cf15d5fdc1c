"""Composes one change: the entry, its exact line, what the agreement becomes, and the receipt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import msgspec

from guards.conditions import Unmet, Verdict
from lifecycle.authority import Authority
from lifecycle.entry import Entry, GuardResult, digest_of, entry_of, instant, line_of, salted
from lifecycle.evolve import Brought, derived, evolve, term_changes
from lifecycle.matter import Matter, judging
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Change, Stored, Unit
from lifecycle.watching import Watches, moved_on, published, watches
from states.agreement import Agreement
from states.codec import decode, encode
from states.notes import Attempt
from states.person import among
from states.problem import InvalidInputError, Problem
from states.records import KINDS, Record
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import FINAL, Event, Outcome, Severity, State, Trigger

RECORDS = frozenset(f"record.{kind}" for kind in KINDS)
"""The kinds of content that are dated facts."""

_ALSO: Mapping[Event, Event] = {Event.POLICY_ADOPTED: Event.APPROVED}
"""In which other event an order may have ended."""

_OUTCOMES: Mapping[Severity, str] = {Severity.BLOCK: "unmet", Severity.WARN: "warned"}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What one line is going to say, beyond who, where and when.

    `authority` is the leave of `lifecycle.authority`, without which nothing but a refusal is
    composed. `past` is where the agreement stood before the transition that is taken back, and
    `past_term` the row of its term.
    """

    event: Event
    effective_on: date
    authority: Authority
    trigger: Trigger | None = None
    to: State | None = None
    outcome: Outcome = Outcome.OK
    verdicts: tuple[Verdict, ...] = ()
    document: Stored | None = None
    agreement: Agreement | None = None
    content: Beside | None = None
    rule: str | None = None
    due: date | None = None
    term: int | None = None
    past: Standing | None = None
    past_term: Mapping[str, str | None] | None = None

    @property
    def changes_version(self) -> bool:
        """Whether state or document change; notes and refusals leave the version alone."""
        moves = self.to is not None or self.agreement is not None or self.event is Event.VOIDED
        return self.outcome is Outcome.OK and moves

    def insisted(self) -> None:
        """Raise PermissionError for a deed without leave: use cases refuse it before."""
        if self.outcome is Outcome.OK and self.authority.refusal:
            message = f"{self.authority.deed.name} was composed without leave"
            raise PermissionError(message)


def compose(matter: Matter, draft: Draft) -> Change:
    """Return the change that `draft` makes of a matter, ready to be written."""
    draft.insisted()
    unit, order, before = matter.unit, matter.order, matter.standing
    reason, document, content = _reason(unit, order), draft.document, draft.content
    entry = Entry(
        program=unit.program.code,
        agreement=str(matter.ref),
        term=draft.term or (before.term if before else 1),
        n=before.n + 1 if before else 1,
        event=draft.event,
        trigger=draft.trigger,
        from_=before.state if before and _moves(draft) else None,
        to=draft.to,
        outcome=draft.outcome,
        recorded_at=instant(order.now),
        effective_on=draft.effective_on.isoformat(),
        actor=order.actor,
        role=draft.authority.role,
        on_behalf_of=order.on_behalf_of or draft.authority.body,
        item=order.item or draft.authority.item,
        approver=draft.authority.approver,
        host=order.host,
        run=order.run,
        rule=draft.rule,
        due=draft.due.isoformat() if draft.due else None,
        ground=order.ground,
        reason=salted(reason.salt, reason.body) if reason else None,
        document=salted(document.salt, document.body) if document else None,
        content=salted(content.salt, content.body) if content else None,
        guards=results(draft.verdicts),
        version=(before.version if before else 0) + (1 if draft.changes_version else 0),
        key=order.key,
        policy=matter.judging.digest,
        definition=unit.program.definition,
        sandbox=unit.program.sandbox,
        prev=before.head if before else None,
    )
    line = line_of(entry)
    brought = Brought(draft.agreement, content, draft.past)
    after = evolve(before, entry, line, matter.policy, brought)
    if draft.changes_version or after.deferred:
        after = derived(after, judging(unit, after, matter.today).policy)
    return Change(
        before=before,
        after=after,
        entry=entry,
        line=line,
        document=document,
        beside=tuple(part for part in (reason, content) if part),
        term=term_changes(before, after, entry, draft.past_term) or None,
        watches=_watches(matter, draft, after),
    )


_TOLD_BY = frozenset(
    {Event.RECORDED, Event.CORRECTED, Event.APPROVED, Event.SCORED, Event.EVALUATED}
)
"""Events that change what is watched though they leave state and document alone."""


def _watches(matter: Matter, draft: Draft, after: Standing) -> Watches | None:
    """Return what is watched from now on; the system's own moves change the juncture alone."""
    unit, before = matter.unit, matter.standing
    policy = unit.policy(unit.policy_in_force(matter.today))
    by_people = draft.rule is None and (draft.changes_version or _tells(draft))
    if draft.outcome is Outcome.OK and after.state in FINAL:
        return Watches(())
    if draft.event is Event.PUBLISHED:
        return published()
    if draft.outcome is Outcome.OK and by_people:
        agreement = draft.agreement or unit.document(after)
        return Watches(watches(after, agreement, _records(unit, draft, after), policy))
    if before is not None and (before.due, before.due_rule) == (after.due, after.due_rule):
        return None
    return moved_on(after, policy)


def _tells(draft: Draft) -> bool:
    """Whether a line changes what is watched, though it leaves state and document alone."""
    note = draft.content is not None and draft.content.kind == "record.note"
    return draft.event in _TOLD_BY and not (note and draft.event is Event.RECORDED)


def _records(unit: Unit, draft: Draft, after: Standing) -> Sequence[Record]:
    """Return the records that count once the line is written; none are asked of a first draft."""
    content = draft.content
    if after.signed_term is None:
        return ()
    known = unit.records(after.key) if _may_have_records(after) else ()
    kept = [record for n, record in known if content is None or n != content.corrects]
    new = content is not None and content.kind in RECORDS
    return [*kept, decode(Record, content.body)] if content is not None and new else kept


def _may_have_records(after: Standing) -> bool:
    """Whether a line may have brought a record: one that changed no version, and no score sheet."""
    return after.n - after.version > (after.score_n is not None)


def _attempt(unit: Unit, authority: Authority) -> Beside:
    """Return what was tried, since a refused line names a deed by its trigger alone."""
    return Beside("content", unit.salt(), encode(Attempt(authority.deed.name)), "attempt")


def _moves(draft: Draft) -> bool:
    return draft.to is not None or (draft.trigger is not None and draft.event is not Event.APPROVED)


def refused(matter: Matter, authority: Authority, verdicts: tuple[Verdict, ...]) -> Draft:
    """Return the draft of a refusal that is not a transition's."""
    return Draft(
        event=Event.REFUSED,
        effective_on=matter.today,
        authority=authority,
        outcome=Outcome.REFUSED,
        verdicts=verdicts,
        content=_attempt(matter.unit, authority),
    )


def written(
    matter: Matter, draft: Draft, also: Callable[[Change], Change] | None = None
) -> Receipt:
    """Compose a change, write it, and return its receipt.

    `also` says what more becomes of the agreement by it. A refusal of what only enters an agreement
    has no stream to stand on, and goes to the program's.
    """
    if draft.outcome is Outcome.REFUSED and (done := _done_meanwhile(matter, draft)):
        return done
    if matter.standing is None and draft.outcome is Outcome.REFUSED:
        return written_for_program(matter.unit, matter.order, matter.judging.digest, draft)
    change = compose(matter, draft)
    change = also(change) if also else change
    matter.unit.write([change])
    return receipt_of(change, draft)


def written_for_program(unit: Unit, order: Order, policy: str, draft: Draft) -> Receipt:
    """Write the next line of the program's own stream and return its receipt.

    `policy` is the digest of the policy in force.
    """
    draft.insisted()
    n, prev = unit.program_head()
    reason, content = _reason(unit, order), draft.content
    entry = Entry(
        program=unit.program.code,
        agreement=None,
        n=n + 1,
        event=draft.event,
        outcome=draft.outcome,
        recorded_at=instant(order.now),
        effective_on=draft.effective_on.isoformat(),
        actor=order.actor,
        role=draft.authority.role,
        on_behalf_of=order.on_behalf_of,
        item=order.item,
        approver=draft.authority.approver,
        host=order.host,
        run=order.run,
        reason=salted(reason.salt, reason.body) if reason else None,
        content=salted(content.salt, content.body) if content else None,
        guards=results(draft.verdicts),
        key=order.key,
        policy=policy,
        definition=unit.program.definition,
        sandbox=unit.program.sandbox,
        prev=prev,
    )
    line = line_of(entry)
    unit.write_program(entry, line, tuple(part for part in (reason, content) if part))
    return _receipt(unit.program.code, entry, line, draft)


def refused_for_program(
    unit: Unit, order: Order, day: date, policy: str, authority: Authority
) -> Receipt:
    """Write down that somebody may not do a deed on the program itself."""
    draft = Draft(
        event=Event.REFUSED,
        effective_on=day,
        authority=authority,
        outcome=Outcome.REFUSED,
        verdicts=authority.refusal,
        content=_attempt(unit, authority),
    )
    return written_for_program(unit, order, policy, draft)


def repeated(
    unit: Unit,
    order: Order,
    event: Event,
    ref: Ref | None = None,
    trigger: Trigger | None = None,
) -> Receipt | None:
    """Return the receipt of the order that was carried out under this key before, if any.

    Raises InvalidInputError where the key stands on the line of another order, or of somebody
    else's.
    """
    line = unit.line_by_key(order.key) if order.key else None
    return repeated_by(line, order, event, ref, trigger) if line is not None else None


def repeated_by(
    line: bytes,
    order: Order,
    event: Event,
    ref: Ref | None = None,
    trigger: Trigger | None = None,
) -> Receipt:
    """Return the receipt of the order that wrote a line under this one's key.

    Raises InvalidInputError where it was another order, or somebody else's.
    """
    entry = entry_of(line)
    other = ref is not None and entry.agreement != str(ref)
    # A table's rows are known again by their keys, whoever reads it a second time.
    other = other or not (event is Event.TAKEN_OVER or among(entry.actor.id, (order.actor.id,)))
    if other or entry.event not in {event, _ALSO.get(event)} or entry.trigger is not trigger:
        what, where = entry.trigger or entry.event, entry.agreement or entry.program
        message = (
            f"the idempotency key {order.key!r} was used by {entry.actor.id} for {what} on {where}"
        )
        hint = "use a new key for a new order"
        raise InvalidInputError([Problem("key_reused", message, hint=hint)])
    return _receipt(entry.agreement or entry.program, entry, line)


def _done_meanwhile(matter: Matter, draft: Draft) -> Receipt | None:
    """Return the receipt of the same order, if it was still being carried out when this one began.

    Whoever lost the connection repeats the order under its key while the first may still run: what
    refuses it then is that it was done.
    """
    order, deed = matter.order, draft.authority.deed
    line = matter.unit.line_by_key(order.key) if order.key else None
    if line is None:
        return None
    entry = entry_of(line)
    same = (
        (entry.event, entry.agreement) == (deed.event, str(matter.ref))
        and deed.trigger in {None, entry.trigger}
        and among(entry.actor.id, (order.actor.id,))
    )
    return _receipt(str(matter.ref), entry, line) if same else None


def stored(unit: Unit, agreement: Agreement) -> Stored:
    """Return a document ready to be kept: its contacts stand beside it, not in it."""
    body = encode(_without_contacts(agreement))
    return Stored(unit.salt(), body, agreement)


def contacts_of(unit: Unit, agreement: Agreement) -> Beside | None:
    """Return the document's contacts as what stands beside the line, erasable on request."""
    if not agreement.contacts:
        return None
    return Beside("content", unit.salt(), encode(agreement.contacts), "contacts")


def _without_contacts(agreement: Agreement) -> Agreement:
    return replace(agreement, contacts=()) if agreement.contacts else agreement


def _reason(unit: Unit, order: Order) -> Beside | None:
    if not order.reason:
        return None
    return Beside("reason", unit.salt(), order.reason.encode())


def results(verdicts: tuple[Verdict, ...]) -> tuple[GuardResult, ...]:
    """Return what a line says of some verdicts: each guard's result, code by code."""
    said: list[GuardResult] = []
    for verdict in verdicts:
        if not verdict.unmet:
            said.append(GuardResult(verdict.guard, verdict.outcome))
        words = {(u.code, _word(u, verdict)): None for u in verdict.unmet}
        said += [GuardResult(verdict.guard, word, code) for code, word in words]
    return tuple(said)


def _word(unmet: Unmet, verdict: Verdict) -> str:
    if unmet.advisory:
        return "warned"
    return "waived" if unmet.waived_by else _OUTCOMES[verdict.severity]


def receipt_of(change: Change, draft: Draft) -> Receipt:
    """Return the receipt of a change that is written, or about to be."""
    return _receipt(change.entry.agreement or "", change.entry, change.line, draft)


def _receipt(ref: str, entry: Entry, line: bytes, draft: Draft | None = None) -> Receipt:
    """Return the receipt of a line; without a draft, of one that was written before."""
    return Receipt(
        ref=ref,
        event=entry.event,
        outcome=entry.outcome,
        version=entry.version or entry.n,
        n=entry.n,
        effective_on=entry.effective,
        entry=digest_of(line),
        trigger=entry.trigger,
        from_=entry.from_,
        to=entry.to,
        verdicts=draft.verdicts if draft else (),
        repeated=draft is None,
        deed=draft.authority.deed.name if draft else None,
        approver=entry.approver,
        on_behalf_of=entry.on_behalf_of,
        item=entry.item,
    )
