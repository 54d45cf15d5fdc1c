"""Grants and revokes roles, each change a line of the program's own stream (R57).

Who grants decides nothing: admins grant no role to themselves and hold no other one, and there is
always an admin without a last day, so that a program is never without somebody who can grant.
"""

from datetime import date

from guards.conditions import Unmet, Verdict
from lifecycle.authority import GATE, Authority, authorise_program, founding
from lifecycle.compose import Draft, repeated, written_for_program
from lifecycle.entry import instant
from lifecycle.matter import judging, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Unit
from states.codec import encode
from states.deeds import GRANT
from states.person import among
from states.problem import InvalidInputError, Problem
from states.roles import ALONE, Holdings, RoleChange, changed, holding
from states.vocabulary import Event, Outcome, Role, Severity


def appoint(unit: Unit, order: Order, change: RoleChange) -> Receipt:
    """Grant or revoke a role; the same again is `unchanged`.

    The first grant in a sandbox makes who gives it admin: from then on roles are told apart.
    Raises InvalidInputError for a last day in the past, and for revoking what is not held.
    """
    if before := repeated(unit, order, Event.ROLE_CHANGED):
        return before
    unit.lock_program()
    today = today_of(unit, order)
    rules = judging(unit, None, today)
    holdings = unit.roles()
    after = changed(holdings, change, instant(order.now), today)
    _check(holdings, change, today)
    if after == holdings:
        return _unchanged(unit, today)
    first = not holdings
    authority = founding() if first else authorise_program(unit, order, GRANT, today, rules)
    if verdicts := authority.refusal or _objections(order, change, after, today, first=first):
        draft = Draft(
            event=Event.REFUSED,
            effective_on=today,
            authority=authority,
            outcome=Outcome.REFUSED,
            verdicts=verdicts,
        )
        return written_for_program(unit, order, rules.digest, draft)
    if first and change.role is not Role.ADMIN:
        _write(unit, order, RoleChange(order.actor.id, Role.ADMIN, granted=True), authority)
    return _write(unit, order, change, authority)


def found(unit: Unit, order: Order, admin: str) -> Receipt:
    """Write down a new program's first admin."""
    return _write(unit, order, RoleChange(admin, Role.ADMIN, granted=True), founding())


def _write(unit: Unit, order: Order, change: RoleChange, authority: Authority) -> Receipt:
    today = today_of(unit, order)
    draft = Draft(
        event=Event.ROLE_CHANGED,
        effective_on=today,
        authority=authority,
        content=Beside("content", unit.salt(), encode(change), "role"),
    )
    unit.hold(changed(unit.roles(), change, instant(order.now), today))
    return written_for_program(unit, order, unit.policy_in_force(today), draft)


def _check(holdings: Holdings, change: RoleChange, today: date) -> None:
    if change.until is not None and change.until < today:
        message = f"{change.until} is past; a role is granted until a day to come"
        raise InvalidInputError([Problem("past", message, key="until")])
    if not change.granted and holding(holdings, change.name, change.role, today) is None:
        held = tuple(h.role for h in holdings if h.name == change.name)
        message = f"{change.name} does not hold the role {change.role}"
        raise InvalidInputError([Problem("not_held", message, key="ROLE", allowed=held)])


def _objections(
    order: Order, change: RoleChange, after: Holdings, today: date, *, first: bool
) -> tuple[Verdict, ...]:
    unmet = _objection(order, change, after, today, first=first)
    return (Verdict(GATE, Severity.BLOCK, (unmet,)),) if unmet else ()


def _objection(
    order: Order, change: RoleChange, after: Holdings, today: date, *, first: bool
) -> Unmet | None:
    founds = first and change.role is Role.ADMIN
    if change.granted and among(change.name, (order.actor.id,)) and not founds:
        return _unmet(
            "role.own",
            f"{order.actor.id} can't grant a role to themselves.",
            "ask another admin",
        )
    roles = {h.role for h in after if among(h.name, (change.name,)) and _runs(h.until, today)}
    if change.granted and roles & ALONE and len(roles) > 1:
        alone = " and ".join(sorted(roles & ALONE))
        return _unmet(
            "role.apart",
            f"{change.name} would hold {' and '.join(sorted(roles))}; {alone} is held alone.",
            "revoke the other role first, or choose somebody else",
        )
    lasting = [h for h in after if h.role is Role.ADMIN and h.until is None]
    if not lasting and not (first and change.role is not Role.ADMIN):
        return _unmet(
            "role.last_admin",
            "Nobody would be left who can grant roles.",
            "make somebody else admin first, without a last day",
        )
    return None


def _runs(until: date | None, today: date) -> bool:
    return until is None or today <= until


def _unmet(code: str, message: str, fix: str) -> Unmet:
    return Unmet(GATE, code, message, fix, "who grants roles decides nothing (R57)", "DP1")


def _unchanged(unit: Unit, today: date) -> Receipt:
    n, head = unit.program_head()
    return Receipt(
        ref=unit.program.code,
        event=Event.ROLE_CHANGED,
        outcome=Outcome.UNCHANGED,
        version=n,
        n=n,
        effective_on=today,
        entry=head or "",
    )
