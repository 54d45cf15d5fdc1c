"""The one choke point of who may do what: no line but a refusal is composed without its leave.

Steps, in this order; the first that holds is what the line says:

1. where a body is named, nothing but that body's decision: its approval on record, or its item
   entered by a role that may record for it (nobody takes a body's name on their own word);
2. the actor's own role, unless they drafted what is decided;
3. a standing approval of a decider who is nobody's drafter, carried out by staff;
4. the actor's own role, drafter or not: the guard `second_person` then says no with its reason.

Missing every one of them means denied. What is denied is written down as a refusal.
"""

from datetime import date

import msgspec

from guards.conditions import Unmet, Verdict
from guards.policy import Body
from lifecycle.matter import Judging, Matter
from lifecycle.order import Order
from lifecycle.ports import Unit
from states.deeds import APPROVABLE, APPROVE, GRANT, RECLASSIFY, RESTORE, Deed
from states.person import among
from states.roles import holding, holdings_of
from states.standing import Approval, Standing
from states.vocabulary import Role, Severity

GATE = "authority"
"""The name under which a missing role is reported; it is no guard of the table."""

_CARRY_OUT = frozenset({Role.STAFF, Role.DECIDER})


class Authority(msgspec.Struct, frozen=True):
    """By what right a deed is done: the actor's role, and whose approval stands behind it.

    `body` and `item` are the approval's, where it was given on behalf of a body.
    """

    deed: Deed
    role: Role | None
    approver: str | None = None
    body: str | None = None
    item: str | None = None
    denied: Unmet | None = None

    @property
    def refusal(self) -> tuple[Verdict, ...]:
        """The verdict that refuses the deed; empty where it may be done."""
        return (Verdict(GATE, Severity.BLOCK, (self.denied,)),) if self.denied else ()


class _Bid(msgspec.Struct, frozen=True):
    """Who asks for what, under which rules, about which agreement."""

    unit: Unit
    order: Order
    deed: Deed
    today: date
    judging: Judging
    standing: Standing | None
    subject: str | None

    @property
    def actor(self) -> str:
        return self.order.actor.id


def authorise(matter: Matter, deed: Deed, subject: str | None = None) -> Authority:
    """Say by what right a matter's actor does a deed, or that there is none.

    `subject` is the digest of the content that the deed brings: an approval given for another one
    does not stand for it.
    """
    return _authorise(_bid(matter, deed, subject))


def authorise_program(
    unit: Unit, order: Order, deed: Deed, today: date, judging: Judging
) -> Authority:
    """Say by what right an actor does a deed on the program itself."""
    return _authorise(_Bid(unit, order, deed, today, judging, None, None))


def lapsed(matter: Matter, approval: Approval) -> str | None:
    """Return why an approval of a matter stands no more, or None while it does."""
    return _lapse(_bid(matter, APPROVE), approval)


def holders(unit: Unit, roles: tuple[Role, ...], day: date) -> tuple[str, ...]:
    """Return who holds one of some roles on a day; nobody by name before the first grant."""
    names = (h.name for h in unit.roles() if h.role in roles and (not h.until or day <= h.until))
    return tuple(dict.fromkeys(names))


def roles_of(unit: Unit, name: str, day: date) -> frozenset[Role]:
    """Return the roles that somebody holds; in a sandbox, all of them until the first grant."""
    if open_to_all(unit):
        return frozenset(Role)
    return frozenset(held.role for held in holdings_of(unit.roles(), name, day))


def founding() -> Authority:
    """Return the leave of who makes a program: its first policy and its first admin."""
    return Authority(GRANT, Role.ADMIN)


def operating() -> Authority:
    """Return the leave of who puts a database in its place: no role in it could refuse them."""
    return Authority(RESTORE, None)


def open_to_all(unit: Unit) -> bool:
    """Whether everybody has every role: in a sandbox, until the first grant."""
    return unit.program.sandbox and not unit.roles()


def still_held(matter: Matter, name: str, role: Role, at: str) -> bool:
    """Whether somebody has held a role from an instant on: revoked and regranted is not enough."""
    return still_held_by(matter.unit, name, role, at, matter.today)


def still_held_by(unit: Unit, name: str, role: Role, at: str, day: date) -> bool:
    """Whether somebody holds a role on a day, and has since an instant."""
    if open_to_all(unit):
        return True
    held = holding(unit.roles(), name, role, day)
    return held is not None and held.since <= at


def _bid(matter: Matter, deed: Deed, subject: str | None = None) -> _Bid:
    return _Bid(
        matter.unit, matter.order, deed, matter.today, matter.judging, matter.standing, subject
    )


def _authorise(bid: _Bid) -> Authority:
    held = roles_of(bid.unit, bid.actor, bid.today)
    own = next((role for role in bid.deed.by if role in held), None)
    named, drafted = bid.order.on_behalf_of is not None, bid.deed.decided and _drafted(bid)
    if own is not None and not (named or drafted):
        return Authority(bid.deed, own)
    if bid.deed.decided and (carrier := _carrier(held)) and (approval := _approval(bid)):
        return Authority(bid.deed, carrier, approval.by, approval.body, approval.item)
    if named:
        return _for_body(bid, held, own)
    return Authority(bid.deed, own, denied=None if own else _denied(bid))


