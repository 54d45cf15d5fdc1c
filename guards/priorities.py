"""What the program prefers: markets and sectors on a day, and partnerships a year (R12, R13, BOX2).

It says what the policy's dated lists say of an agreement, and whether a year has a place left; who
may go beyond that is not said here.
"""

from collections.abc import Iterator
from datetime import date

from guards.conditions import Unmet, Verdict
from guards.policy import Policy, Priority
from states.agreement import Agreement
from states.vocabulary import Guard, Severity, Trigger

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


def place_in(year: int, others: int, policy: Policy, agreement_type: str) -> Verdict:
    """Return whether one more partnership may have priority in a year.

    `others` are the other agreements that have priority in it. What an unmet limit does is what the
    policy says of the guard where a place is taken.
    """
    guard, at_most = Guard.CAP_AVAILABLE, policy.priority_partnerships_per_year
    severity = policy.severity(guard, agreement_type, Trigger.ACTIVATE)
    if severity is Severity.OFF or at_most is None or others < at_most:
        return Verdict(guard, severity)
    unmet = Unmet(
        guard,
        "limit.priority",
        f"{others} of {at_most} partnerships have priority in {year} already.",
        "take another one off the list: lifecycle correct OTHER --entry N --void; or let a decider"
        f" say why it has priority too: lifecycle record REF priority year={year} -m REASON",
        "two to three partnerships have priority in a year (R13)",
        "REC4",
        "year",
    )
    return Verdict(guard, severity, (unmet,))
