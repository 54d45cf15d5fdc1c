"""Who holds which role in a program, and how a change of roles makes the next holdings.

A role is held from the instant at which it was granted, to the end of a last day where one was
set. Revoked and granted again, it is held from then on: what was done under it before is past.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from states.vocabulary import Role

ALONE = frozenset({Role.ADMIN, Role.AUDITOR})
"""Roles that their holders hold alone: who grants decides nothing, who audits does nothing."""


class Holding(msgspec.Struct, frozen=True):
    """One person's role; `since` is the instant of the grant as its line has it."""

    name: str
    role: Role
    since: str
    until: date | None = None


class RoleChange(msgspec.Struct, frozen=True):
    """What stands beside a `role_changed` line: whose role, and granted or revoked."""

    name: str
    role: Role
    granted: bool
    until: date | None = None


Holdings = tuple[Holding, ...]


def changed(holdings: Holdings, change: RoleChange, at: str, day: date) -> Holdings:
    """Return the holdings after a change, made at an instant that is `day` in the program.

    A grant of what is still held on that day moves its last day only.
    """
    same = _held(holdings, change)
    others = tuple(h for h in holdings if h is not same)
    if not change.granted:
        return others
    goes_on = same is not None and (same.until is None or same.until >= day)
    since = same.since if same is not None and goes_on else at
    new = Holding(change.name, change.role, since, change.until)
    return tuple(sorted((*others, new), key=lambda h: (h.name, h.role)))


def _held(holdings: Holdings, change: RoleChange) -> Holding | None:
    return next((h for h in holdings if (h.name, h.role) == (change.name, change.role)), None)


def holding(holdings: Holdings, name: str, role: Role, day: date) -> Holding | None:
    """Return how somebody holds a role on a day, or None."""
    return next((h for h in holdings_of(holdings, name, day) if h.role is role), None)


def holdings_of(holdings: Holdings, name: str, day: date) -> Iterable[Holding]:
    """Return what somebody holds on a day; a role's last day is included."""
    return (h for h in holdings if h.name == name and (h.until is None or day <= h.until))
