"""Adds up a score sheet: the weighted total on the policy's scale, exact, and what is not scored.

What has no score counts as nothing at all, never as a zero; who reads the total is told.
"""

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from guards.policy import Criteria, Policy
from guards.texts import said
from states.records import ScoreSheet


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """A score sheet added up on one version of the criteria (BP1, R6, R7).

    `points` is the sum of weight times value over what is scored, `weight` that of these weights,
    `open_weight` that of all others. `missing` are mandatory criteria without a score, `skipped`
    the others without, `unproved` those with a score and no evidence.
    """

    criteria: Criteria
    values: Mapping[str, int]
    points: int
    weight: int
    open_weight: int
    missing: tuple[str, ...]
    skipped: tuple[str, ...]
    unproved: tuple[str, ...]

    @property
    def total(self) -> Fraction | None:
        """The weighted mean of what is scored, on the policy's scale; None where nothing is."""
        return Fraction(self.points, self.weight) if self.weight else None

    @property
    def version(self) -> str:
        """The version of the criteria that it was scored on."""
        return self.criteria.version

    @property
    def at_least(self) -> Fraction | None:
        """The total if all that is not scored were the lowest; None without criteria."""
        return self._with(self.criteria.lowest)

    @property
    def at_most(self) -> Fraction | None:
        """The total if all that is not scored were the highest; None without criteria."""
        return self._with(self.criteria.highest)

    def _with(self, value: int) -> Fraction | None:
        weight = self.weight + self.open_weight
        return Fraction(self.points + self.open_weight * value, weight) if weight else None

    @property
    def unscored(self) -> tuple[str, ...]:
        """All criteria without a score, mandatory ones first."""
        return (*self.missing, *self.skipped)


def weigh(sheet: ScoreSheet, criteria: Criteria) -> Weighed:
    """Add up a sheet that was scored on these criteria."""
    scored = [item for item in criteria.items if item.code in sheet.scores]
    others = [item for item in criteria.items if item.code not in sheet.scores]
    values = {item.code: sheet.scores[item.code].value for item in scored}
    return Weighed(
        criteria=criteria,
        values=values,
        points=sum(item.weight * values[item.code] for item in scored),
        weight=sum(item.weight for item in scored),
        open_weight=sum(item.weight for item in others),
        missing=tuple(item.code for item in others if item.mandatory),
        skipped=tuple(item.code for item in others if not item.mandatory),
        unproved=tuple(i.code for i in scored if not said(sheet.scores[i.code].evidence)),
    )


def criteria_of(sheet: ScoreSheet, scored_under: Policy, now: Policy) -> Criteria:
    """Return the criteria to add a sheet up on: today's, if it was scored on their version.

    Else those of the policy that it was scored under.
    """
    return (now if sheet.criteria == now.criteria.version else scored_under).criteria
