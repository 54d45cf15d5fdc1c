"""What the record of an agreement speaks for in a review, and why: it decides nothing (R48).

Its evaluation goes before all; then, where its type is to be another, what it states; then whether
it is dormant.
"""

from dataclasses import dataclass
from datetime import date

from guards.policy import Policy
from lifecycle.reviewing.deciding import Choice
from lifecycle.reviewing.suggesting import suggest
from states.agreement import Agreement
from states.records import Evaluation
from states.ref import Ref
from states.standing import Standing

DORMANT = "dormant"
"""The ground of what is dormant, where the policy has it (R44)."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What the record speaks for, and why; no choice where it speaks for none."""

    choice: Choice | None
    why: str
    type: str | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an agreement: what it states, how it was evaluated, since when it is idle.

    `evaluation` is that of the signed term; `dormant` the day since which it is called so.
    """

    ref: Ref
    standing: Standing
    agreement: Agreement
    evaluation: Evaluation | None
    last_activity: date | None
    dormant: date | None


def advise(known: Known, policy: Policy) -> Advice:
    """Return what speaks for which choice: the evaluation, the worklist, dormancy, activity."""
    last, dormant, evaluation = known.last_activity, known.dormant, known.evaluation
    if evaluation is not None and evaluation.value.recommendation:
        return _as_evaluated(known, policy, evaluation.value.recommendation)
    since = f"since {last}" if last else "on record"
    if policy.on_worklist(known.standing.type) or known.standing.type not in policy.types:
        found = suggest(known.agreement, policy)
        choice = Choice.RECLASSIFY if found.type else None
        idle = f" It is dormant: no activity {since}." if dormant else ""
        return Advice(choice, f"{found.why}{idle}", found.type)
    if dormant is not None:
        ground = DORMANT if DORMANT in policy.vocabulary.grounds else None
        why = f"Dormant since {dormant}: no activity {since}."
        return Advice(Choice.SUNSET, why, ground=ground)
    if last is not None:
        return Advice(Choice.KEEP, f"Last activity on {last}.")
    months = policy.dormancy_months
    return Advice(None, f"No activity on record; after {months} months it is called dormant.")


def _as_evaluated(known: Known, policy: Policy, recommended: str) -> Advice:
    why = f"Its evaluation recommends to {recommended}."
    match recommended:
        case "sunset":
            return Advice(Choice.SUNSET, why)
        case "reclassify":
            found = suggest(known.agreement, policy)
            return Advice(Choice.RECLASSIFY, f"{why} {found.why}", found.type)
        case _:
            return Advice(None, f"{why} To do that: lifecycle advance {known.ref} renew")