def _drafted(bid: _Bid) -> bool:
    drafters = bid.standing.drafters if bid.standing else ()
    return bid.deed.writes or among(bid.actor, drafters)


def _carrier(held: frozenset[Role]) -> Role | None:
    return next((role for role in Role if role in held & _CARRY_OUT), None)


def _approval(bid: _Bid) -> Approval | None:
    """Return the approval that stands for this deed, if any still does."""
    given = bid.standing.approvals if bid.standing else ()
    body = bid.order.on_behalf_of
    meant = (approval for approval in given if body in {None, approval.body})
    return next((approval for approval in meant if _stands(bid, approval)), None)


def _stands(bid: _Bid, approval: Approval) -> bool:
    meant = (approval.deed, approval.subject) == (bid.deed.name, bid.subject)
    own = bid.deed.writes and among(bid.actor, (approval.by,))
    return meant and not own and _lapse(bid, approval) is None


def _lapse(bid: _Bid, approval: Approval) -> str | None:
    if approval.policy != bid.judging.digest:
        return "another policy judges now"
    if approval.until < bid.today:
        return f"it was good until {approval.until}"
    if among(approval.by, bid.standing.drafters if bid.standing else ()):
        return f"{approval.by} has drafted since"
    held = still_held_by(bid.unit, approval.by, Role.DECIDER, approval.at, bid.today)
    if approval.body is None and not held:
        return f"{approval.by} has not remained decider"
    return None


def _for_body(bid: _Bid, held: frozenset[Role], own: Role | None) -> Authority:
    body = bid.judging.policy.body(bid.order.on_behalf_of)
    if own is None and not bid.deed.decided:
        return Authority(bid.deed, None, denied=_denied(bid))
    if body is None:
        return Authority(bid.deed, own, denied=_unknown(bid))
    recorders = [role for role in body.recorded_by if role in held]
    recorder = own if own in recorders else next(iter(recorders), None)
    if recorder is None:
        return Authority(bid.deed, own, denied=_no_recorder(bid, body))
    if not bid.order.item:
        unmet = Unmet(
            GATE,
            "item.missing",
            f"Which item of {body.name} decided this is not said.",
            "add --item with the number under which it was decided",
            "a body's decision is cited by its item (R57)",
            "DP1",
        )
        return Authority(bid.deed, recorder, denied=unmet)
    return Authority(bid.deed, recorder, denied=_unproved(bid, body))


def _unknown(bid: _Bid) -> Unmet:
    return Unmet(
        GATE,
        "body.unknown",
        f"{bid.order.on_behalf_of} is not a body of the policy, so nobody acts for it.",
        "name a body as the policy does: lifecycle policy show",
        "only the bodies of the policy decide beside deciders (R57)",
        "R57",
    )


def _no_recorder(bid: _Bid, body: Body) -> Unmet:
    wanted = " or ".join(body.recorded_by)
    return Unmet(
        GATE,
        "role.missing",
        f"{bid.actor} may not record what {body.name} decided: that is for {wanted}.",
        "ask who has that role; lifecycle role list shows them",
        "a body's decision is entered by the roles that the policy names (R57)",
        "R57",
    )


def _unproved(bid: _Bid, body: Body) -> Unmet | None:
    """Return what stands against a body whose resolution must be attached and is not."""
    standing = bid.standing
    if not body.resolution or standing is None:
        return None
    attached = bid.unit.attachments(standing.key)
    if any(paper.kind == "resolution" for n, paper in attached if n > standing.moved_n):
        return None
    return Unmet(
        GATE,
        "resolution.missing",
        f"The resolution of {body.name} is not attached.",
        "attach it with the act: --attach FILE; or before: lifecycle attach REF FILE --kind"
        " resolution",
        "a body's decision is shown by its resolution (R57)",
        "DP1",
    )


def _denied(bid: _Bid) -> Unmet:
    wanted = " or ".join(bid.deed.by) or "nobody but the nightly check"
    ways = (
        "ask who has that role (lifecycle role list), or an admin for it:"
        f" lifecycle role grant {bid.actor} {next(iter(bid.deed.by), Role.SCHEDULER)}"
    )
    if bid.deed.name in APPROVABLE:
        same = " with the same content" if bid.deed.writes else ""
        same = " --type TYPE" if bid.deed is RECLASSIFY else same
        ways = (
            f"ask a decider for it: lifecycle approve REF {bid.deed.name}{same}; or record a body's"
            f" decision{' in that approval' if bid.deed.writes else ''}: --on-behalf-of BODY --item"
            " ITEM"
        )
    return Unmet(
        GATE,
        "role.missing",
        f"{bid.actor} may not {bid.deed.name}: that is for {wanted}.",
        ways,
        "each step is taken by somebody whose role it is (R57)",
        "DP1",
    )
