"""When people are told of what comes up, and who: as a policy says, and where it is silent.

How the days are counted is for `lifecycle.thresholds`, who the people are for
`lifecycle.recipients`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from states.vocabulary import Role, Rule

OWNER = "owner"
"""The recipient who owns the agreement; all others are roles."""

NOTICE_DAYS: Mapping[Rule, tuple[int, ...]] = {
    Rule.TERM_OVER: (180, 90, 30),
    Rule.REVIEW_DUE: (90, 30),
    Rule.DECISION_DUE: (60, 14),
    Rule.PROJECT_ENDED: (30,),
    Rule.EXAMINATION_DUE: (30,),
    Rule.MILESTONE_DUE: (14,),
    Rule.OBLIGATION_DUE: (14,),
    Rule.ENDORSEMENT_ENDS: (60, 14),
    Rule.APPROVAL_ENDS: (14,),
}
"""How many days ahead somebody is told, where a policy is silent."""

REPEAT_DAYS: Mapping[Rule, int] = {
    Rule.LAPSES: 0,
    Rule.PROJECT_ENDED: 0,
    Rule.APPROVAL_ENDS: 0,
    Rule.ENDORSEMENT_ENDS: 30,
    Rule.DORMANT: 30,
    Rule.UNPUBLISHED: 30,
    Rule.NOT_RECLASSIFIED: 30,
}
"""After how many days an alert is repeated, where a policy is silent and a week is not it."""

TOLD_FIRST: Mapping[Rule, tuple[str, ...]] = {
    Rule.REVIEW_DUE: (OWNER, Role.DECIDER),
    Rule.DECISION_DUE: (OWNER, Role.DECIDER),
    Rule.LAPSES: (OWNER, Role.STAFF, Role.DECIDER),
    Rule.APPROVAL_ENDS: (OWNER, Role.STAFF),
}
"""Who is told first, where a policy is silent and it is not the owner alone."""


@dataclass(frozen=True, slots=True)
class Notices:
    """When people are told, and who, of what an agreement comes up to or is late with (R57).

    `before` are days ahead of a date, by rule; from the date on an alert is repeated each
    `repeat` days (0: told on the day and never again), a step louder each time. The first step
    goes to `to` of the rule; each further one also to the next of `louder`.
    """

    before: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    repeat: Mapping[str, int] = field(default_factory=dict)
    to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    louder: tuple[str, ...] = (Role.STAFF, Role.DECIDER, Role.ADMIN)
    off: tuple[Rule, ...] = ()

    def days_before(self, rule: Rule) -> tuple[int, ...]:
        """Return how many days ahead of a date of this rule somebody is told."""
        return self.before.get(rule, NOTICE_DAYS.get(rule, ()))

    def days_between(self, rule: Rule) -> int:
        """Return after how many days an alert of this rule is repeated; 0 for never."""
        return self.repeat.get(rule, REPEAT_DAYS.get(rule, 7))

    def told_first(self, rule: Rule) -> tuple[str, ...]:
        """Return who is told first: `owner`, or roles."""
        return self.to.get(rule, TOLD_FIRST.get(rule, (OWNER,)))
