"""Asks of one agreement whether a party is called so, whose work it is, and what it lacks."""

from lifecycle.checking import check
from lifecycle.dossiers import Dossier
from lifecycle.order import Order
from lifecycle.ports import Unit
from states.names import plain
from states.standing import Standing
from states.table import TRANSITIONS
from states.vocabulary import Guard


def has_partner(dossier: Dossier, name: str) -> bool:
    """Whether one of the partner's side, or its alias, has this name or a part of it in it."""
    agreement, wanted = dossier.agreement, plain(name)
    names = (*(party.name for party in agreement.side("partner")), *agreement.aliases)
    return any(wanted in plain(known) for known in names)


def has_division(dossier: Dossier, name: str) -> bool:
    """Whether the agreement, one of its projects or one of its records is a division's."""
    agreement, wanted = dossier.agreement, plain(name)
    named = [
        agreement.division,
        *(project.division for project in agreement.projects),
        *(record.division for _n, record in dossier.records),
    ]
    return any(wanted in plain(known) for known in named if known)


def may_lack(standing: Standing, guard: Guard) -> bool:
    """Whether a step that leads from here asks this guard; of the others nothing need be read."""
    if guard is Guard.CONDITIONS_MET:
        return True
    return any(standing.state in row.sources and guard in row.guards for row in TRANSITIONS)


def lacks(
    unit: Unit, order: Order, standing: Standing, guard: Guard, code: str | None
) -> tuple[str, ...]:
    """Return what a next step lacks under a guard, as messages; of one code, where it is given."""
    unmet = (one for step in check(unit, order, standing) for _severity, one in step.unmet)
    found = (one for one in unmet if one.guard == guard and code in {None, one.code})
    return tuple(dict.fromkeys(one.message for one in found))
