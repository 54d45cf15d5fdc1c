"""What of a document may change in which state: all of it while drafted, kept keys once signed."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date

from guards.conditions import Unmet
from guards.policy import Policy
from guards.texts import listed
from states.agreement import KEPT, Agreement
from states.calendar import add_months
from states.standing import Standing
from states.vocabulary import DRAFTED, FINAL, State

DOCUMENT = "document"
"""The name under which these conditions are reported; they are no guard of the table."""

AMENDABLE = frozenset({State.SIGNED, State.ACTIVE})
"""States in which what was agreed on may be amended; a correction may come later too."""


def changed_keys(before: Agreement, after: Agreement) -> tuple[str, ...]:
    """Return the top-level keys in which two documents differ, in the document's order."""
    names = (field.name for field in fields(Agreement))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def change_allowed(
    standing: Standing, before: Agreement, after: Agreement, policy: Policy, day: date
) -> Iterator[Unmet]:
    """Yield what stands against making `after` the document of an agreement."""
    changed = changed_keys(before, after)
    agreed = [key for key in changed if key not in KEPT]
    if standing.state in FINAL and changed:
        yield Unmet(
            DOCUMENT,
            "document.final",
            f"It is in {standing.state}, and its document no longer changes.",
            "propose a new agreement instead",
            "a final state is final",
            "BOX6",
        )
    elif "taken_over" in changed:
        yield Unmet(
            DOCUMENT,
            "document.origin",
            "Where an agreement was taken over from is on record for good.",
            "leave [taken_over] as it is",
            "a taken-over agreement stays flagged, with its source (R47)",
            "REC7",
            "taken_over",
        )
    elif standing.state in DRAFTED and "type" in changed:
        yield from _creatable(after.type, policy)
    elif standing.state not in DRAFTED and agreed:
        yield Unmet(
            DOCUMENT,
            "document.agreed",
            f"{listed(agreed)} was agreed and signed, so staff can't change it.",
            _ways(standing, changed),
            "agreed content changes only by amendment or correction (R49)",
            "REC7",
            agreed[0],
        )
    elif standing.state not in DRAFTED and "review" in changed and after.term is None:
        yield from juncture_ahead(standing, after.review, policy, day)


def _ways(standing: Standing, changed: Sequence[str]) -> str:
    """Return how agreed content changes from here; an amendment only while it runs."""
    ways = []
    if standing.state in AMENDABLE:
        ways.append("what both sides newly agreed on: lifecycle amend REF")
    ways.append("where the record differs from the signed paper: lifecycle correct REF")
    if "type" in changed:
        ways.append("another type: lifecycle reclassify REF TYPE")
    return f"{'; '.join(ways)}. Here change only {listed(sorted(KEPT))}"


def _creatable(code: str, policy: Policy) -> Iterator[Unmet]:
    if code not in policy.creatable:
        yield Unmet(
            DOCUMENT,
            "type.not_created",
            f"No agreement is made into type {code} under this policy.",
            f"set type to one of {listed(policy.creatable)}",
            "only types that the policy allows are created (R30)",
            "REC3",
            "type",
        )


def juncture_ahead(
    standing: Standing, review: date | None, policy: Policy, day: date
) -> Iterator[Unmet]:
    """Require a review date ahead, no later than the type's interval (R47)."""
    kind = policy.types.get(standing.type)
    months = (kind.review_months if kind else None) or policy.takeover_review_months
    latest = add_months(day, months)
    if review is None or not day < review <= latest:
        late = review is not None and review > latest
        why = f"{review} is too far ahead" if late else f"{review or 'none'} is not ahead"
        yield Unmet(
            DOCUMENT,
            "review.not_ahead",
            f"Without a term it needs a review date, and {why}.",
            f"set review to a day after {day} and no later than {latest}",
            "nothing is ever without a juncture (R47)",
            "REC7",
            "review",
        )
