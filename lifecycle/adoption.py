"""Adopts a policy: from then on it judges, and what it derives is worked out anew (R54).

It is a decider's act with a second person: the first who gives the order approves it, and the
same order by another decider puts the policy in force, from the day that was approved. In a
sandbox in which nobody was granted a role yet, one is enough.
"""

from datetime import date, timedelta
from itertools import takewhile

import msgspec

from guards.conditions import Unmet, Verdict
from guards.policy import Policy
from lifecycle.authority import (
    Authority,
    authorise_program,
    founding,
    open_to_all,
    still_held_by,
)
from lifecycle.compose import Draft, refused_for_program, repeated, written_for_program
from lifecycle.entry import Entry
from lifecycle.errors import StoreError
from lifecycle.matter import Judging, judging, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Unit
from lifecycle.rederiving import rederive
from states.canonical import sha256_hex
from states.codec import decode, encode
from states.deeds import ADOPT
from states.notes import Adoption
from states.person import among
from states.problem import InvalidInputError, Problem
from states.vocabulary import Event, Guard, Outcome, Role, Severity


def adopt(
    unit: Unit, order: Order, body: bytes, policy: Policy, effective_on: date | None
) -> Receipt:
    """Put a policy in force from a day on, or approve that the next decider does.

    Without a day it is the one that another decider approved, else today. Adopting the one in
    force again is `unchanged`. Raises InvalidInputError for another program's code, an unknown
    body, and for a day in the future, too far back or before the last decision.
    """
    if before := repeated(unit, order, Event.POLICY_ADOPTED):
        return before
    unit.lock_program()
    code, digest = unit.program.code, sha256_hex(body)
    if policy.program.code != code:
        message = f"the policy is for the program {policy.program.code}, this one is {code}"
        raise InvalidInputError([Problem("other_program", message, key="program.code")])
    n, prev = unit.program_head()
    if not n:
        first_day = effective_on or order.today(policy.program.time_zone)
        return _put_in_force(unit, order, body, first_day, founding())
    today = today_of(unit, order)
    rules = judging(unit, None, today)
    if rules.digest == digest:
        return _unchanged(code, n, prev or "", effective_on or today)
    earliest = _checked(unit, order, rules.policy, effective_on or today, today)
    authority = authorise_program(unit, order, ADOPT, today, rules)
    if authority.refusal:
        return refused_for_program(unit, order, today, rules.digest, authority)
    days = (effective_on or earliest, effective_on or today)
    first, day = approval(unit, order, digest, days, today) or (None, effective_on or today)
    if first is None and not open_to_all(unit):
        return _approved(unit, order, Adoption(digest, day), authority, rules)
    return _put_in_force(unit, order, body, day, msgspec.structs.replace(authority, approver=first))


def _checked(unit: Unit, order: Order, policy: Policy, day: date, today: date) -> date:
    """Return the earliest day from which a policy may be in force; raises InvalidInputError."""
    last, problems = unit.last_act(), []
    earliest = max(today - timedelta(days=policy.backdating_days), last or date.min)
    if not earliest <= day <= today:
        message = f"it can't be in force from {day} on: the day lies between {earliest} and {today}"
        hint = "not in the future, not before the last decision, not too far back"
        problems.append(Problem("effective_on", message, key="effective", hint=hint))
    if order.on_behalf_of and policy.body(order.on_behalf_of) is None:
        message = f"{order.on_behalf_of!r} is not a body of the policy"
        names = tuple(body.name for body in policy.bodies)
        problems.append(Problem("unknown_body", message, key="on-behalf-of", allowed=names))
    if problems:
        raise InvalidInputError(problems)
    return earliest


def approval(
    unit: Unit, order: Order, digest: str, days: tuple[date, date], today: date
) -> tuple[str, date] | None:
    """Return who else approved this policy since the last adoption and still may, and for when."""
    first, last = days
    since = takewhile(lambda line: line.event is not Event.POLICY_ADOPTED, unit.lines_back())
    others = (
        (line, _said(unit, line))
        for line in since
        if line.event is Event.APPROVED and not among(line.actor.id, (order.actor.id,))
    )
    given = (
        (line.actor.id, said.effective_on)
        for line, said in others
        if said.policy == digest
        and first <= said.effective_on <= last
        and _may_still(unit, line, today)
    )
    return next(given, None)


def _said(unit: Unit, line: Entry) -> Adoption:
    parts = unit.beside(None, line.n)
    part = next((part for part in parts if part.kind == "adoption"), None)
    if part is None:
        message = f"what line {line.n} of the program approved is gone"
        raise StoreError(message, "damaged", "lifecycle db check says more")
    return decode(Adoption, part.body)


def _may_still(unit: Unit, entry: Entry, today: date) -> bool:
    policy = unit.policy(unit.policy_in_force(today))
    given = entry.recorded_day(policy.program.time_zone)
    if today > given + timedelta(days=policy.approval_days):
        return False
    for_body = entry.on_behalf_of is not None and entry.role is not Role.DECIDER
    return for_body or still_held_by(unit, entry.actor.id, Role.DECIDER, entry.recorded_at, today)


def _alone(unit: Unit, order: Order, wanted: Adoption, today: date) -> tuple[Verdict, ...]:
    """Return what stands against approving a second time what one has approved, as if for two."""
    since = takewhile(lambda line: line.event is not Event.POLICY_ADOPTED, unit.lines_back())
    for entry in since:
        own = entry.event is Event.APPROVED and among(entry.actor.id, (order.actor.id,))
        said = unit.beside(None, entry.n) if own and _may_still(unit, entry, today) else ()
        if any(p.kind == "adoption" and decode(Adoption, p.body) == wanted for p in said):
            unmet = Unmet(
                Guard.SECOND_PERSON,
                "person.same",
                f"{entry.actor.id} has approved this policy already and can't adopt it alone.",
                "let another decider adopt it: the same command",
                "a second person decides (R57)",
                "DP1",
            )
            return (Verdict(Guard.SECOND_PERSON, Severity.BLOCK, (unmet,)),)
    return ()


def _approved(
    unit: Unit, order: Order, wanted: Adoption, authority: Authority, rules: Judging
) -> Receipt:
    today = today_of(unit, order)
    if verdicts := _alone(unit, order, wanted, today):
        refusal = Draft(
            event=Event.REFUSED,
            effective_on=today,
            authority=authority,
            outcome=Outcome.REFUSED,
            verdicts=verdicts,
        )
        return written_for_program(unit, order, rules.digest, refusal)
    draft = Draft(
        event=Event.APPROVED,
        effective_on=wanted.effective_on,
        authority=authority,
        content=Beside("content", unit.salt(), encode(wanted), "adoption"),
    )
    return written_for_program(unit, order, rules.digest, draft)


def _put_in_force(
    unit: Unit, order: Order, body: bytes, effective_on: date, authority: Authority
) -> Receipt:
    digest = sha256_hex(body)
    before = unit.policy(unit.policy_in_force(effective_on)) if unit.program_head()[0] else None
    unit.adopt(body, digest, effective_on, unit.program_head()[0] + 1)
    draft = Draft(
        event=Event.POLICY_ADOPTED,
        effective_on=effective_on,
        authority=authority,
    )
    receipt = written_for_program(unit, order, digest, draft)
    rederive(unit, effective_on, before)
    return receipt


def _unchanged(code: str, n: int, entry: str, effective_on: date) -> Receipt:
    return Receipt(
        ref=code,
        event=Event.POLICY_ADOPTED,
        outcome=Outcome.UNCHANGED,
        version=n,
        n=n,
        effective_on=effective_on,
        entry=entry,
    )
