"""Weighted totals as people read them and as JSON: to two places, beside the exact parts."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guards.policy import Priority
from lifecycle.choosing.weighing import Weighed

_PLACES = Decimal("0.01")


WEIGHED_KEYS = (
    "criteria_version",
    "total",
    "points",
    "weight",
    "at_least",
    "at_most",
    "mandatory_missing",
    "not_scored",
    "evidence_missing",
)
"""The keys of `weighed_shape`, but for the scores themselves."""


def total_text(total: Fraction | None) -> str | None:
    """Return a total to two places, half to even; None for none."""
    if total is None:
        return None
    return str((Decimal(total.numerator) / total.denominator).quantize(_PLACES))


def weighed_shape(weighed: Weighed) -> dict[str, Any]:
    """Return what a score sheet adds up to; `total` is `points` by `weight`, to two places.

    `at_least` and `at_most` are what it can become once all criteria are scored.
    """
    return {
        "criteria_version": weighed.version,
        "total": total_text(weighed.total),
        "points": weighed.points,
        "weight": weighed.weight,
        "at_least": total_text(weighed.at_least),
        "at_most": total_text(weighed.at_most),
        "scores": dict(weighed.values),
        "mandatory_missing": list(weighed.missing),
        "not_scored": list(weighed.skipped),
        "evidence_missing": list(weighed.unproved),
    }


def range_text(weighed: Weighed) -> str:
    """Return within what a total lies once all criteria are scored."""
    return f"{total_text(weighed.at_least)} to {total_text(weighed.at_most)}"


def weighed_text(weighed: Weighed) -> str:
    """Return what a score sheet adds up to, in a sentence: the total, and what it leaves out."""
    criteria = weighed.criteria
    scale = f"on a scale from {criteria.lowest} to {criteria.highest}"
    all_ = len(weighed.values) + len(weighed.unscored)
    total = total_text(weighed.total)
    head = f"weighted total {total} {scale}" if total else "nothing is scored"
    parts = [f"{head}, criteria {weighed.version}: {len(weighed.values)} of {all_} scored"]
    if total and weighed.unscored:
        parts.append(f"{range_text(weighed)} once all are scored")
    if weighed.missing:
        parts.append(f"mandatory and not scored: {', '.join(weighed.missing)}")
    if weighed.skipped:
        parts.append(f"not scored: {', '.join(weighed.skipped)}")
    if weighed.unproved:
        parts.append(f"without evidence: {', '.join(weighed.unproved)}")
    return "; ".join(parts)


def priorities_text(served: Sequence[Priority]) -> str:
    """Return the priorities that an agreement serves, each with its kind."""
    return ", ".join(f"{one.kind} {one.code}" for one in served)


def priority_shape(one: Priority) -> dict[str, Any]:
    """Return one priority that is served."""
    return {"kind": one.kind, "code": one.code, "since": one.since, "until": one.until}
