"""Derives anew what stands on the policy: due dates, places held, and what is watched.

After an adoption, and for a database of an older release, which watched less.
"""

from collections.abc import Sequence
from datetime import date

from guards.policy import Policy
from lifecycle.evolve import derived
from lifecycle.matter import judging
from lifecycle.ports import Unit
from lifecycle.watching import Watches, moved_on, same_watch, watches
from states.standing import Standing
from states.vocabulary import FINAL

_BATCH = 500


def rederive(unit: Unit, day: date, before: Policy | None) -> None:
    """Derive every standing anew; one in flight may go back to the policy that it keeps.

    `before` is the policy that was in force, None at the founding.
    """
    in_force = unit.policy(unit.policy_in_force(day))
    watched_alike = before is None or same_watch(before, in_force)
    after = -1
    while batch := unit.portfolio(after, _BATCH):
        after = batch[-1].key
        changed = [(old, derived(old, judging(unit, old, day).policy)) for old in batch]
        moved = [(old, new) for old, new in changed if new is not old]
        unit.restate(moved)
        if watched_alike:
            unit.watch([(new.key, moved_on(new, in_force)) for _old, new in moved])
        else:
            _watch(unit, [new for _old, new in changed], in_force)


def watch_anew(unit: Unit, day: date) -> None:
    """Derive what is watched of the whole portfolio anew."""
    policy = unit.policy(unit.policy_in_force(day))
    after = -1
    while batch := unit.portfolio(after, _BATCH):
        after = batch[-1].key
        _watch(unit, batch, policy)


def _watch(unit: Unit, standings: Sequence[Standing], policy: Policy) -> None:
    ongoing = [one for one in standings if one.state not in FINAL]
    documents, records = unit.documents(ongoing), unit.records_of(ongoing)
    unit.watch(
        [
            (one.key, Watches(watches(one, documents[one.key], known, policy)))
            for one in ongoing
            for known in [[record for _n, record in records.get(one.key, ())]]
        ]
    )
