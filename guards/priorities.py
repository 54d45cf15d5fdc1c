"""What the program prefers: markets and sectors on a day, and partnerships a year (R12, R13, BOX2).

It says what the policy's dated lists say of an agreement; it decides nothing.
"""

from collections.abc import Iterator
from datetime import date

from guards.policy import Policy, Priority
from states.agreement import Agreement

MARKET, SECTOR = "market", "sector"


def serves(agreement: Agreement, policy: Policy, day: date) -> tuple[Priority, ...]:
    """Return the priorities of a policy that an agreement serves on a day.

    A market is served by name under `markets`, by a partner's country, or by the region that the
    policy puts that country in; a sector by name under `sectors`. Case does not matter, and both
    the first and the last day of a priority are included.
    """
    words = {
        MARKET: {word.casefold() for word in _markets(agreement, policy)},
        SECTOR: {word.casefold() for word in agreement.sectors},
    }
    return tuple(
        priority
        for priority in policy.priorities
        if _holds(priority, day) and priority.code.casefold() in words.get(priority.kind, ())
    )


def _holds(priority: Priority, day: date) -> bool:
    begun = priority.since is None or priority.since <= day
    return begun and (priority.until is None or day <= priority.until)


def _markets(agreement: Agreement, policy: Policy) -> Iterator[str]:
    yield from agreement.markets
    for party in agreement.side("partner"):
        yield from filter(None, (party.country, policy.region_of(party.country)))
