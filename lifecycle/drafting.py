"""Proposes agreements and applies whole documents to them.

Until `sign`, a document may change as a whole; once a term is signed only its kept keys may
(`guards.kept`). The order of steps is that of `lifecycle.advance`: lock, judge, write, in one
transaction.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

import msgspec

from guards.conditions import Verdict
from guards.kept import DOCUMENT, change_allowed, changed_keys
from guards.words import check_agreement
from lifecycle.advance import barred
from lifecycle.authority import Authority, authorise
from lifecycle.compose import Draft, contacts_of, refused, repeated, stored, written
from lifecycle.evolve import described
from lifecycle.matter import Matter, entering, locked
from lifecycle.order import Order, Receipt
from lifecycle.places import place_refusals
from lifecycle.ports import Unit
from states.agreement import Agreement, Milestone, Project
from states.deeds import EDIT, PROPOSE, RESCHEDULE, Deed
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import DRAFTED, Event, Outcome, Severity, State

Named = TypeVar("Named", Project, Milestone)

_LONGEST_ID = 40


def propose(unit: Unit, order: Order, agreement: Agreement, *, file: str | None = None) -> Receipt:
    """Propose a new agreement, in state proposal; it gets the year's next reference (BOX1).

    Raises InvalidInputError for words that the policy does not know, and for [taken_over].
    """
    if before := repeated(unit, order, Event.CREATED):
        return before
    if agreement.taken_over is not None:
        message = "a proposal has not been signed yet, so it is not taken over"
        hint = "leave [taken_over] out, or take it over: lifecycle import FILE"
        problem = Problem("taken_over", message, file, None, "taken_over", hint=hint)
        raise InvalidInputError([problem])
    matter = entering(unit, order)
    return written(matter, entered(matter, PROPOSE, State.PROPOSAL, agreement, file))


def entered(
    matter: Matter, deed: Deed, state: State, agreement: Agreement, file: str | None
) -> Draft:
    """Return the draft that enters a new agreement in a state, or that refuses to."""
    check_agreement(agreement, matter.policy, file)
    authority = authorise(matter, deed)
    if authority.refusal:
        return refused(matter, authority, authority.refusal)
    draft = whole(matter, authority, with_ids(agreement, None))
    return msgspec.structs.replace(draft, to=state)


def apply(
    unit: Unit, order: Order, ref: Ref, agreement: Agreement, *, file: str | None = None
) -> Receipt:
    """Make `agreement` the document of `ref`; the same content again is `unchanged`.

    Raises UnknownRefError, and InvalidInputError for words that the policy does not know.
    """
    if before := repeated(unit, order, Event.EDITED, ref):
        return before
    if _may_take_a_place(unit, ref):
        unit.lock_program()
    matter = locked(unit, order, ref)
    current = unit.document(matter.held)
    wanted = with_ids(agreement, current)
    check_agreement(wanted, matter.policy, file)
    if wanted == current:
        return unchanged(matter, Event.EDITED)
    authority = authorise(matter, edits(matter.held, current, wanted))
    if verdicts := authority.refusal or _objections(matter, current, wanted):
        return written(matter, refused(matter, authority, verdicts))
    return written(matter, whole(matter, authority, wanted))


def edits(held: Standing, before: Agreement, after: Agreement) -> Deed:
    """Return the deed that a change by hand is: of the next review alone, or of the document."""
    reviews = held.state not in DRAFTED and changed_keys(before, after) == ("review",)
    return RESCHEDULE if reviews else EDIT


def whole(matter: Matter, authority: Authority, agreement: Agreement) -> Draft:
    """Return the draft that makes `agreement` the document."""
    return Draft(
        event=authority.deed.event,
        effective_on=matter.today,
        authority=authority,
        document=stored(matter.unit, agreement),
        agreement=agreement,
        content=contacts_of(matter.unit, agreement),
    )


def with_ids(agreement: Agreement, current: Agreement | None) -> Agreement:
    """Return the document with an id for each project and milestone; known names keep theirs."""
    if not (agreement.projects or agreement.milestones):
        return agreement
    return replace(
        agreement,
        projects=_identified(agreement.projects, current.projects if current else ()),
        milestones=_identified(agreement.milestones, current.milestones if current else ()),
    )


def _objections(matter: Matter, current: Agreement, wanted: Agreement) -> tuple[Verdict, ...]:
    if bars := barred(matter):
        return bars
    unmet = tuple(change_allowed(matter.held, current, wanted, matter.policy, matter.today))
    if unmet:
        return (Verdict(DOCUMENT, Severity.BLOCK, unmet),)
    held = matter.held
    return place_refusals(matter, described(held, wanted)) if keeps_a_place(held) else ()


def _may_take_a_place(unit: Unit, ref: Ref) -> bool:
    """Whether the program is to be locked: an edit may take a place in a later term."""
    standing = unit.standing(ref.key) if ref.code == unit.program.code else None
    return standing is not None and keeps_a_place(standing)


def keeps_a_place(standing: Standing) -> bool:
    """Whether it is drafted anew for a later term, with the place of the one before."""
    return standing.activated and standing.state in DRAFTED


def unchanged(matter: Matter, event: Event) -> Receipt:
    """Return the receipt of an order that leaves everything as it is."""
    standing = matter.held
    return Receipt(
        ref=str(matter.ref),
        event=event,
        outcome=Outcome.UNCHANGED,
        version=standing.version,
        n=standing.n,
        effective_on=matter.today,
        entry=standing.head,
    )


def _identified(items: Iterable[Named], known: Iterable[Named]) -> tuple[Named, ...]:
    kept = {item.name: item.id for item in known}
    taken = {item.id for item in items if item.id}
    result = []
    for item in items:
        if item.id:
            result.append(item)
            continue
        own = kept.get(item.name)
        id_ = own if own and own not in taken else _free_id(item.name, taken)
        taken.add(id_)
        result.append(replace(item, id=id_))
    return tuple(result)


def _free_id(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_ID] or "item"
    number, candidate = 1, slug
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
