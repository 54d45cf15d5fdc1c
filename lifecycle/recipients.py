"""Who is told of a notice or an alert: by role, and as the owner; louder to more people (R57)."""

from datetime import date

from guards.policy_notices import OWNER, Notices
from states.person import folded
from states.roles import Holdings
from states.standing import Standing
from states.vocabulary import Rule


def recipients(
    standing: Standing, rule: Rule, loudness: int, notices: Notices, roles: "Present"
) -> tuple[str, ...]:
    """Return the names of who is told; where nobody holds the roles that are asked, the owner."""
    wanted = (*notices.told_first(rule), *notices.louder[: max(loudness - 1, 0)])
    names = [name for one in wanted for name in _named(standing, one, roles)] or [standing.owner]
    return tuple({folded(name): name for name in names}.values())


def _named(standing: Standing, wanted: str, roles: "Present") -> tuple[str, ...]:
    return (standing.owner,) if wanted == OWNER else roles.of(wanted)


class Present:
    """Who holds which role on a day."""

    def __init__(self, holdings: Holdings, day: date) -> None:
        """Keep the names by role, so that each notice does not go through all holdings."""
        self._names: dict[str, tuple[str, ...]] = {}
        for one in holdings:
            if one.until is None or day <= one.until:
                self._names[one.role] = (*self._names.get(one.role, ()), one.name)

    def of(self, role: str) -> tuple[str, ...]:
        """Return the names of who holds a role."""
        return self._names.get(role, ())
