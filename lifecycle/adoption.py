"""Adopts a policy: from then on it judges, and what it derives is worked out anew (R54).

It is a decider's act with a second person: the first who gives the order approves it, and the
same order by another decider puts the policy in force. In a sandbox in which nobody was granted a
role yet, one is enough.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import takewhile

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
from lifecycle.evolve import derived
from lifecycle.matter import Judging, judging, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Unit
from states.canonical import sha256_hex
from states.codec import decode, encode
from states.deeds import ADOPT
from states.notes import Adoption
from states.person import among
from states.problem import InvalidInputError, Problem
from states.vocabulary import Event, Guard, Outcome, Role, Severity

_BATCH = 500


def adopt(unit: Unit, order: Order, body: bytes, policy: Policy, effective_on: date) -> Receipt:
    """Put a policy in force from a day on, or approve that the next decider does.

    Adopting the one in force again is `unchanged`. Raises InvalidInputError for another program's
    code, and for a day in the future, too far back or before the last decision.
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
        return _put_in_force(unit, order, body, effective_on, founding())
    today = today_of(unit, order)
    rules = judging(unit, None, today)
    if rules.digest == digest:
        return _unchanged(code, n, prev or "", effective_on)
    _check_day(unit, rules.policy, effective_on, today)
    authority = authorise_program(unit, order, ADOPT, today, rules)
    if authority.refusal:
        return refused_for_program(unit, order, today, rules.digest, authority)
    wanted = Adoption(digest, effective_on)
    first = _approver(unit, order, wanted, today)
    if first is None and not open_to_all(unit):
        return _approved(unit, order, wanted, authority, rules)
    return _put_in_force(unit, order, body, effective_on, replace(authority, approver=first))


def _check_day(unit: Unit, policy: Policy, day: date, today: date) -> None:
    last = unit.last_act()
    earliest = max(today - timedelta(days=policy.backdating_days), last or date.min)
    if not earliest <= day <= today:
        message = f"it can't be in force from {day} on: the day lies between {earliest} and {today}"
        hint = "not in the future, not before the last decision, not too far back"
        raise InvalidInputError([Problem("effective_on", message, key="effective", hint=hint)])


def _approver(unit: Unit, order: Order, wanted: Adoption, today: date) -> str | None:
    """Return who else approved exactly this since the last adoption, and still may."""
    for entry in unit.lines_back():
        if entry.event is Event.POLICY_ADOPTED:
            return None
        approves = entry.event is Event.APPROVED and not among(entry.actor.id, (order.actor.id,))
        if approves and _says(unit, entry, wanted) and _may_still(unit, entry, today):
            return entry.actor.id
    return None


def _says(unit: Unit, entry: Entry, wanted: Adoption) -> bool:
    texts = (part.body for part in unit.beside(None, entry.n) if part.kind == "adoption")
    return any(decode(Adoption, text) == wanted for text in texts)


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
    unit.adopt(body, digest, effective_on, unit.program_head()[0] + 1)
    draft = Draft(
        event=Event.POLICY_ADOPTED,
        effective_on=effective_on,
        authority=authority,
    )
    receipt = written_for_program(unit, order, digest, draft)
    _rederive(unit, effective_on)
    return receipt


def _rederive(unit: Unit, day: date) -> None:
    """Derive every standing anew; one in flight may go back to the policy that it keeps."""
    after = -1
    while batch := unit.portfolio(after, _BATCH):
        after = batch[-1].key
        changed = [(old, derived(old, judging(unit, old, day).policy)) for old in batch]
        unit.restate([(old, new) for old, new in changed if new is not old])


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
